"""NDJSON and CSV bundles: the formal schema, hostile lines, and no row that gets lost."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rempart.cases.bundles.formats import FORMATS
from rempart.cases.bundles.formats.csv_table import CSV
from rempart.cases.bundles.formats.ndjson import NDJSON
from rempart.cases.bundles.records import BundleRow, Read, Refused
from rempart.cases.bundles.rows import row_of
from rempart.cases.bundles.schema import AI_SAID, FIELDS, STATED
from rempart.cases.intake.opening import Tie
from rempart.errors import UserMistake
from rempart.testing.desk_bundles import digest_of, ndjson, source_of

SHA = digest_of(b"purple dragon")


def lines(content: bytes) -> list[Read]:
    return list(NDJSON.rows(source_of(content), None))


def table(content: str) -> list[Read]:
    return list(CSV.rows(source_of(content.encode()), None))


def taken(read: Read) -> BundleRow:
    assert isinstance(read, BundleRow), read
    return read


def refused(read: Read) -> str:
    assert isinstance(read, Refused), read
    return read.reason


def test_a_row_says_everything_that_the_schema_knows() -> None:
    said: dict[str, Any] = {
        "id": "r-1",
        "sha256": SHA,
        "urls": ["https://dragon.example/a", "dragon.example/a"],
        "account": "dragon-7",
        "incident": "2026-9",
        "captured_at": "2026-11-20T10:00:00+01:00",
        "urgent": "true",
        "victim_identified": False,
        "submissions": "4",
        "country": "FR",
        "evidence_expires": "2026-12-01T00:00:00Z",
        "prior_reports": 2,
        "ai_evidence": "own_service",
        "x_internal": {"anything": 1},
    }
    (row,) = map(taken, lines(ndjson([said])))
    assert row.said == {
        "urgent": True,
        "victim_identified": False,
        "submissions": 4,
        "country": "FR",
        "evidence_expires": "2026-12-01T00:00:00Z",
        "prior_reports": 2,
        "ai_evidence": "B",
    }
    assert [one.kind for one in row.prints] == ["sha256"]
    assert len(row.urls) == 1
    assert row.ties == (Tie("actor", b"dragon-7"), Tie("incident", b"2026-9"))
    assert row.captured_at is not None
    assert (row.captured_at.hour, row.identity) == (9, "id:r-1")
    assert "dragon" not in repr(row)
    assert SHA not in repr(row)


def test_the_same_row_says_the_same_in_a_table() -> None:
    header = "id;sha256;urls;urgent;submissions;ai_evidence;x_own"
    (row,) = table(f"\ufeff{header}\nr-1;{SHA};https://dragon.example/a https://dragon.example/b;YES;4;opinion;?\n")
    assert taken(row).said == {"urgent": True, "submissions": 4, "ai_evidence": "E"}
    assert len(taken(row).urls) == 2


def test_nobody_can_claim_a_verified_signature_of_ai() -> None:
    assert "A" not in AI_SAID.values()
    assert refused(row_of(1, {"sha256": SHA, "ai_evidence": "A"})) == "`ai_evidence` cannot be that"


def test_an_empty_value_says_nothing() -> None:
    row = taken(row_of(1, {"sha256": SHA, "urgent": "", "country": None, "submissions": "", "urls": []}))
    assert row.said == {}


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "nothing to look for: no fingerprint, no address, no account"),
        ({"id": "r-1", "urgent": True}, "nothing to look for: no fingerprint, no address, no account"),
        ({"sha256": SHA, "urgnt": True}, "a field that is not in the schema"),
        ({"sha256": SHA, "novelty": "none"}, "a field that is not in the schema"),
        ({"sha256": "00" * 31}, "`sha256` is no such fingerprint"),
        ({"sha256": "00" * 32}, "`sha256` cannot be compared: every bit is the same, so it is a placeholder"),
        ({"pdq": "0f" * 32}, "`pdq` comes with `pdq_quality`"),
        ({"sha256": SHA, "urgent": "perhaps"}, "`urgent` cannot be that"),
        ({"sha256": SHA, "submissions": -1}, "`submissions` cannot be that"),
        ({"sha256": SHA, "country": 3}, "`country` cannot be that"),
        ({"sha256": SHA, "sharing": "everywhere"}, "`sharing` cannot be that"),
        ({"sha256": SHA, "evidence_expires": "tomorrow"}, "`evidence_expires` cannot be that"),
        ({"sha256": SHA, "captured_at": "2026-11-20T10:00:00"}, "`captured_at` cannot be that"),
        ({"urls": ["javascript:alert(1)"]}, "`urls` has an address that cannot be understood"),
        ({"urls": {"a": 1}}, "`urls` is a list of at most 50 addresses"),
        ({"account": ["x"]}, "`account` is no text of at most 1000 characters"),
        ({"account": "a\0b"}, "`account` is no text of at most 1000 characters"),
        ({"account": "\ud800"}, "`account` is no text of at most 1000 characters"),
    ],
)
def test_a_row_that_cannot_be_taken_says_why_and_quotes_nothing(said: dict[str, Any], reason: str) -> None:
    assert refused(row_of(7, said)) == reason


def test_the_lines_of_ndjson_are_counted_whatever_they_hold() -> None:
    good = json.dumps({"sha256": SHA}).encode()
    content = b"\xef\xbb\xbf" + b"\n".join(
        [good, b"", b"not json", b"[1]", b'{"id":1,"id":2}', b'{"sha256":NaN}', b"\xff\xfe", b"[" * 5000, good]
    )
    read = lines(content)
    assert [one.position for one in read] == [1, 3, 4, 5, 6, 7, 8, 9]
    assert [type(one) for one in read] == [BundleRow, *[Refused] * 6, BundleRow]
    assert refused(read[3]) == "the line has a field twice"


def test_a_line_without_end_is_refused_in_little_memory() -> None:
    content = b'{"id": "' + b"x" * (3 << 20) + b'"}\n' + json.dumps({"sha256": SHA}).encode()
    first, second = lines(content)
    assert refused(first).startswith("the line is longer than")
    assert isinstance(second, BundleRow)


def test_a_column_that_is_not_in_the_schema_stops_the_table_and_is_not_quoted() -> None:
    with pytest.raises(UserMistake, match="column 2 of the table is not in the schema") as mistake:
        table(f"sha256,jane doe\n{SHA},x\n")
    assert "jane" not in str(mistake.value)
    for content in ("", "\n\n", "sha256,SHA256\n", f"{SHA}\n"):
        with pytest.raises(UserMistake):
            table(content)


def test_a_row_with_another_number_of_cells_is_refused() -> None:
    short, good, long = table(f"id,sha256\nr-1\nr-2,{SHA}\nr-3,{SHA},more\n")
    assert refused(short) == refused(long) == "the row has more or fewer cells than the table has columns"
    assert isinstance(good, BundleRow)


def test_a_stray_quote_swallows_no_row() -> None:
    read = table(f'id,sha256,name\nr-1,{SHA},"open\nr-2,{SHA},b\nr-3,{SHA},"a, b"\n')
    assert [taken(one).identity for one in read][1:] == ["id:r-2", "id:r-3"]
    assert len(read) == 3


def test_without_a_name_a_row_is_what_it_holds() -> None:
    same = [taken(row_of(at, {"sha256": SHA, "urgent": at == 1})).identity for at in range(2)]
    assert same[0] == same[1]
    places = [{"urls": ["https://a.example/", "https://b.example/"]}, {"urls": ["b.example", "http://a.example"]}]
    assert len({taken(row_of(1, one)).identity for one in places}) == 1
    assert taken(row_of(1, {"account": "x"})).identity != taken(row_of(1, {"account": "y"})).identity


def test_the_schema_takes_what_partners_may_say_and_nothing_that_the_desk_finds_out() -> None:
    names = {field.name for field in STATED}
    assert names >= {"urgent", "victim_identified", "submissions", "country", "evidence_expires", "prior_reports"}
    assert not names & {"novelty", "distance_bits", "first_seen_here", "cluster_size", "known_good", "ai_evidence"}
    assert len(FIELDS) == len(set(FIELDS))
    assert set(FORMATS) == {"ndjson", "csv", "vics"}


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=5,
)


@hypothesis_settings(max_examples=400, derandomize=True, deadline=None)
@given(said=st.dictionaries(st.sampled_from([*FIELDS, "x_y", "zz"]), _VALUES, max_size=6))
def test_whatever_a_record_says_it_is_a_row_or_refused(said: dict[str, Any]) -> None:
    read = row_of(1, said)
    assert isinstance(read, BundleRow | Refused)


@hypothesis_settings(max_examples=300, derandomize=True, deadline=None)
@given(content=st.binary(max_size=400))
def test_whatever_bytes_come_no_line_is_lost(content: bytes) -> None:
    whole = [at for at, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1) if line.strip()]
    assert len(lines(content)) <= len(whole)
    try:
        read = list(CSV.rows(source_of(b"id,sha256\n" + content), None))
    except UserMistake:
        return
    assert all(isinstance(one, BundleRow | Refused) for one in read)
