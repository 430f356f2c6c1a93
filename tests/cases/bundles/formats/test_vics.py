"""VICS bundles, with every trap that real files hold."""

import json
from hashlib import sha1
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rempart.cases.bundles.formats.vics import VICS
from rempart.cases.bundles.profiles import profile
from rempart.cases.bundles.records import BundleRow, Read, Refused
from rempart.cases.intake.opening import Tie
from rempart.errors import UserMistake
from rempart.testing.desk_bundles import source_of, vics, vics_media


def read(content: bytes, profile_name: str = "us") -> list[Read]:
    return list(VICS.rows(source_of(content), profile(profile_name)))


def rows(content: bytes, profile_name: str = "us") -> list[BundleRow]:
    found = read(content, profile_name)
    assert all(isinstance(one, BundleRow) for one in found), found
    return [one for one in found if isinstance(one, BundleRow)]


def test_a_profile_is_always_named() -> None:
    with pytest.raises(UserMistake, match="needs a profile"):
        list(VICS.rows(source_of(vics([])), None))


def test_flags_become_features_in_either_spelling_and_unknown_ones_stay_unknown() -> None:
    media = vics_media(b"a", VictimIdentified="true", OffenderIdentified=False, IsDistributed="False", Series="S-1")
    (row,) = rows(vics([media]))
    assert row.said == {
        "victim_identified": True,
        "offender_identified": False,
        "distributed": False,
        "in_series": True,
    }
    (bare,) = rows(vics([vics_media(b"a")]))
    assert bare.said == {}


def test_a_flag_that_holds_something_else_is_set_aside_and_counted() -> None:
    (row,) = rows(vics([vics_media(b"a", VictimIdentified="Jane")]))
    assert row.said == {}
    assert row.set_aside == ("VictimIdentified says neither yes nor no",)


def test_is_precategorized_is_not_believed_against_the_category() -> None:
    content = vics([vics_media(b"a", Category=4, IsPrecategorized="true"), vics_media(b"b", IsPrecategorized=False)])
    comparison, taken = read(content)
    assert isinstance(comparison, Refused)
    assert comparison.reason == "set aside by the profile: comparison"
    assert isinstance(taken, BundleRow)


def test_categories_mean_what_the_profile_says() -> None:
    content = vics([vics_media(b"a", Category=0), vics_media(b"b", Category="5"), vics_media(b"c", Category=77)])
    assert [type(one) for one in read(content, "us-0-not-pertinent")] == [Refused, BundleRow, BundleRow]
    assert [type(one) for one in read(content, "us-5-not-pertinent")] == [BundleRow, Refused, BundleRow]
    assert [type(one) for one in read(content, "none")] == [BundleRow] * 3
    unknown = rows(content)[2]
    assert unknown.set_aside == ("a category that the profile does not know",)


def test_several_records_of_one_file_are_one_row_within_a_case_and_two_across_cases() -> None:
    media = [vics_media(b"a", MediaID=1), vics_media(b"a", MediaID=2), vics_media(b"b", MediaID=1)]
    first, again, other = rows(vics(media))
    assert first.identity == again.identity != other.identity
    assert rows(vics(media, "C-2"))[0].identity != first.identity


def test_a_case_ties_its_media_together() -> None:
    (row,) = rows(vics([vics_media(b"a")], "C-7"))
    assert row.ties == (Tie("incident", b"vics:C-7"),)
    (loose,) = rows(vics([vics_media(b"a")], None))
    assert loose.ties == ()


def test_the_name_of_a_case_that_stands_behind_its_media_is_found() -> None:
    text = json.dumps({"value": [{"Media": [vics_media(b"a")], "CaseID": "late"}]})
    (row,) = rows(text.encode())
    assert row.ties == (Tie("incident", b"vics:late"),)


def test_digests_of_every_place_are_taken_and_the_unusable_ones_named() -> None:
    media = vics_media(
        b"a",
        SHA1=sha1(b"a", usedforsecurity=False).hexdigest(),
        PhotoDNA="AAAA",
        AlternativeHashes=[
            {"HashName": "PDQ", "HashValue": "0f" * 32},
            {"HashName": "Purple", "HashValue": "77"},
            {"HashValue": "no name"},
        ],
    )
    (row,) = rows(vics([media]))
    assert [one.kind for one in row.prints] == ["md5", "sha1", "pdq"]
    assert row.set_aside == ("unusable kind: photodna", *["unusable kind: an alternative hash"] * 2)


