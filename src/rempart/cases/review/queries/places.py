"""The SQL of places and what is known of who hosts them. Every query names the organisation."""

from typing import Any

from rempart.cases.tables import location
from rempart.storage.database import Writer


def resolved(writer: Writer, organisation: int, location_id: int, **known: Any) -> None:
    """Nothing; this is known of the place now."""
    mine = (location.c.organisation == organisation, location.c.id == location_id)
    writer.run(location.update().where(*mine).values(**known))
