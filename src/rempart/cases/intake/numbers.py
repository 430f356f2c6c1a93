"""Numbers and secret codes that people read aloud, type from paper, and cannot guess."""

import hmac
import secrets
from hashlib import sha256
from random import Random

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U: nothing looks like something else
GROUP = 4
NUMBER_GROUPS = 3
CODE_GROUPS = 4
DRAW: Random = secrets.SystemRandom()
_ALIKE = str.maketrans("ILOU", "110V")


def new_number(letter: str, draw: Random = DRAW) -> str:
    """A number such as `N-7KQ2-M4XT-90FB`: 60 random bits, so that nobody counts what comes in."""
    return f"{letter}-{_groups(NUMBER_GROUPS, draw)}"


def new_code(draw: Random = DRAW) -> str:
    """A secret code such as `7KQ2-M4XT-90FB-ZZ3C`: 80 random bits."""
    return _groups(CODE_GROUPS, draw)


def code_from(secret_hex: str) -> str:
    """The code that belongs to a secret of 20 hexadecimal digits or more: always the same."""
    bits = int(secret_hex[:20], 16)
    letters = (ALPHABET[bits >> 5 * at & 31] for at in range(CODE_GROUPS * GROUP))
    return _grouped("".join(letters))


def new_dice(draw: Random = DRAW) -> int:
    """The random number by which a case is sampled, from 0 to 2^31 - 1."""
    return draw.getrandbits(31)


def read_number(text: str) -> str:
    """The number as it was given out, from what somebody typed; never an error, an unknown one is just not found."""
    letter, plain = text.strip()[:1].upper(), _plain(text.strip()[1:])
    return f"{letter if letter.isascii() and letter.isalpha() else ''}-{_grouped(plain)}"


def hash_of_code(number: str, code: str) -> str:
    """What is stored of a code. One hash suffices: 80 random bits cannot be tried out."""
    return sha256(f"{number}:{_plain(code)}".encode()).hexdigest()


def same_hash(one: str, other: str) -> bool:
    """Whether two hashes are equal, in a time that does not depend on where they differ."""
    return hmac.compare_digest(one, other)


def _groups(number: int, draw: Random) -> str:
    return _grouped("".join(draw.choice(ALPHABET) for _ in range(number * GROUP)))


def _grouped(plain: str) -> str:
    return "-".join(plain[at : at + GROUP] for at in range(0, len(plain), GROUP))


def _plain(text: str) -> str:
    letters = text[:100].upper().translate(_ALIKE)
    return "".join(letter for letter in letters if letter in ALPHABET)
