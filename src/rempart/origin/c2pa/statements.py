"""What one manifest states about how the picture was made, whoever signed it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Literal

from rempart.facts.evidence import AI_CLAIMS, Claim
from rempart.origin.source_types import source_type

Asserted = Literal["created", "gathered", ""]
_LONGEST_TERM = 300
_INCEPTION: Final = frozenset({"c2pa.created", "c2pa.opened"})
# Actions that change nothing one can see. Source: C2PA asset rubrics, 2026-08-06.
_NOT_EDITORIAL: Final = frozenset({
    "c2pa.converted", "c2pa.published", "c2pa.repackaged", "c2pa.transcoded", "c2pa.resized.proportional",
    "c2pa.enhanced", "c2pa.edited.metadata", "c2pa.watermarked", "c2pa.watermarked.bound", "c2pa.watermarked.unbound",
    "c2pa.redacted",
})  # fmt: skip
# Names of claim generators begin with these; what follows them is never copied.
_TOOLS: Final = {
    "adobe_firefly": "Adobe Firefly", "adobe firefly": "Adobe Firefly", "adobe_photoshop": "Adobe Photoshop",
    "adobe photoshop": "Adobe Photoshop", "adobe_lightroom": "Adobe Lightroom", "lightroom": "Adobe Lightroom",
    "chatgpt": "ChatGPT", "gpt-4o": "ChatGPT", "dall": "DALL-E", "openai": "OpenAI", "sora": "Sora",
    "microsoft_responsible_ai": "Microsoft image creator", "microsoft designer": "Microsoft Designer",
    "google": "Google", "pixel camera": "Pixel Camera", "made with google ai": "Google", "truepic": "Truepic",
    "leica": "Leica", "nikon": "Nikon", "sony": "Sony", "canon": "Canon", "fujifilm": "Fujifilm", "samsung": "Samsung",
    "stability": "Stability AI", "black forest labs": "Black Forest Labs", "bedrock": "Amazon Bedrock",
    "amazon bedrock": "Amazon Bedrock", "midjourney": "Midjourney", "capcut": "CapCut", "tiktok": "TikTok",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Statement:
    """One claim, whether the signer made it itself, whether other pictures went in, and the assertion it stands in."""

    claim: Claim
    asserted: Asserted = ""
    derived: bool = False
    field: str = ""


def statements(manifest: dict[str, Any]) -> tuple[Statement, ...]:
    """Every different claim of the manifest, in its order; one `noStatement` when it makes none."""
    ingredients = [one for one in _dictionaries(manifest.get("ingredients")) if _is_picture(one)]
    found = dict.fromkeys(_of_actions(manifest, bool(ingredients)))
    if any(not one.get("active_manifest") for one in ingredients):
        found[Statement("mediaUnknownProvenance", derived=True, field="c2pa.ingredient")] = None
    telling = tuple(one for one in found if one.claim != "noStatement")
    return telling or tuple(found)[:1] or (Statement("noStatement", derived=bool(ingredients)),)


def tool_of(manifest: dict[str, Any]) -> str:
    """The tool that wrote the manifest, in our own words; empty when it is none we know."""
    infos = _dictionaries(manifest.get("claim_generator_info"))
    names = [manifest.get("claim_generator"), *(info.get("name") for info in infos)]
    plain = [name.casefold() for name in names if isinstance(name, str)]
    return next((tool for mark, tool in _TOOLS.items() for name in plain if name.startswith(mark)), "")


def ingredients_of(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The ingredients, each as the SDK lists it."""
    return _dictionaries(manifest.get("ingredients"))


def _of_actions(manifest: dict[str, Any], has_ingredients: bool) -> Iterator[Statement]:
    for assertion in _dictionaries(manifest.get("assertions")):
        label, data = str(assertion.get("label")), assertion.get("data")
        if not label.startswith("c2pa.actions") or not isinstance(data, dict):
            continue
        asserted = _asserted(manifest, assertion)
        for action in chain(_dictionaries(data.get("actions")), _dictionaries(data.get("templates"))):
            claim = _claim(action)
            yield Statement(claim, asserted, has_ingredients or claim == "partlyGenAICreation", "c2pa.actions")


def _claim(action: dict[str, Any]) -> Claim:
    """What one action claims. AI in any step but the first means that something was there before it."""
    name, term = action.get("action"), action.get("digitalSourceType")
    known = source_type(term) if isinstance(term, str) and len(term) <= _LONGEST_TERM else None
    claim = known.claim if known else "noStatement"
    if name in _INCEPTION:
        return claim
    if claim in AI_CLAIMS:
        return "partlyGenAICreation"
    if claim == "compositionMayContainGenAI":
        return claim
    return "noStatement" if name in _NOT_EDITORIAL else "edited"


def _asserted(manifest: dict[str, Any], assertion: dict[str, Any]) -> Asserted:
    """Whose claim it is. The first version of claims knew no difference."""
    if assertion.get("created") is True:
        return "created"
    return "" if manifest.get("claim_version") in (None, 1) else "gathered"


def _is_picture(ingredient: dict[str, Any]) -> bool:
    """Whether it may be a picture that went in; the prompt or the model that a generator lists is none."""
    kind = str(ingredient.get("format", ""))
    return ingredient.get("relationship") != "inputTo" or not kind.startswith(("text/", "application/"))


def _dictionaries(value: object) -> Iterator[dict[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, list) else iter(())
