"""Rows become cases: accepted, duplicate or refused, and the parts add up whatever happens on the way."""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import md5
from typing import Any

import pytest
from sqlalchemy import text

from rempart.audit.queries import story
from rempart.cases.bundles import bundles, importing, queries
from rempart.cases.bundles.bundles import Bundle, Sending
from rempart.cases.bundles.foreseeing import foresee
from rempart.cases.bundles.formats import FORMATS
from rempart.cases.intake.queries import cases, items
from rempart.errors import Conflict, Unavailable, UserMistake
from rempart.facts.people import Actor, operator
from rempart.migrations.schema import METADATA
from rempart.settings import Settings
from rempart.testing.desk import NOW, Hands, make_organisation
from rempart.testing.desk_bundles import digest_of, many_rows, ndjson, source_of, vics, vics_media
from rempart.testing.desk_intake import intake_desk, make_print
from rempart.wiring import bundling
from rempart.wiring.bundling import import_bundle, rows_of
from rempart.wiring.desk import Desk

KNOWN = b"purple dragon"
ME = operator(1)


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    with intake_desk(settings, database_url, known=[KNOWN]) as made:
        with made.database.writing() as writer:
            make_organisation(writer)
        yield made


def send(desk: Desk, content: bytes, partner: str = "hotline", form: str = "ndjson", profile: str = "") -> Bundle:
    return go_on(desk, receive(desk, content, partner, form, profile), content)


def receive(
    desk: Desk, content: bytes, partner: str = "hotline", form: str = "ndjson", profile: str = "", actor: Actor = ME
) -> Bundle:
    sending = Sending(partner, form, profile, digest_of(content).encode(), len(content))
    with desk.database.writing() as writer:
        return bundles.receive(writer, desk.intake, actor, sending, desk.clock())[0]


def go_on(desk: Desk, bundle: Bundle, content: bytes, **named: Any) -> Bundle:
    return import_bundle(desk, ME, bundle.id, source_of(content), **named)


def added_up(bundle: Bundle) -> int:
    return bundle.accepted + bundle.duplicate + sum(bundle.refused.values())


def every_case(desk: Desk) -> list[Any]:
    with desk.database.reading() as reader:
        return list(reader.rows(METADATA.tables["case_file"].select().order_by(text("id"))))


def features(row: Any) -> dict[str, Any]:
    return {name: (value, source) for name, value, source, _ in row["features"]}


def test_a_row_becomes_a_case_with_the_partner_as_the_source_of_what_it_says(desk: Desk) -> None:
    row = {
        "id": "r-1",
        "sha256": digest_of(KNOWN),
        "urgent": True,
        "victim_identified": False,
        "submissions": 3,
        "country": "FR",
        "evidence_expires": "2026-12-01T00:00:00Z",
        "prior_reports": 2,
        "ai_evidence": "own_service",
        "captured_at": "2026-11-20T09:00:00Z",
        "urls": ["https://dragon.example/a"],
        "account": "dragon-7",
    }
    done = send(desk, ndjson([row]))
    assert (done.state, done.rows, done.accepted) == ("done", 1, 1)
    (case,) = every_case(desk)
    said = features(case)
    assert (case["kind"], case["tier"]) == ("media", 0)
    assert said["novelty"] == ("exact", "list:dragons@1")
    assert said["ai_evidence"] == ("B", "partner:hotline")
    assert said["evidence_expires"] == ("2026-12-01T00:00:00Z", "partner:hotline")
    assert said["capture_age_days"] == (2, "partner:hotline")
    assert {name for name, (_, source) in said.items() if source == "partner:hotline"} >= {
        "urgent",
        "victim_identified",
        "submissions",
        "country",
        "prior_reports",
    }
    with desk.database.reading() as reader:
        (media,) = cases.media_of_case(reader, 1, case["id"])
        tally = [(channel, outcome, n) for _, channel, outcome, n in items.tally_rows(reader, 1)]
        verbs = [entry.verb for entry in story(reader, 1, "bundle", done.number)]
    assert (media["outcome"], media["vault_id"]) == ("match", None)
    assert tally == [("bundle", "match: block", 1)]
    assert verbs == ["bundle.received", "bundle.imported"]


def test_what_the_ai_company_says_lowers_nothing(desk: Desk) -> None:
    plain = {"id": "a", "sha256": digest_of(b"a"), "urgent": True}
    send(desk, ndjson([plain, plain | {"id": "b", "sha256": digest_of(b"b"), "ai_evidence": "own_service"}]))
    first, second = every_case(desk)
    assert (first["tier"], first["score"]) == (second["tier"], second["score"])


