"""NovelAI's texts, without their signature: the comment in JSON beside the program's name."""

from collections.abc import Iterator, Mapping

from rempart.facts.evidence import Evidence
from rempart.origin.declaring import Declaration, ai_claim, evidence
from rempart.origin.json_text import inner_object, json_object
from rempart.origin.reading import Text, texts
from rempart.origin.subject import Subject

_PROGRAM = "NovelAI"
_SETTINGS = frozenset({"prompt", "steps", "sampler", "seed", "scale", "uc", "strength", "request_type", "signed_hash"})


class _NovelAiText:
    name = "novelai_text"
    needs_pixels = False

    def observe(self, subject: Subject) -> Iterator[Evidence]:
        """One piece of evidence: for settings beside the name, settings that hold the name, or the bare name."""
        found = [
            text for text in texts(subject) if text.name in ("Software", "Comment", "UserComment", "ImageDescription")
        ]
        named = next((text for text in found if text.name == "Software" and text.text.strip() == _PROGRAM), None)
        for text in found:
            settings = _settings(text, named is not None)
            if settings is not None:
                yield evidence(self.name, text.segment, _declared(settings), text.locator)
                return
        if named:
            said = Declaration("fullyGenAIMedia", _PROGRAM, ("Software",), strength="hint", contains_prompt=False)
            yield evidence(self.name, named.segment, said, named.locator)


def _settings(text: Text, is_named: bool) -> Mapping[str, object] | None:
    """The settings that the text holds, when the program is named beside or inside them."""
    body = json_object(text.text)
    if body is None:
        return None
    if body.get("Software") == _PROGRAM:
        body, is_named = inner_object(body.get("Comment")) or body, True
    enough = len(_SETTINGS & body.keys()) >= 3 or "Comment" in body
    return body if is_named and enough else None


def _declared(settings: Mapping[str, object]) -> Declaration:
    derived = "img2img" in str(settings.get("request_type", "")).lower() or "image" in settings
    return Declaration(ai_claim(derived), _PROGRAM, tuple(sorted(_SETTINGS & settings.keys())), derived=derived)


SOURCE = _NovelAiText()
