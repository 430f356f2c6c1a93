"""The vault: sealed originals, a key for each, every opening logged."""

from datetime import datetime
from pathlib import Path

from rempart.audit.queries import append
from rempart.errors import NotFound, UserMistake
from rempart.facts.people import Actor
from rempart.storage.database import Writer
from rempart.storage.keys import KeyRing
from rempart.vault import objects, queries
from rempart.vault.objects import Sealed

ABOUT = "vault"
MOST_PURPOSE = 80


class Vault:
    """Sealed evidence in a folder, with a row for each object in the database."""

    def __init__(self, folder: Path, keys: KeyRing) -> None:
        self.folder, self.keys = folder, keys

    def store(self, writer: Writer, actor: Actor, content: bytes, now: datetime) -> str:
        """The id of the new object. Raises Unavailable when the disk is full; then nothing is kept."""
        return self.keep(writer, actor, self.seal(content), now)

    def seal(self, content: bytes) -> Sealed:
        """The object with its file written: the slow half of `store`, to be done before a unit of work begins."""
        return objects.seal(self.folder, content, self.keys)

    def keep(self, writer: Writer, actor: Actor, sealed: Sealed, now: datetime) -> str:
        """The id of the object, which has its row now. Without that its file is swept away after an hour."""
        queries.keep(writer, actor.organisation, sealed, now)
        known = {"sealed_sha256": sealed.sealed_sha256, "size_bytes": sealed.size_bytes}
        append(writer, actor, ABOUT, sealed.id, "vault.stored", known, now)
        return sealed.id

    def open(self, writer: Writer, actor: Actor, object_id: str, purpose: str, now: datetime) -> bytes:
        """The bytes; who opened them and for what purpose is in the ledger once the unit of work ends well.

        Raises NotFound for what is not there, purged, or another organisation's, and Broken when it is damaged.
        """
        purpose = _checked(purpose)
        row = queries.locked(writer, actor.organisation, object_id, to_change=False)
        if row is None or row.key_sealed is None:
            raise NotFound(f"there is no object `{object_id}` in the vault, or it was purged; look at its case again")
        sealed = objects.read(self.folder, object_id, row.sealed_sha256)
        plain = objects.unseal(object_id, sealed, objects.identity_of(object_id, row.key_sealed, self.keys))
        append(writer, actor, ABOUT, object_id, "vault.opened", {"purpose": purpose}, now)
        return plain


def _checked(purpose: str) -> str:
    purpose = purpose.strip()
    if not purpose or len(purpose) > MOST_PURPOSE or not purpose.isprintable():
        raise UserMistake(f"an object is opened for a purpose; give one of 1 to {MOST_PURPOSE} characters")
    return purpose
