"""Whatever people do, in whatever order: the row of a case says what its story comes to."""

from collections import Counter
from collections.abc import Callable
from dataclasses import fields as fields_of
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from tests.cases.appeals.conftest import WORDS, Court, desk, room  # noqa: F401 - fixtures

from rempart.audit.queries import story
from rempart.cases.appeals import queries as appeal_rows
from rempart.cases.intake.notices import receive
from rempart.cases.retelling import differences
from rempart.cases.review import claim as claiming
from rempart.cases.review import closing, flags, together, undo
from rempart.cases.review.queries import cases
from rempart.cases.story import CaseStory, state_of
from rempart.cases.triage.ageing import age
from rempart.cases.triage.clusters import join
from rempart.errors import UserMistake
from rempart.facts.people import Actor, public
from rempart.storage.database import Writer
from rempart.testing.desk import make_case, make_media, make_organisation
from rempart.testing.desk_intake import make_told
from rempart.wiring.desk import Desk

CASES = 6
TOLD = [one.name for one in fields_of(CaseStory) if one.compare]
CODES = ("baseline", "national", "terms", "not-illegal", "not-assessable")


class World:
    """One organisation with a few cases; a step is one gesture of somebody, allowed or not."""

    def __init__(self, court: Court, number: int) -> None:
        self.court, self.room, self.desk = court, court.room, court.desk
        with self.desk.database.writing() as writer:
            self.room.organisation = make_organisation(writer, f"world-{number}")
        person = self.room.person
        self.people = [person("R-ADA"), person("R-BOB"), person("R-SAM", "senior"), person("R-SUE", "supervisor")]
        self.court.eve, self.court.sue = person("R-EVE", "senior"), person("R-SUE", "supervisor")
        self.court.host = Actor(self.room.organisation, "S-HOST", None, ("actions",))
        self.cases = [self.room.make(make_case, self.room.organisation) for _ in range(CASES)]
        for one in self.cases:
            self.room.make(make_media, self.desk.fields, self.room.organisation, one)
        self.done: Counter[str] = Counter()

    def step(self, name: str, who: int, which: int, choice: int) -> None:
        """Nothing; the gesture was made, or refused in words."""
        actor, case = self.people[who % len(self.people)], self.cases[which % len(self.cases)]
        try:
            GESTURES[name](self, actor, case, choice)
        except UserMistake:
            return
        self.done[name] += 1

    def write(self, gesture: Callable[..., Any], *given: Any, **named: Any) -> Any:
        with self.desk.database.writing() as writer:
            return gesture(writer, *given, **named)

    def check(self) -> None:
        """Nothing. Raises AssertionError when a row says something else than the story of its case."""
        with self.desk.database.reading() as reader:
            for case in self.cases:
                row = cases.read(reader, self.room.organisation, case)
                assert row is not None
                entries = story(reader, self.room.organisation, "case", case)
                come_to = state_of(entries)
                assert {name: getattr(come_to, name) for name in TOLD} == {name: row[name] for name in TOLD}, (
                    case,
                    [entry.verb for entry in entries],
                )
                assert (row["assignee"] is None) == (row["lease_until"] is None)
                assert row["entry"] in {entry.seq for entry in entries}


def _holder(world: World, actor: Actor, case: int) -> Actor:
    """Who holds the case, if somebody does: what only they may do is then done now and again."""
    holder = world.room.row(case)["assignee"]
    return next((one for one in world.people if one.pid == holder), actor)


def _next(world: World, actor: Actor, case: int, choice: int) -> None:
    world.room.next(actor)


def _claim(world: World, actor: Actor, case: int, choice: int) -> None:
    world.room.claim(actor, case)


def _release(world: World, actor: Actor, case: int, choice: int) -> None:
    actor = _holder(world, actor, case)
    world.write(claiming.release, actor, case, world.room.now)


def _skip(world: World, actor: Actor, case: int, choice: int) -> None:
    actor = _holder(world, actor, case)
    reasons = claiming.SKIP_REASONS
    world.write(claiming.skip, actor, case, reasons[choice % len(reasons)], world.room.now)


def _pause(world: World, actor: Actor, case: int, choice: int) -> None:
    world.write(claiming.take_break, actor, world.room.now)


def _escalate(world: World, actor: Actor, case: int, choice: int) -> None:
    actor = _holder(world, actor, case)
    world.write(flags.escalate, actor, case, "unsure", world.room.now)


def _police(world: World, actor: Actor, case: int, choice: int) -> None:
    actor = _holder(world, actor, case)
    reason = "possible_new_victim" if choice % 2 else None
    world.write(flags.set_police_first, actor, case, reason, world.room.now)


