"""Cryptographic digests: the same bytes give the same value, any other bytes another one."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from rempart.facts import Fingerprint, Kind
from rempart.fingerprints.kind_spec import from_hex, is_uniform

_CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class DigestKind:
    """One digest algorithm as a kind."""

    name: Kind
    size_bytes: int
    of_nothing: bytes = field(repr=False)

    def parse(self, text: str, quality: int | None = None) -> Fingerprint:
        """The fingerprint that the text spells; a digest has no quality, so any given is dropped."""
        del quality
        return from_hex(self.name, text)

    def refuse(self, fingerprint: Fingerprint) -> str | None:
        """Why a list may not hold this digest, or None when it may."""
        if fingerprint.value == self.of_nothing:
            return "it is the digest of an empty file"
        if is_uniform(fingerprint.value):
            return "every bit is the same, so it is a placeholder"
        return None


def _kind(name: Kind) -> DigestKind:
    empty = hashlib.new(name, usedforsecurity=False)
    return DigestKind(name, empty.digest_size, empty.digest())


SHA256 = _kind("sha256")
SHA1 = _kind("sha1")
MD5 = _kind("md5")


def digests(data: bytes | BinaryIO) -> tuple[Fingerprint, Fingerprint, Fingerprint]:
    """The sha256, sha1 and md5 of all bytes, read once.

    data: the bytes, or a file open for reading in binary, read from where it stands to its end.
    sha1 and md5 are here because lists hold them, not because they are safe.
    """
    running = [(kind.name, hashlib.new(kind.name, usedforsecurity=False)) for kind in (SHA256, SHA1, MD5)]
    for chunk in _chunks(data):
        for _, digest in running:
            digest.update(chunk)
    sha256, sha1, md5 = (Fingerprint(name, digest.digest()) for name, digest in running)
    return sha256, sha1, md5


def _chunks(data: bytes | BinaryIO) -> Iterator[bytes | memoryview]:
    if isinstance(data, bytes | bytearray | memoryview):
        # In slices, so that one chunk is still in the cache when the second and third digest read it.
        view = memoryview(data)
        yield from (view[at : at + _CHUNK_BYTES] for at in range(0, len(view), _CHUNK_BYTES))
        return
    while chunk := data.read(_CHUNK_BYTES):
        yield chunk
