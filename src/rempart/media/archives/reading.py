"""Reading a member without believing what it says of itself."""

from typing import IO

from rempart.facts import reasons
from rempart.media.archives.member import Budget, Member

_READ_BYTES = 2**18


def read_member(name: str, stream: IO[bytes], budget: Budget) -> Member:
    """The member with its content, or with the reason why it is too big or empty. Raises what the stream raises."""
    content = bytearray()
    while part := stream.read(_READ_BYTES):
        budget.take_bytes(len(part))
        content += part
        if len(content) > budget.max_member_bytes:
            return Member(name, reason=reasons.reason(reasons.LIMIT, "bytes"))
    return Member(name, bytes(content)) if content else Member(name, reason=reasons.EMPTY)
