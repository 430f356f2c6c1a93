"""The keys of one installation: one that seals, one that signs."""

import base64
import binascii
import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from rempart.errors import Broken, Unavailable, UserMistake
from rempart.storage.atomic import make_folder, write_atomically
from rempart.storage.locks import exclusive

KEY_FILE_VERSION = 1
COMMAND_SECONDS = 30


class KeyRing:
    """One age identity (x25519) for sealing and one Ed25519 key for signing; `repr` shows neither."""

    def __init__(self, identity: pyrage.x25519.Identity, signing: Ed25519PrivateKey) -> None:
        self._identity = identity
        self._recipient = identity.to_public()
        self._signing = signing
        self._verifying = signing.public_key()
        self.public_signing_key = base64.b64encode(self._verifying.public_bytes_raw()).decode()

    def __repr__(self) -> str:
        return f"KeyRing(public_signing_key={self.public_signing_key!r}, secrets=***)"

    def __reduce__(self) -> tuple[object, ...]:
        raise TypeError("a key ring does not travel: load it where it is needed")

    @classmethod
    def generate(cls) -> "KeyRing":
        """A new key ring."""
        return cls(pyrage.x25519.Identity.generate(), Ed25519PrivateKey.generate())

    @classmethod
    def from_text(cls, text: str) -> "KeyRing":
        """The key ring written in a text made by `to_text`. Raises UserMistake, without quoting it, when it is none."""
        try:
            stored = json.loads(text)
            identity = pyrage.x25519.Identity.from_str(stored["sealing"])
            signing = Ed25519PrivateKey.from_private_bytes(base64.b64decode(stored["signing"], validate=True))
            version = stored["version"]
        except (ValueError, KeyError, TypeError, RecursionError, binascii.Error, pyrage.IdentityError):
            raise UserMistake("the key text is not a rempart key ring; give the content of a key file") from None
        if version != KEY_FILE_VERSION:
            raise UserMistake(f"the key ring has a version this program does not read (it reads {KEY_FILE_VERSION})")
        return cls(identity, signing)

    @classmethod
    def from_file(cls, path: Path) -> "KeyRing":
        """The key ring of a key file. Raises UserMistake when it is missing, no key file, or open to other users."""
        try:
            mode = path.stat().st_mode
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UserMistake(f"the key file {path} cannot be read ({type(error).__name__})") from None
        if mode & 0o077:
            raise UserMistake(f"the key file {path} is open to other users; run `chmod 600 {path}`")
        return cls.from_text(text)

    @classmethod
    def from_file_or_new(cls, path: Path) -> "KeyRing":
        """The key ring of a key file, which is made, with a folder of its own, on first use."""
        if path.exists():  # no lock then: the folder may be read-only
            return cls.from_file(path)
        make_folder(path.parent)
        with exclusive(path.with_name(f".{path.name}.lock")):
            if not path.exists():
                write_atomically(path, cls.generate().to_text().encode())
        return cls.from_file(path)

    @classmethod
    def from_command(cls, arguments: Sequence[str]) -> "KeyRing":
        """The key ring that an operator's command prints, such as a call to a secret store."""
        try:
            done = subprocess.run(list(arguments), capture_output=True, check=True, timeout=COMMAND_SECONDS)
            text = done.stdout.decode()
        except FileNotFoundError:
            raise UserMistake(f"the key command `{arguments[0]}` does not exist; give its full path") from None
        except (OSError, subprocess.SubprocessError, UnicodeDecodeError) as error:
            raise Unavailable(f"the key command `{arguments[0]}` gave no key ({type(error).__name__})") from None
        return cls.from_text(text)

    def to_text(self) -> str:
        """The secret text of the whole key ring: for a key file, an environment value or a secret store only."""
        signing = base64.b64encode(self._signing.private_bytes_raw()).decode()
        return json.dumps({"version": KEY_FILE_VERSION, "sealing": str(self._identity), "signing": signing})

    def seal(self, plain: bytes) -> bytes:
        """The bytes as one age file that only this key ring (or any age tool with its identity) opens."""
        sealed: bytes = pyrage.encrypt(plain, [self._recipient])
        return sealed

    def unseal(self, sealed: bytes, what: str) -> bytes:
        """The bytes inside an age file. Raises Broken naming `what` for a wrong key or a single changed bit."""
        try:
            plain: bytes = pyrage.decrypt(sealed, [self._identity])
        except (pyrage.DecryptError, ValueError):
            raise Broken(f"{what} cannot be opened: another key sealed it, or it was changed; check the key") from None
        return plain

    def derivation_secret(self) -> bytes:
        """The secret from which keys of other purposes are derived, 32 bytes or more; never stored or shown."""
        return str(self._identity).encode()

    def sign(self, message: bytes) -> bytes:
        """The Ed25519 signature of the message, 64 bytes."""
        return self._signing.sign(message)


def signature_holds(message: bytes, signature: bytes, public_key: str) -> bool:
    """Whether the signature over the message was made with this public key (base64)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(signature, message)
    except (InvalidSignature, ValueError, TypeError, binascii.Error):
        return False
    return True
