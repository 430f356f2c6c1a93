"""VICS 2.0: every field there and back, the seven traps, and files that do not fit into memory."""

import io
import json
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.cases.bundles.profiles import profile
from rempart.errors import Conflict, UserMistake
from rempart.migrations.schema import METADATA
from rempart.reporting.vics.exporting import NO_MD5, Exported, exported
from rempart.reporting.vics.reading import Unclear, read
from rempart.reporting.vics.record import CaseHead, Media, MediaFile
from rempart.reporting.vics.writing import to_json, write_case, write_hash_set
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import make_case, make_organisation
from rempart.testing.desk_reporting import make_decided

HEAD = CaseHead(case_id="rempart-1", case_number="1", contact_organization="Dragon Desk")
MD5 = "0123456789abcdef" * 2


def case_file(*media: Media, jurisdiction: str = "US") -> bytes:
    """The media as a case."""
    out = io.BytesIO()
    write_case(out, jurisdiction, HEAD, media)
    return out.getvalue()


def read_all(content: bytes) -> tuple[list[Media], dict[str, int]]:
    """(records, what could not be understood)."""
    unclear = Unclear()
    return list(read(io.BytesIO(content), unclear)), unclear.counts


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=20).filter(
    lambda text: text == text.strip() and text
)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))
maybe_bool = st.sampled_from([True, False, None])
media_files = st.builds(
    MediaFile,
    md5=st.none() | words,
    file_name=st.none() | words,
    file_path=st.none() | words,
    created=st.none() | moments,
    written=st.none() | moments,
    unallocated=maybe_bool,
    deleted=maybe_bool,
    parent_file_name=st.none() | words,
)
media_ = st.builds(
    Media,
    media_id=st.none() | st.integers(0, 10**9),
    md5=words,
    sha1=st.none() | words,
    category=st.none() | st.integers(0, 9).map(str) | words.filter(lambda text: not text.isdecimal()),
    media_size=st.none() | st.integers(0, 10**12),
    date_updated=st.none() | moments,
    victim_identified=maybe_bool,
    is_precategorized=maybe_bool,
    series=st.none() | words,
    comments=st.none() | words,
    alternative_hashes=st.lists(st.tuples(words, words), max_size=2).map(tuple),
    exifs=st.lists(st.tuples(words, words), max_size=2).map(tuple),
    media_files=st.lists(media_files, max_size=2).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(media_, max_size=4))
def test_what_is_written_is_read_back_equal(media: list[Media]) -> None:
    back, unclear = read_all(case_file(*media))
    assert back == media
    assert unclear == {}


@settings(max_examples=50, deadline=None)
@given(st.lists(media_, min_size=1, max_size=4))
def test_a_hash_set_is_read_back_equal(media: list[Media]) -> None:
    out = io.BytesIO()
    write_hash_set(out, "US", media)
    assert read_all(out.getvalue())[0] == media


def made(**said: Any) -> bytes:
    """A case of one record that says this."""
    return json.dumps({"value": [{"CaseID": "1", "Media": [{"MD5": MD5, **said}]}]}).encode()


def test_trap_1_a_byte_order_mark_is_passed_over() -> None:
    assert read_all(b"\xef\xbb\xbf" + made())[0] == read_all(made())[0]


@pytest.mark.parametrize(("said", "meant"), [("true", True), ("False", False), (1, True), ("", None), (None, None)])
def test_trap_2_booleans_as_text(said: Any, meant: bool | None) -> None:
    assert read_all(made(VictimIdentified=said))[0][0].victim_identified is meant


def test_trap_3_precategorised_never_changes_the_category() -> None:
    for claim in (True, False, "true", None):
        assert read_all(made(Category=1, IsPrecategorized=claim))[0][0].category == "1"


def test_trap_4_totals_are_counted_and_not_believed() -> None:
    content = json.loads(made())
    content["value"][0]["TotalMediaFiles"] = 99
    assert len(read_all(json.dumps(content).encode())[0]) == 1
    written = json.loads(case_file(Media(md5=MD5, media_files=(MediaFile(md5=MD5), MediaFile(md5=MD5)))))
    assert written["value"][0]["TotalMediaFiles"] == 2


def test_trap_5_several_records_of_one_file_stay_records_of_their_own() -> None:
    content = json.dumps({"value": [{"Media": [{"MD5": MD5, "MediaID": 1}, {"MD5": MD5, "MediaID": 2}]}]}).encode()
    assert [one.media_id for one in read_all(content)[0]] == [1, 2]


def test_trap_6_exif_is_kept_as_it_stands() -> None:
    odd = [{"PropertyName": "GPS Latitude Ref", "PropertyValue": "Q"}, {"PropertyName": "", "PropertyValue": "x"}]
    assert read_all(made(Exifs=odd))[0][0].exifs == (("GPS Latitude Ref", "Q"),)


@pytest.mark.parametrize(
    "said",
    ["2026-11-22T09:00:00Z", "2026:11:22 09:00:00", "/Date(1795338000000)/", 1795338000, "2026-11-22T10:00:00+01:00"],
)
def test_trap_7_times_in_every_spelling_mean_one_time(said: Any) -> None:
    assert read_all(made(DateUpdated=said))[0][0].date_updated == datetime(2026, 11, 22, 9, tzinfo=UTC)