def test_a_record_without_a_usable_digest_is_refused_with_the_reason() -> None:
    content = vics([{"MediaID": 1, "PhotoDNA": "AAAA"}, {"MediaID": 2}, vics_media(b"x", MD5="zz")])
    assert [one.reason for one in read(content) if isinstance(one, Refused)] == [
        "no fingerprint that can be compared: unusable kind: photodna",
        "nothing to look for: no fingerprint, no address, no account",
        "no fingerprint that can be compared: `md5` is no such fingerprint",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DateTimeOriginal", "2020:05:13 12:30:00"),
        ("EXIF DateTimeOriginal", "2020-05-13T12:30:00Z"),
        ("Exif.DateTimeOriginal", "/Date(1589373000000)/"),
    ],
)
def test_the_capture_time_comes_from_exif_in_every_spelling(name: str, value: str) -> None:
    exif = [{"PropertyName": "Make", "PropertyValue": "Dragon"}, {"PropertyName": name, "PropertyValue": value}]
    (row,) = rows(vics([vics_media(b"a", Exifs=exif)]))
    assert row.captured_at is not None
    assert row.captured_at.isoformat() == "2020-05-13T12:30:00+00:00"


def test_times_of_files_are_no_capture_time_and_unreadable_ones_are_counted() -> None:
    files = [{"MD5": "x", "FileName": "a.jpg", "Created": "2020-05-13T12:30:00Z"}, {"FileName": "b.jpg"}]
    exif = [{"PropertyName": "DateTimeOriginal", "PropertyValue": "13/05/2020"}]
    (row,) = rows(vics([vics_media(b"a", MediaFiles=files, Exifs=exif)]))
    assert (row.captured_at, row.name) == (None, "a.jpg")
    assert row.set_aside == ("a capture time that cannot be read",)


def test_a_byte_order_mark_is_no_damage() -> None:
    assert len(rows(b"\xef\xbb\xbf" + vics([vics_media(b"a")]))) == 1


def test_damage_ends_the_file_and_keeps_what_came_before() -> None:
    content = vics([vics_media(b"a"), vics_media(b"b")])
    first, cut = read(content[: content.rindex(b"MediaID") + 4])
    assert isinstance(first, BundleRow)
    assert isinstance(cut, Refused)
    assert (cut.position, cut.ends_file) == (2, True)
    assert cut.reason == "the JSON is damaged here; the rest of the file was not read"


@pytest.mark.parametrize("content", [b"{}", b"[]", b'{"value": []}', b'{"something": 1}'])
def test_a_json_without_media_is_no_bundle(content: bytes) -> None:
    with pytest.raises(UserMistake, match="no media"):
        read(content)


@pytest.mark.parametrize("content", [b"", b"<xml/>", b"[" * 100_000, b'{"value": [' + b'{"a":' * 5_000])
def test_hostile_json_ends_in_one_refusal(content: bytes) -> None:
    (one,) = read(content)
    assert isinstance(one, Refused)
    assert one.ends_file


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Media", "MD5", "Category", "Exifs", "AlternativeHashes", "VictimIdentified", "CaseID"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@hypothesis_settings(max_examples=300, derandomize=True, deadline=None)
@given(value=_JSON)
def test_whatever_the_json_says_every_record_is_a_row_or_refused(value: Any) -> None:
    try:
        found = read(json.dumps({"value": value}).encode())
    except UserMistake:
        return
    assert all(isinstance(one, BundleRow | Refused) for one in found)
    assert [one.position for one in found] == list(range(1, len(found) + 1))


@hypothesis_settings(max_examples=300, derandomize=True, deadline=None)
@given(cut=st.integers(0, 2000), flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=4))
def test_a_damaged_file_never_breaks_the_reading(cut: int, flips: list[tuple[int, int]]) -> None:
    content = bytearray(vics([vics_media(bytes([n]), VictimIdentified="true", Exifs=[]) for n in range(6)]))
    for at, value in flips:
        content[at % len(content)] = value
    try:
        found = read(bytes(content[: max(len(content) - cut, 0)]))
    except UserMistake:
        return
    assert all(isinstance(one, BundleRow | Refused) for one in found)
