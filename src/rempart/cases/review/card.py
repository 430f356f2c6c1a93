"""The card: everything that is known of one case, in words. No picture, no fingerprint, nothing that can be followed.

What others judged is shown as far as the veil lets it: see `veil`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rempart.audit.browsing.queries import Wanted, page
from rempart.cases.intake.told import ABOUT_ABUSE
from rempart.cases.review import guards
from rempart.cases.review.following import shown_as
from rempart.cases.review.places import defanged
from rempart.cases.review.queries import cases, clocks, decisions, reveals
from rempart.cases.review.veil import Veil, current, settling, veil_of
from rempart.cases.review.visible import visible
from rempart.cases.triage.features import from_row
from rempart.cases.triage.grouping import Member, members
from rempart.cases.triage.queue import whys
from rempart.facts import Finding
from rempart.facts.case import Feature, Why
from rempart.facts.people import Actor
from rempart.facts.wire import finding_from_json
from rempart.storage.database import Reader
from rempart.storage.fields import Fields

MOST_MEMBERS = 200
MOST_ENTRIES = 60

DONE = ("decided", "closed")


@dataclass(frozen=True, slots=True)
class Told:
    """One notice: its words, never who sent them.

    contact: the sender left a way to be asked. nameless: the law asks for a name, and an urgent notice came without.
    """

    number: str
    channel: str
    category: str
    received_at: datetime
    urgent: bool
    trusted: bool
    state: str
    words: str = field(repr=False)
    seen_at: str = field(repr=False)
    contact: bool = False
    nameless: bool = False


@dataclass(frozen=True, slots=True)
class Spot:
    """Where it stands; the address as it may be shown. server, provider, country: of who hosts it, as last found out.

    hosted: see the table `location`; empty: nobody asked. source: the files that said whose the server is.
    """

    id: int
    host: str
    address: str = field(repr=False)
    seen_at: datetime
    hosted: str = ""
    server: str = ""
    provider: str = ""
    country: str = ""
    via_proxy: bool | None = None
    resolved_at: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Medium:
    """One medium. finding: None while it waits to be examined. seen: the levels at which this person saw it."""

    id: int
    name: str = field(repr=False)
    media_type: str
    size_bytes: int
    width_pixels: int | None
    height_pixels: int | None
    frames: int
    received_at: datetime
    outcome: str
    finding: Finding | None
    has_preview: bool
    has_original: bool
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Clock:
    """Something that ends. kind: `case`, `order`, `appeal`, `duty` or `hold`. ends_at: None while it stands still, or
    for a hold without an end. about: who asks for it, or the rule. number: of what asks."""

    kind: str
    ends_at: datetime | None
    about: str = ""
    number: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """One judgement as far as it may be known. reviewer: empty for somebody behind the veil."""

    reviewer: str
    round: str
    taxonomy: str
    code: str
    outcome: str
    answers: dict[str, str | None]
    reason: str = field(repr=False)
    viewed: str
    seconds: int
    at: datetime
    followed: bool


@dataclass(frozen=True, slots=True)
class Written:
    """One note; author: empty for somebody behind the veil."""

    author: str
    at: datetime
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of the case's story; actor: empty for somebody behind the veil."""

    seq: int
    at: datetime
    actor: str
    verb: str
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Card:
    """One case. row: its columns; `state` and `outcome` are to be shown as the properties say.

    settling: see `veil`. hidden_notes: how many the veil keeps back. following: members decided with this card;
    shown_as: they, as the form sends them back.
    """

    row: Any
    settling: bool
    why: tuple[Why, ...]
    features: tuple[Feature, ...]
    notices: tuple[Told, ...]
    spots: tuple[Spot, ...]
    media: tuple[Medium, ...]
    ties: dict[str, int]
    clocks: tuple[Clock, ...]
    veil: Veil
    judged: tuple[Judged, ...]
    judged_by_me: bool
    actions: tuple[Any, ...]
    notes: tuple[Written, ...]
    hidden_notes: int
    members: tuple[Member, ...]
    following: frozenset[int]
    shown_as: str
    cluster_size: int
    story: tuple[Event, ...]

    @property
    def id(self) -> int:
        """Its number."""
        return int(self.row["id"])

    @property
    def state(self) -> str:
        """Where it stands, as far as this person may know."""
        return "needs_second" if self.settling else str(self.row["state"])

    @property
    def outcome(self) -> str | None:
        """What it was decided to be, as far as this person may know."""
        return None if self.settling else self.row["outcome"]

    @property
    def leader(self) -> Member | None:
        """The case of the cluster that stands in the queue, when it is another one."""
        first = next((one for one in self.members if one.leads), None)
        return None if first is None or first.id == self.id or self.row["leads"] else first


