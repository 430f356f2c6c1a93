"""What the desk keeps of where a case's places are hosted: written down with its time and its source."""

from datetime import datetime

from rempart.audit.queries import append
from rempart.cases.review.queries import cases, places
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields


def places_of(reader: Reader, fields: Fields, organisation: int, case_id: int) -> list[tuple[int, str]]:
    """(id, URL) of every place of the case."""
    rows = cases.locations(reader, organisation, case_id)
    return [(row["id"], fields.unseal_text("url", row["url_sealed"])) for row in rows]


def url_of(reader: Reader, fields: Fields, organisation: int, case_id: int, location_id: int) -> str:
    """The URL of this place; empty when it is gone."""
    return dict(places_of(reader, fields, organisation, case_id)).get(location_id, "")


def keep(
    writer: Writer,
    actor: Actor,
    case_id: int,
    location_id: int,
    now: datetime,
    *,
    hosted: str,
    address: str = "",
    asn: int | None = None,
    provider: str = "",
    country: str = "",
    via_proxy: bool | None = None,
    source: str = "",
) -> None:
    """Nothing; the case says where this place is hosted, and the ledger that somebody found out."""
    places.resolved(
        writer,
        actor.organisation,
        location_id,
        hosted=hosted,
        address=address,
        asn=asn,
        provider=provider[:120],
        country=country,
        via_proxy=via_proxy,
        resolved_at=now,
        resolved_by=source[:200],
    )
    data = {"location": location_id, "hosted": hosted, "country": country, "asn": asn, "via_proxy": via_proxy}
    append(writer, actor, "case", case_id, "case.place_resolved", data, now)