def _decide(world: World, actor: Actor, case: int, choice: int) -> None:
    actor = _holder(world, actor, case)
    world.room.second_review = ("never", "illegal", "always")[choice // 5 % 3]  # type: ignore[assignment]
    row = world.room.row(case)
    others = [one for one in world.cases if row["cluster"] and world.room.row(one)["cluster"] == row["cluster"]]
    excepted = [one for one in others if one != case][: choice // 15 % 3]
    world.room.decide(actor, case, CODES[choice % 5], excepted=excepted)


def _judge(world: World, actor: Actor, case: int, choice: int) -> None:
    """Claims and decides: what a random walk seldom comes to by itself."""
    world.room.claim(actor, case)
    _decide(world, actor, case, choice)


def _undo(world: World, actor: Actor, case: int, choice: int) -> None:
    with world.desk.database.reading() as reader:
        last = undo.undoable(reader, actor, world.room.now)
    if last is None:
        raise UserMistake("nothing to undo; decide first")
    world.room.undo(actor, last.decision)


def _wait(world: World, actor: Actor, case: int, choice: int) -> None:
    world.room.wait((5, 31, 31, 700)[choice % 4])


def _lapse(world: World, actor: Actor, case: int, choice: int) -> None:
    world.write(claiming.free_lapsed, world.room.organisation, world.room.now)


def _age(world: World, actor: Actor, case: int, choice: int) -> None:
    world.write(age, world.room.organisation, world.desk.rules, world.room.now)


def _work(world: World, actor: Actor, case: int, choice: int) -> None:
    world.court.work()


def _other(world: World, case: int, choice: int) -> int:
    return world.cases[(world.cases.index(case) + 1 + choice) % len(world.cases)]


def _mate(world: World, case: int, choice: int) -> int:
    """Another case of the same cluster, if there is one."""
    cluster = world.room.row(case)["cluster"]
    mates = [one for one in world.cases if one != case and cluster and world.room.row(one)["cluster"] == cluster]
    return mates[choice % len(mates)] if mates else _other(world, case, choice)


def _merge(world: World, actor: Actor, case: int, choice: int) -> None:
    world.write(together.merge, world.people[2], case, _other(world, case, choice), world.room.now)


def _split(world: World, actor: Actor, case: int, choice: int) -> None:
    world.write(together.split, world.people[2], case, _mate(world, case, choice), world.room.now)


def _surface(world: World, actor: Actor, case: int, choice: int) -> None:
    world.write(together.surface, world.people[2], case, _mate(world, case, choice), world.room.now)


def _join(world: World, actor: Actor, case: int, choice: int) -> None:
    keys = [("exact", "k" * 39 + str(choice % 2))]
    world.write(join, public(world.room.organisation), case, keys, [], world.desk.rules, world.room.now)


def _notice(world: World, actor: Actor, case: int, choice: int) -> None:
    """A notice from outside: it opens a case, or joins the one that it repeats."""
    said = make_told(f"https://dragon.example/{choice % 3}", urgent=choice % 5 == 0)

    def come(writer: Writer) -> int:
        return receive(writer, world.desk.intake, public(world.room.organisation), said, world.room.now).case

    came = world.write(come)
    if came not in world.cases and len(world.cases) < CASES + 4:
        world.cases.append(came)


def _close(world: World, actor: Actor, case: int, choice: int) -> None:
    reasons = closing.CLOSE_REASONS
    world.write(closing.close, world.people[2], case, reasons[choice % len(reasons)], world.room.now)


def _reopen(world: World, actor: Actor, case: int, choice: int) -> None:
    world.write(closing.reopen, world.people[3], case, "mistake", world.room.now)


def _appeal(world: World, actor: Actor, case: int, choice: int) -> None:
    """A user contests the decision on the case, which is carried out first."""
    world.room.wait(31)
    world.court.work()
    world.court.bring_as_user(case)


def _answer(world: World, actor: Actor, case: int, choice: int) -> None:
    """Whatever appeal waits is answered in one way or another, by whoever may."""
    with world.desk.database.reading() as reader:
        waiting = appeal_rows.page(reader, world.room.organisation, appeal_rows.UNDECIDED, None, 10)
    if not waiting:
        raise UserMistake("no appeal waits; bring one")
    row = waiting[choice % len(waiting)]
    judge = (world.court.eve, world.court.sue, world.people[2])[choice % 3]
    if row["assignee"] is None:
        world.court.claim(row["id"], judge)
    outcome = ("upheld", "overturned", "partly")[choice // 3 % 3]
    code = "" if outcome == "upheld" else CODES[choice // 9 % 5]
    world.court.answer(row["id"], outcome, code, judge, words=WORDS)


GESTURES: dict[str, Callable[[World, Actor, int, int], None]] = {
    "next": _next,
    "claim": _claim,
    "release": _release,
    "skip": _skip,
    "pause": _pause,
    "escalate": _escalate,
    "police": _police,
    "decide": _decide,
    "judge": _judge,
    "judge again": _judge,
    "undo": _undo,
    "wait": _wait,
    "lapse": _lapse,
    "age": _age,
    "work": _work,
    "merge": _merge,
    "split": _split,
    "surface": _surface,
    "join": _join,
    "notice": _notice,
    "close": _close,
    "reopen": _reopen,
    "appeal": _appeal,
    "answer": _answer,
}
STEP = st.tuples(st.sampled_from(sorted(GESTURES)), st.integers(0, 3), st.integers(0, 9), st.integers(0, 44))
WORLDS = iter(range(10**6))


@pytest.fixture
def court(room: Any, desk: Desk) -> Court:  # noqa: F811 - that is how fixtures are handed on
    return Court(room, desk)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(STEP, min_size=10, max_size=40))
def test_the_row_says_what_the_story_comes_to(court: Court, steps: list[tuple[str, int, int, int]]) -> None:
    world = World(court, next(WORLDS))
    for name, who, which, choice in steps:
        world.step(name, who, which, choice)
        world.check()


PATHS = {
    "a second judgement that disagrees, and an adjudication": [
        ("judge", 0, 0, 5),
        ("wait", 0, 0, 1),
        ("judge", 1, 0, 8),
        ("wait", 0, 0, 1),
        ("judge", 2, 0, 6),
        ("undo", 2, 0, 0),
        ("judge", 2, 0, 6),
        ("wait", 0, 0, 1),
        ("work", 0, 0, 0),
    ],
    "a cluster that is decided with an exception, undone, and decided again": [
        ("merge", 2, 0, 0),
        ("merge", 2, 0, 1),
        ("judge", 0, 0, 15),
        ("undo", 0, 0, 0),
        ("judge", 0, 0, 30),
        ("claim", 1, 1, 0),
        ("undo", 0, 0, 0),
        ("lapse", 0, 0, 0),
    ],
    "an appeal on a cluster that is overturned, then closed and opened again": [
        ("merge", 2, 0, 0),
        ("merge", 2, 0, 1),
        ("judge", 0, 0, 0),
        ("appeal", 0, 0, 0),
        ("answer", 0, 0, 30),
        ("work", 0, 0, 0),
        ("close", 2, 0, 0),
        ("reopen", 2, 0, 0),
        ("judge", 1, 0, 0),
    ],
}


@pytest.mark.parametrize("path", PATHS)
def test_on_every_path_that_is_told_here_nothing_is_refused(court: Court, path: str) -> None:
    world = World(court, next(WORLDS))
    for step in PATHS[path]:
        GESTURES[step[0]](world, world.people[step[1]], world.cases[step[2]], step[3])
        world.check()


def test_a_walk_reaches_appeals_undoing_and_clusters(court: Court) -> None:
    """Guards the test above: gestures that are always refused would prove nothing."""
    from random import Random

    draw, reached = Random(7), Counter[str]()
    for _ in range(6):
        world = World(court, next(WORLDS))
        for _ in range(80):
            step = (draw.choice(sorted(GESTURES)), draw.randrange(4), draw.randrange(10), draw.randrange(45))
            world.step(*step)
        world.check()
        reached += world.done
    assert set(reached) == set(GESTURES)
    told: list[tuple[int, int]] = []
    assert list(differences(court.desk.database, lambda done, total: told.append((done, total)))) == []
    assert told[-1][0] == told[-1][1] > 6 * CASES


def test_whatever_column_somebody_changes_contradicts_the_story(court: Court) -> None:
    case = court.decided("not-illegal")
    other = court.decided(number="N-0000-0000-0002", seed=2)
    assert list(differences(court.desk.database)) == []
    changed = {
        "outcome": "'illegal_national'",
        "state": "'triaged'",
        "decided_at": "'2026-11-22T10:00:00Z'",
        "police_first": "true",
        "assignee": "'R-BOB'",
    }
    with court.desk.database.writing() as writer:
        for column, value in changed.items():
            writer.run(text(f"UPDATE case_file SET {column} = {value} WHERE id = {case}"))  # noqa: S608
    found = list(differences(court.desk.database))
    assert {one.column for one in found} == set(changed)
    assert {one.case for one in found} == {case}
    assert next(one for one in found if one.column == "outcome").story == "not_illegal"
    with court.desk.database.writing() as writer:  # a row that claims to be older than it is
        writer.run(text(f"UPDATE case_file SET entry = 1 WHERE id = {other}"))  # noqa: S608
    assert other in {one.case for one in differences(court.desk.database)}
