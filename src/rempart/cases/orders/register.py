"""The register of orders: each step is a human act, stands in the ledger, and sets or stops the case's clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from rempart.audit.queries import append
from rempart.cases import holding
from rempart.cases.clocks.reckoning import reckon
from rempart.cases.intake.notices import Intake, receive
from rempart.cases.intake.told import Told
from rempart.cases.orders import queries
from rempart.cases.orders.kinds import OrderKind, kind
from rempart.cases.orders.queries import RUNNING, Row
from rempart.cases.orders.records import Order, Sent, details_of, order_of
from rempart.cases.story import told
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.case import OrderState
from rempart.facts.people import Actor
from rempart.law import rule
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

# How somebody made sure of who sent the order.
METHODS = ("call_back", "known_address", "signature", "portal", "in_person")
IMPOSSIBLE = ("force_majeure", "unclear", "not_found", "not_ours", "other_law")
ENDED: tuple[OrderState, ...] = ("executed", "impossible")
ROLES = ("senior", "supervisor")
LONGEST_TEXT = 2000
MOST_PLACES = 500
LARGEST_PAGE = 200
OLDEST = timedelta(days=366)
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Added:
    """An order that was added. again: it was in the register already."""

    order: Order
    again: bool


def add(writer: Writer, intake: Intake, actor: Actor, sent: Sent, now: datetime) -> Added:
    """The order, with its case and its clock. The same order sent again is the one that stands there.

    Raises UserMistake for what makes no sense, and Conflict when its reference stands for something else already.
    """
    _may(actor)
    what = _checked(sent, now)
    known = queries.referenced(writer, actor.organisation, what.id, sent.authority, sent.reference)
    if known is not None:
        return Added(_again(writer, intake.fields, known, sent), again=True)
    due_at = what.due_at(sent.received_at, sent.stated_due_at)
    came = Told(
        sent.category,
        sent.urls,
        sent.reasons,
        language=sent.language,
        channel="order",
        sender=actor.pid,
        accounts=sent.accounts,
    )
    got = receive(writer, intake, actor, came, now, due_at=due_at)
    queries.insert(
        writer,
        organisation=actor.organisation,
        notice=got.notice,
        kind=what.id,
        authority=sent.authority,
        reference=sent.reference,
        legal_basis=sent.legal_basis,
        received_at=sent.received_at,
        due_at=due_at,
        state="received",
        user_wait_until=sent.user_wait_until,
        details_sealed=intake.fields.seal_text("order", details_of(sent)),
    )
    data = {"kind": what.id, "case": got.case, "received_at": told(sent.received_at), "due_at": told(due_at)}
    append(writer, actor, "order", got.number, "order.received", data, now)
    return Added(get(writer, intake.fields, actor.organisation, got.number), again=False)


def get(reader: Reader, fields: Fields, organisation: int, number: str) -> Order:
    """The order of this number. Raises NotFound."""
    row = queries.numbered(reader, organisation, number)
    if row is None:
        raise NotFound("there is no order with this number; list them with `rempart orders list`")
    return order_of(fields, row, queries.cases_of(reader, organisation, row["notice"]))


def running(
    reader: Reader, fields: Fields, organisation: int, after: tuple[datetime, int] | None = None, limit: int = 100
) -> tuple[list[Order], tuple[datetime, int] | None]:
    """(orders whose clock runs, those that are due first first; where the next page begins)."""
    return _page(reader, fields, organisation, RUNNING, after, limit, newest_first=False)


def ended(
    reader: Reader, fields: Fields, organisation: int, after: tuple[datetime, int] | None = None, limit: int = 100
) -> tuple[list[Order], tuple[datetime, int] | None]:
    """(orders that were carried out or could not be, the newest first; where the next page begins)."""
    return _page(reader, fields, organisation, ENDED, after, limit, newest_first=True)


def authenticate(
    writer: Writer, fields: Fields, actor: Actor, number: str, method: str, note: str, now: datetime
) -> Order:
    """The order, of which somebody says how they made sure who sent it."""
    if method not in METHODS:
        raise UserMistake(f"how the sender was verified is missing; choose one of {', '.join(METHODS)}")
    row = _locked(writer, actor, number, ("received", "challenged"))
    if row["authentication"] is not None:
        raise Conflict("the sender of this order is verified already; nothing was changed")
    how = f"{method}: {_text(note, 'note', 1, 180)}" if note.strip() else method
    state = "authenticated" if row["state"] == "received" else row["state"]
    changes = {"state": state, "authentication": how, "authenticated_at": now, "authenticated_by": actor.pid}
    return _step(writer, fields, actor, row, "order.authenticated", {"how": method}, now, **changes)


def execute(
    writer: Writer, fields: Fields, actor: Actor, number: str, effect: str, effect_at: datetime, now: datetime
) -> Order:
    """The order, to which effect was given then; its clock stops. effect: what was done, without any content."""
    row = _locked(writer, actor, number, ("authenticated", "challenged"))
    text = _text(effect, "effect", 1, LONGEST_TEXT)
    if not row["received_at"] <= effect_at <= now + CLOCKS_DIFFER:
        raise UserMistake("effect was given between the receipt of the order and now; correct the time")
    late = effect_at > row["due_at"]
    changes = {"state": "executed", "effect": text, "effect_at": effect_at, "ended_at": now, "ended_by": actor.pid}
    data = {"effect_at": told(effect_at), "late": late}
    what = kind(row["kind"])
    if what.preserve_days:
        _preserve(writer, actor, row, what, effect_at, now)
    return _step(writer, fields, actor, row, "order.executed", data, now, **changes)


def impossible(
    writer: Writer, fields: Fields, actor: Actor, number: str, reason: str, text: str, now: datetime
) -> Order:
    """The order, which cannot be carried out for a reason that the authority is told; its clock stops."""
    if reason not in IMPOSSIBLE:
        raise UserMistake(f"an order is impossible for a reason; choose one of {', '.join(IMPOSSIBLE)}")
    row = _locked(writer, actor, number, ("received", "authenticated", "challenged"))
    effect = f"{reason}: {_text(text, 'text', 1, LONGEST_TEXT)}"
    changes = {"state": "impossible", "effect": effect, "effect_at": None, "ended_at": now, "ended_by": actor.pid}
    return _step(writer, fields, actor, row, "order.impossible", {"reason": reason}, now, **changes)


def challenge(writer: Writer, fields: Fields, actor: Actor, number: str, text: str, now: datetime) -> Order:
    """The order, which is contested. Its clock goes on: who contests an order still has to carry it out."""
    row = _locked(writer, actor, number, ("received", "authenticated"))
    changes = {"state": "challenged", "challenge": _text(text, "text", 1, LONGEST_TEXT)}
    return _step(writer, fields, actor, row, "order.challenged", {}, now, **changes)


def resume(writer: Writer, fields: Fields, actor: Actor, number: str, ended_at: datetime, now: datetime) -> Order:
    """The order, which can be carried out now that the cause against it has ended: its hours begin anew from then."""
    row = _locked(writer, actor, number, ("impossible",))
    if not row["ended_at"] <= ended_at <= now + CLOCKS_DIFFER:
        raise UserMistake("the cause ended between the answer that it was impossible and now; correct the time")
    what = kind(row["kind"])
    due_at = what.due_at(ended_at) if what.restarts else row["due_at"]
    state = "authenticated" if row["authentication"] else "received"
    changes = {"state": state, "due_at": due_at, "effect": None, "ended_at": None, "ended_by": None, "told": ""}
    return _step(writer, fields, actor, row, "order.resumed", {"due_at": told(due_at)}, now, **changes)


def user_told(writer: Writer, fields: Fields, actor: Actor, number: str, at: datetime, now: datetime) -> Order:
    """The order, of which the user was told then. Raises Conflict while the authority asked to wait."""
    row = _locked(writer, actor, number, ("authenticated", "challenged", "executed", "impossible"))
    wait = row["user_wait_until"]
    if wait is not None and at < wait:
        raise Conflict("the authority asked that the user is not told yet; wait until the time that it set")
    if not row["received_at"] <= at <= now + CLOCKS_DIFFER:
        raise UserMistake("the user was told between the receipt of the order and now; correct the time")
    return _step(writer, fields, actor, row, "order.user_told", {"at": told(at)}, now, user_told_at=at)


def _step(
    writer: Writer,
    fields: Fields,
    actor: Actor,
    row: Row,
    verb: str,
    data: dict[str, Any],
    now: datetime,
    **changes: Any,
) -> Order:
    """The order as it is after this step, which stands in the ledger; its cases are due anew."""
    number = row["number"]
    queries.change(writer, actor.organisation, row["id"], **changes)
    state = changes.get("state", row["state"])
    append(writer, actor, "order", number, verb, {"kind": row["kind"], "state": state} | data, now)
    reckon(writer, actor, queries.cases_of(writer, actor.organisation, row["notice"]), now)
    return get(writer, fields, actor.organisation, number)


def _preserve(writer: Writer, actor: Actor, row: Row, what: OrderKind, since: datetime, now: datetime) -> None:
    for case_id in queries.cases_of(writer, actor.organisation, row["notice"]):
        ends = since + timedelta(days=what.preserve_days)
        if what.preserved_by:  # six months of the calendar may be longer than so many days
            ends = max(ends, rule(what.preserved_by).ends(since))
        holding.begin(writer, actor, case_id, f"order:{what.id}", since, ends, now=now)


def _page(
    reader: Reader,
    fields: Fields,
    organisation: int,
    states: Sequence[OrderState],
    after: tuple[datetime, int] | None,
    limit: int,
    *,
    newest_first: bool,
) -> tuple[list[Order], tuple[datetime, int] | None]:
    if not 1 <= limit <= LARGEST_PAGE:
        raise UserMistake(f"a page has 1 to {LARGEST_PAGE} orders; ask for fewer")
    rows = queries.page(reader, organisation, states, after, limit + 1, newest_first=newest_first)
    shown = rows[:limit]
    following = (shown[-1]["due_at"], shown[-1]["id"]) if len(rows) > limit else None
    return [order_of(fields, row, queries.cases_of(reader, organisation, row["notice"])) for row in shown], following


def _locked(writer: Writer, actor: Actor, number: str, states: Sequence[OrderState]) -> Row:
    _may(actor, service=False)
    row = queries.locked(writer, actor.organisation, number)
    if row is None:
        raise NotFound("there is no order with this number; list them with `rempart orders list`")
    if row["state"] not in states:
        raise Conflict("the order is at another step now; nothing was changed, look at it again")
    # Before the ledger, as everybody does: the other way round, two would wait for each other.
    queries.lock_cases(writer, actor.organisation, row["notice"])
    return row


def _may(actor: Actor, *, service: bool = True) -> None:
    """Nothing. Raises NotAllowed: a service may bring an order in; what follows is a person's act."""
    if actor.role is None and (actor.pid == "operator" or (service and "orders" in actor.scopes)):
        return
    if actor.role not in ROLES:
        raise NotAllowed("orders are dealt with by seniors and supervisors; ask one")


