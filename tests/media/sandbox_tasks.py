"""Tasks for the sandbox of the tests: imported in the nursery by name, never by a test."""

import os
import subprocess
import sys
from typing import Any

from rempart.facts import Limits
from rempart.media import NotExaminable, open_pictures


def look(data: bytes, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """What the pictures look like, or a misbehaviour that the request names."""
    if behave := _MISBEHAVIOUR.get(str(request.get("misbehave"))):
        return behave(data)
    opened = open_pictures(data, limits)
    means = [float(picture.luma.mean()) for picture in opened]
    return {"media_type": opened.media_type, "means": means, "gaps": list(opened.gaps), "process": os.getpid()}


def _hang(data: bytes) -> dict[str, Any]:
    while True:
        pass


def _die(data: bytes) -> dict[str, Any]:
    os._exit(1)


def _fill_memory(data: bytes) -> dict[str, Any]:
    kept = []
    while True:
        kept.append(bytearray(2**26))


def _recurse(data: bytes) -> dict[str, Any]:
    return _recurse(data)


def _make_up_a_reason(data: bytes) -> dict[str, Any]:
    raise NotExaminable("\x1b[31mall is well")


def _raise(data: bytes) -> dict[str, Any]:
    raise LookupError("the bytes were: " + data.hex())


def _say_too_much(data: bytes) -> dict[str, Any]:
    return {"text": "x" * 2**25}


def _run_a_program(data: bytes) -> dict[str, Any]:
    subprocess.run([sys.executable, "-c", ""], check=True)
    return {}


def _import_late(data: bytes) -> dict[str, Any]:
    import wave  # noqa: F401

    return {}


_MISBEHAVIOUR = {
    "hang": _hang,
    "die": _die,
    "fill memory": _fill_memory,
    "recurse": _recurse,
    "make up a reason": _make_up_a_reason,
    "raise": _raise,
    "say too much": _say_too_much,
    "run a program": _run_a_program,
    "import late": _import_late,
}