def test_what_cannot_be_understood_is_counted_and_left_out() -> None:
    [media], unclear = read_all(made(DateUpdated="01/02/2020", IsDistributed="perhaps", MediaSize="big"))
    assert (media.date_updated, media.is_distributed, media.media_size) == (None, None, None)
    assert sum(unclear.values()) == 3


def test_a_record_without_an_md5_is_counted_as_none() -> None:
    content = json.dumps({"value": [{"Media": [{"SHA1": "00"}]}]}).encode()
    assert read_all(content) == ([], {"no MD5": 1})


def test_a_damaged_file_says_so_after_what_was_read() -> None:
    content = case_file(Media(md5="a"), Media(md5="b"))
    given = read(io.BytesIO(content[:-40]), Unclear())
    with pytest.raises(UserMistake, match="damaged"):
        list(given)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 400))
def test_anything_is_read_or_refused(noise: bytes, begin: int, end: int) -> None:
    content = case_file(Media(md5=MD5, exifs=(("a", "b"),), media_files=(MediaFile(file_name="x"),)))
    with suppress(UserMistake):
        read_all(content[:begin] + noise + content[end:])


def test_the_model_is_that_of_the_jurisdiction() -> None:
    assert b"2.0.xml/UK/$metadata#Cases" in case_file(jurisdiction="GB")
    assert b"2.0.xml/Default/$metadata#Cases" in case_file(jurisdiction="FR")


def test_decided_cases_are_exported_with_what_is_known(database: Database, fields: Fields) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_decided(writer, fields, mine, media=2)
        counts = Exported()
        found = list(exported(writer, fields, mine, [case_id], profile("us"), counts))
    assert found == []  # the generated media have a SHA-256 only
    assert counts.left_out == {NO_MD5: 2}
    assert counts.media == counts.written + sum(counts.left_out.values())


@pytest.mark.parametrize(
    ("taxonomy", "code", "wanted", "category"),
    [("vic-us", "vic-1", "us", "1"), ("vic-us", "vic-1", "uk-abc", None), ("baseline", "baseline", "us", None)],
)
def test_a_category_is_written_where_the_decision_states_one_for_that_jurisdiction(
    database: Database, fields: Fields, taxonomy: str, code: str, wanted: str, category: str | None
) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_decided(writer, fields, mine, code=code)
        tables = METADATA.tables
        writer.run(tables["decision"].update().values(taxonomy=taxonomy))
        prints = fields.seal_text("fingerprints", json.dumps([["md5", MD5, None], ["sha256", MD5 * 2, None]]))
        writer.run(tables["media"].update().values(fingerprints_sealed=prints))
        [media] = exported(writer, fields, mine, [case_id], profile(wanted), Exported())
    assert media.category == category
    assert media.md5 == MD5.upper()
    assert media.alternative_hashes == (("SHA256", MD5 * 2),)
    assert media.victim_identified is None


def test_a_case_that_is_not_decided_is_not_exported(database: Database, fields: Fields) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_case(writer, mine)
        with pytest.raises(Conflict):
            list(exported(writer, fields, mine, [case_id], profile("us"), Exported()))


def test_a_profile_without_jurisdiction_exports_nothing(database: Database, fields: Fields) -> None:
    with database.reading() as reader, pytest.raises(UserMistake, match="jurisdiction"):
        list(exported(reader, fields, 1, [], profile("none"), Exported()))


def test_what_is_not_known_is_left_out() -> None:
    assert to_json(Media(md5=MD5)) == {"MD5": MD5}


MANY = """
import sys
from rempart.reporting.vics.reading import Unclear, read
from rempart.reporting.vics.record import CaseHead, Media, MediaFile
from rempart.reporting.vics.writing import write_case

def media(number):
    for one in range(number):
        name = f"{one:032x}"
        places = (MediaFile(md5=name, file_name=f"{one}.jpg", file_path="/dragons"),)
        yield Media(media_id=one, md5=name, sha1=name + "00000000", category="1", media_size=one, media_files=places)

number, path = int(sys.argv[1]), sys.argv[2]
with open(path, "wb") as out:
    write_case(out, "US", CaseHead(case_id="1", case_number="1"), media(number))
with open(path, "rb") as file:
    same = all(one == other for one, other in zip(read(file, Unclear()), media(number), strict=True))
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(same, int(peak.split()[1]) // 1024)
"""


def streamed(number: int, path: str) -> tuple[str, int]:
    """(whether it came back equal, most MiB of memory) for a file of so many media."""
    command = [sys.executable, "-c", MANY, str(number), path]
    same, peak = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return same, int(peak)


def test_memory_does_not_grow_with_the_file(tmp_path: Any) -> None:
    same, peak = streamed(20_000, str(tmp_path / "many.json"))
    assert same == "True"
    assert peak < 256


@pytest.mark.campaign
def test_a_million_media_in_half_a_gigabyte(tmp_path: Any) -> None:
    same, peak = streamed(1_000_000, str(tmp_path / "million.json"))
    assert same == "True"
    assert peak <= 512
