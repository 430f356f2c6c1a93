"""What hosts and partners told about the accounts involved. Every query names the organisation."""

from sqlalchemy import RowMapping, select

from rempart.cases.tables import party
from rempart.storage.database import Reader, Writer

Row = RowMapping


def insert(writer: Writer, **values: object) -> int:
    """The id of the new row."""
    return writer.insert(party, **values)


def of_case(reader: Reader, organisation: int, case_id: int) -> list[Row]:
    """What was told about the case's accounts, oldest first."""
    mine = (party.c.organisation == organisation, party.c.case_id == case_id)
    return list(reader.rows(select(party).where(*mine).order_by(party.c.id)))
