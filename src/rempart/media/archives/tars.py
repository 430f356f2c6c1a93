"""Members of a tar, plain or compressed; a compressed file that is no tar is one member."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zlib
from collections.abc import Iterator
from typing import IO, cast

from rempart.facts import Limits, reasons
from rempart.media.archives.member import Budget, Member, Names
from rempart.media.archives.reading import read_member
from rempart.media.content_type import sniff
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


class _Counted(io.RawIOBase):
    """A stream whose bytes are taken from the budget as they are unpacked, whoever reads them and for what."""

    def __init__(self, stream: IO[bytes], budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, size: int = -1) -> bytes:
        part = self._stream.read(min(size, 2**20) if size >= 0 else 2**20)
        self._budget.take_bytes(len(part))
        return part


def members(data: bytes, limits: Limits, media_type: str) -> Iterator[Member]:
    """Every entry of the tar that is no folder. Raises NotExaminable when the rest cannot be had."""
    detail = reasons.reason(reasons.DAMAGED, media_type.rpartition("/")[2].removeprefix("x-"))
    try:
        with _unpacked(data, media_type) as stream:
            yield from _entries(stream, limits, media_type)
    except EOFError as error:
        raise NotExaminable(reasons.TRUNCATED) from error
    except _DAMAGE as error:
        ended_early = "unexpected end" in str(error) or "ended before" in str(error)
        raise NotExaminable(reasons.TRUNCATED if ended_early else detail) from error


def _unpacked(data: bytes, media_type: str) -> IO[bytes]:
    packed = io.BytesIO(data)
    if media_type == "application/gzip":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=packed))
    if media_type == "application/x-bzip2":
        return bz2.BZ2File(packed)
    if media_type == "application/x-xz":
        return lzma.LZMAFile(packed)
    return packed


def _entries(stream: IO[bytes], limits: Limits, media_type: str) -> Iterator[Member]:
    budget = Budget(limits)
    head = stream.read(_BLOCK_BYTES)
    stream.seek(0)
    if media_type != "application/x-tar" and sniff(head) != "application/x-tar":
        yield read_member("content", stream, budget)
        return
    names = Names()
    with tarfile.open(fileobj=_Counted(stream, budget), mode="r|") as archive:
        for info in archive:
            budget.take_member()
            if not info.isdir():
                yield _member(archive, info, names.of(info.name), Budget(limits))


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo, name: str, budget: Budget) -> Member:
    """The entry; its bytes are counted by the stream beneath, so the budget here bounds the holes of sparse files."""
    if info.issym() or info.islnk():
        return Member(name, reason=reasons.LINK)
    content = archive.extractfile(info) if info.isfile() else None
    if content is None:
        return Member(name, reason=reasons.NOT_A_FILE)
    return read_member(name, content, budget)
