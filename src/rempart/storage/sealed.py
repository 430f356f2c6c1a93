"""Sealed files: unreadable without the key, authenticated, whole or absent."""

from hashlib import sha256
from pathlib import Path

from rempart.errors import Broken
from rempart.storage.atomic import write_atomically
from rempart.storage.keys import KeyRing


def write_sealed(path: Path, plain: bytes, keys: KeyRing, *, sync_name: bool = True) -> str:
    """The SHA-256 (hex) of the sealed bytes, which are now the content of the file.

    sync_name: see `write_atomically`.
    """
    sealed = keys.seal(plain)
    write_atomically(path, sealed, sync_name=sync_name)
    return sha256(sealed).hexdigest()


def read_sealed(path: Path, keys: KeyRing, expected_sha256: str | None = None) -> bytes:
    """The plain bytes of a sealed file. Raises Broken when it is missing, changed, or sealed with another key.

    expected_sha256: what `write_sealed` gave back. Anyone who knows our public key could seal other bytes, so a
    reader who must know who wrote the file keeps this digest in a signed statement and passes it here.
    """
    try:
        sealed = path.read_bytes()
    except OSError as error:
        raise Broken(f"the sealed file {path.name} cannot be read ({type(error).__name__}); restore it") from None
    if expected_sha256 is not None and sha256(sealed).hexdigest() != expected_sha256:
        raise Broken(f"the sealed file {path.name} is not the one that was written; restore it from a copy")
    return keys.unseal(sealed, f"the sealed file {path.name}")