def card(reader: Reader, fields: Fields, actor: Actor, case_id: int, now: datetime) -> Card:
    """The card of the case for this person. Raises NotAllowed for who does not review, NotFound for no case."""
    guards.judge(actor)
    row = guards.found(reader, actor, case_id)
    here = actor.organisation
    standing = decisions.of_case(reader, here, case_id)
    veil = veil_of(row, standing, actor, now)
    together = _members(reader, row)
    written = cases.notes(reader, here, case_id)
    shown_notes = [one for one in written if not veil.hides(one["author"])]
    following = _following(reader, row, actor)
    return Card(
        row=row,
        settling=settling(row, standing, now),
        why=whys(row["why"]),
        features=tuple(from_row(row["features"])),
        notices=tuple(_told(fields, one) for one in cases.notices(reader, here, [case_id])),
        spots=tuple(_spot(fields, one) for one in cases.locations(reader, here, case_id)),
        media=_media(reader, fields, actor, case_id),
        ties=cases.links(reader, here, case_id),
        clocks=tuple(_clocks(reader, row)),
        veil=veil,
        judged=_judgements(standing, veil),
        judged_by_me=any(one["reviewer"] == actor.pid for one in current(standing)),
        actions=tuple(decisions.actions_of_case(reader, here, case_id)),
        notes=tuple(_written(fields, one, veil) for one in shown_notes),
        hidden_notes=len(written) - len(shown_notes),
        members=together,
        following=following,
        shown_as=shown_as(following),
        cluster_size=cases.size_of(reader, here, row["cluster"]) if row["cluster"] else 1,
        story=_story(reader, here, case_id, veil),
    )


def veil_on(reader: Reader, actor: Actor, row: cases.Row, now: datetime) -> Veil:
    """What this person may not know of the case. row: its columns."""
    return veil_of(row, decisions.of_case(reader, actor.organisation, row["id"]), actor, now)


def words_of(notice_words: Any) -> tuple[str, str, bool]:
    """(what was written, where it was seen in words, whether a contact was left) of a notice's sealed JSON."""
    said = notice_words if isinstance(notice_words, dict) else {}
    text, seen_at = said.get("text"), said.get("seen_at")
    contact = bool(said.get("email") or said.get("name"))
    return text if isinstance(text, str) else "", seen_at if isinstance(seen_at, str) else "", contact


def _told(fields: Fields, row: cases.Row) -> Told:
    words, seen_at, contact = words_of(json.loads(fields.unseal_text("notice", row["content_sealed"])))
    return Told(
        number=row["number"],
        channel=row["channel"],
        category=row["category"],
        received_at=row["received_at"],
        urgent=bool(row["urgent"]),
        trusted=bool(row["trusted"]),
        state=row["state"],
        words=visible(words),
        seen_at=visible(seen_at),
        contact=contact,
        nameless=bool(row["urgent"]) and row["category"] not in ABOUT_ABUSE and not contact,
    )


def _spot(fields: Fields, row: cases.Row) -> Spot:
    provider = f"AS{row['asn']} {row['provider']}" if row["asn"] is not None else row["provider"]
    return Spot(
        id=row["id"],
        host=row["host"].replace(".", "[.]"),
        address=visible(defanged(fields.unseal_text("url", row["url_sealed"]))),
        seen_at=row["seen_at"],
        hosted=row["hosted"],
        server=row["address"],
        provider=provider.strip(),
        country=row["country"],
        via_proxy=row["via_proxy"],
        resolved_at=row["resolved_at"],
        source=row["resolved_by"],
    )


