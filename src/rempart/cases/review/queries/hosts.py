"""What a host needs to carry an action out: which of its items the case holds, and where it stands."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, select

from rempart.cases.tables import item, location
from rempart.storage.database import Reader

Row = RowMapping


def items_of(reader: Reader, organisation: int, case_ids: Sequence[int]) -> list[Row]:
    """(case_id, number, request_key) of the items that opened these cases, oldest first."""
    mine = (item.c.organisation == organisation, item.c.case_id.in_(case_ids))
    return list(reader.rows(select(item.c.case_id, item.c.number, item.c.request_key).where(*mine).order_by(item.c.id)))


def told_to_hold(reader: Reader, organisation: int, case_id: int) -> bool:
    """Whether a host may hold an upload of the case back: it was answered anything but that it may be shown."""
    mine = (item.c.organisation == organisation, item.c.case_id == case_id, item.c.verdict != "allow")
    return reader.value(select(item.c.id).where(*mine).limit(1)) is not None


def places_of(reader: Reader, organisation: int, case_ids: Sequence[int]) -> list[Row]:
    """(case_id, url_sealed) of the places where these cases stand, oldest first."""
    mine = (location.c.organisation == organisation, location.c.case_id.in_(case_ids))
    return list(reader.rows(select(location.c.case_id, location.c.url_sealed).where(*mine).order_by(location.c.id)))
