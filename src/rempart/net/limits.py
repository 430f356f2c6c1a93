"""What one call may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one call. silence_seconds: longest wait for a sign of life, connecting included. total_seconds: of all of it.

    max_answer_bytes: of the body, unpacked; what is longer is cut.
    """

    silence_seconds: float = 10.0
    total_seconds: float = 60.0
    max_answer_bytes: int = 8 * 2**20
