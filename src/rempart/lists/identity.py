"""What makes an entry the same one in the next import, and by which name it may be shown."""

import re
from base64 import b64encode
from collections.abc import Collection, Iterable
from dataclasses import replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from rempart.facts import Fingerprint, Kind
from rempart.lists.arrays import Bytes, Ids, Words, as_words, group
from rempart.lists.tables import KEY_BYTES, KINDS_IN_ORDER, Prints, PrintsByKind, Table

MAX_REF_CHARACTERS = 200
MAX_TEXT_CHARACTERS = 1000
LEAD_BYTES = KEY_BYTES // 2
DIGEST_KINDS: tuple[Kind, ...] = tuple(kind for kind in KINDS_IN_ORDER if kind != "pdq")
SHORTEST = 22  # characters of the shortest fingerprint, in base64
_OURS = re.compile(r"rempart-\d+")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128}", re.IGNORECASE)
# Of 16, 20, 32 and 144 bytes (PhotoDNA): base64 of other lengths, or without its padding, may be any identifier.
_BASE64 = re.compile(r"[\w+/-]{22}==|[\w+/-]{27}=|[\w+/-]{43}=|[\w+/-]{192}", re.ASCII)


def clean(text: str) -> str:
    """The text without control characters and without blanks around it, at most 1,000 characters."""
    if len(text) > MAX_TEXT_CHARACTERS or not text.isprintable():
        text = "".join(filter(str.isprintable, text[:MAX_TEXT_CHARACTERS]))
    return text.strip()


def looks_like_fingerprint(text: str) -> bool:
    """Whether the text, or what follows its last slash, is as long as a digest in hexadecimal or base64."""
    return len(text) >= SHORTEST and (_spells_digest(text) or _spells_digest(text.rpartition("/")[2]))


def identifier(ref: str) -> str:
    """The ref when it can tell entries apart, even if it may not be shown; nothing when it is too long or ours."""
    ref = clean(ref)
    return "" if len(ref) > MAX_REF_CHARACTERS or _OURS.fullmatch(ref) else ref


def shown_ref(ref: str, prints: Iterable[Fingerprint] = ()) -> str:
    """The ref, or nothing when it may not be shown: too long, a fingerprint, or posing as one of ours."""
    ref = identifier(ref)
    if len(ref) < SHORTEST:
        return ref
    spelled = ref.lower().replace("-", "").replace(":", "").replace(" ", "")
    own = any(one.value.hex() in spelled or b64encode(one.value).decode().rstrip("=") in ref for one in prints)
    return "" if own or looks_like_fingerprint(ref) else ref


def shown_text(text: str) -> str:
    """A classification as it may be shown: not when a wrong mapping made it a fingerprint."""
    text = clean(text)
    return "" if looks_like_fingerprint(text) else text


def key_of(ref: str, prints: Iterable[Fingerprint]) -> bytes:
    """What makes an entry the same one in the next import: its identifier, or else its fingerprints."""
    if ref:
        return blake2b(b"ref:" + ref.encode("utf-8", "replace"), digest_size=KEY_BYTES).digest()
    parts = sorted(one.kind.encode() + one.value for one in set(prints))
    return blake2b(b"prints:" + b"".join(parts), digest_size=KEY_BYTES).digest()


def leads(keys: Bytes) -> Words:
    """The first half of every key, which entries of one ref share even when they are kept apart."""
    return as_words(keys)[:, 0]


def leads_of(keys: Collection[bytes]) -> Words:
    """As `leads`, of single keys."""
    return leads(np.frombuffer(b"".join(keys), np.uint8).reshape(-1, KEY_BYTES))


def kept_apart(keys: Bytes, prints: PrintsByKind, numbers: Ids) -> Bytes:
    """The keys; those of `numbers` end in a digest of their own fingerprints, so that one ref can name several.

    prints: ids ascending, the numbers of keys.
    """
    apart = keys.copy()
    apart[numbers, LEAD_BYTES:] = _tails(prints, numbers)
    return apart


def with_keys(table: Table, keys: Bytes) -> Table:
    """The table with other keys."""
    return Table(replace(table.labels, keys=keys), table.prints)


def torn(prints: PrintsByKind, groups: int) -> NDArray[np.bool_]:
    """Which groups hold two digests of one kind: these are of different files, so their rows are no one entry.

    prints: ids are the numbers of groups. A perceptual kind may differ: one item has several pictures.
    """
    several = np.zeros(groups, np.bool_)
    for kind in DIGEST_KINDS:
        several |= np.bincount(unique_prints(prints[kind]).ids, minlength=groups) > 1
    return several


def unique_prints(prints: Prints) -> Prints:
    """Each (entry, value) once, ids ascending."""
    _, first = group(np.column_stack([prints.ids.astype(np.uint64), as_words(prints.values)]))
    return prints.take(first[np.argsort(prints.ids[first], kind="stable")])


def _spells_digest(text: str) -> bool:
    if _UUID.fullmatch(text):
        return False
    return any(_HEX.fullmatch(one) or _BASE64.fullmatch(one) for one in (text, re.sub(r"[-: ]", "", text)))


def _tails(prints: PrintsByKind, numbers: Ids) -> Bytes:
    """A short digest of the fingerprints of each number."""
    digests = [blake2b(digest_size=LEAD_BYTES) for _ in range(len(numbers))]
    for kind, rows in prints.items():
        starts, stops = np.searchsorted(rows.ids, numbers), np.searchsorted(rows.ids, numbers, side="right")
        for digest, start, stop in zip(digests, starts.tolist(), stops.tolist(), strict=True):
            digest.update(b"".join(sorted({kind.encode() + value.tobytes() for value in rows.values[start:stop]})))
    return np.frombuffer(b"".join(digest.digest() for digest in digests), np.uint8).reshape(-1, LEAD_BYTES)
