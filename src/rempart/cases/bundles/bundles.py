"""Bundles as they are received, shown and ended."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rempart.audit.queries import append
from rempart.cases.bundles import queries
from rempart.cases.bundles.formats import FORMATS
from rempart.cases.bundles.profiles import Profile, profile
from rempart.cases.bundles.queries import Row
from rempart.cases.intake.notices import Intake
from rempart.cases.intake.numbers import new_number
from rempart.errors import Conflict, NotFound, UserMistake
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer
from rempart.vault.objects import Sealed

IMPORT = "bundle.import"
LARGEST_PAGE = 1000
ENDED = ("done", "broken")
EMPTY = "it is empty: no row stands in it"
_PARTNER = re.compile(r"[a-z0-9](?:-?[a-z0-9]){0,39}")


@dataclass(frozen=True, slots=True)
class Bundle:
    """One bundle. rows: how many were read so far; they are those accepted, duplicates, and refused, together.

    set_aside: what stood in accepted rows and could not be used. cut: the file breaks off. problem: why nothing of it
    could be read.
    """

    id: int
    number: str
    partner: str
    format: str
    profile: str
    state: str
    rows: int
    accepted: int
    duplicate: int
    refused: Mapping[str, int]
    set_aside: Mapping[str, int]
    cut: bool
    problem: str
    size_bytes: int
    received_at: datetime
    ended_at: datetime | None
    vault_id: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Sending:
    """A bundle as it arrives. sha256: of its bytes. sealed: the bytes in the vault, when we have to keep them."""

    partner: str
    format: str
    profile: str
    sha256: bytes = field(repr=False)
    size_bytes: int
    request_key: str | None = None
    sealed: Sealed | None = None


def check(partner: str, format_name: str, profile_name: str) -> Profile | None:
    """The profile that the bundle is read with. Raises UserMistake for a partner, format or profile that is none."""
    if not _PARTNER.fullmatch(partner) or len(partner) > 40:
        raise UserMistake("a partner is called by 1 to 40 small letters, digits and single hyphens; choose a name")
    one = FORMATS.get(format_name)
    if one is None:
        raise UserMistake(f"there is no such format of bundles; formats are {', '.join(FORMATS)}")
    if profile_name and not one.needs_profile:
        raise UserMistake(f"a profile says what categories mean, and {format_name} has none; leave it out")
    if one.needs_profile and not profile_name:
        raise UserMistake(f"categories differ by country and tool; name the profile that {partner} writes with")
    return profile(profile_name) if profile_name else None


def receive(writer: Writer, intake: Intake, actor: Actor, sending: Sending, now: datetime) -> tuple[Bundle, bool]:
    """(the bundle, whether it was received before). Raises Conflict when its key came with another file before."""
    check(sending.partner, sending.format, sending.profile)
    content_key = intake.fields.blind("bundle-file", sending.sha256)
    known = _again(writer, actor, sending, content_key)
    if known is not None:
        return known, True
    made = queries.insert(
        writer,
        organisation=actor.organisation,
        number=new_number("B", intake.draw),
        sender=actor.pid,
        partner=sending.partner,
        format=sending.format,
        profile=sending.profile,
        request_key=sending.request_key,
        content_key=content_key,
        size_bytes=sending.size_bytes,
        state="received",
        counts={},
        position=0,
        vault_id=intake.vault.keep(writer, actor, sending.sealed, now) if sending.sealed else None,
        received_at=now,
    )
    row = queries.read(writer, actor.organisation, made)
    assert row is not None  # noqa: S101 - written just above
    told = {"partner": sending.partner, "format": sending.format, "profile": sending.profile}
    append(writer, actor, "bundle", row["number"], "bundle.received", told | {"bytes": sending.size_bytes}, now)
    return bundle_of(row), False


def get(reader: Reader, organisation: int, number: str, sender: str | None = None) -> Bundle:
    """The bundle of this number. sender: only when this one sent it. Raises NotFound."""
    row = queries.numbered(reader, organisation, number, sender)
    if row is None:
        raise NotFound("there is no bundle of yours with this number; list them with `rempart bundles list`")
    return bundle_of(row)


def newest(reader: Reader, organisation: int, sender: str | None = None, limit: int = 100) -> list[Bundle]:
    """The bundles, newest first."""
    return [bundle_of(row) for row in queries.newest(reader, organisation, sender, limit)]


def refused_rows(
    reader: Reader, organisation: int, bundle: Bundle, after: int = 0, limit: int = 100
) -> list[tuple[int, str]]:
    """(line or record, reason) of rows that were not taken, behind `after`; the first ones of each bundle are kept."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise UserMistake(f"a page has 1 to {LARGEST_PAGE} rows; ask for fewer")
    return queries.refusals(reader, organisation, bundle.id, after, limit)


def bundle_of(row: Row) -> Bundle:
    """The bundle of this row."""
    counts: dict[str, Any] = row["counts"]
    return Bundle(
        row["id"],
        row["number"],
        row["partner"],
        row["format"],
        row["profile"],
        row["state"],
        row["position"],
        counts.get("accepted", 0),
        counts.get("duplicate", 0),
        counts.get("refused", {}),
        counts.get("set_aside", {}),
        counts.get("cut", False),
        row["problem"],
        row["size_bytes"],
        row["received_at"],
        row["ended_at"],
        row["vault_id"],
    )


def end(writer: Writer, actor: Actor, bundle_id: int, now: datetime, problem: str = "") -> Bundle:
    """The bundle, whose import has ended. problem: why nothing of it could be read. Ending it again changes nothing."""
    row = queries.lock(writer, actor.organisation, bundle_id)
    if row is None:
        raise NotFound("there is no such bundle")
    if row["state"] not in ENDED:
        problem = problem or (EMPTY if not row["position"] else "")
        state = "broken" if problem else "done"
        changes = {"state": state, "problem": problem[:200], "ended_at": now}
        queries.change(writer, actor.organisation, bundle_id, **changes)
        counts = row["counts"]
        told = {"state": state, "rows": row["position"], "accepted": counts.get("accepted", 0)}
        told |= {"duplicate": counts.get("duplicate", 0), "refused": sum(counts.get("refused", {}).values())}
        append(writer, actor, "bundle", row["number"], "bundle.imported", told, now)
    done = queries.read(writer, actor.organisation, bundle_id)
    assert done is not None  # noqa: S101 - locked above
    return bundle_of(done)


def _again(reader: Reader, actor: Actor, sending: Sending, content_key: str) -> Bundle | None:
    if sending.request_key is None:
        return None
    row = queries.requested(reader, actor.organisation, actor.pid, sending.request_key)
    if row is None:
        return None
    same = (row["partner"], row["format"], row["profile"]) == (sending.partner, sending.format, sending.profile)
    if row["content_key"] != content_key or not same:
        raise Conflict("this Idempotency-Key came before with another bundle; use a new key for each bundle")
    return bundle_of(row)
