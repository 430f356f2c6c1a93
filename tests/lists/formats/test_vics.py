import json
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.errors import UserMistake
from rempart.lists import vics_stream
from rempart.lists.formats.vics import VICS
from rempart.lists.rows import Refusal, Row

MD5, SHA1, PDQ = "0f" * 16, "0F" * 20, "0f" * 32


def media(number: int, **more: Any) -> dict[str, Any]:
    return {"MediaID": number, "Category": 1, "MD5": MD5, "VictimIdentified": "true", **more}


def case(*records: dict[str, Any]) -> dict[str, Any]:
    return {
        "@odata.context": "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml/UK/$metadata#Cases",
        "value": [{"CaseID": "c", "TotalMediaFiles": 9, "Media": list(records)}],
    }


def read(write, content: object) -> list[Row | Refusal]:
    return list(VICS.rows(write(content if isinstance(content, bytes) else json.dumps(content)), {}))


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_every_form_of_a_hash_set_gives_the_same_rows(write, bom) -> None:
    records = [media(1, SHA1=SHA1), media(2)]
    wanted = [Row(1, (("md5", MD5), ("sha1", SHA1)), "1", "1"), Row(2, (("md5", MD5),), "2", "1")]
    for form in ({"odata.metadata": "1.3", "value": records}, records, {"Media": records}):
        assert read(write, bom + json.dumps(form).encode()) == wanted


@pytest.mark.parametrize("names", [{"CaseID": "c"}, {"CaseNumber": "c"}, {"CaseNumber": "no", "CaseID": "c"}])
@pytest.mark.parametrize("first", [True, False])
def test_the_name_of_its_case_stands_before_the_number_of_a_medium(write, names, first) -> None:
    """Numbers start anew in every case. The name may stand before the media or after them."""
    records = {"Media": [media(1), media(2)]}
    one = {**names, **records} if first else {**records, **names}
    other = {"Media": [media(1)], "CaseID": "d"}
    for form in ({"value": [one, other]}, [one, other]):
        assert [row.ref for row in read(write, form)] == ["c/1", "c/2", "d/1"]
    assert [row.ref for row in read(write, one)] == ["c/1", "c/2"]


def test_in_a_case_without_a_name_a_number_names_nothing(write) -> None:
    cases = [{"Media": [media(1)]}, {"CaseID": "d", "Media": [media(1)]}]
    assert [row.ref for row in read(write, {"value": cases})] == ["", "d/1"]


def test_keys_with_dots_in_them_are_no_cases(write) -> None:
    (row,) = read(write, {"value.item.Media.item": media(1)})
    assert row.ref == "1"


def test_alternative_hashes_are_read_and_unusable_ones_counted(write) -> None:
    others = [
        {"HashName": "PDQ", "HashValue": PDQ},
        {"HashValue": SHA1, "HashName": "SHA-1"},
        {"HashName": "Mystery", "HashValue": "00"},
        {"HashName": "MD5"},
    ]
    (row,) = read(write, case(media(1, AlternativeHashes=others, PhotoDNA="A" * 192)))
    assert isinstance(row, Row)
    assert row.texts == (("md5", MD5), ("pdq", PDQ), ("sha1", SHA1))
    assert row.unusable == ("photodna", "an alternative hash of another kind")


def test_media_with_nothing_but_photodna_are_counted_and_not_fatal(write) -> None:
    first, second = read(write, {"value": [{"MediaID": 1, "PhotoDNA": "A" * 192}, media(2)]})
    assert isinstance(first, Row)
    assert (first.texts, first.unusable) == ((), ("photodna",))
    assert isinstance(second, Row)


def test_digests_of_files_and_exif_below_a_media_are_not_its_own(write) -> None:
    record = {"MediaID": 1, "MediaFiles": [{"MD5": "11" * 16, "ParentMD5": "22" * 16}], "Exifs": [{"MD5": "33" * 16}]}
    (row,) = read(write, case(record))
    assert isinstance(row, Refusal)
    assert (row.reason, row.ref) == ("no fingerprint in the row", "c/1")


@pytest.mark.parametrize("category", ["0", 5, "A1", "Uncategorized"])
def test_the_category_is_kept_and_never_interpreted(write, category) -> None:
    (row,) = read(write, case(media(1, Category=category, IsPrecategorized=True)))
    assert isinstance(row, Row)
    assert row.classification == str(category)


def test_after_damage_what_came_before_is_kept_and_one_refusal_says_where(write) -> None:
    whole = json.dumps(case(*(media(number) for number in range(5)))).encode()
    for cut in (whole[: whole.index(b'"MediaID": 3')], whole.replace(b'"MediaID": 3', b'"MediaID" 3')):
        rows = read(write, cut)
        assert [type(row) for row in rows] == [Row, Row, Row, Refusal]
        last = rows[-1]
        assert isinstance(last, Refusal)
        assert (last.position, last.ends_file) == (4, True)


@pytest.mark.parametrize(
    "content",
    [b'{"value":' + b"[" * 100_000, b'{"value":[{"MD5":"' + b"0" * (3 << 20), b'{"value":[{"MD5":"\xff\xfe"}]}',
     b'{"value":[{"MediaID":' + b"9" * 100_000 + b"}]}", b'{"value":[{"MD5":"\x00"}]}', b"\x00", b"{", b"]", b"nul"],
)  # fmt: skip
def test_hostile_json_is_one_refusal(write, content) -> None:
    rows = read(write, content)
    assert [type(row) for row in rows] in ([Refusal], [Row])
    assert len(rows) == 1


def test_json_without_media_is_a_mistake(write) -> None:
    with pytest.raises(UserMistake, match="holds no media"):
        read(write, {"other": [1, 2]})
    with pytest.raises(UserMistake, match="leave the mapping out"):
        list(VICS.rows(write("{}"), {"md5": "MD5"}))


def test_a_large_hash_set_is_read_in_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    record = json.dumps(media(1, MediaFiles=[{"MD5": MD5, "FileName": "x" * 400}]))
    with path.open("w") as file:
        file.write('{"value":[{"Media":[' + ",".join([record] * 20_000) + "]}]}")
    tracemalloc.start()
    count = sum(1 for _ in VICS.rows(path, {}))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 20_000
    assert peak < 2_000_000 < path.stat().st_size


def test_the_memory_guard_counts_from_the_last_quote(monkeypatch, write) -> None:
    monkeypatch.setattr(vics_stream, "MAX_TOKEN_BYTES", 200_000)
    records = [media(number, Comments="x" * 1000) for number in range(1000)]
    assert len(read(write, {"value": records})) == 1000


KEYS = st.sampled_from(
    ["value", "Media", "MD5", "MediaID", "AlternativeHashes", "HashName", "HashValue", "Category", "x.y"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([MD5, PDQ, "md5", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=200, deadline=None)
@given(JSON, st.integers(0, 400))
def test_no_json_whole_or_cut_breaks_it(tmp_path_factory: pytest.TempPathFactory, tree: object, cut: int) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "fuzz.json"
    whole = json.dumps({"value": tree})
    for text in (whole, whole[:cut]):
        path.write_text(text)
        try:
            rows = list(VICS.rows(path, {}))
        except UserMistake:
            continue
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_it(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "fuzz.json"
    for start in (b"", b'{"value":[{"MD5":"'):
        path.write_bytes(start + content)
        with suppress(UserMistake):
            list(VICS.rows(path, {}))
