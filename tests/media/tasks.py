"""Tasks for the sandbox of the tests; imported in the nursery by name, never by the tests."""

import json
from typing import Any

from rempart.facts import Limits
from rempart.media import open_pictures


def look(data: bytes, request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    opened = open_pictures(data, limits)
    means = [float(picture.luma.mean()) for picture in opened]
    return {"media_type": opened.media_type, "means": means, "gaps": list(opened.gaps), "echo": request}
