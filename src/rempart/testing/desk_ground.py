"""What stands on the desk of one organisation for paths to lead to, and the words that are sent there."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import Any

from rempart.cases.clocks import clocks
from rempart.cases.erasure import requests as erasures
from rempart.cases.intake.numbers import new_number
from rempart.cases.orders import register
from rempart.cases.review.decide import Judgement, decide
from rempart.errors import Broken
from rempart.facts.people import Actor, operator
from rempart.migrations.schema import METADATA
from rempart.people import invitations, queries, sessions, tokens
from rempart.people.random_keys import hash_of
from rempart.people.records import Person
from rempart.reporting import drafting
from rempart.reporting.drafting import Reporting
from rempart.testing.desk import MadeMedia, make_case, make_media, make_notice
from rempart.testing.desk_orders import make_order
from rempart.testing.desk_reporting import make_decided
from rempart.testing.desk_web import make_person
from rempart.web.api.screening import intake_of
from rempart.wiring.desk import Desk


class Ground:
    """Each thing is made when it is wanted, and once."""

    def __init__(self, desk: Desk, organisation: int, caller: str = "R-NOBODY") -> None:
        """caller: the pseudonym of who will call; what belongs to one person or programme is made theirs."""
        self.desk, self.organisation, self.caller = desk, organisation, caller

    def __call__(self, place: str) -> object:
        """What the parameter at this place stands for. Raises Broken when nobody said."""
        maker = MAKERS.get(place)
        if maker is None:
            raise Broken(f"nobody said what stands for `{place}`; add a line to rempart.testing.desk_ground.MAKERS")
        return maker(self)

    @cached_property
    def case(self) -> int:
        """A case that the caller holds, with media and a notice."""
        desk, now = self.desk, self.desk.clock()
        held: dict[str, Any] = {"assignee": self.caller, "lease_until": now + timedelta(minutes=5)}
        with desk.database.writing() as writer:
            made = make_case(writer, self.organisation, now=now - timedelta(hours=1), **held)
            make_notice(writer, desk.fields, self.organisation, made, number=new_number("N"))
        return made

    @cached_property
    def other_case(self) -> int:
        """A case that nobody holds."""
        with self.desk.database.writing() as writer:
            return make_case(writer, self.organisation)

    @cached_property
    def media(self) -> MadeMedia:
        """Media of the case that the caller holds."""
        desk, case = self.desk, self.case
        with desk.database.writing() as writer:
            return make_media(writer, desk.fields, self.organisation, case, vault=desk.vault)

    @cached_property
    def reveal(self) -> int:
        """A preview of that media which the caller has just asked for."""
        seen = {"case_id": self.case, "media_id": self.media.id, "person": self.caller}
        return self._row("reveal", level="preview", purpose="assess", at=self.desk.clock(), **seen)

    @cached_property
    def decided(self) -> int:
        """A decided case, of which everything may be said."""
        with self.desk.database.writing() as writer:
            return make_decided(writer, self.desk.fields, self.organisation, vault=self.desk.vault)

    @cached_property
    def decision(self) -> int:
        """The decision that the caller has just made."""
        desk, case, me = self.desk, self.case, Actor(self.organisation, self.caller, "reviewer")
        settings: dict[str, Any] = {"taxonomy": desk.taxonomy, "second_review": "never", "undo_seconds": 30}
        with desk.database.writing() as writer:
            return decide(writer, me, case, Judgement("baseline"), **settings, now=desk.clock()).decision

    @cached_property
    def action(self) -> int:
        """An action on the caller's case, which a host is to carry out."""
        now, said = self.desk.clock(), {"outcome": "policy_violation"}
        times = {"not_before": now, "created_at": now, "changed_at": now}
        return self._row("action", case_id=self.case, kind="remove_local", target=said, state="queued", **times)

    @cached_property
    def appeal(self) -> int:
        """An appeal of the user against the decision of another, which the caller holds."""
        now, case = self.desk.clock(), self.decided
        grounds = self.desk.fields.seal_text("appeal", json.dumps({"version": 1, "text": "it was a purple dragon"}))
        times = {"opened_at": now, "due_at": now + timedelta(days=14)}
        with self.desk.database.reading() as reader:
            table = METADATA.tables["decision"]
            decision = reader.value(table.select().with_only_columns(table.c.id).where(table.c.case_id == case))
        said = {
            "number": new_number("A"),
            "code_hash": "0" * 64,
            "brought_by": "user",
            "language": "en",
            "assignee": self.caller,
        }
        about = {"case_id": case, "decision_id": decision, "grounds_sealed": grounds, "state": "open"}
        return self._row("appeal", **said, **about, **times)

    @cached_property
    def step(self) -> int:
        """A step before a body outside of the house, about that appeal."""
        begun = {"begun_at": self.desk.clock(), "begun_by": self.caller}
        return self._row("appeal_external", appeal=self.appeal, body="a body", **begun)

    @cached_property
    def order(self) -> str:
        """The number of an order."""
        senior = Actor(self.organisation, "R-EVE", "senior")
        with self.desk.database.writing() as writer:
            return register.add(writer, intake_of(self.desk), senior, make_order(), self.desk.clock()).order.number

    @cached_property
    def report(self) -> int:
        """A draft of a report about the decided case."""
        desk, actor, case = self.desk, Actor(self.organisation, "R-EVE", "senior"), self.decided
        reporting = Reporting(desk.fields, {}, "emulator")
        with desk.database.writing() as writer:
            return drafting.draft(writer, reporting, actor, case, "police", desk.clock())

    @cached_property
    def clock(self) -> int:
        """A clock of the law that runs."""
        now = self.desk.clock()
        with self.desk.database.writing() as writer:
            return clocks.start(writer, operator(self.organisation), "uk.question", "report:7", now, now, case_id=None)

    @cached_property
    def erasure(self) -> str:
        """The number of a request for erasure."""
        desk, actor, now = self.desk, Actor(self.organisation, "R-EVE", "senior"), self.desk.clock()
        with desk.database.writing() as writer:
            return erasures.receive(writer, desk.fields, actor, "my purple dragon", "en", now, now)

    @cached_property
    def item(self) -> str:
        """The number of an item that the caller sent."""
        number, now = new_number("I"), self.desk.clock()
        said = {"sender": self.caller, "channel": "api", "received_at": now, "verdict": "allow", "complete": True}
        self._row("item", number=number, **said)
        return number

    @cached_property
    def bundle(self) -> str:
        """The number of a bundle that the caller sent."""
        number, now = new_number("B"), self.desk.clock()
        said = {"sender": self.caller, "partner": "partner", "format": "ndjson", "content_key": "x", "size_bytes": 1}
        self._row("bundle", number=number, state="received", counts={}, received_at=now, **said)
        return number

    @cached_property
    def colleague(self) -> Person:
        """Somebody who works there."""
        return make_person(self.desk, "senior", self.organisation)

    @cached_property
    def session(self) -> str:
        """The handle of a further session of the caller."""
        desk, colleague = self.desk, self.colleague
        with desk.database.writing() as writer:
            mine = queries.person_by_pid(writer, self.organisation, self.caller) or colleague
            times = sessions.Times(timedelta(hours=1), timedelta(hours=1))
            given: dict[str, Any] = {"stage": "full", "through": "password", "browser": "another", "times": times}
            return sessions.begin(writer, mine, **given, now=desk.clock())[1].handle

    @cached_property
    def code(self) -> str:
        """The code of an invitation."""
        with self.desk.database.writing() as writer:
            return invitations.invite(writer, operator(self.organisation), "reviewer", self.desk.clock())

    @cached_property
    def token(self) -> str:
        """The pseudonym of a service token."""
        with self.desk.database.writing() as writer:
            return tokens.make(writer, operator(self.organisation), "a host", ["items"], self.desk.clock())[0]

    def _row(self, table: str, **columns: Any) -> int:
        """The id of a new row of this organisation."""
        with self.desk.database.writing() as writer:
            return writer.insert(METADATA.tables[table], organisation=self.organisation, **columns)


