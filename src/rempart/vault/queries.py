"""The rows of the vault."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, text

from rempart.storage.database import Reader, Writer
from rempart.vault.objects import Sealed
from rempart.vault.tables import vault_object


@dataclass(frozen=True, slots=True)
class Row:
    """One object as the database knows it. key_sealed is None, and the certificate is there, once it is purged."""

    id: str
    organisation: int
    key_sealed: bytes | None = field(repr=False)
    sealed_sha256: str
    size_bytes: int
    stored_at: datetime
    purged_at: datetime | None
    certificate: bytes | None = field(repr=False)


def keep(writer: Writer, organisation: int, sealed: Sealed, now: datetime) -> None:
    """Nothing; the object has its row."""
    writer.insert(
        vault_object,
        id=sealed.id,
        organisation=organisation,
        key_sealed=sealed.key_sealed,
        sealed_sha256=sealed.sealed_sha256,
        size_bytes=sealed.size_bytes,
        stored_at=now,
    )


def locked(writer: Writer, organisation: int, object_id: str, *, to_change: bool) -> Row | None:
    """The row, or None; nobody else changes it until the unit of work ends, so that no purge comes in between."""
    return _first(writer, _mine(organisation, object_id).with_for_update(read=not to_change))


def of(reader: Reader, organisation: int, object_id: str) -> Row | None:
    """The row of one object of this organisation, or None."""
    return _first(reader, _mine(organisation, object_id))


def forget_key(writer: Writer, organisation: int, object_id: str, certificate: bytes, now: datetime) -> None:
    """Nothing; the object's key is gone, and its certificate stands in the row instead."""
    if writer.dialect == "sqlite":
        writer.rows(text("PRAGMA secure_delete = ON"))  # the old bytes are overwritten, not only unlinked
    mine = (vault_object.c.organisation == organisation, vault_object.c.id == object_id)
    changes = {"key_sealed": None, "purged_at": now, "certificate": certificate}
    writer.run(vault_object.update().where(*mine).values(**changes))


def page(reader: Reader, after: str, limit: int) -> Sequence[Row]:
    """The next rows of every organisation, in the order of their ids: for the house's own checks only."""
    following = select(vault_object).where(vault_object.c.id > after)
    return [Row(**row) for row in reader.rows(following.order_by(vault_object.c.id).limit(limit))]


def count(reader: Reader) -> int:
    """How many objects there are, purged ones too."""
    return int(reader.value(select(func.count()).select_from(vault_object)))


def open_ones(reader: Reader, organisation: int, stored_before: datetime, after: str, limit: int) -> list[str]:
    """The next objects of the organisation that can be opened and were stored before then, in the order of ids."""
    mine = (
        vault_object.c.organisation == organisation,
        vault_object.c.key_sealed.is_not(None),
        vault_object.c.stored_at < stored_before,
        vault_object.c.id > after,
    )
    return list(reader.values(select(vault_object.c.id).where(*mine).order_by(vault_object.c.id).limit(limit)))


def certified(reader: Reader, organisation: int) -> Iterator[bytes]:
    """The certificates of the organisation's purges, oldest first."""
    mine = (vault_object.c.organisation == organisation, vault_object.c.certificate.is_not(None))
    wanted = select(vault_object.c.certificate).where(*mine).order_by(vault_object.c.purged_at, vault_object.c.id)
    for row in reader.each(wanted):
        yield row["certificate"]


def of_any(reader: Reader, object_id: str) -> Row | None:
    """The row of an object, whoever owns it: for the house's own checks only."""
    return _first(reader, select(vault_object).where(vault_object.c.id == object_id))


def _mine(organisation: int, object_id: str) -> Select[Any]:
    return select(vault_object).where(vault_object.c.organisation == organisation, vault_object.c.id == object_id)


def _first(reader: Reader, statement: Select[Any]) -> Row | None:
    row = reader.one(statement)
    return None if row is None else Row(**row)
