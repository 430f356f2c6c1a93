"""One member of an archive."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Member:
    """Either the content, or the reason why there is none."""

    name: str
    content: bytes | None = field(default=None, repr=False)
    reason: str | None = None
