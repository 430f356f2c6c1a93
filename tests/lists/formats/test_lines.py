from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.errors import UserMistake
from rempart.lists.formats.lines import LINES
from rempart.lists.rows import Refusal, Row

MD5, SHA1, LONG = "0f" * 16, "0F" * 20, "0f" * 32


def test_the_length_tells_md5_from_sha1(write) -> None:
    rows = list(LINES.rows(write(f"# ours\n{MD5}\r\n\n  {SHA1}  \n"), {}))
    assert rows == [Row(2, (("md5", MD5),)), Row(4, (("sha1", SHA1),))]


@pytest.mark.parametrize("kind", ["pdq", "sha256"])
def test_64_digits_need_a_kind(write, kind) -> None:
    with pytest.raises(UserMistake, match="sha256 or pdq; say which"):
        list(LINES.rows(write(f"{LONG}\n"), {}))
    assert list(LINES.rows(write(f"{LONG}\n"), {"kind": kind})) == [Row(1, ((kind, LONG),))]


def test_a_line_of_64_digits_costs_only_itself_among_others(write) -> None:
    rows = list(LINES.rows(write(f"{MD5}\n{LONG}\n{SHA1}\n"), {}))
    assert [type(row) for row in rows] == [Row, Refusal, Row]
    assert isinstance(rows[1], Refusal)
    assert "say which" in rows[1].reason


def test_an_unknown_kind_or_role_is_a_mistake(write) -> None:
    with pytest.raises(UserMistake, match="no kind of fingerprint called `pdna`"):
        list(LINES.rows(write(MD5), {"kind": "pdna"}))
    with pytest.raises(UserMistake, match="no column for `id`"):
        list(LINES.rows(write(MD5), {"id": "ID"}))


def test_odd_and_giant_lines_are_refused_one_by_one(write) -> None:
    rows = list(LINES.rows(write(f"zz\n{'0' * 2_000_000}\n{MD5}"), {}))
    assert [(row.position, type(row)) for row in rows] == [(1, Refusal), (2, Refusal), (3, Row)]


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["md5", "sha1", "sha256", "pdq"]))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, content: bytes, kind: str) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "fuzz.lines"
    path.write_bytes(content)
    rows = list(LINES.rows(path, {"kind": kind}))
    assert len(rows) <= content.count(b"\n") + 1
