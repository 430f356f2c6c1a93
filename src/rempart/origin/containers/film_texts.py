"""The texts of films: QuickTime user data, iTunes lists and keyed metadata."""

from rempart.origin.containers.boxes import Box, children, payload
from rempart.origin.containers.gathering import Gathering

_MAX_DEPTH = 8  # moov, trak, udta, meta, ilst, item, data: seven
_DESCEND = frozenset({b"moov", b"trak", b"udta", b"meta", b"ilst"})
_OPAQUE = frozenset({b"mdia", b"mvhd", b"tkhd", b"edts", b"mvex", b"iods", b"hdlr", b"free", b"skip", b"keys"})


def hand_out(data: bytes, moov: Box, found: Gathering) -> None:
    """Give every text below `moov` to `found` as `udta`, its key being the four letters or the named key."""
    _Texts(data, found).walk(moov, 1, ())


class _Texts:
    def __init__(self, data: bytes, found: Gathering) -> None:
        self._data = data
        self._found = found

    def walk(self, parent: Box, depth: int, keys: tuple[bytes, ...]) -> None:
        if depth > _MAX_DEPTH:
            self._found.too_deep()
            return
        start = parent.start + (self._version_bytes(parent) if parent.name == b"meta" else 0)
        boxes = list(children(self._data, start, parent.end, self._found))
        keys = next((_keys(payload(self._data, box)) for box in boxes if box.name == b"keys"), keys)
        for box in boxes:
            self._take(parent, box, depth, keys)

    def _version_bytes(self, meta: Box) -> int:
        """In MP4 a `meta` box begins with four bytes of version; in QuickTime with its first box."""
        return 0 if self._data[meta.start + 4 : meta.start + 8] == b"hdlr" else 4

    def _take(self, parent: Box, box: Box, depth: int, keys: tuple[bytes, ...]) -> None:
        if box.name in _DESCEND:
            self.walk(box, depth + 1, keys)
        elif parent.name == b"ilst":
            self._listed(box, keys)
        elif parent.name == b"udta" and box.name == b"XMP_":
            self._found.add("XMP", payload(self._data, box))
        elif parent.name == b"udta" and box.name not in _OPAQUE:
            self._user_data(box)

    def _listed(self, item: Box, keys: tuple[bytes, ...]) -> None:
        """An item of a list: its name is four letters, or the number of a key."""
        number = int.from_bytes(item.name, "big")
        key = keys[number - 1] if 0 < number <= len(keys) else item.name
        for box in children(self._data, item.start, item.end, self._found):
            if box.name == b"data":
                self._found.add("udta", self._data[box.start + 8 : box.end], key=_spelt(key))

    def _user_data(self, box: Box) -> None:
        """Names that begin with the copyright sign hold length, language and text; others plain bytes."""
        body = payload(self._data, box)
        text = body[4 : 4 + int.from_bytes(body[:2], "big")] if box.name[:1] == b"\xa9" else body
        self._found.add("udta", text, key=_spelt(box.name), raw=body)


def _spelt(name: bytes) -> str:
    return name[:80].decode("utf-8", "replace") if name[:1] != b"\xa9" else "©" + name[1:].decode("latin-1")


def _keys(body: bytes) -> tuple[bytes, ...]:
    """The names of the keys, in order: version, count, then (size, namespace, name) each."""
    names, at = [], 8
    while at + 8 <= len(body):
        size = int.from_bytes(body[at : at + 4], "big")
        if size < 8:
            break
        names.append(body[at + 8 : at + size])
        at += size
    return tuple(names)
