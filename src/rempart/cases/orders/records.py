"""An order as it comes in, and as the register shows it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rempart.cases.intake.told import Category, NoticeLanguage
from rempart.cases.intake.urls import Url
from rempart.cases.orders.kinds import OrderKind, kind
from rempart.cases.orders.queries import RUNNING, Row
from rempart.facts.case import OrderState
from rempart.storage.fields import Fields


@dataclass(frozen=True, slots=True)
class Sent:
    """What an authority sent. Nothing in it is filled in: what the order does not say stays empty.

    received_at: when it reached the house, which starts its clock. stated_due_at: the time that the order itself sets.
    user_wait_until: the user is not told before. category: what the order is about, in the words of notices.
    """

    kind: str
    authority: str
    reference: str
    legal_basis: str
    received_at: datetime
    category: Category
    urls: tuple[Url, ...] = field(default=(), repr=False)
    accounts: tuple[str, ...] = field(default=(), repr=False)
    reasons: str = field(default="", repr=False)
    territory: str = ""
    language: NoticeLanguage = "en"
    stated_due_at: datetime | None = None
    user_wait_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One order of the register. urls, accounts and reasons are sensitive: they are shown to who works on cases."""

    number: str
    kind: OrderKind
    authority: str
    reference: str
    legal_basis: str
    received_at: datetime
    due_at: datetime
    state: OrderState
    authentication: str | None
    authenticated_at: datetime | None
    authenticated_by: str | None
    effect: str | None
    effect_at: datetime | None
    challenge: str | None
    ended_at: datetime | None
    ended_by: str | None
    user_wait_until: datetime | None
    user_told_at: datetime | None
    territory: str
    cases: tuple[int, ...] = ()
    urls: tuple[str, ...] = field(default=(), repr=False)
    accounts: tuple[str, ...] = field(default=(), repr=False)
    reasons: str = field(default="", repr=False)

    @property
    def runs(self) -> bool:
        """Whether its clock runs."""
        return self.state in RUNNING

    def left(self, now: datetime) -> timedelta:
        """How much time is left; less than nothing when it is late."""
        return self.due_at - now

    @property
    def late_by(self) -> timedelta | None:
        """How long after its time effect was given; None when that was in time, or has not been."""
        late = self.effect_at is not None and self.state == "executed" and self.effect_at > self.due_at
        return self.effect_at - self.due_at if late and self.effect_at else None


_PLAIN = (
    *("number", "authority", "reference", "legal_basis", "received_at", "due_at", "state"),
    *("authentication", "authenticated_at", "authenticated_by", "effect", "effect_at", "challenge"),
    *("ended_at", "ended_by", "user_wait_until", "user_told_at"),
)


def details_of(sent: Sent) -> str:
    """What is sealed beside the words of the notice."""
    return json.dumps({"version": 1, "accounts": list(sent.accounts), "territory": sent.territory})


def order_of(fields: Fields, row: Row, cases: Sequence[int] = ()) -> Order:
    """The order of this row of the register."""
    words = json.loads(fields.unseal_text("notice", row["content_sealed"]))
    details = json.loads(fields.unseal_text("order", row["details_sealed"]))
    return Order(
        kind=kind(row["kind"]),
        territory=details["territory"],
        cases=tuple(cases),
        urls=tuple(words["urls"]),
        accounts=tuple(details["accounts"]),
        reasons=words["text"],
        **{name: row[name] for name in _PLAIN},
    )
