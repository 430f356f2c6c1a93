"""What a case holds, and what keeps it from going. Every query names the organisation."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, exists, or_, select, union_all

from rempart.cases.orders.queries import RUNNING
from rempart.cases.tables import appeal, appeal_code, bundle, case, hold, media, notice, notice_case, order
from rempart.storage.columns import METADATA
from rempart.storage.database import Reader, Writer

Row = RowMapping
_ENDED = ("decided", "closed")


def holds(reader: Reader, organisation: int, case_id: int, now: datetime) -> list[Row]:
    """The duties to preserve its content that run on the case, the longest first."""
    mine = (hold.c.organisation == organisation, hold.c.case_id == case_id, _runs(now))
    return list(reader.rows(select(hold).where(*mine).order_by(hold.c.ends_at.is_not(None), hold.c.ends_at.desc())))


def open_appeal(reader: Reader, organisation: int, case_id: int) -> str | None:
    """The number of an appeal about the case that has no answer yet."""
    mine = (appeal.c.organisation == organisation, appeal.c.case_id == case_id)
    number: str | None = reader.value(select(appeal.c.number).where(*mine, appeal.c.decided_at.is_(None)).limit(1))
    return number


def running_order(reader: Reader, organisation: int, case_id: int) -> str | None:
    """The number of an order about the case that was neither carried out nor found impossible."""
    mine = (notice_case.c.case_id == case_id, order.c.organisation == organisation, order.c.state.in_(RUNNING))
    found = select(notice.c.number).join(order, order.c.notice == notice.c.id)
    number: str | None = reader.value(
        found.join(notice_case, notice_case.c.notice == notice.c.id).where(*mine).limit(1)
    )
    return number


def kept_media(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The media of the case of which anything is left."""
    mine = (media.c.organisation == organisation, media.c.case_id == case_id, _left())
    return list(reader.rows(select(media).where(*mine).order_by(media.c.id)))


def empty_media(writer: Writer, organisation: int, case_id: int, name_sealed: bytes) -> None:
    """Nothing; of the case's media only their records are left: no original, no preview, no fingerprint, no name."""
    mine = (media.c.organisation == organisation, media.c.case_id == case_id)
    nothing: dict[str, Any] = dict.fromkeys(("vault_id", "preview_sealed", "fingerprints_sealed", "exact_key"))
    writer.run(media.update().where(*mine).values(name_sealed=name_sealed, **nothing))


def over(
    reader: Reader,
    organisation: int,
    outcomes: Sequence[str],
    before: datetime,
    told_before: datetime,
    now: datetime,
    limit: int,
    *,
    held: bool = False,
    but: Collection[int] = (),
) -> list[int]:
    """Cases decided so before then that hold media still, of which nothing else is to come.

    No duty to preserve runs, no appeal waits or could be brought, and no order is still to be carried out.
    told_before: who was told later than that may appeal still. held: only cases that were preserved, and whose last
    duty ended before `before`. but: cases that are left out.
    """
    ordered = exists().where(
        notice_case.c.case_id == case.c.id, order.c.notice == notice_case.c.notice, order.c.state.in_(RUNNING)
    )
    holds_media = exists().where(media.c.case_id == case.c.id, _left())
    mine = [
        case.c.organisation == organisation,
        case.c.decided_at.is_not(None),
        case.c.decided_at < before,
        case.c.final_at <= now,
        case.c.outcome.in_(outcomes),
        case.c.state.in_(_ENDED),
        holds_media,
        ~exists().where(hold.c.case_id == case.c.id, _runs(now)),
        ~exists().where(appeal.c.case_id == case.c.id, appeal.c.decided_at.is_(None)),
        ~ordered,
        ~contestable(told_before),
        case.c.id.not_in(but),
    ]
    if held:
        content = (hold.c.case_id == case.c.id, hold.c.scope == "content")
        lately = or_(hold.c.released_at >= before, and_(hold.c.released_at.is_(None), hold.c.ends_at >= before))
        mine += [exists().where(*content), ~exists().where(*content, lately)]
    return list(reader.values(select(case.c.id).where(*mine).order_by(case.c.decided_at, case.c.id).limit(limit)))


