"""Origin: how the pixels were made, from evidence. No network, no database, nothing a liar adds lowers urgency."""

from rempart.origin.examining import examine
from rempart.origin.verdict import judge, urgency

__all__ = ["examine", "judge", "urgency"]
