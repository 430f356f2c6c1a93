"""Who gave notice and left an address is told by mail that it came, and what was decided (DSA, article 16(4) and (5)).

Everybody in the same words and at the same pace: nobody learns from a mail, or from when it comes, what the desk knew.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rempart.audit.queries import append
from rempart.cases.intake.following import told_of
from rempart.cases.intake.queries import notices
from rempart.cases.intake.queries.notices import Row
from rempart.facts.people import worker
from rempart.reporting.letters import notifier
from rempart.reporting.letters.addresses import domain_of, is_plain
from rempart.reporting.letters.notifier import What
from rempart.reporting.letters.words import Language
from rempart.reporting.mailing import queries
from rempart.reporting.mailing.gathering import insert_mail
from rempart.storage.database import Writer
from rempart.storage.fields import Fields

# What is older is not told any more: whoever switches a relay on does not write to everybody of the last years.
NOT_AFTER = timedelta(days=7)
# So many mails a day for one address: nobody's letter box is filled by typing in their address. The others wait.
MOST_A_DAY = 10
A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Telling:
    """What telling needs. sender: name and address. site: what people type to come here; empty: not said.

    appeal_days: how long a decision can be contested. bodies: out-of-court ones.
    """

    fields: Fields
    sender: tuple[str, str]
    site: str
    appeal_days: int
    bodies: tuple[str, ...]

    @property
    def status_address(self) -> str:
        """Where a notice is followed."""
        return f"{self.site}/notice/status" if self.site else ""


def tell(writer: Writer, telling: Telling, organisation: int, now: datetime) -> int:
    """How many mails were made for people who gave notice."""
    receipts = _each(writer, telling, organisation, "notifier-receipt", notices.without_receipt, now)
    return receipts + _each(writer, telling, organisation, "notifier-outcome", notices.without_outcome, now)


def _each(
    writer: Writer, telling: Telling, organisation: int, what: What, untold: Callable[..., list[Row]], now: datetime
) -> int:
    """How many mails of this kind were made. Addresses that had enough today keep nobody else waiting."""
    made, full = 0, set[str]()
    while rows := untold(writer, organisation, now - NOT_AFTER, sorted(full)):
        for row in rows:
            key = row["contact_key"]
            if key not in full and queries.made_since(writer, organisation, key, now - A_DAY) >= MOST_A_DAY:
                full.add(key)
            if key not in full:
                made += _mail(writer, telling, row, what, now)
    return made


def _mail(writer: Writer, telling: Telling, row: Row, what: What, now: datetime) -> bool:
    """Whether a mail was made."""
    organisation, key = row["organisation"], row["contact_key"]
    to = str(json.loads(telling.fields.unseal_text("notice", row["content_sealed"])).get("email", "")).strip()
    if not is_plain(to):
        append(writer, worker(organisation), "notice", row["id"], "notice.not_mailed", {"what": what}, now)
        _done(writer, row, what, now)
        return False
    number = f"<{secrets.token_hex(16)}@{domain_of(telling.sender[1])}>"
    language: Language = "fr" if row["language"] == "fr" else "en"
    text = _text(telling, row, what, language)
    message = notifier.letter(what, language, row["number"], text, telling.sender, to, number, now)
    insert_mail(writer, telling.fields, organisation, what, key, number, message.as_bytes(), now, notice=row["id"])
    _done(writer, row, what, now)
    return True


def _text(telling: Telling, row: Row, what: What, language: Language) -> str:
    told = told_of(row["outcome"])
    if what == "notifier-receipt" or told is None:
        return notifier.receipt(language, row["number"], row["received_at"], telling.status_address)
    until = row["outcome_at"] + timedelta(days=telling.appeal_days)
    return notifier.outcome(
        language, row["number"], told, row["outcome_at"], until, telling.bodies, telling.status_address
    )


def _done(writer: Writer, row: Row, what: What, now: datetime) -> None:
    column = "receipt_mailed_at" if what == "notifier-receipt" else "outcome_mailed_at"
    notices.update_notice(writer, row["organisation"], row["id"], **{column: now})
