"""Items that hosts had screened, and the tally of all of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from rempart.cases.tables import item, tally
from rempart.storage.database import Reader, Writer

Row = RowMapping


def insert_item(writer: Writer, **values: Any) -> int:
    """The id of the new item."""
    return writer.insert(item, **values)


def update_item(writer: Writer, organisation: int, item_id: int, **values: Any) -> None:
    """Nothing; the item says so now."""
    writer.run(item.update().where(item.c.id == item_id, item.c.organisation == organisation).values(**values))


def item_row(reader: Reader, organisation: int, item_id: int) -> Row | None:
    """The item with this id."""
    return reader.one(select(item).where(item.c.id == item_id, item.c.organisation == organisation))


def item_requested(reader: Reader, organisation: int, sender: str, request_key: str) -> Row | None:
    """The item that this very request of this sender made before."""
    mine = (item.c.organisation == organisation, item.c.sender == sender, item.c.request_key == request_key)
    return reader.one(select(item).where(*mine))


def item_numbered(reader: Reader, organisation: int, sender: str, number: str) -> Row | None:
    """The sender's own item with this number."""
    mine = (item.c.organisation == organisation, item.c.sender == sender, item.c.number == number)
    return reader.one(select(item).where(*mine))


def newest_items(reader: Reader, organisation: int, content_key: str, most: int) -> list[Row]:
    """The newest items with this content, the newest first."""
    mine = (item.c.organisation == organisation, item.c.content_key == content_key)
    return list(reader.rows(select(item).where(*mine).order_by(item.c.id.desc()).limit(most)))


def forget_items(writer: Writer, organisation: int, before: datetime) -> int:
    """How many items are forgotten: those without a case that came before, and wait for nothing."""
    old = (item.c.organisation == organisation, item.c.received_at < before)
    idle = (item.c.case_id.is_(None), item.c.vault_id.is_(None), item.c.waiting_sealed.is_(None))
    return writer.run(delete(item).where(*old, *idle))


def count(writer: Writer, organisation: int, day: date, channel: str, outcome: str, items: int = 1) -> None:
    """Nothing; the tally of the day has so many more (or fewer) items of this outcome."""
    insert = (postgresql if writer.dialect == "postgresql" else sqlite).insert
    row = {"organisation": organisation, "day": day, "channel": channel, "outcome": outcome, "items": items}
    known = [tally.c.organisation, tally.c.day, tally.c.channel, tally.c.outcome]
    added = {"items": tally.c["items"] + items}
    writer.run(insert(tally).values(**row).on_conflict_do_update(index_elements=known, set_=added))


def tally_of(reader: Reader, organisation: int, first: date, last: date) -> list[tuple[date, str, str, int]]:
    """(day, channel, outcome, items) from the first day to the last."""
    mine = (tally.c.organisation == organisation, tally.c.day.between(first, last))
    rows = reader.rows(select(tally).where(*mine).order_by(tally.c.day, tally.c.channel, tally.c.outcome))
    return [(row["day"], row["channel"], row["outcome"], row["items"]) for row in rows]


def tally_rows(reader: Reader, organisation: int) -> list[tuple[date, str, str, int]]:
    """(day, channel, outcome, items), everything that was ever counted."""
    rows = reader.rows(select(tally).where(tally.c.organisation == organisation).order_by(tally.c.day))
    return [(row["day"], row["channel"], row["outcome"], row["items"]) for row in rows]
