"""What unpacking may cost: one budget for a whole item, however its archives lie in each other."""

import math
import time

from rempart.facts import Limits, reasons
from rempart.media.not_examinable import NotExaminable

_LEAST_BYTES_PER_MEMBER = 4096
_MOST_UNPACKED_PER_BYTE = 4
_SECONDS_OF_SLOWEST_MEMBERS = 20
_SLOWEST_BYTES_PER_SECOND = 2**20

Left = tuple[int, int]


class Budget:
    """What may still be unpacked below one item: members, bytes and time, counted as they are used, never as announced.

    The limits stop small files that unfold to something huge, also by archives in archives. A large archive may hold as
    much as its size warrants: 60 GB of photos in one zip, as they come to a police desk, are no bomb.
    The parent keeps one for each item; a child gets one with what is left, and reports what it used.
    """

    def __init__(self, limits: Limits, members: int, unpacked_bytes: int, seconds: float = math.inf) -> None:
        self.max_member_bytes = limits.max_bytes
        self._members = members
        self._content_bytes = self._stream_bytes = unpacked_bytes
        self._stop_at = time.monotonic() + seconds

    @classmethod
    def of(cls, limits: Limits, archive_bytes: int) -> "Budget":
        """The budget of an item of that size."""
        return cls(
            limits,
            max(limits.max_members, archive_bytes // _LEAST_BYTES_PER_MEMBER),
            max(limits.max_member_bytes_total, archive_bytes * _MOST_UNPACKED_PER_BYTE),
            limits.max_seconds * _SECONDS_OF_SLOWEST_MEMBERS + archive_bytes / _SLOWEST_BYTES_PER_SECOND,
        )

    @property
    def left(self) -> Left:
        """How many members and bytes; below zero when more was asked for than there was."""
        return self._members, min(self._content_bytes, self._stream_bytes)

    @property
    def seconds_left(self) -> float:
        """Until when members may be taken and examined; never below zero."""
        return max(0.0, self._stop_at - time.monotonic())

    def take_member(self) -> None:
        """Nothing when one more is allowed. Raises NotExaminable."""
        self._members -= 1
        self.check()

    def take_bytes(self, length: int) -> None:
        """Nothing when as many more may be a member's content. Raises NotExaminable."""
        self._content_bytes -= length
        self.check()

    def take_stream_bytes(self, length: int) -> None:
        """Nothing when as many more may come out of a compressed tar, members or not. Raises NotExaminable."""
        self._stream_bytes -= length
        self.check()

    def charge(self, used: Left) -> None:
        """Nothing: somebody else used that much; the next step will notice when it was too much."""
        self._members -= used[0]
        self._content_bytes -= used[1]

    def check(self) -> None:
        """Nothing while there is no more used than allowed. Raises NotExaminable."""
        members, unpacked_bytes = self.left
        if members < 0:
            raise NotExaminable(reasons.reason(reasons.LIMIT, "members"))
        if unpacked_bytes < 0:
            raise NotExaminable(reasons.reason(reasons.LIMIT, "member bytes"))
        if not self.seconds_left:
            raise NotExaminable(reasons.reason(reasons.LIMIT, "member seconds"))
