"""One object: its bytes as an age file for an identity of its own, which is sealed under the key ring."""

import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pyrage

from rempart.errors import Broken, Unavailable
from rempart.storage.atomic import TEMPORARY_PREFIX, make_folder, shred, write_atomically
from rempart.storage.keys import KeyRing

ID_BYTES = 16
SUFFIX = ".age"
FULL_RETRY_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Sealed:
    """An object whose file is written, and whose row is not kept yet. `repr` shows no key."""

    id: str
    sealed_sha256: str
    size_bytes: int
    key_sealed: bytes

    def __repr__(self) -> str:
        return f"Sealed({self.id!r})"


def path_of(folder: Path, object_id: str) -> Path:
    """Where the file of an object is: folders of two letters, so that none grows without bound."""
    return folder / object_id[:2] / (object_id + SUFFIX)


def seal(folder: Path, content: bytes, keys: KeyRing) -> Sealed:
    """The object, its file on disk. Raises Unavailable when the disk takes no more; then nothing is kept."""
    object_id = secrets.token_hex(ID_BYTES)
    identity = pyrage.x25519.Identity.generate()
    sealed: bytes = pyrage.encrypt(content, [identity.to_public()])
    path = path_of(folder, object_id)
    try:
        make_folder(path.parent)
        write_atomically(path, sealed)
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Unavailable(
            f"the vault cannot be written now ({error.strerror}); nothing was kept; make room, then try again",
            FULL_RETRY_SECONDS,
        ) from error
    # The id is sealed with the identity: moved to another row it does not open.
    bound = json.dumps({"object": object_id, "identity": str(identity)}).encode()
    return Sealed(object_id, sha256(sealed).hexdigest(), len(content), keys.seal(bound))


def identity_of(object_id: str, key_sealed: bytes, keys: KeyRing) -> str:
    """The object's own age identity, a secret. Raises Broken when it was changed, or belongs to another object."""
    bound = json.loads(keys.unseal(key_sealed, f"the key of object `{object_id}`"))
    if bound["object"] != object_id:
        raise Broken(f"the key of object `{object_id}` is another object's; run `rempart vault verify`")
    return str(bound["identity"])


def read(folder: Path, object_id: str, sealed_sha256: str) -> bytes:
    """The sealed bytes. Raises Broken when the file is missing or not the one that was written."""
    try:
        sealed = path_of(folder, object_id).read_bytes()
    except FileNotFoundError:
        raise Broken(f"the file of object `{object_id}` is missing; restore it from a copy of the vault") from None
    except OSError as error:
        raise Unavailable(f"the file of object `{object_id}` cannot be read ({error.strerror}); try again") from error
    if sha256(sealed).hexdigest() != sealed_sha256:
        raise Broken(f"the file of object `{object_id}` is not the one that was written; restore it from a copy")
    return sealed


def unseal(object_id: str, sealed: bytes, identity: str) -> bytes:
    """The bytes inside. Raises Broken when this identity does not open them."""
    try:
        plain: bytes = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
    except (pyrage.DecryptError, pyrage.IdentityError, ValueError):
        raise Broken(f"object `{object_id}` cannot be opened with its own key; run `rempart vault verify`") from None
    return plain


def remove(folder: Path, object_id: str) -> bool:
    """Whether the object's file was there: it is gone now. Raises Unavailable when it cannot be removed."""
    return shredded(path_of(folder, object_id))


def shredded(path: Path) -> bool:
    """Whether the file was there: it is gone now. Raises Unavailable when it cannot be removed."""
    there = path.exists()
    try:
        shred(path)
    except OSError as error:
        raise Unavailable(
            f"a file of the vault cannot be removed ({error.strerror}); check who may write there"
        ) from error
    return there


def files(folder: Path) -> list[Path]:
    """Every file in the vault's folders, in order; those of a killed store, too."""
    return sorted(path for path in folder.glob("??/*") if path.is_file())


def id_of(path: Path) -> str | None:
    """The id of the object whose file this is; None for what is no object's file."""
    hidden = path.name.startswith(TEMPORARY_PREFIX)
    return path.name.removesuffix(SUFFIX) if path.suffix == SUFFIX and not hidden else None