def _media(reader: Reader, fields: Fields, actor: Actor, case_id: int) -> tuple[Medium, ...]:
    seen = reveals.seen_media(reader, actor.organisation, case_id, actor.pid)
    rows = reveals.media_of(reader, actor.organisation, [case_id])
    return tuple(_medium(fields, row, seen.get(row["id"], set())) for row in rows)


def _medium(fields: Fields, row: reveals.Row, seen: set[str]) -> Medium:
    sealed = row["finding_sealed"]
    return Medium(
        id=row["id"],
        name=visible(fields.unseal_text("name", row["name_sealed"])),
        media_type=row["media_type"],
        size_bytes=row["size_bytes"],
        width_pixels=row["width_pixels"],
        height_pixels=row["height_pixels"],
        frames=row["frames"],
        received_at=row["received_at"],
        outcome=row["outcome"],
        finding=finding_from_json(json.loads(fields.unseal_text("finding", sealed))) if sealed else None,
        has_preview=row["preview_sealed"] is not None,
        has_original=row["vault_id"] is not None,
        seen=frozenset(seen),
    )


def _clocks(reader: Reader, row: cases.Row) -> list[Clock]:
    here, case_id = row["organisation"], row["id"]
    found = [Clock("case", row["due_at"])] if row["due_at"] and row["state"] not in DONE else []
    orders = clocks.orders(reader, here, case_id)
    found += [Clock("order", one["due_at"], one["authority"], one["number"], one["state"]) for one in orders]
    appeals = clocks.appeals(reader, here, case_id)
    found += [Clock("appeal", one["due_at"], one["number"], str(one["id"]), one["state"]) for one in appeals]
    duties = clocks.duties(reader, here, case_id)
    found += [Clock("duty", one["due_at"], one["rule"], str(one["id"])) for one in duties]
    return found + [Clock("hold", one["ends_at"], one["basis"]) for one in clocks.holds(reader, here, case_id)]


def _judgements(standing: Sequence[decisions.Row], veil: Veil) -> tuple[Judged, ...]:
    """Those that may be known; behind a veil in an order that tells nobody who was first."""
    known = [_judgement(row, veil) for row in standing if not veil.hides(row["reviewer"])]
    return tuple(sorted(known, key=lambda one: one.code) if veil.mode == "nameless" else known)


def _judgement(row: decisions.Row, veil: Veil) -> Judged:
    return Judged(
        reviewer=veil.name(row["reviewer"]),
        round=row["round"],
        taxonomy=row["taxonomy"],
        code=row["code"],
        outcome=row["outcome"],
        answers=row["answers"],
        reason=visible(row["reason"]),
        viewed=row["viewed"],
        seconds=row["seconds"],
        at=row["at"],
        followed=row["followed"] is not None,
    )


def _written(fields: Fields, row: cases.Row, veil: Veil) -> Written:
    return Written(veil.name(row["author"]), row["at"], visible(fields.unseal_text("note", row["text_sealed"])))


def _members(reader: Reader, row: cases.Row) -> tuple[Member, ...]:
    if row["cluster"] is None:
        return ()
    return tuple(members(reader, row["organisation"], row["cluster"], MOST_MEMBERS))


def _following(reader: Reader, row: cases.Row, actor: Actor) -> frozenset[int]:
    """The members that a decision on this case is about, too."""
    if row["cluster"] is None or not row["leads"]:
        return frozenset()
    return frozenset(cases.followers(reader, row["organisation"], row["cluster"], row["id"], row["state"], actor.pid))


def _story(reader: Reader, organisation: int, case_id: int, veil: Veil) -> tuple[Event, ...]:
    entries = page(reader, organisation, Wanted(about="case", about_id=str(case_id)), None, MOST_ENTRIES)
    return tuple(Event(one.seq, one.at, veil.name(one.actor), one.verb, veil.data_of(one)) for one in entries)
