"""A file as a multipart form, in chunks: memory stays bounded whatever the size of the file."""

import hashlib
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from rempart.errors import Conflict

CHUNK_BYTES = 64 << 10


class FileChanged(Conflict):
    """The file is not the one that was approved: its size or its digest differs."""


@dataclass(slots=True)
class Upload:
    """One file on its way. md5: of the bytes sent, once all of them are."""

    fields: Mapping[str, str]
    name: str
    size_bytes: int
    sha256: str = field(repr=False)
    opened: Callable[[], BinaryIO] = field(repr=False)
    boundary: str = field(default_factory=lambda: f"rempart-{secrets.token_hex(16)}")
    md5: str | None = field(default=None, repr=False)

    @property
    def content_type(self) -> str:
        """The type of the whole body."""
        return f"multipart/form-data; boundary={self.boundary}"

    @property
    def body_bytes(self) -> int:
        """The size of the whole body."""
        return len(self._head()) + self.size_bytes + len(self._tail())

    def chunks(self) -> Iterator[bytes]:
        """The body. Raises FileChanged before its end when the file is not the expected one: nothing is complete."""
        yield self._head()
        md5, sha256, size = hashlib.md5(usedforsecurity=False), hashlib.sha256(), 0
        with self.opened() as stream:
            while chunk := stream.read(CHUNK_BYTES):
                size += len(chunk)
                if size > self.size_bytes:
                    break
                md5.update(chunk)
                sha256.update(chunk)
                yield chunk
        if size != self.size_bytes or sha256.hexdigest() != self.sha256.lower():
            raise FileChanged("the file is not the one that was approved; approve the report again")
        self.md5 = md5.hexdigest()
        yield self._tail()

    def _head(self) -> bytes:
        lines = []
        for key, value in self.fields.items():
            lines += [f"--{self.boundary}", f'Content-Disposition: form-data; name="{key}"', "", value]
        lines += [
            f"--{self.boundary}",
            f'Content-Disposition: form-data; name="file"; filename="{self.name}"',
            "Content-Type: application/octet-stream",
            "",
            "",
        ]
        return "\r\n".join(lines).encode("ascii")

    def _tail(self) -> bytes:
        return f"\r\n--{self.boundary}--\r\n".encode("ascii")
