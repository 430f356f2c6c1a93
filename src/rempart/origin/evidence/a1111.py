"""Stable Diffusion web UIs (A1111, Forge, SD.Next and kin): their line of parameters."""

import re

from rempart.origin.declaring import Declaration, TextSource, ai_claim
from rempart.origin.reading import Text

_NAMES = frozenset({"parameters", "UserComment", "Comment", "comment", "©cmt", "", "postprocessing"})
_LINE = re.compile(r"^[ \t]*Steps: \d{1,6}, .*$", re.MULTILINE)
_KEY = re.compile(r"(?:^|, )[ \t]*([A-Z][A-Za-z0-9 ]{2,40}): ")
_NEEDED = frozenset({"Steps", "Sampler", "Seed"})
_SHOWN = ("Steps", "Sampler", "CFG scale", "Seed", "Model hash", "Model", "Denoising strength", "Mask blur")
_TOOLS = (
    (re.compile(r"Version: f\d"), "Forge"),
    (re.compile(r"App: SD\.Next"), "SD.Next"),
    (re.compile(r"Version: Fooocus"), "Fooocus"),
)


def recognise(text: Text) -> Declaration | None:
    """What a line of parameters declares: that it has steps, sampler and seed is its structure."""
    if text.name not in _NAMES or "Steps: " not in text.text:
        return None
    for line in _LINE.finditer(text.text):
        keys = frozenset(_KEY.findall(line[0]))
        if keys >= _NEEDED:
            return _declaration(line[0], keys)
    return None


def _declaration(line: str, keys: frozenset[str]) -> Declaration:
    """Noise of less than full strength on no enlargement of its own means it began from another picture."""
    derived = "Mask blur" in keys or ("Denoising strength" in keys and not any(key.startswith("Hires") for key in keys))
    return Declaration(
        claim=ai_claim(derived),
        tool=next((tool for pattern, tool in _TOOLS if pattern.search(line)), "Stable Diffusion web UI"),
        fields=tuple(key for key in _SHOWN if key in keys),
        derived=derived,
    )


SOURCE = TextSource("a1111", recognise)