def _checked(sent: Sent, now: datetime) -> OrderKind:
    what = kind(sent.kind)
    for name, most in (("authority", 120), ("reference", 120), ("legal_basis", 200)):
        text = getattr(sent, name)
        if text != text.strip() or not text.isprintable():
            raise UserMistake(f"`{name}` has characters that cannot be kept, or blanks around it; correct it")
        _text(text, name, 1, most)
    _text(sent.reasons, "reasons", 0, LONGEST_TEXT)
    _text(sent.territory, "territory", 0, 200)
    if what.wants == "removal" and not sent.urls:
        raise UserMistake("an order to remove names the addresses; give at least one")
    if not sent.urls and not sent.accounts:
        raise UserMistake("an order for information names accounts or addresses; give at least one")
    if len(sent.urls) > MOST_PLACES or len(sent.accounts) > MOST_PLACES:
        raise UserMistake(f"an order has at most {MOST_PLACES} addresses and as many accounts; add the rest as another")
    if not now - OLDEST <= sent.received_at <= now + CLOCKS_DIFFER:
        raise UserMistake("`received_at` is when the order reached you, within the last year; correct it")
    if sent.stated_due_at is not None and sent.stated_due_at <= sent.received_at:
        raise UserMistake("`due_at` comes after the receipt of the order; correct it")
    return what


def _text(text: str, name: str, least: int, most: int) -> str:
    plain = text.strip()
    if not least <= len(plain) <= most:
        raise UserMistake(f"`{name}` has {least} to {most} characters; write it anew")
    return plain


def _again(reader: Reader, fields: Fields, row: Row, sent: Sent) -> Order:
    """The order that stands there. Raises Conflict when what came under its reference is something else."""
    known = order_of(fields, row, queries.cases_of(reader, row["organisation"], row["notice"]))
    same = set(known.urls) == {url.text for url in sent.urls} and set(known.accounts) == set(sent.accounts)
    if not same or known.received_at > sent.received_at:
        raise Conflict(
            "an order with this reference stands in the register, with other contents or another time of receipt; "
            "if both are right, give this one a reference that tells them apart"
        )
    return known
