"""Members of a zip, and of everything that is a zip inside (office documents, books, packages)."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from rempart.facts import reasons
from rempart.media.archives import salvage
from rempart.media.archives.member import Member
from rempart.media.archives.reading import length_of, read_member
from rempart.media.behind import behind
from rempart.media.budget import Budget
from rempart.media.content_type import UNKNOWN
from rempart.media.naming import Names
from rempart.media.not_examinable import NotExaminable

_ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000  # traditional, strong, and a hidden directory
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error, KeyError)
_NO_DIRECTORY = (*_DAMAGE, NotImplementedError, UnicodeError, IndexError)
_END_OF_DIRECTORY = b"PK\x05\x06"
_LOCAL_HEADER = b"PK\x03\x04"
_END_OF_DIRECTORY_BYTES = 22
_FARTHEST_END_BYTES = _END_OF_DIRECTORY_BYTES + 0xFFFF


def members(stream: IO[bytes], budget: Budget) -> Iterator[Member]:
    """Every file in the zip, in the order of its directory; then whatever lies there that the directory hides.

    Raises NotExaminable when the rest cannot be had.
    """
    length = length_of(stream)
    names = Names()
    try:
        archive = zipfile.ZipFile(stream)
    except _NO_DIRECTORY as error:
        yield from salvage.members(stream, 0, length, names, budget)
        raise NotExaminable(reasons.reason(reasons.DAMAGED, "zip")) from error
    taken: list[tuple[int, int]] = []
    with archive:
        for info in archive.infolist():
            budget.take_member()
            taken.append(_place(stream, info))
            if not info.filename.endswith("/"):  # is_dir fails where there is no name at all
                yield _member(archive, info, names.of(info.filename), budget)
    for start, end in _between(taken, archive.start_dir):
        yield from salvage.members(stream, start, end, names, budget)
    yield from _behind(stream, names, budget)


def _place(stream: IO[bytes], info: zipfile.ZipInfo) -> tuple[int, int]:
    """Where the member starts and ends. Asked just before it is read, when its header is at hand anyway."""
    start = max(0, info.header_offset)
    return start, salvage.end_of(stream, start, info.compress_size)


def _between(taken: list[tuple[int, int]], directory_at: int) -> Iterator[tuple[int, int]]:
    """The stretches before the directory that no member takes: deleted members, or a whole zip before this one."""
    at = 0
    for start, end in [*sorted(taken), (directory_at, directory_at)]:
        if start > at:
            yield at, start
        at = max(at, end)


def _behind(stream: IO[bytes], names: Names, budget: Budget) -> Iterator[Member]:
    """What stands in the comment of the zip or behind it, when it is a file of a known type."""
    stream.seek(max(0, length_of(stream) - _FARTHEST_END_BYTES))
    tail = stream.read(_FARTHEST_END_BYTES)
    comment_at = tail.rfind(_END_OF_DIRECTORY) + _END_OF_DIRECTORY_BYTES
    start, media_type = behind(tail, comment_at)
    if media_type != UNKNOWN:
        yield read_member(names.of("comment"), io.BytesIO(tail[start:]), budget)


def ends_with_one(stream: IO[bytes]) -> bool:
    """True when the stream ends with a zip of at least one member, whatever lies before it."""
    stream.seek(max(0, length_of(stream) - _FARTHEST_END_BYTES))
    if _END_OF_DIRECTORY not in stream.read(_FARTHEST_END_BYTES):
        return False
    try:
        with zipfile.ZipFile(stream) as archive:
            start = min((info.header_offset for info in archive.infolist()), default=-1)
    except _NO_DIRECTORY:
        return False
    stream.seek(max(0, start))
    return stream.read(len(_LOCAL_HEADER)) == _LOCAL_HEADER


def is_in(stream: IO[bytes]) -> bool:
    """True when the stream holds a member of a zip anywhere, with a directory or without."""
    length = length_of(stream)
    return salvage.next_header(stream, 0, length) is not None


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget) -> Member:
    if info.flag_bits & _ENCRYPTED_FLAGS:
        return Member(name, reason=reasons.ENCRYPTED)
    if stat.S_ISLNK(info.external_attr >> 16):
        return Member(name, reason=reasons.LINK)
    try:
        with archive.open(info) as content:
            return read_member(name, content, budget)
    except NotImplementedError:
        return Member(name, reason=reasons.reason(reasons.UNSUPPORTED, "zip compression"))
    except RuntimeError:  # what zipfile raises for an encrypted member whose directory entry did not say so
        return Member(name, reason=reasons.ENCRYPTED)
    except _DAMAGE:
        return Member(name, reason=reasons.reason(reasons.DAMAGED, "zip"))
