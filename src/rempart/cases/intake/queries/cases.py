"""Cases as intake opens them: what they stand on, what ties them, their media."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, func, select

from rempart.cases.tables import action, case, link, location, media
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


def cases_tied(reader: Reader, organisation: int, kind: str, value_key: str) -> int:
    """How many cases have this link."""
    mine = (link.c.organisation == organisation, link.c.kind == kind, link.c.value_key == value_key)
    return int(reader.value(select(func.count()).select_from(link).where(*mine)))


def content_seen(reader: Reader, organisation: int, content_key: str) -> bool:
    """Whether these very bytes came before."""
    mine = (media.c.organisation == organisation, media.c.exact_key == content_key)
    return reader.value(select(media.c.id).where(*mine).limit(1)) is not None


_OF_THE_HOST = (
    "remove_local",
    "restrict_local",
    "suspend_account",
    "restore_local",
    "statement_of_reasons",
    "preserve",
)


def actions_for_host(reader: Reader, organisation: int, case_id: int) -> list[dict[str, Any]]:
    """What the host itself is to do about the case, oldest first."""
    mine = (action.c.organisation == organisation, action.c.case_id == case_id, action.c.kind.in_(_OF_THE_HOST))
    rows = reader.rows(select(action.c.id, action.c.kind, action.c.state).where(*mine).order_by(action.c.id))
    return [dict(row) for row in rows]


def media_of_case(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """The media of the case, in the order in which they came."""
    mine = (media.c.case_id == case_id, media.c.organisation == organisation)
    return list(reader.rows(select(media).where(*mine).order_by(media.c.id)))
