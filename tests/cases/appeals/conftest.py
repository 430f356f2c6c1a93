"""What the tests of appeals share: a case that was decided and carried out, a notice about it, a host's code."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.cases.review.conftest import Room

from rempart.audit.queries import story
from rempart.cases.appeals import answering, bringing, codes, following, working
from rempart.cases.appeals.answering import Answer
from rempart.cases.appeals.bringing import Appellant, Brought
from rempart.cases.intake.numbers import hash_of_code
from rempart.cases.review import acting
from rempart.settings import Settings
from rempart.storage import outbox
from rempart.storage.database import Database
from rempart.testing.desk import make_actor, make_case, make_desk, make_media, make_notice
from rempart.wiring.desk import Desk
from rempart.worker.effects import EFFECTS

NUMBER, CODE = "N-0000-0000-0001", "AAAA-BBBB-CCCC-DDDD"
WORDS = "We looked at it again, and this is what we found."


@dataclass
class Court:
    """A room at work on appeals: every gesture is a unit of work of its own."""

    room: Room
    desk: Desk

    def __post_init__(self) -> None:
        self.room.second_review = "never"
        self.eve = self.room.person("R-EVE", "senior")
        self.sue = self.room.person("R-SUE", "supervisor")
        self.host = make_actor(self.room.organisation, "S-HOST", None, ("actions",))

    @property
    def organisation(self) -> int:
        return self.room.organisation

    def case(self, *, number: str = NUMBER, seed: int = 1, **columns: Any) -> int:
        """A case with one picture and one notice."""
        made = self.room.make(make_case, self.organisation, **columns)
        self.room.make(make_media, self.desk.fields, self.organisation, made, vault=self.desk.vault, seed=seed)
        code_hash = hash_of_code(number, CODE)
        self.room.make(make_notice, self.desk.fields, self.organisation, made, number=number, code_hash=code_hash)
        return int(made)

    def work(self) -> None:
        """Nothing; the worker has performed what was due."""
        with self.desk.database.writing() as writer:
            begun = [outbox.relay(writer, one, self.room.now) for one in outbox.due(writer, self.room.now)]
        for effect in begun:
            if effect is not None:
                EFFECTS[effect.kind](self.desk, effect)

    def decided(self, code: str = "baseline", **named: Any) -> int:
        """A case that Ada decided and the worker carried out."""
        made = self.case(**named)
        self.room.judge(self.room.ada, made, code)
        self.work()
        return made

    def code(self, case_id: int, **named: Any) -> codes.Made:
        with self.desk.database.writing() as writer:
            return codes.make_code(writer, self.desk.fields, self.host, case_id, days=183, now=self.room.now, **named)

    def bring(self, number: str = NUMBER, code: str = CODE, **named: Any) -> Brought:
        said = Appellant(number, code, named.pop("grounds", "it was only a purple dragon"), **named)
        with self.desk.database.writing() as writer:
            return bringing.bring(writer, self.desk.fields, said, appeal_days=183, answer_days=14, now=self.room.now)

    def bring_as_user(self, case_id: int) -> Brought:
        made = self.code(case_id)
        return self.bring(made.number, made.code)

    def claim(self, appeal: int, actor: Any = None) -> None:
        with self.desk.database.writing() as writer:
            working.claim(writer, actor or self.eve, appeal, self.room.now)

    def answer(self, appeal: int, outcome: str, code: str = "", actor: Any = None, **named: Any) -> int | None:
        said = Answer(outcome, named.pop("words", WORDS), code, **named)
        with self.desk.database.writing() as writer:
            return answering.answer(
                writer,
                self.desk.fields,
                actor or self.eve,
                appeal,
                said,
                taxonomy=self.room.taxonomy,
                now=self.room.now,
            )

    def settle(self, brought: Brought, outcome: str, code: str = "", actor: Any = None, **named: Any) -> None:
        """Nothing; the appeal was taken, answered, and the answer carried out."""
        self.claim(brought.appeal, actor)
        self.answer(brought.appeal, outcome, code, actor, **named)
        self.work()

    def state(self, brought: Brought) -> following.AppealState:
        with self.desk.database.reading() as reader:
            return following.appeal_state(reader, self.desk.fields, brought.number, brought.code)

    def actions(self, case_id: int) -> list[tuple[str, str]]:
        with self.desk.database.reading() as reader:
            rows = acting.decisions.actions_of_case(reader, self.organisation, case_id)
        return [(row["kind"], row["state"]) for row in rows]

    def verbs(self, about: str, about_id: int) -> list[str]:
        with self.desk.database.reading() as reader:
            return [entry.verb for entry in story(reader, self.organisation, about, about_id)]

    def done(self, case_id: int, kind: str) -> None:
        """Nothing; the host says that it has done this."""
        with self.desk.database.writing() as writer:
            rows = acting.decisions.actions_of_case(writer, self.organisation, case_id)
            action = next(row["id"] for row in reversed(rows) if row["kind"] == kind)
            acting.report_back(writer, self.host, action, "fulfilled", "", self.room.now)


@pytest.fixture
def room(database: Database) -> Room:
    """One organisation at work."""
    return Room(database)


@pytest.fixture
def desk(settings: Settings, database_url: str, room: Room) -> Iterator[Desk]:
    """The desk wired on the same database; its clock shows the room's time."""
    with make_desk(settings, database_url, clock=lambda: room.now) as made:
        yield made


@pytest.fixture
def court(room: Room, desk: Desk) -> Court:
    """A room at work on appeals."""
    return Court(room, desk)
