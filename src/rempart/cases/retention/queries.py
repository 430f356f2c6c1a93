"""What a case holds, and what keeps it from going. Every query names the organisation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, and_, exists, or_, select, union_all

from rempart.cases.orders.queries import RUNNING
from rempart.cases.tables import appeal, bundle, case, hold, media, notice, notice_case, order
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


def over(reader: Reader, organisation: int, outcome: str, before: datetime, now: datetime, limit: int) -> list[int]:
    """Cases decided so before then that hold media still, of which nothing else is to come.

    No duty to preserve runs, no appeal waits for its answer, and no order is still to be carried out.
    """
    preserved = exists().where(hold.c.case_id == case.c.id, _runs(now))
    contested = exists().where(appeal.c.case_id == case.c.id, appeal.c.decided_at.is_(None))
    ordered = exists().where(
        notice_case.c.case_id == case.c.id, order.c.notice == notice_case.c.notice, order.c.state.in_(RUNNING)
    )
    holds_media = exists().where(media.c.case_id == case.c.id, _left())
    mine = (
        case.c.organisation == organisation,
        case.c.decided_at.is_not(None),
        case.c.decided_at < before,
        case.c.final_at <= now,
        case.c.outcome == outcome,
        case.c.state.in_(_ENDED),
        holds_media,
        ~preserved,
        ~contested,
        ~ordered,
    )
    return list(reader.values(select(case.c.id).where(*mine).order_by(case.c.decided_at, case.c.id).limit(limit)))


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
