"""One member of an archive, and names that can be shown."""

import unicodedata
from dataclasses import dataclass, field

from rempart.facts import Limits, reasons
from rempart.media.not_examinable import NotExaminable

_UNSHOWABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_LONGEST_NAME = 1024
_LEAST_BYTES_PER_MEMBER = 4096
_MOST_UNPACKED_PER_BYTE = 4


@dataclass(frozen=True, slots=True)
class Member:
    """Either the content, or the reason why there is none."""

    name: str
    content: bytes | None = field(default=None, repr=False)
    reason: str | None = None


class Names:
    """Gives each member a name that is safe to show and that no other member of the archive has."""

    def __init__(self) -> None:
        self._uses: dict[str, int] = {}

    def of(self, raw: str) -> str:
        """The name, without control characters, direction overrides or halves of characters."""
        shown = "".join("\ufffd" if unicodedata.category(letter) in _UNSHOWABLE else letter for letter in raw)
        shown = shown[:_LONGEST_NAME] or "unnamed"
        uses = self._uses[shown] = self._uses.get(shown, 0) + 1
        return shown if uses == 1 else self.of(f"{shown} ({uses})")


class Budget:
    """What may still be unpacked from one archive: members and bytes, counted as they are read, never as announced.

    The limits stop small files that unfold to something huge. A large archive may hold as much as its size warrants:
    60 GB of photos in one zip, as they come to a police desk, are no bomb.
    """

    def __init__(self, limits: Limits, archive_bytes: int) -> None:
        self.max_member_bytes = limits.max_bytes
        self._members = max(limits.max_members, archive_bytes // _LEAST_BYTES_PER_MEMBER)
        self._bytes = max(limits.max_member_bytes_total, archive_bytes * _MOST_UNPACKED_PER_BYTE)

    def take_member(self) -> None:
        """Nothing when one more is allowed. Raises NotExaminable."""
        self._members -= 1
        if self._members < 0:
            raise NotExaminable(reasons.reason(reasons.LIMIT, "members"))

    def take_bytes(self, length: int) -> None:
        """Nothing when as many more are allowed. Raises NotExaminable."""
        self._bytes -= length
        if self._bytes < 0:
            raise NotExaminable(reasons.reason(reasons.LIMIT, "member bytes"))
