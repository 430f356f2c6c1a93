from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.errors import UserMistake
from rempart.lists.formats.threatexchange import THREATEXCHANGE
from rempart.lists.rows import Refusal, Row

PDQ, MD5 = "0f" * 32, "0f" * 16


def test_types_of_the_reference_library_become_kinds(write) -> None:
    rows = list(THREATEXCHANGE.rows(write(f"pdq {PDQ}\nvideo_md5\t{MD5}\n\nMD5 {MD5}\n"), {}))
    assert rows == [Row(1, (("pdq", PDQ),)), Row(2, (("md5", MD5),)), Row(4, (("md5", MD5),))]


def test_types_that_cannot_be_compared_are_counted_by_name(write) -> None:
    rows = list(THREATEXCHANGE.rows(write("photodna AAAA\nurl https://example.org\nmystery 00\n"), {}))
    assert [row.reason for row in rows if isinstance(row, Refusal)] == [
        "unusable kind: photodna",
        "unusable kind: url",
        "unusable kind: of an unknown type",
    ]


def test_bare_values_need_a_kind(write) -> None:
    assert isinstance(next(THREATEXCHANGE.rows(write(f"{PDQ}\n"), {})), Refusal)
    assert list(THREATEXCHANGE.rows(write(f"{PDQ}\n"), {"kind": "pdq"})) == [Row(1, (("pdq", PDQ),))]
    with pytest.raises(UserMistake, match="no kind"):
        list(THREATEXCHANGE.rows(write(f"{PDQ}\n"), {"kind": "tmk"}))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "fuzz.te"
    path.write_bytes(b"pdq " + content)
    rows = list(THREATEXCHANGE.rows(path, {}))
    assert len(rows) <= content.count(b"\n") + 1
