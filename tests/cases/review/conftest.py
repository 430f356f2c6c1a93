"""What the tests of review share: an organisation with people, and short names for its gestures."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from rempart.audit.chain import Entry
from rempart.audit.queries import story
from rempart.cases.review import claim as claiming
from rempart.cases.review import decide as deciding
from rempart.cases.review import undo as undoing
from rempart.cases.review.queries import cases
from rempart.cases.review.second_look import SecondReview
from rempart.cases.review.taxonomy import Taxonomy, load_taxonomy
from rempart.cases.triage.rules import load_rules
from rempart.facts.people import Actor, Role, worker
from rempart.settings import Settings
from rempart.storage.database import Database
from rempart.testing.desk import NOW, make_actor, make_desk, make_organisation
from rempart.wiring.desk import Desk

RULES = load_rules()


class Room:
    """One organisation at work: every gesture is a unit of work of its own, at the time that its clock shows."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.now = NOW
        self.taxonomy: Taxonomy = load_taxonomy("baseline")
        self.second_review: SecondReview = "illegal"
        with database.writing() as writer:
            self.organisation = make_organisation(writer)
        self.ada, self.bob = self.person("R-ADA"), self.person("R-BOB")
        self.sam = self.person("R-SAM", "senior")

    def person(self, pid: str, role: Role = "reviewer") -> Actor:
        return make_actor(self.organisation, pid, role)

    def make(self, maker: Callable[..., Any], *given: Any, **named: Any) -> Any:
        with self.database.writing() as writer:
            return maker(writer, *given, **named)

    def next(self, actor: Actor, **named: Any) -> int | None:
        self.lapse()
        with self.database.writing() as writer:
            return claiming.claim_next(
                writer,
                actor,
                lease_minutes=10,
                now=self.now,
                **({"sample_share": 0.0, "sampling": RULES.sampling} | named),
            )

    def lapse(self) -> None:
        with self.database.writing() as writer:
            claiming.free_lapsed(writer, self.organisation, self.now)

    def claim(self, actor: Actor, case_id: int) -> None:
        self.lapse()
        with self.database.writing() as writer:
            claiming.claim(writer, actor, case_id, lease_minutes=10, now=self.now)

    def decide(self, actor: Actor, case_id: int, code: str = "baseline", **named: Any) -> deciding.Decided:
        with self.database.writing() as writer:
            return deciding.decide(
                writer,
                actor,
                case_id,
                deciding.Judgement(code, **named),
                taxonomy=self.taxonomy,
                second_review=self.second_review,
                undo_seconds=30,
                now=self.now,
            )

    def judge(self, actor: Actor, case_id: int, code: str = "baseline", **named: Any) -> deciding.Decided:
        """Claims and decides, and lets the time for undoing pass."""
        self.claim(actor, case_id)
        made = self.decide(actor, case_id, code, **named)
        self.wait(31)
        return made

    def carried_out(self, case_id: int, decision: int) -> None:
        """Nothing; the worker says that it carried out the decision, from which nothing followed."""
        with self.database.writing() as writer:
            data = {"decision": decision, "actions": [], "table": "1"}
            cases.record(writer, worker(self.organisation), case_id, "case.acted", data, self.now)

    def undo(self, actor: Actor, decision: int) -> int:
        with self.database.writing() as writer:
            return undoing.undo(writer, actor, decision, self.now)

    def wait(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now

    def row(self, case_id: int) -> dict[str, Any]:
        with self.database.reading() as reader:
            found = cases.read(reader, self.organisation, case_id)
        assert found is not None
        return dict(found)

    def story(self, case_id: int) -> list[Entry]:
        with self.database.reading() as reader:
            return story(reader, self.organisation, "case", case_id)

    def verbs(self, case_id: int) -> list[str]:
        return [entry.verb for entry in self.story(case_id)]


@pytest.fixture
def room(database: Database) -> Room:
    """One organisation at work."""
    return Room(database)


@pytest.fixture
def desk(settings: Settings, database_url: str, room: Room) -> Iterator[Desk]:
    """The desk wired on the same database; its clock shows the room's time."""
    with make_desk(settings, database_url, clock=lambda: room.now) as made:
        yield made
