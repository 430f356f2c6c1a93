"""Fooocus: its parameters beside the name of their scheme, or with its version inside or beside them."""

import re
from collections.abc import Iterator

from rempart.facts.evidence import Evidence
from rempart.origin.declaring import Declaration, evidence
from rempart.origin.json_text import json_object
from rempart.origin.reading import Text, texts
from rempart.origin.subject import Subject

_VERSION = re.compile(r"Fooocus v?\d[\w.]{0,20}")
_SCHEMES = frozenset({"fooocus", "a1111"})
_CARRIERS = frozenset({"parameters", "UserComment", "Comment", "comment"})
_SETTINGS = frozenset({"prompt", "base_model", "performance", "sampler", "seed", "styles", "guidance_scale"})


class _Fooocus:
    name = "fooocus"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence for each text of parameters that Fooocus signs by name."""
        found = list(texts(subject))
        beside = tuple(text.name for text in found if _names_fooocus(text))
        for text in found:
            if text.name in _CARRIERS and (beside or _names_itself(text)):
                said = Declaration("fullyGenAIMedia", "Fooocus", (text.name, *beside))
                yield evidence(self.name, text.segment, said, text.locator)


def _names_fooocus(text: Text) -> bool:
    if text.name == "fooocus_scheme":
        return text.text.strip() in _SCHEMES
    return text.name == "Software" and _VERSION.fullmatch(text.text.strip()) is not None


def _names_itself(text: Text) -> bool:
    if "Fooocus" not in text.text:
        return False
    body = json_object(text.text)
    if body is None or len(_SETTINGS & body.keys()) < 3:
        return False
    return _VERSION.fullmatch(str(body.get("version", ""))) is not None


SOURCE = _Fooocus()
