"""What opening one untrusted file may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Upper bounds for one item; passing one ends as `NotExamined`, never as silence.

    Defaults are for a 2-core machine with 4 GiB; `rempart settings` shows the ones in force.
    """

    max_bytes: int = 256 * 2**20
    max_archive_bytes: int = 64 * 2**30
    max_pixels: int = 200_000_000
    max_frames: int = 64
    max_seconds: float = 30.0
    max_members: int = 10_000
    max_member_bytes_total: int = 4 * 2**30
    max_nesting: int = 2
    max_memory_bytes: int = 4 * 2**30
