"""Bundles and their rows in SQL. Every query names the organisation."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, select

from rempart.cases.tables import bundle, bundle_refusal, bundle_row
from rempart.storage.database import Reader, Writer

Row = RowMapping


def insert(writer: Writer, **values: Any) -> int:
    """The id of the new bundle."""
    return writer.insert(bundle, **values)


def read(reader: Reader, organisation: int, bundle_id: int) -> Row | None:
    """The bundle with this id."""
    return reader.one(select(bundle).where(bundle.c.organisation == organisation, bundle.c.id == bundle_id))


def lock(writer: Writer, organisation: int, bundle_id: int) -> Row | None:
    """The bundle; nobody else changes it until this unit of work ends."""
    mine = (bundle.c.organisation == organisation, bundle.c.id == bundle_id)
    return writer.one(select(bundle).where(*mine).with_for_update())


def requested(reader: Reader, organisation: int, sender: str, request_key: str) -> Row | None:
    """The bundle that this very request of this sender made before."""
    mine = (bundle.c.organisation == organisation, bundle.c.sender == sender, bundle.c.request_key == request_key)
    return reader.one(select(bundle).where(*mine))


def numbered(reader: Reader, organisation: int, number: str, sender: str | None = None) -> Row | None:
    """The bundle with this number. sender: only when this one sent it."""
    mine = [bundle.c.organisation == organisation, bundle.c.number == number]
    return reader.one(select(bundle).where(*mine, *([bundle.c.sender == sender] if sender is not None else [])))


def newest(reader: Reader, organisation: int, sender: str | None, limit: int) -> list[Row]:
    """The bundles, newest first. sender: only those that this one sent."""
    mine = [bundle.c.organisation == organisation]
    mine += [bundle.c.sender == sender] if sender is not None else []
    return list(reader.rows(select(bundle).where(*mine).order_by(bundle.c.id.desc()).limit(limit)))


def change(writer: Writer, organisation: int, bundle_id: int, **values: Any) -> None:
    """Nothing; the bundle says so now."""
    mine = (bundle.c.organisation == organisation, bundle.c.id == bundle_id)
    writer.run(bundle.update().where(*mine).values(**values))


def known_rows(reader: Reader, organisation: int, partner: str, row_keys: Sequence[str]) -> dict[str, int]:
    """Blind value -> case, of the rows that the partner has sent before."""
    mine = (bundle_row.c.organisation == organisation, bundle_row.c.partner == partner)
    wanted = select(bundle_row.c.row_key, bundle_row.c.case_id).where(*mine, bundle_row.c.row_key.in_(row_keys))
    return {row["row_key"]: row["case_id"] for row in reader.rows(wanted)}


def insert_rows(writer: Writer, organisation: int, partner: str, cases: Mapping[str, int]) -> None:
    """Nothing; these rows (blind value -> case) are known from now on."""
    rows = [
        {"organisation": organisation, "partner": partner, "row_key": key, "case_id": case_id}
        for key, case_id in cases.items()
    ]
    if rows:
        writer.run(bundle_row.insert(), rows)


def move_row(writer: Writer, organisation: int, partner: str, row_key: str, case_id: int) -> None:
    """Nothing; the row stands for another case now."""
    mine = (
        bundle_row.c.organisation == organisation,
        bundle_row.c.partner == partner,
        bundle_row.c.row_key == row_key,
    )
    writer.run(bundle_row.update().where(*mine).values(case_id=case_id))


def insert_refusals(writer: Writer, organisation: int, bundle_id: int, refused: Sequence[tuple[int, str]]) -> None:
    """Nothing; these rows (position, reason) were not taken."""
    rows = [
        {"organisation": organisation, "bundle": bundle_id, "position": position, "reason": reason}
        for position, reason in refused
    ]
    if rows:
        writer.run(bundle_refusal.insert(), rows)


def refusals(reader: Reader, organisation: int, bundle_id: int, after: int, limit: int) -> list[tuple[int, str]]:
    """(position, reason) of the next rows behind `after` that were not taken."""
    mine = (
        bundle_refusal.c.organisation == organisation,
        bundle_refusal.c.bundle == bundle_id,
        bundle_refusal.c.position > after,
    )
    wanted = select(bundle_refusal.c.position, bundle_refusal.c.reason).where(*mine)
    rows = reader.rows(wanted.order_by(bundle_refusal.c.position).limit(limit))
    return [(row["position"], row["reason"]) for row in rows]
