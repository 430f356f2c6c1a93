"""The vault: sealed originals, a key for each."""

from datetime import datetime
from pathlib import Path

from rempart.facts.people import Actor
from rempart.storage.database import Writer
from rempart.storage.keys import KeyRing


class Vault:
    """Sealed evidence in a folder, with a row for each object in the database."""

    def __init__(self, folder: Path, keys: KeyRing) -> None:
        self._folder, self._keys = folder, keys

    def store(self, writer: Writer, actor: Actor, content: bytes, now: datetime) -> str:
        """The id of the new object."""
        raise RuntimeError

    def open(self, writer: Writer, actor: Actor, object_id: str, purpose: str, now: datetime) -> bytes:
        """The bytes; the opening is logged with its purpose."""
        raise RuntimeError
