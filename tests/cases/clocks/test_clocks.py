"""Clocks: started once, paused as the law allows, ended once; told to the ledger in time, once, and never early."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rempart.audit.queries import story
from rempart.cases.clocks import clocks, queries, watching
from rempart.cases.intake.notices import receive
from rempart.cases.orders import register
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.people import Actor, operator
from rempart.law import laws, rule
from rempart.migrations.schema import METADATA
from rempart.reporting import calendar
from rempart.settings import Settings
from rempart.storage.database import Database
from rempart.testing.desk import NOW, Hands, make_actor, make_case, make_desk, make_organisation
from rempart.testing.desk_intake import make_told
from rempart.testing.desk_orders import make_order
from rempart.testing.desk_reporting import make_decided
from rempart.wiring.desk import Desk
from rempart.worker.effects import clocks as duty

HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    """A desk with one organisation, whose clock moves only when told."""
    with make_desk(settings, database_url, clock=Hands()) as made:
        with made.database.writing() as writer:
            make_organisation(writer)
        yield made


@pytest.fixture
def sam() -> Actor:
    """A senior."""
    return make_actor(1, "R-SAM", "senior")


def a_case(desk: Desk) -> int:
    with desk.database.writing() as writer:
        return make_case(writer, 1)


def started(desk: Desk, name: str = "uk.question", about: str = "report:7", at: datetime = NOW, **named: Any) -> int:
    with desk.database.writing() as writer:
        return clocks.start(writer, operator(1), name, about, at, at, case_id=named.get("case"))


def act(desk: Desk, do: Any, *given: Any) -> Any:
    with desk.database.writing() as writer:
        return do(writer, operator(1), *given)


def watched(desk: Desk, at: datetime) -> list[str]:
    """What the ledger was told at this time, as the worker does it."""
    desk.clock.now = at  # type: ignore[attr-defined]
    before = verbs(desk)
    duty.watch(desk)
    return verbs(desk)[len(before) :]


def verbs(desk: Desk) -> list[str]:
    with desk.database.reading() as reader:
        rows = reader.rows(METADATA.tables["ledger"].select().order_by(METADATA.tables["ledger"].c.seq))
        return [row["verb"] for row in rows]


def due_at(desk: Desk, case: int) -> datetime | None:
    with desk.database.reading() as reader:
        row = reader.one(METADATA.tables["case_file"].select().where(METADATA.tables["case_file"].c.id == case))
    return row["due_at"] if row else None


def test_a_clock_started_twice_is_one_and_its_case_is_due_then(desk: Desk) -> None:
    case = a_case(desk)
    first, again = (started(desk, case=case) for _ in range(2))
    assert first == again
    assert due_at(desk, case) == NOW + 7 * DAY
    act(desk, clocks.end, first, "answered", NOW + DAY)
    assert due_at(desk, case) is None
    assert verbs(desk).count("clock.started") == 1


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("us.2258a.h", "is a hold"),
        ("fr.order.removal", "register of orders"),
        ("eu.interim.retention", "not in force"),
    ],
)
def test_what_sets_no_duty_starts_no_clock(desk: Desk, name: str, what: str) -> None:
    with pytest.raises(UserMistake, match=what):
        started(desk, name)


def test_who_may_not_and_what_makes_no_sense(desk: Desk) -> None:
    with pytest.raises(NotFound):
        started(desk, case=99)
    with pytest.raises(UserMistake, match="characters"):
        started(desk, about=" ")
    with desk.database.writing() as writer:
        with pytest.raises(UserMistake, match="future"):
            clocks.start(writer, operator(1), "uk.question", "x", NOW + DAY, NOW, case_id=None)
        with pytest.raises(NotAllowed):
            clocks.start(writer, make_actor(1), "uk.question", "x", NOW, NOW, case_id=None)
        with pytest.raises(NotFound):
            clocks.end(writer, operator(1), 99, "done", NOW)
    clock = started(desk)
    with pytest.raises(UserMistake, match="for no reason"):
        act(desk, clocks.pause, clock, "clarification", NOW, NOW)
    act(desk, clocks.end, clock, "answered", NOW)
    with pytest.raises(Conflict, match="has ended"):
        act(desk, clocks.end, clock, "answered", NOW)


@pytest.fixture
def pausing(monkeypatch: pytest.MonkeyPatch) -> str:
    """A rule of which clocks may stand still and run on; those of law.toml that may are kept in the register."""
    shipped = laws()
    law = type(shipped["uk.question"])(
        "test.pausing", "FR", "Europe/Paris", "duty", "t", "s", "instant", {"hours": 24}, "e", "f", "test", "G",
        pauses=("force_majeure",),
    )  # fmt: skip
    known = {**shipped, law.id: law}
    monkeypatch.setattr("rempart.law.rules.laws", lambda: known)
    return law.id


def test_a_pause_is_given_back_and_what_stands_still_is_never_missed(desk: Desk, pausing: str) -> None:
    case = a_case(desk)
    clock = started(desk, pausing, case=case)
    act(desk, clocks.pause, clock, "force_majeure", NOW + HOUR, NOW + HOUR)
    assert due_at(desk, case) is None
    assert watched(desk, NOW + 90 * DAY) == []
    with pytest.raises(Conflict, match="still already"):
        act(desk, clocks.pause, clock, "force_majeure", NOW + HOUR, NOW + HOUR)
    act(desk, clocks.resume, clock, NOW + 91 * DAY, NOW + 91 * DAY)
    ends = NOW + 91 * DAY + 23 * HOUR
    assert due_at(desk, case) == ends
    with pytest.raises(UserMistake, match="the pause before"):
        act(desk, clocks.pause, clock, "force_majeure", NOW + 2 * HOUR, NOW + 92 * DAY)
    assert watched(desk, ends) == ["clock.due_soon"]
    assert watched(desk, ends + SECOND) == ["clock.missed"]
    assert act(desk, clocks.end, clock, "late", ends + HOUR) is False


@pytest.mark.parametrize("start", [datetime(2026, 3, 28, 8, tzinfo=UTC), datetime(2026, 10, 24, 8, tzinfo=UTC), NOW])
def test_every_kind_is_told_soon_and_missed_once_neither_early_nor_late(desk: Desk, start: datetime) -> None:
    """Over both nights on which the clocks change: watched at every quarter of an hour, as the worker might wake."""
    desk.clock.now = start  # type: ignore[attr-defined]
    sam = make_actor(1, "R-SAM", "senior")
    with desk.database.writing() as writer:
        order = register.add(writer, desk.intake, sam, make_order(received_at=start), start).order
    started(desk, at=start)
    ends = {order.number: start + DAY, "clock": rule("uk.question").ends(start)}
    assert (
        ends["clock"].astimezone(ZoneInfo("Europe/London")).time() == start.astimezone(ZoneInfo("Europe/London")).time()
    )
    soon = timedelta(hours=desk.settings.desk.due_soon_hours)
    seen: list[tuple[str, datetime]] = []
    for end in ends.values():
        for at in (end - soon - SECOND, end - soon, end - SECOND, end, end + SECOND, end + DAY):
            seen += [(verb, at) for verb in watched(desk, at)]
    assert seen == [
        ("order.due_soon", start + DAY - soon),
        ("order.missed", start + DAY + SECOND),
        ("clock.due_soon", ends["clock"] - soon),
        ("clock.missed", ends["clock"] + SECOND),
    ]


def test_a_duty_done_in_its_last_second_is_in_time(desk: Desk) -> None:
    clock = started(desk)
    assert act(desk, clocks.end, clock, "answered", NOW + 7 * DAY) is True
    assert watched(desk, NOW + 8 * DAY) == []


def test_an_authoritys_own_time_ends_by_itself_and_is_missed_by_nobody(desk: Desk) -> None:
    clock = started(desk, "fr.order.first_notice", "announced:OFAC")
    assert "clock.missed" not in watched(desk, NOW + 13 * HOUR)
    with desk.database.reading() as reader:
        assert clocks.get(reader, 1, clock, NOW).ended_how == "elapsed"
        assert calendar.missed(reader, 1, NOW + DAY) == {"clock": 0, "order": 0, "appeal": 0, "report": 0}


def test_a_case_is_due_at_the_earliest_of_order_and_clock(desk: Desk, sam: Actor) -> None:
    with desk.database.writing() as writer:
        order = register.add(writer, desk.intake, sam, make_order(received_at=NOW), NOW).order
    (case,) = order.cases
    clock = started(desk, case=case)
    assert due_at(desk, case) == NOW + DAY
    with desk.database.writing() as writer:
        register.impossible(writer, desk.fields, sam, order.number, "unclear", "what is meant", NOW + HOUR)
    assert due_at(desk, case) == NOW + 7 * DAY
    act(desk, clocks.end, clock, "answered", NOW + 2 * HOUR)
    assert due_at(desk, case) is None


def test_an_order_that_is_resumed_can_be_missed_again(desk: Desk, sam: Actor) -> None:
    with desk.database.writing() as writer:
        order = register.add(writer, desk.intake, sam, make_order(received_at=NOW), NOW).order
    assert "order.missed" in watched(desk, NOW + 2 * DAY)
    with desk.database.writing() as writer:
        register.impossible(writer, desk.fields, sam, order.number, "force_majeure", "a flood", NOW + 2 * DAY)
        register.resume(writer, desk.fields, sam, order.number, NOW + 3 * DAY, NOW + 3 * DAY)
    assert watched(desk, NOW + 3 * DAY + HOUR) == []
    assert watched(desk, NOW + 5 * DAY) == ["order.missed"]


def test_the_calendar_holds_everything_in_its_order_and_counts_what_was_missed(desk: Desk, sam: Actor) -> None:
    with desk.database.writing() as writer:
        register.add(writer, desk.intake, sam, make_order(received_at=NOW), NOW)
        receive(writer, desk.intake, sam, make_told(), NOW)
        case = make_decided(writer, desk.fields, 1)
        writer.insert(
            METADATA.tables["report"],
            organisation=1,
            case_id=case,
            recipient="nca",
            environment="test",
            state="draft",
            draft_sealed=b"",
            idempotency_key="k",
            made_by="R-SAM",
            created_at=NOW,
            changed_at=NOW,
            due_at=NOW + HOUR,
        )
    started(desk)
    with desk.database.reading() as reader:
        found = calendar.due(reader, 1, "en", NOW)
        assert [one.kind for one in found] == ["report", "order", "clock"]
        assert [one.late(NOW + 2 * HOUR) for one in found] == [True, False, False]
        assert all(one.source for one in found if one.kind in ("order", "clock"))
        assert calendar.due(reader, 2, "en", NOW) == []
        assert calendar.missed(reader, 1, NOW + 2 * DAY) == {"clock": 0, "order": 1, "appeal": 0, "report": 1}
    assert watched(desk, NOW + 2 * HOUR) == ["report.missed"]
    assert watched(desk, NOW + 3 * HOUR) == []


def test_the_kinds_of_orders_and_the_rules_of_law_say_the_same() -> None:
    from rempart.cases.orders.kinds import kinds

    for kind, law in (("fr_removal", "fr.order.removal"), ("tco_removal", "eu.tco.removal")):
        assert rule(law).duration == {"hours": kinds()[kind].hours}
        assert rule(law).restarts == kinds()[kind].restarts


def test_the_story_of_a_clock_names_who_did_what(desk: Desk, sam: Actor, pausing: str) -> None:
    with desk.database.writing() as writer:
        clock = clocks.start(writer, sam, pausing, "report:1", NOW, NOW, case_id=None)
        clocks.pause(writer, sam, clock, "force_majeure", NOW, NOW)
        clocks.resume(writer, sam, clock, NOW + HOUR, NOW + HOUR)
        clocks.end(writer, sam, clock, "done", NOW + HOUR)
    with desk.database.reading() as reader:
        told = story(reader, 1, clocks.ABOUT, clock)
    assert [one.verb for one in told] == ["clock.started", "clock.paused", "clock.resumed", "clock.ended"]
    assert {one.actor for one in told} == {"R-SAM"}
    assert told[-1].data == {"how": "done", "in_time": True}


@pytest.fixture(scope="module")
def shared(empty_sqlite: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """One database for all examples; each uses an organisation of its own."""
    path = tmp_path_factory.mktemp("clocks") / "clocks.sqlite3"
    path.write_bytes(empty_sqlite.read_bytes())
    made = Database(f"sqlite:///{path}")
    yield made
    made.close()


DUTIES = [
    one.id
    for one in laws().values()
    if one.kind == "duty" and one.in_force and one.scope != clocks.OTHERS and one.trigger not in clocks.KEPT_ELSEWHERE
]
NUMBERS = count()
spans = st.integers(60, 3 * 24 * 3600).map(lambda seconds: timedelta(seconds=seconds))
starts = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC))


@hypothesis_settings(max_examples=25, deadline=None)
@given(start=starts, name=st.sampled_from(DUTIES), naps=st.lists(spans, max_size=6))
def test_whenever_the_worker_wakes_nothing_is_missed_early_or_twice(
    shared: Database, start: datetime, name: str, naps: list[timedelta]
) -> None:
    with shared.writing() as writer:
        mine = make_organisation(writer, f"o{next(NUMBERS)}")
        clock = clocks.start(writer, operator(mine), name, "x", start, start, case_id=None)
    ends, at = rule(name).ends(start), start
    for nap in [*naps, rule(name).ends(start) - start + timedelta(days=40)]:
        at += nap
        with shared.writing() as writer:
            watching.watch(writer, mine, timedelta(hours=6), at)
    with shared.reading() as reader:
        told = [(one.verb, one.at) for one in story(reader, mine, clocks.ABOUT, clock)]
        row = queries.read(reader, mine, clock)
    missed = [at for verb, at in told if verb == "clock.missed"]
    soon = [at for verb, at in told if verb == "clock.due_soon"]
    assert len(missed) == 1
    assert missed[0] > ends
    assert len(soon) <= 1
    assert all(ends - timedelta(hours=6) <= one <= ends for one in soon)
    assert row is not None
    assert row["told"] == "missed"
