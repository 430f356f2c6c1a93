"""Members of a zip, and of everything that is a zip inside (office documents, books, packages)."""

import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

from rempart.facts import Limits, reasons
from rempart.media.archives import salvage
from rempart.media.archives.member import Budget, Member, Names
from rempart.media.archives.reading import length_of, read_member
from rempart.media.not_examinable import NotExaminable

_ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000  # traditional, strong, and a hidden directory
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error, KeyError)
_NO_DIRECTORY = (*_DAMAGE, NotImplementedError, UnicodeError, IndexError)
_END_OF_DIRECTORY = b"PK\x05\x06"
_LOCAL_HEADER = b"PK\x03\x04"
_FARTHEST_END_BYTES = 22 + 0xFFFF


def members(stream: IO[bytes], limits: Limits) -> Iterator[Member]:
    """Every file in the zip, in the order of its directory; without a directory, whatever can be found.

    Raises NotExaminable when the rest cannot be had.
    """
    names, budget = Names(), Budget(limits, length_of(stream))
    try:
        archive = zipfile.ZipFile(stream)
    except _NO_DIRECTORY as error:
        yield from salvage.members(stream, names, budget)
        raise NotExaminable(reasons.reason(reasons.DAMAGED, "zip")) from error
    with archive:
        for info in archive.infolist():
            budget.take_member()
            if not info.is_dir():
                yield _member(archive, info, names.of(info.filename), budget)


def start_of_last(stream: IO[bytes]) -> int | None:
    """Where the zip starts that the stream ends with, whatever lies before it; None when it ends with none."""
    stream.seek(max(0, length_of(stream) - _FARTHEST_END_BYTES))
    if _END_OF_DIRECTORY not in stream.read(_FARTHEST_END_BYTES):
        return None
    try:
        with zipfile.ZipFile(stream) as archive:
            starts = [info.header_offset for info in archive.infolist()]
    except _NO_DIRECTORY:
        return None
    stream.seek(max(0, min(starts, default=0)))
    return min(starts) if starts and stream.read(len(_LOCAL_HEADER)) == _LOCAL_HEADER else None


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
