"""What intake reads and writes: cases as they are opened, notices, what they point at."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, select

from rempart.cases.tables import case, link, location, media, notice, notice_case
from rempart.storage.database import Reader, Writer

Row = RowMapping


def insert_case(writer: Writer, **values: Any) -> int:
    """The id of the new case."""
    return writer.insert(case, **values)


def case_row(reader: Reader, organisation: int, case_id: int, *, lock: bool = False) -> Row | None:
    """The case. lock: nobody else changes it until this unit of work ends."""
    wanted = select(case).where(case.c.id == case_id, case.c.organisation == organisation)
    return reader.one(wanted.with_for_update() if lock else wanted)


def update_case(writer: Writer, organisation: int, case_id: int, **values: Any) -> None:
    """Nothing; the case says so now."""
    writer.run(case.update().where(case.c.id == case_id, case.c.organisation == organisation).values(**values))


def insert_links(writer: Writer, organisation: int, case_id: int, links: Iterable[tuple[str, str]]) -> None:
    """Nothing; the case has these (kind, blind value) links besides those that it had."""
    had = {(row["kind"], row["value_key"]) for row in writer.rows(select(link).where(link.c.case_id == case_id))}
    rows = [
        {"case_id": case_id, "kind": kind, "value_key": key, "organisation": organisation}
        for kind, key in dict.fromkeys(links)
        if (kind, key) not in had
    ]
    if rows:
        writer.run(link.insert(), rows)


def insert_locations(writer: Writer, rows: Sequence[dict[str, Any]]) -> None:
    """Nothing; the cases stand at these places, too."""
    if rows:
        writer.run(location.insert(), list(rows))


def location_keys(reader: Reader, case_id: int) -> set[str]:
    """The blind values of the places where the case stands."""
    return set(reader.values(select(location.c.url_key).where(location.c.case_id == case_id)))


def insert_media(writer: Writer, **values: Any) -> int:
    """The id of the new media."""
    return writer.insert(media, **values)


def update_media(writer: Writer, organisation: int, media_id: int, **values: Any) -> None:
    """Nothing; the media says so now."""
    writer.run(media.update().where(media.c.id == media_id, media.c.organisation == organisation).values(**values))


def media_row(reader: Reader, organisation: int, media_id: int) -> Row | None:
    """One media."""
    return reader.one(select(media).where(media.c.id == media_id, media.c.organisation == organisation))


def insert_notice(writer: Writer, case_id: int, **values: Any) -> int:
    """The id of the new notice, linked to its case."""
    made = writer.insert(notice, **values)
    writer.insert(notice_case, notice=made, case_id=case_id, organisation=values["organisation"])
    return made


def notice_row(reader: Reader, organisation: int, notice_id: int) -> Row | None:
    """The notice with this id."""
    return reader.one(select(notice).where(notice.c.id == notice_id, notice.c.organisation == organisation))


def notice_numbered(reader: Reader, number: str) -> Row | None:
    """The notice with this number, of whichever organisation: its secret code is what admits to it."""
    return reader.one(select(notice).where(notice.c.number == number))


def notice_requested(reader: Reader, organisation: int, request_key: str) -> Row | None:
    """The notice that this very request made before."""
    return reader.one(select(notice).where(notice.c.organisation == organisation, notice.c.request_key == request_key))


def cases_of_notice(reader: Reader, notice_id: int) -> list[Row]:
    """The cases that the notice is about."""
    wanted = select(case).join(notice_case, notice_case.c.case_id == case.c.id)
    return list(reader.rows(wanted.where(notice_case.c.notice == notice_id)))


def notices_of_case(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The notices about the case, oldest first."""
    wanted = select(notice).join(notice_case, notice_case.c.notice == notice.c.id)
    mine = (notice_case.c.case_id == case_id, notice.c.organisation == organisation)
    return list(reader.rows(wanted.where(*mine).order_by(notice.c.id)))


def update_notice(writer: Writer, organisation: int, notice_id: int, **values: Any) -> int:
    """How many notices were changed."""
    mine = (notice.c.id == notice_id, notice.c.organisation == organisation)
    return writer.run(notice.update().where(*mine).values(**values))


def earlier_case(
    reader: Reader,
    organisation: int,
    since: datetime,
    *,
    url_keys: Sequence[str] = (),
    content_keys: Sequence[str] = (),
) -> int | None:
    """The newest case since then that stands at one of these places or holds one of these contents; else None."""
    mine = (case.c.organisation == organisation, case.c.received_at >= since)
    at_place = select(location.c.case_id).where(
        location.c.organisation == organisation, location.c.url_key.in_(url_keys or ("",))
    )
    with_content = select(media.c.case_id).where(
        media.c.organisation == organisation, media.c.exact_key.in_(content_keys or ("",))
    )
    found = case.c.id.in_(at_place.union(with_content))
    value = reader.value(select(case.c.id).where(*mine, found).order_by(case.c.id.desc()).limit(1))
    return None if value is None else int(value)


def first_notice(reader: Reader, organisation: int, case_id: int) -> int | None:
    """The id of the earliest notice about the case, else None."""
    mine = (notice_case.c.case_id == case_id, notice_case.c.organisation == organisation)
    value = reader.value(select(notice_case.c.notice).where(*mine).order_by(notice_case.c.notice).limit(1))
    return None if value is None else int(value)
