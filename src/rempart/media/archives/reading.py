"""Reading a member without believing what it says of itself."""

import io
from typing import IO, Protocol

from rempart.facts import reasons
from rempart.media.archives.member import Member
from rempart.media.budget import Budget

_READ_BYTES = 2**18


class Readable(Protocol):
    """All that reading a member needs."""

    def read(self, size: int, /) -> bytes:
        """At most so many bytes; none at the end."""


def length_of(stream: IO[bytes]) -> int:
    """How many bytes the stream has; it stands at its start afterwards."""
    length = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return length


def read_member(name: str, stream: Readable, budget: Budget) -> Member:
    """The member with its content, or with the reason why it is too big or empty. Raises what the stream raises."""
    content = bytearray()
    while part := stream.read(_READ_BYTES):
        budget.take_bytes(len(part))
        content += part
        if len(content) > budget.max_member_bytes:
            return Member(name, reason=reasons.reason(reasons.LIMIT, "bytes"))
    return Member(name, bytes(content)) if content else Member(name, reason=reasons.EMPTY)