# What stands for a parameter, by the segment before it and its name.
MAKERS: dict[str, Callable[[Ground], object]] = {
    "cases/{case_id}": lambda ground: ground.case,
    "actions/{action_id}": lambda ground: ground.action,
    "decisions/{decision_id}": lambda ground: ground.decision,
    "media/{media_id}": lambda ground: ground.media.id,
    "reveals/{reveal_id}": lambda ground: ground.reveal,
    "mastodon/{name}": lambda _: "example",
    "shown/{word}": lambda _: "x" * 43,
    "appeals/{appeal_id}": lambda ground: ground.appeal,
    "external/{step_id}": lambda ground: ground.step,
    "erasures/{number}": lambda ground: ground.erasure,
    "reports/{report_id}": lambda ground: ground.report,
    "due/{clock}": lambda ground: ground.clock,
    "orders/{number}": lambda ground: ground.order,
    "items/{number}": lambda ground: ground.item,
    "bundles/{number}": lambda ground: ground.bundle,
    "people/{pid}": lambda ground: ground.colleague.pid,
    "tokens/{pid}": lambda ground: ground.token,
    "sessions/{handle}": lambda ground: ground.session,
    "invitations/{handle}": lambda ground: hash_of(ground.code)[:12],
    "join/{code}": lambda ground: ground.code,
    "entries.{file_format}": lambda _: "csv",
    "figures.{file_format}": lambda _: "csv",
}
_ANSWER = {"outcome": "upheld", "words": "We looked at it again, and it stays."}
# What is sent so that the record is looked for at all; a route that looks for it first needs no line.
WORDS: dict[str, Callable[[Ground], dict[str, Any]]] = {
    "POST /people/{pid}/role": lambda _: {"role": "auditor"},
    "POST /join/{code}": lambda _: {
        "login": "ada@desk.example",
        "name": "Ada",
        "password": "purple dragons rarely sleep",
    },
    "POST /cases/{case_id}/skip": lambda _: {"reason": "language"},
    "POST /cases/{case_id}/escalate": lambda _: {"reason": "unsure"},
    "POST /cases/{case_id}/police-first": lambda _: {"reason": "new_host"},
    "POST /cases/{case_id}/reopen": lambda _: {"reason": "mistake"},
    "POST /cases/{case_id}/close": lambda _: {"reason": "test"},
    "POST /cases/{case_id}/notes": lambda _: {"text": "a purple dragon"},
    "POST /cases/{case_id}/media/{media_id}/original": lambda _: {"purpose": "classify"},
    "POST /cases/{case_id}/reports": lambda _: {"recipient": "police"},
    "POST /cases/{case_id}/decide": lambda _: {"code": "baseline"},
    "POST /cases/{case_id}/merge": lambda ground: {"other": ground.other_case},
    "POST /cases/{case_id}/split": lambda ground: {"member": ground.other_case},
    "POST /cases/{case_id}/surface": lambda ground: {"member": ground.other_case},
    "POST /due/{clock}/pause": lambda _: {"reason": "clarification", "at": "2026-11-22T09:00"},
    "POST /due/{clock}/resume": lambda _: {"at": "2026-11-22T09:00"},
    "POST /due/{clock}/end": lambda _: {"how": "done"},
    "POST /appeals/{appeal_id}/answer": lambda _: _ANSWER,
}
