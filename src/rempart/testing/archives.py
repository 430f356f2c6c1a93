"""ZIP and TAR archives of given members, byte for byte the same each time."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping

_DATE = (2026, 1, 1, 0, 0, 0)


def zipped(members: Mapping[str, bytes], level: int = 6) -> bytes:
    """A ZIP file of the members; level 0 stores them uncompressed."""
    buffer = io.BytesIO()
    method = zipfile.ZIP_DEFLATED if level else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", method, compresslevel=level or None) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.compress_type = method
            archive.writestr(info, data)
    return buffer.getvalue()


def tarred(members: Mapping[str, bytes]) -> bytes:
    """An uncompressed TAR file of the members."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()


def gzipped_tar(members: Mapping[str, bytes]) -> bytes:
    """A gzip-compressed TAR file of the members."""
    return gzip.compress(tarred(members), 6, mtime=0)
