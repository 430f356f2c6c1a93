"""Settings that generators hide in the lowest bits of the pixels."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator

from rempart.facts.evidence import Evidence
from rempart.origin.json_text import json_object
from rempart.origin.stealth_bits import MAX_PAYLOAD_BYTES, Hidden, hidden
from rempart.origin.subject import Subject


class _Stealth:
    name = "stealth"
    needs_pixels = True

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence when the pixels begin with one of the four names of the convention."""
        found = None if subject.pixels is None else hidden(subject.pixels)
        if found is not None:
            yield Evidence(
                source=self.name,
                kind="stealth",
                locator=f"pixels, lowest bits of {found.where}",
                claim="fullyGenAIMedia",
                strength="structural",
                add_cost="tool",
                strip_cost="trivial",
                tool=_tool(found),
                raw_sha256=hashlib.sha256(found.payload).hexdigest(),
                contains_prompt=True,
            )


def _tool(found: Hidden) -> str:
    """NovelAI where the payload says so; the web UIs' extension writes the same names."""
    body = json_object(_text(found))
    return "NovelAI" if body is not None and body.get("Software") == "NovelAI" else "Stable Diffusion web UI"


def _text(found: Hidden) -> str:
    if not found.compressed:
        return found.payload.decode("utf-8", "replace")
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(found.payload)) as unfolding:
            return unfolding.read(MAX_PAYLOAD_BYTES).decode("utf-8", "replace")
    except (OSError, EOFError, zlib.error):
        return ""


SOURCE = _Stealth()
