"""Requests for erasure: registered with their month, looked at, answered by a person, finished when time allows."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from rempart.audit.queries import append
from rempart.cases.clocks import clocks
from rempart.cases.erasure import queries, wording
from rempart.cases.erasure.looking import Subject, look_at_case, look_at_notice
from rempart.cases.erasure.queries import Row
from rempart.cases.erasure.wording import Language
from rempart.cases.intake.numbers import DRAW, new_number
from rempart.cases.retention import queries as kept
from rempart.cases.retention.purging import empty_notice, purge_case
from rempart.cases.story import told
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.people import Actor, worker
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields
from rempart.vault import Vault

LETTER = "E"
ABOUT = "erasure"
ROLES = ("senior", "supervisor")
LONGEST = 5000
MOST = 100
OLDEST = timedelta(days=366)
CLOCKS_DIFFER = timedelta(minutes=5)
REASON = "a person asked for erasure"


@dataclass(frozen=True, slots=True)
class Request:
    """One request. words, answer: sensitive. found: what became of each thing when it was answered, or since."""

    number: str
    received_at: datetime
    state: str
    language: Language
    waits: bool
    answered_at: datetime | None
    answered_by: str | None
    words: str = field(repr=False)
    answer: str = field(repr=False)
    found: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class About:
    """What the request is about, as whoever answers found out. busy: cases of which a report is on its way."""

    cases: tuple[int, ...] = ()
    notices: tuple[str, ...] = ()
    busy: frozenset[int] = frozenset()


def receive(
    writer: Writer,
    fields: Fields,
    actor: Actor,
    words: str,
    language: Language,
    received_at: datetime,
    now: datetime,
    *,
    draw: Random = DRAW,
) -> str:
    """The number of the request; its month runs from when it came. words: who asks and for what, to be sealed."""
    _may(actor)
    plain = words.encode("utf-8", "replace").decode().strip()
    if not plain or len(plain) > LONGEST or "\0" in plain:
        raise UserMistake(f"who asks, and for what, is told in 1 to {LONGEST} characters; write it")
    if not now - OLDEST <= received_at <= now + CLOCKS_DIFFER:
        raise UserMistake("`received_at` is when the request came, within the last year; correct it")
    number = new_number(LETTER, draw)
    queries.insert(
        writer,
        organisation=actor.organisation,
        number=number,
        received_at=received_at,
        state="open",
        language=language,
        asked_sealed=fields.seal_text("erasure", json.dumps({"version": 1, "text": plain})),
        found=[],
    )
    append(writer, actor, ABOUT, number, "erasure.received", {"received_at": told(received_at)}, now)
    clocks.start_for(
        writer, actor, "erasure.received", f"erasure:{number}", received_at, now, jurisdictions=("EU",), case_id=None
    )
    return number


def get(reader: Reader, fields: Fields, organisation: int, number: str) -> Request:
    """The request. Raises NotFound."""
    return _request(fields, _row(reader, organisation, number))


def listed(reader: Reader, fields: Fields, organisation: int) -> list[Request]:
    """The open requests, oldest first, then the newest that were answered."""
    rows = [row for state in ("open", "answered") for row in queries.page(reader, organisation, state, MOST)]
    return [_request(fields, row) for row in rows]


def look(reader: Reader, organisation: int, about: About, appeal_days: int, now: datetime) -> list[Subject]:
    """Each thing with what keeps it. Raises NotFound for one that is not there, UserMistake for too many."""
    if len(about.cases) + len(about.notices) > MOST:
        raise UserMistake(f"a request is answered about at most {MOST} cases and notices; answer the rest as another")
    found = [
        look_at_case(reader, organisation, one, appeal_days, now, busy=one in about.busy)
        for one in dict.fromkeys(about.cases)
    ]
    return found + [look_at_notice(reader, organisation, one) for one in dict.fromkeys(about.notices)]


def answer(
    writer: Writer,
    vault: Vault,
    fields: Fields,
    actor: Actor,
    number: str,
    about: About,
    *,
    appeal_days: int,
    now: datetime,
) -> str:
    """The answer for who asked. What nothing keeps is purged, with certificates; the rest goes when it may."""
    _may(actor)
    row = _row(writer, actor.organisation, number)
    if row["state"] != "open":
        raise Conflict(f"request {number} was answered; nothing was changed")
    subjects = look(writer, actor.organisation, about, appeal_days, now)
    _erase(writer, vault, fields, actor, number, subjects, now)
    text = wording.answer(row["language"], subjects)
    queries.change(
        writer,
        actor.organisation,
        row["id"],
        state="answered",
        found=[_told(one) for one in subjects],
        answered_at=now,
        answered_by=actor.pid,
        answer_sealed=fields.seal_text("erasure", json.dumps({"version": 1, "text": text})),
        waits=any(one.reasons for one in subjects),
    )
    data = {"things": [_told(one) for one in subjects]}
    append(writer, actor, ABOUT, number, "erasure.answered", data, now)
    clocks.end_for(writer, actor, f"erasure:{number}", "answered", now)
    return text


def waiting(reader: Reader, organisation: int) -> list[tuple[str, tuple[int, ...]]]:
    """(number, cases) of answered requests of which something is kept still."""
    rows = queries.waiting(reader, organisation)
    return [(row["number"], tuple(int(one["id"]) for one in row["found"] if one["kind"] == "case")) for row in rows]


def go_on(
    writer: Writer,
    vault: Vault,
    fields: Fields,
    organisation: int,
    number: str,
    *,
    busy: Collection[int],
    appeal_days: int,
    now: datetime,
) -> int:
    """How many things went that were kept when the request was answered, because nothing keeps them any more."""
    row, actor = _row(writer, organisation, number), worker(organisation)
    kept_then = [one for one in row["found"] if one["reasons"] and not one["erased"]]
    about = About(
        tuple(int(one["id"]) for one in kept_then if one["kind"] == "case"),
        tuple(one["id"] for one in kept_then if one["kind"] == "notice"),
        frozenset(busy),
    )
    subjects = look(writer, organisation, about, appeal_days, now)
    _erase(writer, vault, fields, actor, number, subjects, now)
    free = {(one.kind, one.id) for one in subjects if not one.reasons}
    if free:
        found = [one | {"erased": one["erased"] or (one["kind"], one["id"]) in free} for one in row["found"]]
        waits = any(one["reasons"] and not one["erased"] for one in found)
        queries.change(writer, organisation, row["id"], found=found, waits=waits)
        append(writer, actor, ABOUT, number, "erasure.finished" if not waits else "erasure.went_on", {}, now)
    return len(free)


def _erase(
    writer: Writer, vault: Vault, fields: Fields, actor: Actor, number: str, subjects: Sequence[Subject], now: datetime
) -> None:
    for one in subjects:
        if not one.may_go:
            continue
        if one.kind == "case":
            purge_case(writer, vault, fields, actor, int(one.id), f"{REASON}: {number}", now, by="erasure")
            continue
        notice = kept.notice_numbered(writer, actor.organisation, one.id)
        if notice is not None:
            empty_notice(writer, fields, actor, notice["id"], one.id, now, by="erasure")


def _told(one: Subject) -> dict[str, Any]:
    """What stands in the row and in the ledger: codes and times, no content."""
    reasons = [[each.code, told(each.until) if each.until else None, each.basis] for each in one.reasons]
    return {"kind": one.kind, "id": one.id, "erased": not one.reasons, "reasons": reasons}


def _request(fields: Fields, row: Row) -> Request:
    names = ("number", "received_at", "state", "language", "waits", "answered_at", "answered_by")
    return Request(
        **{name: row[name] for name in names},
        words=_text(fields, row["asked_sealed"]),
        answer=_text(fields, row["answer_sealed"]),
        found=tuple(row["found"]),
    )


def _text(fields: Fields, sealed: bytes | None) -> str:
    return "" if sealed is None else str(json.loads(fields.unseal_text("erasure", sealed))["text"])


def _row(reader: Reader, organisation: int, number: str) -> Row:
    row = queries.numbered(reader, organisation, number)
    if row is None:
        raise NotFound("there is no request for erasure with this number; list them with `rempart erasures list`")
    return row


def _may(actor: Actor) -> None:
    if actor.pid != "operator" and actor.role not in ROLES:
        raise NotAllowed("requests for erasure are answered by seniors and supervisors; ask one")