def test_a_duplicate_is_counted_and_teaches_its_case_and_opens_none(desk: Desk) -> None:
    row = {"id": "r-1", "sha256": digest_of(b"a")}
    done = send(desk, ndjson([row, row, row | {"country": "FR"}]))
    assert (done.accepted, done.duplicate, added_up(done)) == (1, 2, 3)
    (case,) = every_case(desk)
    assert features(case)["country"] == ("FR", "partner:hotline")
    with desk.database.reading() as reader:
        verbs = [entry.verb for entry in story(reader, 1, "case", case["id"])]
    assert verbs.count("case.learnt") == 1
    again = send(desk, ndjson([row | {"urls": ["https://dragon.example/b"]}]))
    assert (again.accepted, again.duplicate) == (0, 1)
    assert len(every_case(desk)) == 1


def test_near_pictures_of_one_bundle_and_of_another_are_one_card(desk: Desk) -> None:
    def row(number: int, flipped: int) -> dict[str, Any]:
        return {"id": f"r-{number}", "pdq": make_print(1, flipped).value.hex(), "pdq_quality": 90}

    send(desk, ndjson([row(number, number) for number in range(5)]))
    send(desk, ndjson([row(9, 12)]), partner="provider")
    made = every_case(desk)
    assert [bool(one["leads"]) for one in made] == [True] + [False] * 5
    assert {one["cluster"] for one in made} == {made[0]["cluster"]}


def test_another_partner_s_row_of_the_same_name_is_another_row(desk: Desk) -> None:
    row = {"id": "r-1", "sha256": digest_of(b"a")}
    assert send(desk, ndjson([row]), "one").accepted == 1
    assert send(desk, ndjson([row]), "two").accepted == 1


def test_an_urgent_duplicate_of_a_decided_case_opens_a_new_one_once(desk: Desk) -> None:
    row = {"id": "r-1", "sha256": digest_of(b"a")}
    send(desk, ndjson([row]))
    with desk.database.writing() as writer:
        cases.update_case(writer, 1, 1, state="decided", outcome="not_illegal", decided_at=NOW)
    assert send(desk, ndjson([row])).duplicate == 1
    assert len(every_case(desk)) == 1
    for _ in range(2):
        assert send(desk, ndjson([row | {"urgent": True}])).duplicate == 1
    assert [case["state"] for case in every_case(desk)] == ["decided", "triaged"]


def test_the_age_of_a_picture_is_no_news(desk: Desk) -> None:
    row = {"id": "r-1", "sha256": digest_of(b"a"), "captured_at": "2026-11-20T09:00:00Z"}
    send(desk, ndjson([row]))
    assert isinstance(desk.clock, Hands)
    desk.clock.now += timedelta(days=5)
    send(desk, ndjson([row]))
    with desk.database.reading() as reader:
        assert "case.learnt" not in [entry.verb for entry in story(reader, 1, "case", 1)]


def test_refused_rows_are_listed_with_their_place_and_without_their_content(desk: Desk) -> None:
    content = ndjson([{"id": "r-1", "account": "x"}, {"id": "secret"}, {"zzz": 1}]) + b"secret\n"
    done = send(desk, content)
    assert (done.accepted, sum(done.refused.values()), done.rows) == (1, 3, 4)
    with desk.database.reading() as reader:
        rows = bundles.refused_rows(reader, 1, done)
        assert bundles.refused_rows(reader, 1, done, after=3, limit=1) == rows[2:]
    assert [position for position, _ in rows] == [2, 3, 4]
    assert "secret" not in str(rows)


def test_only_so_many_refused_rows_are_kept_and_all_are_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "MOST_REFUSALS_KEPT", 60)
    done = send(desk, b"x\n" * 130)
    assert sum(done.refused.values()) == done.rows == 130
    with desk.database.reading() as reader:
        assert len(bundles.refused_rows(reader, 1, done, limit=1000)) == 60


def test_an_import_that_is_stopped_goes_on_where_it_was(desk: Desk) -> None:
    content = ndjson(many_rows(260))
    bundle = receive(desk, content)
    stops = iter([False, True])
    half = go_on(desk, bundle, content, stopped=lambda: next(stops))
    assert (half.state, half.rows) == ("importing", 100)
    done = go_on(desk, bundle, content)
    whole = send(desk, content, "another")
    assert (done.rows, done.accepted, done.duplicate, done.refused) == (
        whole.rows,
        whole.accepted,
        whole.duplicate,
        whole.refused,
    )
    assert added_up(done) == done.rows == 260
    assert go_on(desk, bundle, content) == done


