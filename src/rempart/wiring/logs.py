"""Logs as JSON lines on standard error: what happened, to which number, how long it took; never content.

Our own events carry named values that were chosen to be logged. What libraries say is reduced to where it was said,
because their sentences may quote an address, a statement or a value.
"""

import logging
import sys
import traceback
from typing import TextIO

import structlog
from structlog.typing import Processor

_QUIET = ("uvicorn.access", "httpx", "httpcore")


def start_logging(stream: TextIO | None = None) -> None:
    """Nothing; from now on this process logs JSON lines to the stream."""
    out = stream or sys.stderr
    steps: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.JSONRenderer(sort_keys=True),
    ]
    structlog.configure(
        processors=steps,
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers[:] = [_Reduced()]
    root.setLevel(logging.WARNING)
    for name in _QUIET:
        quiet = logging.getLogger(name)  # with no handler at all, Python would print what is said to standard error
        quiet.handlers[:], quiet.propagate = [logging.NullHandler()], False
    library = logging.getLogger("dbos")  # it would print to the console itself
    library.handlers[:], library.propagate = [_Reduced()], False


class _Reduced(logging.Handler):
    """Passes on that a library spoke, where, and the type of what went wrong: nothing that it said."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._log = structlog.get_logger("rempart.library")

    def emit(self, record: logging.LogRecord) -> None:
        """Nothing; one line was written."""
        known: dict[str, str | int] = {"library": record.name, "place": f"{record.module}:{record.lineno}"}
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            known |= {"type": type(error).__name__, "raised_at": raised_at(error)}
        self._log.log(record.levelno, "library", **known)


def raised_at(error: BaseException) -> str:
    """The place in the code where the error came from, as `file:line function`."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "unknown"
    last = frames[-1]
    return f"{last.filename.rpartition('/')[2]}:{last.lineno} {last.name}"
