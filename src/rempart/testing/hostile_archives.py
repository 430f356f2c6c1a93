"""Archives that try to escape, to loop, to hide or to exhaust; their members are benign."""

import io
import struct
import tarfile
import zipfile
from collections.abc import Callable
from functools import cache

from rempart.testing.archives import gzipped_tar, tarred, zipped

Builder = Callable[[], bytes]

BOMB_BYTES = 200 * 2**20


def builders(picture: Builder) -> dict[str, tuple[str, Builder, str]]:
    """By name: the usual suffix, what builds the bytes, and what is wrong. picture: the bytes of a benign member."""
    return {
        "zip-bomb": (".zip", zip_bomb, "200 MB of zeros in 200 kB"),
        "zip-of-bombs": (".zip", _zip_of_bombs, "five members of 200 MB, stored as 200 kB each"),
        "zip-encrypted": (".zip", lambda: encrypted_flag(zipped({"a.jpg": picture()}, 0)), "says it is encrypted"),
        "zip-in-zip-in-zip": (".zip", lambda: _nested(picture(), 3), "three archives in each other"),
        "zip-nested-8-deep": (".zip", lambda: _nested(picture(), 8), "eight archives in each other"),
        "zip-duplicate-names": (".zip", lambda: _repeated(picture()), "two members of one name"),
        "zip-climbing-names": (".zip", lambda: zipped(_climbing(picture())), "names that lead out of the folder"),
        "zip-nul-name": (".zip", lambda: _with_nul_name(picture()), "a name with a NUL in it"),
        "zip-escape-name": (".zip", lambda: zipped({"a\n\x1b[31mb.jpg": picture()}), "a name that paints the terminal"),
        "zip-no-members": (".zip", lambda: zipped({}), "nothing in it"),
        "zip-lying-sizes": (".zip", lambda: _lying_sizes(picture()), "announces one byte, holds a picture"),
        "zip-broken-member": (".zip", lambda: _broken_member(picture()), "a member that cannot be inflated"),
        "zip-many-members": (".zip", _many_members, "12,000 members of one byte"),
        "tar-links": (".tar", lambda: _tar_links(picture()), "links, a device and a pipe beside a picture"),
        "tar-climbing-names": (".tar", lambda: tarred(_climbing(picture())), "names that lead out of the folder"),
        "tar-gz-bomb": (
            ".tar.gz",
            lambda: gzipped_tar({"zeros.bin": bytes(BOMB_BYTES // 4)}),
            "50 MB of zeros in 50 kB",
        ),
        "gzip-cut": (
            ".tar.gz",
            lambda: gzipped_tar({"a.jpg": picture()})[:200],
            "a compressed archive that ends early",
        ),
    }


@cache
def zip_bomb() -> bytes:
    """A ZIP file of one member of 200 MB of zeros, built without holding them."""
    buffer = io.BytesIO()
    info = zipfile.ZipInfo("zeros.bmp", (2026, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        archive.open(info, "w") as member,
    ):
        zeros = bytes(2**20)
        for _ in range(BOMB_BYTES // len(zeros)):
            member.write(zeros)
    return buffer.getvalue()


def encrypted_flag(data: bytes) -> bytes:
    """The ZIP file with the encryption bit set in every header, local and central."""
    marked = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(magic)
        while at >= 0:
            marked[at + offset] |= 1
            at = marked.find(magic, at + 4)
    return bytes(marked)


def _zip_of_bombs() -> bytes:
    """Five entries of the directory that share the one compressed body."""
    single = zip_bomb()
    start = single.rindex(b"PK\x01\x02")
    end = single.rindex(b"PK\x05\x06")
    entry = single[start:end]
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 5, 5, 5 * len(entry), start, 0)
    return single[:start] + entry * 5 + tail


def _nested(picture: bytes, depth: int) -> bytes:
    data = zipped({"picture.jpg": picture}, 0)
    for level in range(depth - 1):
        data = zipped({f"level-{level}.zip": data}, 0)
    return data


def _climbing(picture: bytes) -> dict[str, bytes]:
    return {"../../climb.jpg": picture, "/absolute/climb.jpg": picture, "C:\\climb.jpg": picture, "plain.jpg": picture}


def _repeated(picture: bytes) -> bytes:
    """Two members called the same, of which the first is text."""
    return zipped({"aa.jpg": b"not a picture", "bb.jpg": picture}, 0).replace(b"bb.jpg", b"aa.jpg")


def _with_nul_name(picture: bytes) -> bytes:
    return zipped({"aXb.jpg": picture}, 0).replace(b"aXb.jpg", b"a\0b.jpg")


def _lying_sizes(picture: bytes) -> bytes:
    """The uncompressed size in both headers replaced by 1."""
    data = bytearray(zipped({"a.jpg": picture}))
    struct.pack_into("<I", data, data.index(b"PK\x03\x04") + 22, 1)
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 1)
    return bytes(data)


def _broken_member(picture: bytes) -> bytes:
    data = bytearray(zipped({"broken.jpg": picture, "whole.jpg": picture}))
    at = data.index(b"broken.jpg") + len("broken.jpg")
    data[at : at + 40] = b"\xff" * 40
    return bytes(data)


def _many_members() -> bytes:
    return zipped({f"{number:05}.bin": b"." for number in range(12_000)}, 0)


def _tar_links(picture: bytes) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("plain.jpg")
        info.size = len(picture)
        archive.addfile(info, io.BytesIO(picture))
        for name, kind, target in (
            ("link-out.jpg", tarfile.SYMTYPE, "../../etc/hostname"),
            ("link-self", tarfile.SYMTYPE, "link-self"),
            ("hard.jpg", tarfile.LNKTYPE, "plain.jpg"),
            ("device", tarfile.CHRTYPE, ""),
            ("pipe", tarfile.FIFOTYPE, ""),
        ):
            special = tarfile.TarInfo(name)
            special.type, special.linkname = kind, target
            archive.addfile(special)
    return buffer.getvalue()
