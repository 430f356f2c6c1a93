"""Grok: a signature and an identifier in EXIF. No source confirms the rule, so it is a hint and nothing more."""

import re
from collections.abc import Iterator

from rempart.facts.evidence import Evidence
from rempart.origin import tiff_tags
from rempart.origin.declaring import Declaration, evidence
from rempart.origin.reading import blocks
from rempart.origin.subject import Subject

_SIGNATURE = re.compile(r"Signature: [A-Za-z0-9+/_-]{40,2000}={0,2}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)


class _Grok:
    name = "grok"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """A hint for each EXIF block with both fields."""
        for segment, tags in blocks(subject):
            description = tags.text("IFD0", tiff_tags.IMAGE_DESCRIPTION).strip()
            artist = tags.text("IFD0", tiff_tags.ARTIST).strip()
            if _SIGNATURE.fullmatch(description) and _UUID.fullmatch(artist):
                fields = ("ImageDescription", "Artist")
                said = Declaration("fullyGenAIMedia", "Grok", fields, strength="hint", contains_prompt=False)
                yield evidence(self.name, segment, said)


SOURCE = _Grok()
