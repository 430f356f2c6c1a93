"""Members of a tar, plain or compressed; a compressed file that is no tar is one member."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import IO, cast

from rempart.facts import reasons
from rempart.media.archives.member import Member
from rempart.media.archives.reading import read_member
from rempart.media.budget import Budget
from rempart.media.content_type import TAR, sniff
from rempart.media.naming import Names
from rempart.media.not_examinable import NotExaminable

_BLOCK_BYTES = 512
_DAMAGE = (
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    OSError,
    ValueError,
    OverflowError,
    struct.error,
    IndexError,
    KeyError,
)


class _Unpacked(io.RawIOBase):
    """A stream whose bytes are taken from the budget as they are unpacked, whoever reads them and for what.

    gap: why it ended before its end; what was unpacked until there is not lost, as it would be with an exception.
    """

    def __init__(self, stream: IO[bytes], budget: Budget, damaged: str) -> None:
        self._stream = stream
        self._budget = budget
        self._damaged = damaged
        self.gap = ""
        self.last = b""

    def read(self, size: int = -1) -> bytes:
        try:
            part: bytes = self._stream.read1(min(size, 2**20) if size >= 0 else 2**20)  # type: ignore[attr-defined]
        except EOFError:
            self.gap = reasons.TRUNCATED
            return b""
        except (OSError, zlib.error, lzma.LZMAError):
            self.gap = self._damaged
            return b""
        self._budget.take_stream_bytes(len(part))
        self.last = part[-_BLOCK_BYTES:] or self.last
        return part


class _Header(tarfile.TarInfo):
    """A header that is none ends the archive loudly; tarfile would take it for the end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> "_Header":
        """The header in the block. Raises NotExaminable."""
        try:
            return super().frombuf(buf, encoding, errors)
        except tarfile.TruncatedHeaderError as error:  # type: ignore[attr-defined]
            raise NotExaminable(reasons.TRUNCATED) from error
        except tarfile.InvalidHeaderError as error:  # type: ignore[attr-defined]
            raise NotExaminable(reasons.reason(reasons.DAMAGED, "tar")) from error


def members(stream: IO[bytes], media_type: str, budget: Budget) -> Iterator[Member]:
    """Every entry of the tar that is no folder. Raises NotExaminable when the rest cannot be had."""
    damaged = reasons.reason(reasons.DAMAGED, media_type.rpartition("/")[2].removeprefix("x-"))
    try:
        with _decompressed(stream, media_type) as plain:
            is_tar = media_type == TAR or sniff(_head(plain)) == TAR
            unpacked = _Unpacked(plain, budget, damaged)
            yield from _entries(unpacked, budget) if is_tar else _only(unpacked, budget)
    except _DAMAGE as error:
        cut = "unexpected end" in str(error)
        raise NotExaminable(unpacked.gap or (reasons.TRUNCATED if cut else damaged)) from error
    if unpacked.gap:
        raise NotExaminable(unpacked.gap)


def _decompressed(stream: IO[bytes], media_type: str) -> AbstractContextManager[IO[bytes]]:
    if media_type == "application/gzip":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=stream))
    if media_type == "application/x-bzip2":
        return bz2.BZ2File(stream)
    if media_type == "application/x-xz":
        return lzma.LZMAFile(stream)
    return nullcontext(stream)


def _head(stream: IO[bytes]) -> bytes:
    """The first block, or nothing of what does not even have that."""
    try:
        return stream.read(_BLOCK_BYTES)
    except (EOFError, OSError, zlib.error, lzma.LZMAError):
        return b""
    finally:
        stream.seek(0)


def _only(unpacked: _Unpacked, budget: Budget) -> Iterator[Member]:
    """The content; nothing when the file was cut before its first byte, which the gap will say."""
    member = read_member("content", unpacked, budget)
    if member.reason != reasons.EMPTY or not unpacked.gap:
        yield member


def _entries(unpacked: _Unpacked, budget: Budget) -> Iterator[Member]:
    """The entries, also of a second tar behind the first. Raises NotExaminable where the end mark is missing."""
    names = Names()
    with tarfile.open(fileobj=unpacked, mode="r|", tarinfo=_Header, ignore_zeros=True) as archive:
        while (info := archive.next()) is not None:
            archive.members.clear()  # type: ignore[attr-defined] # tarfile would remember every one
            budget.take_member()
            if not info.isdir():
                yield _member(archive, info, names.of(info.name), budget)
    if unpacked.last.strip(b"\0") and not unpacked.gap:
        raise NotExaminable(reasons.TRUNCATED)


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo, name: str, budget: Budget) -> Member:
    """The entry; its bytes are also counted by the stream beneath, but the holes of sparse files only here."""
    if info.issym() or info.islnk():
        return Member(name, reason=reasons.LINK)
    content = archive.extractfile(info) if info.isfile() else None
    if content is None:
        return Member(name, reason=reasons.NOT_A_FILE)
    return read_member(name, content, budget)
