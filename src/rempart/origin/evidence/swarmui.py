"""SwarmUI: the object `sui_image_params`."""

from rempart.origin.declaring import Declaration, TextSource, ai_claim
from rempart.origin.json_text import json_object
from rempart.origin.reading import Text

_OBJECT = "sui_image_params"
_OTHERS = ("sui_extra_data", "sui_models")
_STARTS_FROM = frozenset({"initimage", "init_image", "maskimage"})


def recognise(text: Text) -> Declaration | None:
    """What its parameters declare; an initial picture among them made this one from another."""
    body = json_object(text.text) if _OBJECT in text.text else None
    parameters = body.get(_OBJECT) if body else None
    if body is None or not isinstance(parameters, dict):
        return None
    derived = bool(_STARTS_FROM & parameters.keys())
    return Declaration(
        claim=ai_claim(derived),
        tool="SwarmUI",
        fields=(_OBJECT, *(name for name in _OTHERS if name in body)),
        derived=derived,
    )


SOURCE = TextSource("swarmui", recognise)
