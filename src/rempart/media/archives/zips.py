"""Members of a zip, and of everything that is a zip inside (office documents, books, packages)."""

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator

from rempart.facts import Limits, reasons
from rempart.media.archives.member import Budget, Member, Names
from rempart.media.archives.reading import read_member
from rempart.media.not_examinable import NotExaminable

_ENCRYPTED_FLAGS = 0x1 | 0x40 | 0x2000  # traditional, strong, and a hidden directory
_DAMAGE = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, struct.error, KeyError)


def members(data: bytes, limits: Limits) -> Iterator[Member]:
    """Every file in the zip, in the order of its directory. Raises NotExaminable when the rest cannot be had."""
    names, budget = Names(), Budget(limits)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (*_DAMAGE, NotImplementedError, UnicodeError, IndexError) as error:
        raise NotExaminable(reasons.reason(reasons.DAMAGED, "zip")) from error
    with archive:
        for info in archive.infolist():
            budget.take_member()
            if not info.is_dir():
                yield _member(archive, info, names.of(info.filename), budget)


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, budget: Budget) -> Member:
    if info.flag_bits & _ENCRYPTED_FLAGS:
        return Member(name, reason=reasons.ENCRYPTED)
    if stat.S_ISLNK(info.external_attr >> 16):
        return Member(name, reason=reasons.LINK)
    try:
        with archive.open(info) as stream:
            return read_member(name, stream, budget)
    except NotImplementedError:
        return Member(name, reason=reasons.reason(reasons.UNSUPPORTED, "zip compression"))
    except RuntimeError:  # what zipfile raises for an encrypted member whose directory entry did not say so
        return Member(name, reason=reasons.ENCRYPTED)
    except _DAMAGE:
        return Member(name, reason=reasons.reason(reasons.DAMAGED, "zip"))
