"""Questions and answers of the domain name system as bytes. Source: RFC 1035, RFC 3596."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Final, Literal

from rempart.net.addresses import Address

Type = Literal[1, 28]
A: Final[Type] = 1
AAAA: Final[Type] = 28
CNAME: Final = 5
INTERNET: Final = 1
MOST_LINKS: Final = 16  # names that stand for names
MOST_RECORDS: Final = 256
_SIZES: Final[dict[int, int]] = {A: 4, AAAA: 16}
_HEADER: Final = struct.Struct("!HHHHHH")
_RECORD: Final = struct.Struct("!HHIH")
_ASK_RECURSION, _IS_ANSWER, _TRUNCATED = 0x0100, 0x8000, 0x0200


class Malformed(ValueError):
    """The message is no answer to the question."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer. code: 0 fine, 2 the server failed, 3 no such name, 5 refused. truncated: ask again over TCP."""

    code: int
    truncated: bool
    addresses: tuple[Address, ...] = ()


def question(number: int, name: str, kind: Type) -> bytes:
    """The question, to be answered with the same number. name: in ASCII, labels of 63 letters at most."""
    labels = b"".join(bytes([len(label)]) + label.encode("ascii") for label in name.split("."))
    return _HEADER.pack(number, _ASK_RECURSION, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, INTERNET)


def reply(message: bytes, number: int, name: str, kind: Type) -> Reply:
    """What the server says. Raises Malformed when it is not the answer to this very question."""
    try:
        return _read(message, number, name, kind)
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Malformed("the answer ends too early") from error


def _read(message: bytes, number: int, name: str, kind: Type) -> Reply:
    own_number, flags, questions, answers, _, _ = _HEADER.unpack_from(message)
    if own_number != number or not flags & _IS_ANSWER or questions != 1:
        raise Malformed("the answer is to something else")
    asked, at = _name(message, _HEADER.size)
    if (asked, *struct.unpack_from("!HH", message, at)) != (name, kind, INTERNET):
        raise Malformed("the answer is to another question")
    code, truncated = flags & 15, bool(flags & _TRUNCATED)
    if code or truncated:
        return Reply(code, truncated)
    return Reply(code, truncated, _addresses(list(_records(message, at + 4, answers)), name, kind))


def _addresses(records: list[tuple[str, int, bytes | str]], name: str, kind: Type) -> tuple[Address, ...]:
    """The addresses of the name, or of the name that it stands for."""
    for _ in range(MOST_LINKS):
        found = [ip_address(data) for owner, type_, data in records if (owner, type_) == (name, kind)]
        if found:
            return tuple(found)
        links = [data for owner, type_, data in records if (owner, type_) == (name, CNAME) and isinstance(data, str)]
        if not links:
            return ()
        name = links[0]
    raise Malformed("names stand for names without an end")


def _records(message: bytes, at: int, number: int) -> Iterator[tuple[str, int, bytes | str]]:
    """(owner, type, address or name) of the records that say where a name leads."""
    if number > MOST_RECORDS:
        raise Malformed("there are more records than anybody needs")
    for _ in range(number):
        owner, at = _name(message, at)
        type_, class_, _, size = _RECORD.unpack_from(message, at)
        at += _RECORD.size
        data, end = message[at : at + size], at + size
        if end > len(message):
            raise Malformed("a record ends too early")
        if class_ == INTERNET and type_ == CNAME:
            yield owner, type_, _name(message, at)[0]
        elif class_ == INTERNET and _SIZES.get(type_) == size:
            yield owner, type_, data
        at = end


def _name(message: bytes, at: int) -> tuple[str, int]:
    """The name that stands there, in small letters, and where the message goes on behind it."""
    labels: list[str] = []
    after, letters, before = 0, 0, at
    while (size := message[at]) != 0:
        if size >= 0xC0:  # it goes on further up, and only ever further up: so it ends
            target = (size & 0x3F) << 8 | message[at + 1]
            after = after or at + 2
            if target >= before:
                raise Malformed("a name leads to itself")
            at = before = target
            continue
        letters += size + 1
        if size > 63 or letters > 255:
            raise Malformed("a name is too long")
        labels.append(message[at + 1 : at + 1 + size].decode("ascii").lower())
        at += size + 1
    return ".".join(labels), after or at + 1
