import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.lists.formats.ndjson import NDJSON
from rempart.lists.rows import Refusal, Row

MD5, PDQ = "0f" * 16, "0f" * 32


def test_keys_are_named_like_roles_by_default(write) -> None:
    line = json.dumps({"md5": MD5, "pdq": PDQ, "id": 7, "classification": "A1", "quality": 90})
    assert list(NDJSON.rows(write(line), {})) == [Row(1, (("md5", MD5), ("pdq", PDQ)), "7", "A1", "90")]


def test_a_mapping_names_other_keys(write) -> None:
    line = json.dumps({"hash": PDQ, "case": "c-1"})
    assert list(NDJSON.rows(write(line), {"pdq": "hash", "id": "case"})) == [Row(1, (("pdq", PDQ),), "c-1")]


def test_keys_are_found_in_any_letter_case_the_exact_one_first(write) -> None:
    line = json.dumps({"MD5": MD5, "Id": 7, "id": 8})
    assert list(NDJSON.rows(write(line), {})) == [Row(1, (("md5", MD5),), "8")]


@pytest.mark.parametrize(
    "line",
    ["{", "[1]", "null", '"text"', "[" * 100_000, '{"md5": ' + "[" * 100_000, '{"md5": null}', '{"md5": ["a"]}', "NaN",
     '{"md5": true}', '{"md5": ' + "9" * 5000 + "}", "\x00"],
)  # fmt: skip
def test_a_bad_line_is_one_refusal_and_the_next_is_read(write, line) -> None:
    rows = list(NDJSON.rows(write(f'{line}\n{{"md5": "{MD5}"}}\n'), {}))
    assert [(row.position, type(row)) for row in rows] == [(1, Refusal), (2, Row)]


def test_a_refused_row_keeps_its_ref(write) -> None:
    (row,) = NDJSON.rows(write('{"id": "a"}'), {})
    assert row.ref == "a"


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["md5", "id", "pdq"]), inner),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(JSON, max_size=5))
def test_every_line_is_a_row_or_a_refusal(tmp_path_factory: pytest.TempPathFactory, records: list[object]) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "fuzz.ndjson"
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert [row.position for row in NDJSON.rows(path, {})] == list(range(1, len(records) + 1))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "fuzz.ndjson"
    path.write_bytes(content)
    list(NDJSON.rows(path, {}))
