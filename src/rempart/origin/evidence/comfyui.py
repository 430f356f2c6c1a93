"""ComfyUI: its graph of nodes as JSON, in text chunks, EXIF of WebP and JPEG, and comments of films."""

import re
from collections.abc import Iterator, Mapping

from rempart.origin.declaring import Declaration, TextSource, ai_claim
from rempart.origin.json_text import inner_object, json_object
from rempart.origin.reading import Text

_PREFIX = re.compile(r"\s*(prompt|workflow)\s*:\s*(?=\{)", re.IGNORECASE)  # as it stands in EXIF
_GRAPHS = ("prompt", "workflow")


def recognise(text: Text) -> Declaration | None:
    """What a graph declares; one that loads a picture made this one from another."""
    if "class_type" not in text.text and '"nodes"' not in text.text and "\\" not in text.text:
        return None
    graphs = dict(_graphs(text))
    kinds = [kind for graph in graphs.values() for kind in _node_kinds(graph)]
    if not kinds:
        return None
    derived = any("LoadImage" in kind and "Mask" not in kind for kind in kinds)
    return Declaration(
        claim=ai_claim(derived),
        tool="ComfyUI",
        fields=tuple(name for name in _GRAPHS if name in graphs),
        derived=derived,
    )


def _graphs(text: Text) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Each graph with its name: named by the chunk, by a prefix, or by the keys of the JSON around it."""
    prefix = _PREFIX.match(text.text)
    body = json_object(text.text[prefix.end() :] if prefix else text.text)
    if body is None:
        return
    name = prefix[1].lower() if prefix else text.name.lower()
    if name in _GRAPHS:
        yield name, body
    for wrapped in _GRAPHS:
        if (inner := inner_object(body.get(wrapped))) is not None:
            yield wrapped, inner


def _node_kinds(graph: Mapping[str, object]) -> Iterator[str]:
    """The kinds of its nodes: of a prompt (nodes by number, with inputs) or a workflow (nodes and links)."""
    nodes = graph.get("nodes")
    if isinstance(nodes, list) and isinstance(graph.get("links"), list):
        for node in nodes:
            if isinstance(node, dict) and isinstance(kind := node.get("type"), str):
                yield kind
        return
    for node in graph.values():
        if isinstance(node, dict) and isinstance(kind := node.get("class_type"), str) and "inputs" in node:
            yield kind


SOURCE = TextSource("comfyui", recognise)
