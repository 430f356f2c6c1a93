"""Appeals, the codes that admit to them, and bodies outside. Every query names the organisation, but for numbers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, select
from sqlalchemy import case as choose

from rempart.cases.tables import action, appeal, appeal_code, appeal_external, case, media, notice, notice_case
from rempart.storage.database import Reader, Writer

Row = RowMapping
UNDECIDED = ("open", "assigned")
DECIDED = ("upheld", "overturned", "partly")


def insert_code(writer: Writer, **values: Any) -> int:
    """The id of the new code."""
    return writer.insert(appeal_code, **values)


def code_numbered(reader: Reader, number: str) -> Row | None:
    """The code with this number, of whichever organisation: its secret is what admits to it."""
    return reader.one(select(appeal_code).where(appeal_code.c.number == number))


def code_requested(reader: Reader, organisation: int, request_key: str) -> Row | None:
    """The code that this very request made before."""
    mine = (appeal_code.c.organisation == organisation, appeal_code.c.request_key == request_key)
    return reader.one(select(appeal_code).where(*mine))


def codes_of(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The codes that were made for the case, oldest first."""
    mine = (appeal_code.c.organisation == organisation, appeal_code.c.case_id == case_id)
    return list(reader.rows(select(appeal_code).where(*mine).order_by(appeal_code.c.id)))


def notice_numbered(reader: Reader, number: str) -> Row | None:
    """The notice with this number, of whichever organisation: its secret code is what admits to it."""
    return reader.one(select(notice).where(notice.c.number == number))


def cases_of_notice(reader: Reader, organisation: int, notice_id: int) -> list[Row]:
    """The cases that the notice is about, the one decided last first."""
    about = select(notice_case.c.case_id).where(notice_case.c.notice == notice_id)
    found = select(case).where(case.c.organisation == organisation, case.c.id.in_(about))
    return list(reader.rows(found.order_by(case.c.decided_at.is_(None), case.c.decided_at.desc(), case.c.id)))


def case_of_action(reader: Reader, organisation: int, action_id: int) -> int | None:
    """The case that the action is about."""
    mine = (action.c.organisation == organisation, action.c.id == action_id)
    value = reader.value(select(action.c.case_id).where(*mine))
    return None if value is None else int(value)


def insert(writer: Writer, **values: Any) -> int:
    """The id of the new appeal."""
    return writer.insert(appeal, **values)


def read(reader: Reader, organisation: int, appeal_id: int) -> Row | None:
    """The appeal, or None."""
    return reader.one(select(appeal).where(appeal.c.organisation == organisation, appeal.c.id == appeal_id))


def lock(writer: Writer, organisation: int, appeal_id: int) -> Row | None:
    """The appeal, which nobody else changes until this unit of work ends; or None."""
    mine = (appeal.c.organisation == organisation, appeal.c.id == appeal_id)
    return writer.one(select(appeal).where(*mine).with_for_update())


def numbered(reader: Reader, number: str) -> Row | None:
    """The appeal with this number, of whichever organisation: its secret code is what admits to it."""
    return reader.one(select(appeal).where(appeal.c.number == number))


def requested(reader: Reader, organisation: int, request_key: str) -> Row | None:
    """The appeal that this very request brought before."""
    mine = (appeal.c.organisation == organisation, appeal.c.request_key == request_key)
    return reader.one(select(appeal).where(*mine))


def of_case(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """Every appeal about the case, oldest first."""
    mine = (appeal.c.organisation == organisation, appeal.c.case_id == case_id)
    return list(reader.rows(select(appeal).where(*mine).order_by(appeal.c.id)))


def of_cases(reader: Reader, organisation: int, ids: Sequence[int]) -> list[Row]:
    """Every appeal about these cases."""
    mine = (appeal.c.organisation == organisation, appeal.c.case_id.in_(ids))
    return list(reader.rows(select(appeal).where(*mine).order_by(appeal.c.id)))


def change(writer: Writer, organisation: int, appeal_id: int, **values: Any) -> None:
    """Nothing; the appeal says so now."""
    mine = (appeal.c.organisation == organisation, appeal.c.id == appeal_id)
    writer.run(appeal.update().where(*mine).values(**values))


def page(
    reader: Reader, organisation: int, states: Sequence[str], after: tuple[datetime, int] | None, limit: int
) -> list[Row]:
    """Appeals in these states, the one whose clock ends first first, from behind `after`: (due_at, id)."""
    wanted = select(appeal).where(appeal.c.organisation == organisation, appeal.c.state.in_(states))
    if after is not None:
        at, last = after
        wanted = wanted.where(appeal.c.due_at >= at, (appeal.c.due_at > at) | (appeal.c.id > last))
    return list(reader.rows(wanted.order_by(appeal.c.due_at, appeal.c.id).limit(limit)))


def newest(reader: Reader, organisation: int, states: Sequence[str], before: int | None, limit: int) -> list[Row]:
    """Appeals in these states, newest first, older than the one with the id `before`."""
    wanted = select(appeal).where(appeal.c.organisation == organisation, appeal.c.state.in_(states))
    if before is not None:
        wanted = wanted.where(appeal.c.id < before)
    return list(reader.rows(wanted.order_by(appeal.c.id.desc()).limit(limit)))


def clocks(reader: Reader, organisation: int, now: datetime, soon: datetime) -> tuple[int, int, int]:
    """(appeals without an answer, those of them whose clock ended, those whose clock ends before `soon`)."""
    mine = (appeal.c.organisation == organisation, appeal.c.state.in_(UNDECIDED))
    late = func.count(choose((appeal.c.due_at <= now, 1)))
    near = func.count(choose(((appeal.c.due_at > now) & (appeal.c.due_at <= soon), 1)))
    row = reader.one(select(func.count().label("n"), late.label("late"), near.label("near")).where(*mine))
    return (row["n"], row["late"], row["near"]) if row else (0, 0, 0)


def same_content(reader: Reader, organisation: int, ids: Sequence[int]) -> list[int]:
    """Other cases that hold the very bytes of these."""
    mine = (media.c.organisation == organisation, media.c.case_id.in_(ids), media.c.exact_key.is_not(None))
    keys = select(media.c.exact_key).where(*mine)
    others = (media.c.organisation == organisation, media.c.case_id.not_in(ids), media.c.exact_key.in_(keys))
    return list(reader.values(select(media.c.case_id).where(*others).distinct().order_by(media.c.case_id)))


def insert_external(writer: Writer, **values: Any) -> int:
    """The id of the new step before a body outside."""
    return writer.insert(appeal_external, **values)


def external(writer: Writer, organisation: int, step_id: int) -> Row | None:
    """The step, which nobody else changes until this unit of work ends; or None."""
    mine = (appeal_external.c.organisation == organisation, appeal_external.c.id == step_id)
    return writer.one(select(appeal_external).where(*mine).with_for_update())


def externals(reader: Reader, organisation: int, appeal_id: int) -> list[Row]:
    """The steps of this appeal before bodies outside, oldest first."""
    mine = (appeal_external.c.organisation == organisation, appeal_external.c.appeal == appeal_id)
    return list(reader.rows(select(appeal_external).where(*mine).order_by(appeal_external.c.id)))


def change_external(writer: Writer, organisation: int, step_id: int, **values: Any) -> None:
    """Nothing; the step says so now."""
    mine = (appeal_external.c.organisation == organisation, appeal_external.c.id == step_id)
    writer.run(appeal_external.update().where(*mine).values(**values))
