"""InvokeAI: the text chunks of its four generations."""

import re
from collections.abc import Mapping

from rempart.origin.declaring import Declaration, TextSource, ai_claim
from rempart.origin.json_text import json_object
from rempart.origin.reading import Text

_METADATA_KEYS = frozenset(
    {"app_version", "generation_mode", "positive_prompt", "negative_prompt", "model", "scheduler", "seed", "cfg_scale"}
)
# A prompt in quotes, then the switches of a command line: steps, seed and scale.
_SWITCHES = tuple(re.compile(rf"(?:^| )-{letter} ?-?\d") for letter in "sSC")


def recognise(text: Text) -> Declaration | None:
    """What a chunk of InvokeAI declares."""
    if text.name == "Dream":
        return _dream(text.text)
    test = _TESTS.get(text.name)
    body = json_object(text.text) if test else None
    if test is None or body is None or not test(body):
        return None
    return _declared(text.name, "img2img" in str(body.get("generation_mode", "")))


def _dream(text: str) -> Declaration | None:
    prompt, _, switches = text.rpartition('" ')
    if not prompt.startswith('"') or not all(switch.search(switches) for switch in _SWITCHES):
        return None
    return _declared("Dream", " -I" in f" {switches}")


def _declared(field: str, derived: bool) -> Declaration:
    return Declaration(ai_claim(derived), "InvokeAI", (field,), derived=derived)


def _is_metadata(body: Mapping[str, object]) -> bool:
    return len(_METADATA_KEYS & body.keys()) >= 3


def _is_graph(body: Mapping[str, object]) -> bool:
    return isinstance(body.get("nodes"), dict | list) and "edges" in body


def _is_first_metadata(body: Mapping[str, object]) -> bool:
    return isinstance(body.get("image"), dict) and ("app_id" in body or "model_weights" in body)


_TESTS = {
    "invokeai_metadata": _is_metadata,
    "invokeai_graph": _is_graph,
    "invokeai_workflow": _is_graph,
    "sd-metadata": _is_first_metadata,
}

SOURCE = TextSource("invokeai", recognise)
