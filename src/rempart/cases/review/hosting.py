"""Actions as hosts see them: what is to be done, to which of their items, at which addresses. Never why it matched."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rempart.cases.review import acting
from rempart.cases.review.queries import decisions, hosts
from rempart.facts.case import ActionState
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields


@dataclass(frozen=True, slots=True)
class HostItem:
    """One item of the host's. reference: the Idempotency-Key that it came with, the host's own name for it."""

    number: str
    reference: str | None


@dataclass(frozen=True, slots=True)
class HostAction:
    """One action of the host's."""

    id: int
    kind: str
    state: str
    case: int
    outcome: str
    created_at: datetime
    changed_at: datetime
    due_at: datetime | None
    note: str
    items: tuple[HostItem, ...] = ()
    urls: tuple[str, ...] = field(default=(), repr=False)


def page(
    reader: Reader, fields: Fields, organisation: int, state: ActionState, after: int, limit: int
) -> list[HostAction]:
    """The next actions in this state behind the id `after`, oldest first, each with what it is about."""
    return _told(reader, fields, organisation, acting.for_hosts(reader, organisation, state, after, limit))


def answer(
    writer: Writer, fields: Fields, actor: Actor, action_id: int, state: str, note: str, now: datetime
) -> HostAction:
    """The action, of which the host says what became of it. Raises as `acting.report_back` does."""
    row = acting.report_back(writer, actor, action_id, state, note, now)
    return _told(writer, fields, actor.organisation, [row])[0]


def _told(reader: Reader, fields: Fields, organisation: int, rows: Sequence[decisions.Row]) -> list[HostAction]:
    cases = sorted({row["case_id"] for row in rows})
    items: dict[int, list[HostItem]] = defaultdict(list)
    for row in hosts.items_of(reader, organisation, cases):
        items[row["case_id"]].append(HostItem(row["number"], row["request_key"]))
    urls: dict[int, list[str]] = defaultdict(list)
    for row in hosts.places_of(reader, organisation, cases):
        urls[row["case_id"]].append(fields.unseal_text("url", row["url_sealed"]))
    return [_one(row, items[row["case_id"]], urls[row["case_id"]]) for row in rows]


def _one(row: decisions.Row, items: Sequence[HostItem], urls: Sequence[str]) -> HostAction:
    return HostAction(
        id=row["id"],
        kind=row["kind"],
        state=row["state"],
        case=row["case_id"],
        outcome=row["target"].get("outcome", ""),
        created_at=row["created_at"],
        changed_at=row["changed_at"],
        due_at=row["due_at"],
        note=row["note"],
        items=tuple(items),
        urls=tuple(urls),
    )
