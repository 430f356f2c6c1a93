"""Draw Things: its name as creator tool, and its settings as JSON in the user comment."""

from collections.abc import Iterator

from rempart.facts.evidence import Evidence, Strength
from rempart.origin import xmp
from rempart.origin.declaring import Declaration, evidence
from rempart.origin.json_text import json_object
from rempart.origin.reading import packets, texts
from rempart.origin.subject import Subject

_SETTINGS = frozenset({"model", "sampler", "seed", "steps", "scale", "size", "c", "uc", "strength", "v2"})


class _DrawThings:
    name = "draw_things"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence where it is named; more than a hint when its settings are there too."""
        for segment, packet in packets(subject):
            names = packet.values(xmp.XAP, "CreatorTool")
            if not any(name.strip() == "Draw Things" for name in names):
                continue
            comments = [*packet.values(xmp.EXIF, "UserComment"), *_user_comments(subject)]
            has_settings = any(_is_settings(comment) for comment in comments)
            fields = ("CreatorTool", "UserComment") if has_settings else ("CreatorTool",)
            strength: Strength = "structural" if has_settings else "hint"
            said = Declaration("fullyGenAIMedia", "Draw Things", fields, strength, contains_prompt=has_settings)
            yield evidence(self.name, segment, said)


def _user_comments(subject: Subject) -> Iterator[str]:
    return (text.text for text in texts(subject) if text.name == "UserComment")


def _is_settings(comment: str) -> bool:
    body = json_object(comment)
    return body is not None and len(_SETTINGS & body.keys()) >= 3


SOURCE = _DrawThings()
