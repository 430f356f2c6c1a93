"""Cases of every organisation, for the house's own checks only."""

from sqlalchemy import RowMapping, func, select

from rempart.cases.tables import case
from rempart.storage.database import Reader

Row = RowMapping


def newest_entry(reader: Reader) -> int:
    """The highest ledger entry that a case speaks of; 0 when there is none."""
    return int(reader.value(select(func.max(case.c.entry))) or 0)


def page(reader: Reader, after: int, limit: int) -> list[Row]:
    """The next cases behind the id `after`, whoever's they are."""
    return list(reader.rows(select(case).where(case.c.id > after).order_by(case.c.id).limit(limit)))


def count(reader: Reader) -> int:
    """How many cases there are."""
    return int(reader.value(select(func.count()).select_from(case)))