def contestable(told_before: datetime) -> ColumnElement[bool]:
    """Of a case: whether somebody with a code may appeal still: who gave notice, or the user whom a host handed one."""
    late = or_(notice.c.outcome_at.is_(None), notice.c.outcome_at >= told_before, case.c.final_at >= told_before)
    reporter = exists().where(
        notice_case.c.case_id == case.c.id,
        notice.c.id == notice_case.c.notice,
        notice.c.code_hash.is_not(None),
        notice.c.channel != "order",  # an authority contests nothing here
        late,
    )
    recent = or_(appeal_code.c.made_at >= told_before, case.c.final_at >= told_before)
    return or_(reporter, exists().where(appeal_code.c.case_id == case.c.id, recent))


def may_be_contested(reader: Reader, organisation: int, case_id: int, told_before: datetime) -> bool:
    """Whether somebody may appeal in this case still."""
    mine = (case.c.organisation == organisation, case.c.id == case_id)
    return reader.value(select(case.c.id).where(*mine, contestable(told_before))) is not None


def old_notices(reader: Reader, organisation: int, before: datetime, limit: int) -> list[Row]:
    """(id, number) of notices whose outcome was told before then and whose words are kept, with no open appeal.

    Orders are not among them: their register is no reporter's.
    """
    contested = exists().where(appeal.c.notice == notice.c.id, appeal.c.decided_at.is_(None))
    ordered = exists().where(order.c.notice == notice.c.id)
    mine = (
        notice.c.organisation == organisation,
        notice.c.outcome_at < before,
        notice.c.erased_at.is_(None),
        ~contested,
        ~ordered,
    )
    return list(reader.rows(select(notice.c.id, notice.c.number).where(*mine).order_by(notice.c.id).limit(limit)))


def notice_numbered(reader: Reader, organisation: int, number: str) -> Row | None:
    """(id, number, outcome_at, erased_at, ordered, contested) of the notice with this number."""
    contested = exists().where(appeal.c.notice == notice.c.id, appeal.c.decided_at.is_(None))
    ordered = exists().where(order.c.notice == notice.c.id)
    columns = (notice.c.id, notice.c.number, notice.c.outcome_at, notice.c.erased_at)
    found = select(*columns, ordered.label("ordered"), contested.label("contested"))
    return reader.one(found.where(notice.c.organisation == organisation, notice.c.number == number))


def empty_notice(writer: Writer, organisation: int, notice_id: int, content_sealed: bytes, now: datetime) -> None:
    """Nothing; of the notice only its record is left: no words, no contact, and its code admits to nothing."""
    mine = (notice.c.organisation == organisation, notice.c.id == notice_id)
    nothing: dict[str, Any] = dict.fromkeys(("duplicate_key", "code_hash", "contact_key"))
    writer.run(notice.update().where(*mine).values(content_sealed=content_sealed, erased_at=now, **nothing))


def named(reader: Reader, organisation: int, objects: Sequence[str]) -> set[str]:
    """Those of the vault's objects that any row speaks of: every table of the house with a column `vault_id`."""
    tables = [table for table in METADATA.tables.values() if "vault_id" in table.c]
    of = [
        select(table.c.vault_id).where(table.c.organisation == organisation, table.c.vault_id.in_(objects))
        for table in tables
    ]
    return set(reader.values(union_all(*of)))


def ended_bundles(reader: Reader, organisation: int, before: datetime, limit: int) -> list[Row]:
    """Bundles that were imported before then and whose file is kept still: id, vault_id."""
    mine = (bundle.c.organisation == organisation, bundle.c.ended_at < before, bundle.c.vault_id.is_not(None))
    return list(reader.rows(select(bundle.c.id, bundle.c.vault_id).where(*mine).order_by(bundle.c.id).limit(limit)))


def forget_bundle(writer: Writer, organisation: int, bundle_id: int) -> None:
    """Nothing; the bundle's file is not kept any more."""
    mine = (bundle.c.organisation == organisation, bundle.c.id == bundle_id)
    writer.run(bundle.update().where(*mine).values(vault_id=None))


def _runs(now: datetime) -> ColumnElement[bool]:
    """A duty that keeps the content still; one of the reference keeps the record of a report only."""
    lasts = or_(hold.c.ends_at.is_(None), hold.c.ends_at > now)
    return and_(hold.c.scope == "content", hold.c.released_at.is_(None), lasts)


def _left() -> ColumnElement[bool]:
    return or_(
        media.c.vault_id.is_not(None), media.c.preview_sealed.is_not(None), media.c.fingerprints_sealed.is_not(None)
    )
