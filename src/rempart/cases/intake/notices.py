"""Receiving a notice: kept whole, linked to a case, acknowledged; a duplicate is counted and never lost."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Literal

from rempart.audit.queries import append
from rempart.cases.intake.known import told_features
from rempart.cases.intake.numbers import DRAW, code_from, hash_of_code, new_code, new_number
from rempart.cases.intake.opening import Tie, add_places, content_key, keys_of, open_case, url_key
from rempart.cases.intake.queries import cases, notices
from rempart.cases.intake.reranking import learn
from rempart.cases.intake.told import Attachment, Received, Told
from rempart.cases.triage import clusters
from rempart.cases.triage.nearest import Nearest
from rempart.cases.triage.rules import Rules
from rempart.facts.case import CaseKind
from rempart.facts.people import Actor
from rempart.settings import IntakeSettings
from rempart.storage import outbox
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields
from rempart.vault import Vault

DuplicateRule = Literal["never", "same_url", "same_content", "same_url_or_content"]
SCREEN = "notice.screen"
ANSWER = "notice.answer"
ANSWERED_AFTER = timedelta(days=1)
# A case in one of these states still waits for somebody: a duplicate joins it. After that, urgent ones open anew.
OPEN_STATES = ("new", "triaged", "needs_info")


@dataclass(frozen=True, slots=True)
class Intake:
    """What receiving needs besides the notice itself.

    nearest: near pictures among our own cases. duplicates, duplicate_days: when a notice counts as a duplicate of an
    earlier one. draw: randomness.
    """

    fields: Fields
    vault: Vault
    rules: Rules
    nearest: Nearest
    duplicates: DuplicateRule = "same_url_or_content"
    duplicate_days: int = 30
    draw: Random = DRAW


def intake_with(fields: Fields, vault: Vault, rules: Rules, nearest: Nearest, settings: IntakeSettings) -> Intake:
    """What receiving needs, as the settings have it."""
    return Intake(fields, vault, rules, nearest, settings.duplicates, settings.duplicate_days)


def receive(
    writer: Writer, intake: Intake, actor: Actor, told: Told, now: datetime, *, due_at: datetime | None = None
) -> Received:
    """What the reporter keeps of the notice, which is linked to a new case, or to the one it is a duplicate of.

    due_at: the clock that the notice starts, as an order does.
    """
    repeated = received_before(writer, intake, actor, told.request_key)
    if repeated is not None:
        return repeated
    known = _duplicate_of(writer, intake, actor, told, now)
    case_id = _join(writer, intake, actor, told, known, now, due_at) if known is not None else None
    joined = case_id is not None
    if case_id is None:
        case_id = _open(writer, intake, actor, told, now, due_at)
    notice_id, number, code = _keep(writer, intake, actor, told, case_id, now, duplicate=joined)
    keep_attachments(writer, intake, actor, case_id, told.attachments, now)
    if joined:
        _answer_late(writer, actor, notice_id, case_id, now)
    _tell_ledger(writer, actor, told, notice_id, case_id, now, duplicate=joined)
    return Received(number, code, notice_id, case_id, joined)


def contact_key(fields: Fields, email: str) -> str | None:
    """The same for the same mail address; None when none was left."""
    return fields.blind("notice-contact", email.strip().lower().encode()) if email.strip() else None


def code_of_request(fields: Fields, request_key: str) -> str:
    """The secret code of a notice with a request key: the same for the same request, so that sending twice shows it."""
    return code_from(fields.blind("notice-code", request_key.encode()))


def received_before(reader: Reader, intake: Intake, actor: Actor, request_key: str | None) -> Received | None:
    """What the reporter was given when this very request came before."""
    if request_key is None:
        return None
    row = notices.notice_requested(reader, actor.organisation, request_key)
    if row is None:
        return None
    case_id = notices.cases_of_notice(reader, row["id"])[0]["id"]
    code = code_of_request(intake.fields, request_key)
    return Received(row["number"], code, row["id"], case_id, row["duplicate_of"] is not None)


def _duplicate_of(reader: Reader, intake: Intake, actor: Actor, told: Told, now: datetime) -> int | None:
    """The case that the notice repeats, by the rule of the settings."""
    by_url = intake.duplicates in ("same_url", "same_url_or_content")
    by_content = intake.duplicates in ("same_content", "same_url_or_content")
    urls = [url_key(intake.fields, url) for url in told.urls] if by_url else []
    contents = [content_key(intake.fields, one.sha256) for one in told.attachments] if by_content else []
    if not urls and not contents:
        return None
    since = now - timedelta(days=intake.duplicate_days)
    return cases.earlier_case(reader, actor.organisation, since, url_keys=urls, content_keys=contents)


def _join(
    writer: Writer,
    intake: Intake,
    actor: Actor,
    told: Told,
    known: int,
    now: datetime,
    due_at: datetime | None,
) -> int | None:
    """The case, which knows more now; None when it was judged already and this notice has to be looked at anew."""
    keys = keys_of(intake.fields, told.urls, _ties(told))
    clusters.reserve(writer, actor.organisation, [keys], [known])
    row = cases.case_row(writer, actor.organisation, known, lock=True)
    if row is None:
        return None
    if row["state"] not in OPEN_STATES and (told.urgent or told.self_report or due_at is not None):
        return None
    add_places(writer, intake.fields, actor, known, told.urls, now)
    number = len(notices.notices_of_case(writer, actor.organisation, known)) + 1
    learn(writer, actor, row, told_features(told, now, number), intake.rules, now, due_at=due_at, keys=keys)
    return known


def _answer_late(writer: Writer, actor: Actor, notice_id: int, case_id: int, now: datetime) -> None:
    """Nothing; who tells of what was judged already is answered, too: a day later, lest they learn what we knew."""
    row = cases.case_row(writer, actor.organisation, case_id)
    if row is not None and row["state"] in ("decided", "closed"):
        body, about, key = {"notice": notice_id, "case": case_id}, f"notice:{notice_id}", f"{ANSWER}:{notice_id}"
        outbox.put(
            writer, actor.organisation, ANSWER, body, about=about, key=key, now=now, not_before=now + ANSWERED_AFTER
        )


def _open(writer: Writer, intake: Intake, actor: Actor, told: Told, now: datetime, due_at: datetime | None) -> int:
    return open_case(
        writer,
        intake.fields,
        actor,
        _kind(told),
        told_features(told, now, notices=1),
        intake.rules,
        now=now,
        due_at=due_at,
        urls=told.urls,
        ties=_ties(told),
        draw=intake.draw,
    )


def _kind(told: Told) -> CaseKind:
    if told.attachments:
        return "media"
    return "account" if told.accounts and not told.urls else "url"


def _ties(told: Told) -> list[Tie]:
    files = [Tie("exact", one.sha256) for one in told.attachments]
    return files + [Tie("actor", account.encode()) for account in told.accounts]


def _keep(
    writer: Writer, intake: Intake, actor: Actor, told: Told, case_id: int, now: datetime, *, duplicate: bool
) -> tuple[int, str, str]:
    """(id, number, code) of the notice, kept."""
    number = new_number("N", intake.draw)
    code = new_code(intake.draw) if told.request_key is None else code_of_request(intake.fields, told.request_key)
    notice_id = notices.insert_notice(
        writer,
        case_id,
        organisation=actor.organisation,
        number=number,
        code_hash=hash_of_code(number, code),
        channel=told.channel,
        state="duplicate" if duplicate else "linked",
        received_at=now,
        language=told.language,
        category=told.category,
        urgent=told.urgent,
        trusted=told.trusted,
        sender=told.sender,
        content_sealed=intake.fields.seal_text("notice", json.dumps(told.words())),
        duplicate_of=notices.first_notice(writer, actor.organisation, case_id) if duplicate else None,
        duplicate_key=url_key(intake.fields, told.urls[0]) if told.urls else None,
        request_key=told.request_key,
        contact_key=contact_key(intake.fields, told.email),
    )
    return notice_id, number, code


def keep_attachments(
    writer: Writer, intake: Intake, actor: Actor, case_id: int, attachments: Sequence[Attachment], now: datetime
) -> list[int]:
    """The ids of the media, which wait in the vault until the worker has them screened."""
    return [_keep_attachment(writer, intake, actor, case_id, one, now) for one in attachments]


def _keep_attachment(
    writer: Writer, intake: Intake, actor: Actor, case_id: int, attachment: Attachment, now: datetime
) -> int:
    media_id = cases.insert_media(
        writer,
        organisation=actor.organisation,
        case_id=case_id,
        vault_id=intake.vault.keep(writer, actor, attachment.sealed, now),
        name_sealed=intake.fields.seal_text("name", attachment.name),
        media_type="application/octet-stream",
        size_bytes=attachment.sealed.size_bytes,
        frames=0,
        outcome="waiting",
        exact_key=content_key(intake.fields, attachment.sha256),
        received_at=now,
    )
    body = {"media": media_id, "case": case_id}
    about, key = f"case:{case_id}", f"{SCREEN}:{media_id}"
    outbox.put(writer, actor.organisation, SCREEN, body, about=about, key=key, now=now)
    return media_id


def _tell_ledger(
    writer: Writer, actor: Actor, told: Told, notice_id: int, case_id: int, now: datetime, *, duplicate: bool
) -> None:
    came: dict[str, object] = {
        "channel": told.channel,
        "category": told.category,
        "urgent": told.urgent,
        "trusted": told.trusted,
        "self_report": told.self_report,
        "urls": len(told.urls),
        "attachments": len(told.attachments),
    }
    for verb, data in _steps(came, case_id, duplicate=duplicate):
        append(writer, actor, "notice", notice_id, verb, data, now)


def _steps(came: dict[str, object], case_id: int, *, duplicate: bool) -> Iterable[tuple[str, dict[str, object]]]:
    """The story of a notice's first moment: the page that answers is the confirmation of receipt."""
    yield "notice.received", came
    yield "notice.acknowledged", {"by": "answer"}
    yield ("notice.duplicate" if duplicate else "notice.linked"), {"case": case_id}
