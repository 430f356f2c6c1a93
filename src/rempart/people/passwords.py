"""Passwords: their rules, their stored form, and checking one."""

import threading
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from rempart.errors import UserMistake

# Length is what counts (NIST SP 800-63B, 2025); rules of composition make passwords predictable.
MIN_LENGTH = 12
MAX_LENGTH = 256
MOST_AT_ONCE = 4  # each takes 64 MiB: a flood of attempts must not take all memory
_HASHER = PasswordHasher()
_TURN = threading.BoundedSemaphore(MOST_AT_ONCE)


def check_rules(password: str, login: str) -> None:
    """Nothing. Raises UserMistake for a password that may not be chosen."""
    if len(password) < MIN_LENGTH:
        raise UserMistake(f"the password is shorter than {MIN_LENGTH} characters; a few random words are a good one")
    if len(password) > MAX_LENGTH:
        raise UserMistake(f"the password is longer than {MAX_LENGTH} characters; choose a shorter one")
    if _plain(password).casefold() == _plain(login).casefold():
        raise UserMistake("the password is the same as the login; choose another one")


def hashed(password: str) -> str:
    """The stored form. Cost: some 50 ms and 64 MiB; keep it out of units of work."""
    with _TURN:
        return _HASHER.hash(_bytes(password))


def holds(stored: str | None, password: str) -> bool:
    """Whether it is the password. It costs the same when there is none: time does not tell who has an account."""
    with _TURN:
        try:
            _HASHER.verify(stored or _nobodys(), _bytes(password)[: 4 * MAX_LENGTH])
        except (Argon2Error, InvalidHashError):
            return False
    return bool(stored)


def is_old(stored: str) -> bool:
    """Whether it was stored with other parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _HASHER.hash(b"nobody has this password")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text)


def _bytes(password: str) -> bytes:
    """The same bytes for the same letters, however the keyboard puts them together."""
    return _plain(password).encode("utf-8", "surrogatepass")
