"""Published figures come from the ledger alone, and are what the rows say, too."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import text
from tests.cases.appeals.conftest import Court
from tests.cases.review.conftest import Room
from tests.cases.test_story import GESTURES, WORLDS, World

from rempart.audit.queries import append
from rempart.cases.intake.queries import items
from rempart.cases.transparency.counting import write_down
from rempart.cases.transparency.figures import Counts, Period, quantile
from rempart.cases.transparency.measures import BY_NAME, MEASURES
from rempart.cases.transparency.reading import figures
from rempart.cases.transparency.writing import as_csv, last_year, period_of, report
from rempart.errors import UserMistake
from rempart.facts.people import worker
from rempart.settings import Settings
from rempart.storage.database import Database
from rempart.testing.desk import NOW, make_case, make_cluster, make_desk
from rempart.wiring.desk import Desk

Figures = dict[tuple[str, str, str], float]


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


@pytest.fixture
def desk(settings: Settings, database_url: str, room: Room) -> Iterator[Desk]:
    with make_desk(settings, database_url, clock=lambda: room.now) as made:
        yield made


@pytest.fixture
def court(room: Room, desk: Desk) -> Court:
    return Court(room, desk)


def _figures(court: Court, period: Period | None = None) -> Figures:
    chosen = period or Period(NOW - timedelta(days=1), NOW + timedelta(days=4000))
    with court.desk.database.reading() as reader:
        found = figures(reader, court.organisation, chosen)
    return {(one.section, one.measure, one.what): one.number for one in found}


def _some(found: Figures, section: str, measure: str) -> dict[str, float]:
    return {what: number for (of, name, what), number in found.items() if (of, name) == (section, measure) and number}


def test_notices_cases_appeals_and_times_of_one_case(court: Court) -> None:
    from rempart.cases.intake.notices import receive
    from rempart.facts.people import public
    from rempart.testing.desk_intake import make_told

    with court.desk.database.writing() as writer:
        got = receive(writer, court.desk.intake, public(court.organisation), make_told(urgent=True), court.room.now)
    court.room.wait(600)
    court.room.judge(court.room.ada, got.case, "not-illegal", reason="a purple dragon")
    court.work()
    court.room.wait(3600)
    court.settle(court.bring(got.number, got.code), "overturned", "national")
    found = _figures(court)
    assert found["notices", "received", "public/abuse_material"] == 1
    assert found["notices", "urgent", ""] == 1
    assert found["notices", "trusted", ""] == 0
    assert found["notices", "median_to_acknowledged", ""] == 0
    assert found["notices", "median_to_answered", ""] == 631
    assert found["cases", "decided", "not_illegal"] == 1
    assert found["cases", "by_code", "baseline/not-illegal"] == 1
    assert found["cases", "median_to_decided", ""] == found["cases", "median_to_first", ""] == 600
    assert found["decisions", "made", "first"] == 1
    assert found["decisions", "by_machine", ""] == 0
    assert found["appeals", "received", "notifier"] == found["appeals", "answered", "notifier/overturned"] == 1
    assert found["appeals", "reversed", "not_illegal/illegal_national"] == 1
    assert found["appeals", "median_to_answered", ""] == 0


def test_what_is_undone_is_counted_as_undone_only(court: Court) -> None:
    case = court.case()
    court.room.claim(court.room.ada, case)
    made = court.room.decide(court.room.ada, case)
    court.room.undo(court.room.ada, made.decision)
    found = _figures(court)
    assert found["decisions", "undone", ""] == 1
    assert _some(found, "decisions", "made") == _some(found, "cases", "decided") == {}


def test_cases_of_a_cluster_count_each_and_the_judgement_once(court: Court) -> None:
    leader, *_, other = court.room.make(make_cluster, court.organisation, 4)
    court.room.judge(court.room.ada, leader, excepted=[other])
    found = _figures(court)
    assert found["cases", "decided", "illegal_baseline"] == 3
    assert found["cases", "with_cluster", ""] == 2
    assert found["decisions", "made", "first"] == 1


def test_agreement_of_two_people(court: Court) -> None:
    court.room.second_review = "always"
    for code in ("baseline", "national"):
        case = court.room.make(make_case, court.organisation)
        court.room.judge(court.room.ada, case)
        court.room.judge(court.room.bob, case, code)
    found = _figures(court)
    assert (found["agreement", "pairs", ""], found["agreement", "agreed", ""]) == (2, 1)
    assert found["agreement", "share", ""] == 0.5


def test_samples_of_low_tiers_publish_their_error(court: Court) -> None:
    for number, code in enumerate(("baseline", "not-illegal", "not-illegal", "not-illegal")):
        case = court.room.make(make_case, court.organisation, tier=5)
        court.room.claim(court.room.ada, case)
        with court.desk.database.writing() as writer:
            writer.run(text("UPDATE case_file SET lane = 'sample' WHERE id = :id"), {"id": case})
        court.room.decide(court.room.ada, case, code)
        court.room.wait(40 + number)
    found = _figures(court)
    assert (found["sampling", "looked", "5"], found["sampling", "illegal", "5"]) == (4, 1)
    assert found["sampling", "error", "5"] == 0.25
    assert found["sampling", "error_low", "5"] < 0.25 < found["sampling", "error_high", "5"]


def test_the_error_of_automated_means_is_what_people_found(court: Court, settings: Settings) -> None:
    from rempart.cases.intake.opening import open_case
    from rempart.cases.triage.vocabulary import feature
    from rempart.facts.people import public

    for code in ("baseline", "not-illegal"):
        hit = [feature("novelty", "exact", "list:dragons@1", court.room.now)]
        with court.desk.database.writing() as writer:
            case = open_case(
                writer,
                court.desk.fields,
                public(court.organisation),
                "media",
                hit,
                court.desk.rules,
                now=court.room.now,
            )
        court.room.judge(court.room.ada, case, code)
    found = _figures(court)
    assert (found["automated", "matched", ""], found["automated", "rejected", ""]) == (2, 1)
    assert found["automated", "error", ""] == 0.5


def test_screening_is_written_down_day_by_day_and_the_last_word_counts(court: Court) -> None:
    day = court.room.now.date()

    def count(outcome: str, number: int) -> None:
        with court.desk.database.writing() as writer:
            items.count(writer, court.organisation, day, "api", outcome, number)

    def write() -> int:
        with court.desk.database.writing() as writer:
            return write_down(writer, court.organisation, court.room.now)

    count("no_match", 7)
    count("waiting: busy", 2)
    assert write() == 0  # the day goes on
    court.room.now += timedelta(days=1)
    assert [write(), write()] == [1, 0]
    count("waiting: busy", -2)
    count("match: block", 2)
    assert write() == 1
    period = Period(NOW.replace(hour=0), NOW.replace(hour=0) + timedelta(days=1))
    found = _figures(court, period)
    assert _some(found, "screening", "items") == {"api/no_match": 7, "api/match: block": 2}
    later = Period(period.until, period.until + timedelta(days=9))
    assert _some(_figures(court, later), "screening", "items") == {}


def test_a_changed_row_changes_no_published_number(court: Court) -> None:
    court.decided("not-illegal")
    before = _figures(court)
    with court.desk.database.writing() as writer:
        for table in ("case_file", "decision"):
            writer.run(text(f"UPDATE {table} SET outcome = 'illegal_baseline'"))  # noqa: S608
        writer.run(text("DELETE FROM notice_case"))
    assert _figures(court) == before


def test_a_period_is_counted_by_when_things_happened_and_periods_add_up(court: Court) -> None:
    for number in range(3):
        court.decided("not-illegal", number=f"N-0000-0000-000{number}", seed=number)
        court.room.now += timedelta(days=1)
    days = [Period(NOW + timedelta(days=n, hours=-9), NOW + timedelta(days=n + 1, hours=-9)) for n in range(3)]
    each = [_figures(court, day)["cases", "decided", "not_illegal"] for day in days]
    assert each == [1, 1, 1]
    assert _figures(court)["cases", "decided", "not_illegal"] == 3


def _of_rows(court: Court) -> dict[str, Any]:
    """The same from the rows, the naive way."""
    mine = {"mine": court.organisation}

    def count(sql: str) -> dict[str, int]:
        with court.desk.database.reading() as reader:
            rows = reader.rows(text(sql).bindparams(**mine))
        return {"/".join(str(one) for one in list(row.values())[:-1]): row["n"] for row in rows}

    stands = "FROM decision WHERE organisation = :mine AND undone_at IS NULL"
    return {
        "made": count(f"SELECT round, COUNT(*) n {stands} AND followed IS NULL AND round <> 'appeal' GROUP BY 1"),
        "undone": count(
            "SELECT COUNT(*) n FROM decision d WHERE organisation = :mine AND undone_at IS NOT NULL AND NOT EXISTS "
            "(SELECT 1 FROM ledger l WHERE l.verb = 'case.excepted' AND l.organisation = d.organisation "
            "AND l.at = d.undone_at AND l.about_id = CAST(d.case_id AS VARCHAR(20)))"
        ),
        "reversed": count("SELECT COUNT(*) n FROM decision WHERE organisation = :mine AND round = 'appeal'"),
        "received": count("SELECT channel, category, COUNT(*) n FROM notice WHERE organisation = :mine GROUP BY 1, 2"),
        "appeals": count("SELECT brought_by, COUNT(*) n FROM appeal WHERE organisation = :mine GROUP BY 1"),
        "answered": count(
            "SELECT brought_by, state, COUNT(*) n FROM appeal WHERE organisation = :mine "
            "AND decided_at IS NOT NULL GROUP BY 1, 2"
        ),
        "opened": count("SELECT kind, COUNT(*) n FROM case_file WHERE organisation = :mine GROUP BY 1"),
        "outcomes": count(
            "SELECT outcome, COUNT(*) n FROM case_file WHERE organisation = :mine AND outcome IS NOT NULL GROUP BY 1"
        ),
    }


def _of_ledger(court: Court) -> dict[str, Any]:
    found = _figures(court)
    reversed_ = _some(found, "appeals", "reversed")
    outcomes = Counter(_some(found, "cases", "decided"))
    for what, number in reversed_.items():
        before, after = what.split("/")
        outcomes.update({before: -number, after: number})  # type: ignore[dict-item]
    return {
        "made": _some(found, "decisions", "made"),
        "undone": {"": found["decisions", "undone", ""]},
        "reversed": {"": sum(reversed_.values())},
        "received": _some(found, "notices", "received"),
        "appeals": _some(found, "appeals", "received"),
        "answered": _some(found, "appeals", "answered"),
        "opened": _some(found, "cases", "opened"),
        "outcomes": {what: number for what, number in outcomes.items() if number},
    }


@pytest.mark.parametrize("seed", range(4))
def test_ledger_and_rows_agree_whatever_people_did(court: Court, seed: int) -> None:
    world, draw = World(court, next(WORLDS)), Random(seed)
    names = sorted(set(GESTURES) - {"reopen"})  # opening again forgets an outcome in the row; the ledger forgets none
    for _ in range(70):
        world.step(draw.choice(names), draw.randrange(4), draw.randrange(10), draw.randrange(45))
        world.room.wait(1)  # so that what was withdrawn by an exception can be told from what was undone
    assert _of_ledger(court) == _of_rows(court)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("", ""),
        ("x", "2026-01-01"),
        ("2026-02-01", "2026-01-01"),
        ("1900-01-01", "1900-01-02"),
        ("2000-01-01", "2026-01-01"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_period_that_is_none_is_told(first: str, last: str) -> None:
    with pytest.raises(UserMistake):
        period_of(first, last)


def test_a_period_has_whole_days_and_the_last_year_is_a_whole_one() -> None:
    assert last_year(NOW) == ("2025-01-01", "2025-12-31")
    period = period_of("2026-11-22", "2026-11-22")
    assert NOW in period
    assert period.until - period.since == timedelta(days=1)
    assert period.until not in period


def test_files_say_the_same_and_say_which_ledger_they_come_from(court: Court) -> None:
    court.decided()
    with court.desk.database.reading() as reader:
        made = report(reader, court.organisation, "Desk", period_of("2026-11-22", "2026-11-22"), court.room.now)
    assert (made["from"], made["to"], made["organisation"]) == ("2026-11-22", "2026-11-22", "Desk")
    assert made["ledger"]["entry"] > 0
    lines = as_csv(made["figures"]).split("\r\n")
    assert lines[0] == "section,measure,what,number,unit"
    assert len(lines) == len(made["figures"]) + 2
    assert "cases,decided,illegal_baseline,1,cases" in lines


def test_every_figure_is_a_documented_measure(court: Court) -> None:
    court.decided()
    found = _figures(court)
    assert {(section, name) for section, name, _ in found} <= set(BY_NAME)
    assert len(BY_NAME) == len(MEASURES)
    with pytest.raises(AssertionError):
        Counts().add("cases", "invented")


def test_a_median_is_a_number_that_was_measured() -> None:
    assert quantile([3, 1, 2], 50) == 2
    assert quantile([1, 2, 3, 4], 50) == 2
    assert quantile(range(1, 101), 95) == 95
    assert quantile([7], 95) == 7


def test_figures_of_another_organisation_are_its_own(court: Court) -> None:
    court.decided()
    other = court.room.organisation + 1
    with court.desk.database.reading() as reader:
        found = figures(reader, other, Period(NOW - timedelta(days=9), NOW + timedelta(days=9)))
    assert all(one.number == 0 for one in found)


def test_statements_count_when_they_were_really_published(court: Court) -> None:
    said = {
        "category": "STATEMENT_CATEGORY_PROTECTION_OF_MINORS",
        "category_specification": ["KEYWORD_UNSAFE_CHALLENGES"],
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "source_type": "SOURCE_ARTICLE_16",
        "automated_detection": "No",
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        "decision_account": "DECISION_ACCOUNT_SUSPENDED",
    }
    room = court.room
    with room.database.writing() as writer:
        for number, environment in enumerate(("production", "production", "emulator", "test")):
            data = {"environment": environment, **said}
            append(writer, worker(room.organisation), "report", number, "report.published", data, room.now)
    found = _figures(court)
    assert _some(found, "statements", "published") == {"protection_of_minors/unsafe_challenges": 2}
    assert _some(found, "statements", "by_ground") == {"incompatible_content": 2}
    assert _some(found, "statements", "by_measure") == {"visibility_content_removed": 2, "account_suspended": 2}
