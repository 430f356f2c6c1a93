"""One item to its finding: what was seen, met with the lists."""

from rempart.screening.judge import judge, not_examined
from rempart.screening.opener import BELIEVE, PLUG_IN, PRELOAD, TASK, SandboxOpener
from rempart.screening.screen import MEMBER_MARK, Opener, screen

__all__ = [
    "BELIEVE",
    "MEMBER_MARK",
    "PLUG_IN",
    "PRELOAD",
    "TASK",
    "Opener",
    "SandboxOpener",
    "judge",
    "not_examined",
    "screen",
]
