"""Every route of a desk as something that can be called: what stands for its parameters, and what it is sent.

A new kind of parameter needs one line in `MAKERS`; a route that wants certain words, one in `WORDS`. Whoever calls
a route without them is told so: no route goes untested because nobody thought of it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel

from rempart.cases.intake.numbers import new_number
from rempart.cases.review.decide import Judgement, decide
from rempart.errors import Broken
from rempart.facts.people import Actor, operator
from rempart.migrations.schema import METADATA
from rempart.people import invitations, queries, sessions, tokens
from rempart.people.random_keys import hash_of
from rempart.people.records import Person
from rempart.testing.desk import MadeMedia, make_case, make_media
from rempart.testing.desk_web import make_person
from rempart.web.access import SAFE_METHODS, Access, access_of
from rempart.wiring.desk import Desk

_PARAMETER = re.compile(r"{(\w+)(?::\w+)?}")


@dataclass(frozen=True, slots=True)
class Call:
    """One method of one route. path: its template, such as `/people/{pid}`."""

    method: str
    path: str
    access: Access
    route: APIRoute

    @property
    def unsafe(self) -> bool:
        """Whether it changes something."""
        return self.method not in SAFE_METHODS

    @property
    def places(self) -> list[str]:
        """What its parameters stand for, such as `people/{pid}`."""
        return [_place(self.path, found) for found in _PARAMETER.finditer(self.path)]

    def filled(self, value_of: Callable[[str], object]) -> str:
        """The path with a value for each parameter."""
        return _PARAMETER.sub(lambda found: str(value_of(_place(self.path, found))), self.path)


def calls(app: FastAPI) -> list[Call]:
    """Everything that can be called, in the order of the paths. Raises Broken for a route without declared access."""
    found = []
    for route in app.router.routes:
        if isinstance(route, APIRoute):
            access = access_of(route)
            if access is None:
                raise Broken(f"the route {route.path} declares no access")
            found += [Call(method, route.path, access, route) for method in sorted(route.methods - {"HEAD"})]
    return sorted(found, key=lambda call: (call.path, call.method))


class Ground:
    """What stands on the desk of one organisation for paths to lead to; each thing is made when it is wanted."""

    def __init__(self, desk: Desk, organisation: int, caller: str = "R-NOBODY") -> None:
        """caller: the pseudonym of who will call; what belongs to one person or programme is made theirs."""
        self.desk, self.organisation, self.caller = desk, organisation, caller

    def __call__(self, place: str) -> object:
        """What the parameter at this place stands for. Raises Broken when nobody said."""
        maker = MAKERS.get(place)
        if maker is None:
            raise Broken(f"nobody said what stands for `{place}`; add a line to rempart.testing.desk_routes.MAKERS")
        return maker(self)

    @cached_property
    def case(self) -> int:
        """A case that the caller holds."""
        now = self.desk.clock()
        lease = {"assignee": self.caller, "lane": "chosen", "claimed_at": now, "lease_until": now + timedelta(hours=1)}
        with self.desk.database.writing() as writer:
            return make_case(writer, self.organisation, **lease)

    @cached_property
    def media(self) -> MadeMedia:
        """Media of that case."""
        case = self.case
        with self.desk.database.writing() as writer:
            return make_media(writer, self.desk.fields, self.organisation, case, vault=self.desk.vault)

    @cached_property
    def action(self) -> int:
        """An action on that case, which a host is to carry out."""
        now, said = self.desk.clock(), {"outcome": "policy_violation"}
        times = {"not_before": now, "created_at": now, "changed_at": now}
        return self._row("action", case_id=self.case, kind="remove_local", target=said, state="queued", **times)

    @cached_property
    def appeal(self) -> int:
        """An appeal that was answered."""
        now = self.desk.clock()
        said = {"taxonomy": "baseline", "taxonomy_version": "1", "code": "baseline", "outcome": "illegal_baseline"}
        judged = {"reviewer": "R-NOBODY", "round": "first", "lane": "tier", "viewed": "none", "seconds": 1, "at": now}
        rest = {"answers": {}, "reason": "", "final_at": now, "before": {}}
        decision = self._row("decision", case_id=self.case, **said, **judged, **rest)
        grounds = self.desk.fields.seal_text("appeal", '{"version": 1, "text": "a purple dragon"}')
        brought = {"brought_by": "user", "number": new_number("A"), "code_hash": "0" * 64, "language": "en"}
        times = {"opened_at": now, "due_at": now, "decided_at": now}
        sealed = {"grounds_sealed": grounds, "answer_sealed": grounds}
        about = {"case_id": self.case, "decision_id": decision, "state": "upheld", "decided_by": "R-NOBODY"}
        return self._row("appeal", **about, **brought, **times, **sealed)

    @cached_property
    def external(self) -> int:
        """A step of that appeal before a body outside."""
        now = self.desk.clock()
        return self._row("appeal_external", appeal=self.appeal, body="Board", begun_at=now, begun_by="R-NOBODY")

    def decision(self) -> int:
        """A decision of the caller on that case, which can still be undone."""
        said = {"taxonomy": self.desk.taxonomy, "second_review": "never", "undo_seconds": 30, "now": self.desk.clock()}
        caller, judgement = Actor(self.organisation, self.caller, "reviewer"), Judgement("not-illegal")
        case = self.case
        with self.desk.database.writing() as writer:
            return decide(writer, caller, case, judgement, **said).decision

    @cached_property
    def reveal(self) -> int:
        """A preview of that media, which the caller asked for."""
        asked = {"person": self.caller, "level": "preview", "purpose": "preview", "at": self.desk.clock()}
        return self._row("reveal", case_id=self.case, media_id=self.media.id, **asked)

    @cached_property
    def item(self) -> str:
        """The number of an item that the caller sent."""
        number, now = new_number("I"), self.desk.clock()
        said = {"sender": self.caller, "channel": "api", "received_at": now, "verdict": "allow", "complete": True}
        self._row("item", number=number, **said)
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
            given = {"stage": "full", "through": "password", "browser": "another", "times": times}
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


MAKERS: dict[str, Callable[[Ground], object]] = {
    "cases/{case_id}": lambda ground: ground.case,
    "actions/{action_id}": lambda ground: ground.action,
    "appeals/{appeal_id}": lambda ground: ground.appeal,
    "external/{step_id}": lambda ground: ground.external,
    "decisions/{decision_id}": lambda ground: ground.decision,
    "reveals/{reveal_id}": lambda ground: ground.reveal,
    "items/{number}": lambda ground: ground.item,
    "sessions/{handle}": lambda ground: ground.session,
    "media/{media_id}": lambda ground: ground.media.id,
    "people/{pid}": lambda ground: ground.colleague.pid,
    "tokens/{pid}": lambda ground: ground.token,
    "invitations/{handle}": lambda ground: hash_of(ground.code)[:12],
    "join/{code}": lambda ground: ground.code,
    "entries.{file_format}": lambda _: "csv",
}
# (method, path) -> what is sent so that the record is looked for; routes that look for it first need none.
WORDS: dict[tuple[str, str], dict[str, Any]] = {
    ("POST", "/cases/{case_id}/skip"): {"reason": "language"},
    ("POST", "/cases/{case_id}/escalate"): {"reason": "unsure"},
    ("POST", "/cases/{case_id}/police-first"): {"reason": "bad_host"},
    ("POST", "/cases/{case_id}/reopen"): {"reason": "mistake"},
    ("POST", "/cases/{case_id}/close"): {"reason": "done"},
    ("POST", "/cases/{case_id}/media/{media_id}/original"): {"purpose": "classify"},
    ("POST", "/people/{pid}/role"): {"role": "auditor"},
    ("POST", "/join/{code}"): {"login": "ada@desk.example", "name": "Ada", "password": "purple dragons rarely sleep"},
}


def sent(call: Call) -> dict[str, Any]:
    """What a client sends with this call, as keyword arguments: the words of the table, or the least that is taken."""
    if not call.unsafe:
        return {}
    words = WORDS.get((call.method, call.path))
    fields = call.route.dependant.body_params
    models = [one for one in fields if _is_model(one.field_info.annotation)]
    if models:
        return {"json": words or _least(models[0].field_info.annotation)}
    return {"data": words or {one.alias: _least(one.field_info.annotation) for one in fields if _required(one)}}


def _place(path: str, found: re.Match[str]) -> str:
    """`people/{pid}` for the pid of `/people/{pid}/role`; `entries.{form}` where it is a part of a segment."""
    begin, end = path.rfind("/", 0, found.start()) + 1, path.find("/", found.end())
    segment = path[begin : None if end < 0 else end]
    return path[path.rfind("/", 0, begin - 1) + 1 : begin] + segment if segment == found.group() else segment


def _required(field: Any) -> bool:
    return bool(field.field_info.is_required())


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _least(annotation: Any) -> Any:
    """The least that is taken for this type."""
    if _is_model(annotation):
        fields = annotation.model_fields
        return {name: _least(one.annotation) for name, one in fields.items() if one.is_required()}
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return inner[0]
    if origin in (Union, UnionType):
        return _least(inner[0])
    return {int: 1, float: 1.0, bool: True}.get(annotation, "x") if origin is None else []
