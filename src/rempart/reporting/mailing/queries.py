"""The SQL of mails and of the rounds of notices. Every query names the organisation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, or_, select

from rempart.reporting.tables import mail_round, mailing, mailing_report, report, watch
from rempart.storage.database import Reader, Writer

Row = RowMapping


def unenrolled(reader: Reader, organisation: int, recipients: Sequence[str], limit: int = 500) -> list[Row]:
    """Approved reports to these recipients that are in no round yet, oldest first."""
    mine = (report.c.organisation == organisation, report.c.state == "approved", report.c.recipient.in_(recipients))
    known = report.outerjoin(mail_round, mail_round.c.report == report.c.id)
    wanted = select(report).select_from(known).where(*mine, mail_round.c.report.is_(None))
    return list(reader.rows(wanted.order_by(report.c.id).limit(limit)))


def enrol(writer: Writer, **values: Any) -> None:
    """Nothing; the report is in a round."""
    writer.run(mail_round.insert().values(**values))


def due_rounds(reader: Reader, organisation: int, now: datetime, limit: int = 1000) -> list[Row]:
    """The rounds that wait and may leave now, those that wait longest first."""
    mine = (mail_round.c.organisation == organisation, mail_round.c.state == "waiting", mail_round.c.next_at <= now)
    return list(
        reader.rows(select(mail_round).where(*mine).order_by(mail_round.c.next_at, mail_round.c.report).limit(limit))
    )


def rounds(reader: Reader, organisation: int, states: Sequence[str], limit: int = 500) -> list[Row]:
    """The rounds in these states with their reports' cases and states, the next ones first."""
    joined = mail_round.join(report, report.c.id == mail_round.c.report)
    wanted = select(mail_round, report.c.case_id, report.c.state.label("report_state")).select_from(joined)
    mine = (mail_round.c.organisation == organisation, mail_round.c.state.in_(states))
    return list(reader.rows(wanted.where(*mine).order_by(mail_round.c.next_at, mail_round.c.report).limit(limit)))


def round_of(reader: Reader, organisation: int, report_id: int) -> Row | None:
    """The round of this report, if it has one."""
    mine = (mail_round.c.organisation == organisation, mail_round.c.report == report_id)
    return reader.one(select(mail_round).where(*mine))


def change_rounds(writer: Writer, organisation: int, reports: Sequence[int], **values: Any) -> None:
    """Nothing; the rounds of these reports say so now."""
    mine = (mail_round.c.organisation == organisation, mail_round.c.report.in_(reports))
    writer.run(mail_round.update().where(*mine).values(**values))


def insert(writer: Writer, reports: Sequence[int], **values: Any) -> int:
    """The id of the new mail, with these reports."""
    made = writer.insert(mailing, **values)
    for one in reports:
        writer.insert(mailing_report, mailing=made, report=one, organisation=values["organisation"])
    return made


def read(reader: Reader, organisation: int, mailing_id: int, *, lock: bool = False) -> Row | None:
    """The mail. lock: nobody else changes it until this unit of work ends."""
    wanted = select(mailing).where(mailing.c.organisation == organisation, mailing.c.id == mailing_id)
    return reader.one(wanted.with_for_update() if lock else wanted)


def change(writer: Writer, organisation: int, mailing_id: int, **values: Any) -> None:
    """Nothing; the mail says so now."""
    mine = (mailing.c.organisation == organisation, mailing.c.id == mailing_id)
    writer.run(mailing.update().where(*mine).values(**values))


def reports_in(reader: Reader, organisation: int, mailing_id: int) -> list[Row]:
    """The reports that the mail is about, in their order."""
    joined = report.join(mailing_report, mailing_report.c.report == report.c.id)
    mine = (mailing_report.c.organisation == organisation, mailing_report.c.mailing == mailing_id)
    return list(reader.rows(select(report).select_from(joined).where(*mine).order_by(report.c.id)))


def last_made(reader: Reader, organisation: int, address_key: str) -> datetime | None:
    """When the last mail to this address was made that left, or may have."""
    mine = (mailing.c.organisation == organisation, mailing.c.address_key == address_key)
    left = or_(mailing.c.state != "failed", mailing.c.doubts > 0)
    value: datetime | None = reader.value(select(func.max(mailing.c.made_at)).where(*mine, left))
    return value


def last_of_report(reader: Reader, organisation: int, report_id: int) -> Row | None:
    """The newest mail with this report."""
    joined = mailing.join(mailing_report, mailing_report.c.mailing == mailing.c.id)
    mine = (mailing_report.c.organisation == organisation, mailing_report.c.report == report_id)
    return reader.one(select(mailing).select_from(joined).where(*mine).order_by(mailing.c.id.desc()).limit(1))


def watched(reader: Reader, organisation: int, case_id: int) -> dict[int, str]:
    """Place -> how the takedown monitor finds it, for the places that it watches."""
    mine = (watch.c.organisation == organisation, watch.c.case_id == case_id)
    return {row["location"]: row["state"] for row in reader.rows(select(watch.c.location, watch.c.state).where(*mine))}


def made_since(reader: Reader, organisation: int, address_key: str, since: datetime) -> int:
    """How many mails were made for this address since then."""
    mine = (mailing.c.organisation == organisation, mailing.c.address_key == address_key, mailing.c.made_at > since)
    return int(reader.value(select(func.count()).select_from(mailing).where(*mine)))
