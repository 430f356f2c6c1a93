"""Random keys, codes and pseudonyms, and the only form in which keys are stored."""

import secrets
from hashlib import sha256

from rempart.people.queries import pseudonym_taken
from rempart.storage.database import Reader

KEY_BYTES = 32
# Without 0 O 1 I L: pseudonyms are read out and typed.
READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
PSEUDONYM_LETTERS = 6


def new_key() -> str:
    """A new key of 256 random bits, safe in addresses and headers."""
    return secrets.token_urlsafe(KEY_BYTES)


def hash_of(key: str) -> str:
    """The stored form of a key. It is random and long: no salt and no slowness are needed."""
    return sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def new_pseudonym(reader: Reader, letter: str) -> str:
    """A pseudonym that nobody has, such as `R-7KQ2XA`."""
    while True:
        pid = letter + "-" + "".join(secrets.choice(READABLE) for _ in range(PSEUDONYM_LETTERS))
        if not pseudonym_taken(reader, pid):
            return pid