@pytest.mark.parametrize("after", [0, 1, 3])
def test_killed_anywhere_no_row_is_lost_and_none_comes_twice(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    content, calls = ndjson(many_rows(230)), iter(range(100))
    bundle = receive(desk, content)

    def killed(*given: Any, **named: Any) -> Any:
        if next(calls) == after:
            raise Unavailable("the database went away; nothing was kept", 5)
        return change(*given, **named)

    change = queries.change
    monkeypatch.setattr(queries, "change", killed)
    with pytest.raises(Unavailable):
        go_on(desk, bundle, content)
    done = go_on(desk, bundle, content)
    assert (done.state, added_up(done)) == ("done", 230)
    assert len(every_case(desk)) == done.accepted


def test_two_who_import_the_same_bundle_do_not_meet(desk: Desk) -> None:
    content = ndjson(many_rows(120))
    bundle = receive(desk, content)
    looked = [importing.look(one, desk.screeners.judge, ()) for one in rows_of("ndjson", "", source_of(content))]
    with desk.database.writing() as writer:
        importing.take(writer, desk.intake, ME, bundle.id, 0, looked[:50], (), NOW)
    with pytest.raises(Conflict), desk.database.writing() as writer:
        importing.take(writer, desk.intake, ME, bundle.id, 0, looked[:50], (), NOW)
    assert added_up(go_on(desk, bundle, content)) == 120


def test_a_file_that_makes_no_sense_is_broken_and_says_why(desk: Desk) -> None:
    done = send(desk, b"purple,dragon\n1,2\n", form="csv")
    assert (done.state, done.rows) == ("broken", 0)
    assert done.problem.startswith("column 1 of the table is not in the schema")
    assert every_case(desk) == []


def test_a_vics_file_is_matched_and_its_duplicates_are_linked(desk: Desk) -> None:
    media = [vics_media(KNOWN, VictimIdentified="false"), vics_media(KNOWN, MediaID=2), vics_media(b"x", Category=4)]
    known = md5(KNOWN, usedforsecurity=False).hexdigest()
    media[0]["AlternativeHashes"] = [{"HashName": "SHA256", "HashValue": digest_of(KNOWN)}]
    done = send(desk, vics(media), form="vics", profile="us")
    assert (done.rows, done.accepted, done.duplicate) == (3, 1, 1)
    (case,) = every_case(desk)
    assert features(case)["novelty"][0] == "exact"
    assert done.refused == {"set aside by the profile: comparison": 1}
    assert added_up(done) == 3
    assert known not in str(done)


def test_a_file_that_breaks_off_says_so_and_keeps_what_came_before(desk: Desk) -> None:
    content = vics([vics_media(bytes([n])) for n in range(5)])
    done = send(desk, content[: content.rindex(b"MediaID")], form="vics", profile="none")
    assert (done.state, done.cut, done.accepted) == ("done", True, 4)
    assert added_up(done) == done.rows == 5


def test_without_any_list_nothing_is_called_clean(settings: Settings, database_url: str) -> None:
    with intake_desk(settings, database_url, known=[]) as desk:
        with desk.database.writing() as writer:
            make_organisation(writer)
        send(desk, ndjson([{"sha256": digest_of(b"a")}]))
        (case,) = every_case(desk)
        assert features(case)["novelty"][0] == "unexamined"


@pytest.mark.parametrize(
    ("partner", "form", "profile"),
    [
        ("Hot Line", "ndjson", ""),
        ("", "ndjson", ""),
        ("x" * 41, "ndjson", ""),
        ("a", "xml", ""),
        ("a", "vics", ""),
        ("a", "vics", "purple"),
        ("a", "csv", "us"),
    ],
)
def test_partner_format_and_profile_are_checked_before_anything_is_kept(
    desk: Desk, partner: str, form: str, profile: str
) -> None:
    with pytest.raises(UserMistake):
        receive(desk, b"{}", partner, form, profile)
    with desk.database.reading() as reader:
        assert bundles.newest(reader, 1) == []


def test_a_foresight_counts_what_the_import_then_does(desk: Desk) -> None:
    send(desk, ndjson(many_rows(40)))
    content = ndjson(many_rows(150))
    with desk.database.reading() as reader:
        foreseen = foresee(reader, desk.fields, 1, "hotline", FORMATS["ndjson"].rows(source_of(content), None))
    done = send(desk, content)
    assert foreseen["rows"] == done.rows
    assert (foreseen["accepted"], foreseen["duplicate"]) == (done.accepted, done.duplicate)
    assert foreseen["refused"] == done.refused


def test_an_import_holds_no_more_than_a_few_rows_at_a_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[int] = []
    real = bundling._take

    def watched(desk: Desk, actor: Actor, bundle_id: int, position: int, batch: Any) -> int:
        held.append(len(batch))
        return real(desk, actor, bundle_id, position, batch)

    monkeypatch.setattr(bundling, "_take", watched)
    send(desk, ndjson(many_rows(130)))
    assert held == [50, 50, 30]


def test_an_empty_file_ends_broken_and_says_that_it_is_empty(desk: Desk) -> None:
    done = send(desk, b"")
    assert (done.state, done.problem) == ("broken", bundles.EMPTY)
