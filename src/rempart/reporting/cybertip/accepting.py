"""Whether XML follows the grammar: order, number, words, lengths and dates. The emulator judges by it."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from rempart.reporting.cybertip.lexical import mistake
from rempart.reporting.cybertip.terms import Group, Leaf

# Reading many attributes takes lxml quadratic time; no element of the grammar has more than five.
MOST_ATTRIBUTES = 16


def problems(element: Any, group: Group, now: datetime) -> list[str]:
    """Everything in the tree that the grammar does not allow: where and what, never the value itself."""
    if element.tag != group.name:
        return [f"the root is not <{group.name}>"]
    return list(_judged(element, group, now, group.name))


def _judged(element: Any, group: Group, now: datetime, path: str) -> Iterator[str]:
    yield from _attributes(element, group, now, path)
    if group.text is not None:
        yield from _leaf(element, group.text, now, path)
        return
    if _has_loose_text(element):
        yield f"{path}: it has text between its elements"
    names = [child.tag for child in element]
    yield from _order(names, group, path)
    kinds = {part.name: part.kind for part in group.parts}
    for child in element:
        kind = kinds.get(child.tag)
        below = f"{path}/{child.tag}"
        if isinstance(kind, Leaf):
            yield from _attributes(child, Group(child.tag), now, below)
            yield from _leaf(child, kind, now, below)
        elif kind is not None:
            yield from _judged(child, kind, now, below)


def _attributes(element: Any, group: Group, now: datetime, path: str) -> Iterator[str]:
    if len(element.attrib) > MOST_ATTRIBUTES:
        yield f"{path}: it has too many attributes"
        return
    known = {attribute.name: attribute for attribute in group.attributes}
    for name, value in element.attrib.items():
        wrong = mistake(known[name].kind, value, now) if name in known else "it is not in the grammar"
        if wrong:
            yield f"{path}/@{name if name in known else '?'}: {wrong}"
    for attribute in group.attributes:
        if attribute.required and element.get(attribute.name) is None:
            yield f"{path}/@{attribute.name}: it is missing"


def _leaf(element: Any, leaf: Leaf, now: datetime, path: str) -> Iterator[str]:
    if len(element):
        yield f"{path}: it has elements where a value belongs"
        return
    text = element.text or ""
    if leaf.kind == "flag" and not text:
        return  # an empty flag takes its fixed value
    wrong = mistake(leaf, text, now)
    if wrong:
        yield f"{path}: {wrong}"


def _has_loose_text(element: Any) -> bool:
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def _order(names: list[str], group: Group, path: str) -> Iterator[str]:
    counts = Counter(names)
    known = [part.name for part in group.parts]
    if unknown := [name for name in counts if name not in known]:
        yield f"{path}: {len(unknown)} of its elements are not in the grammar"
        return
    if group.order == "choice":
        if len(names) != 1:
            yield f"{path}: it has {len(names)} elements and must have exactly one"
        return
    if group.order == "sequence" and sorted(names, key=known.index) != names:
        yield f"{path}: its elements are in the wrong order"
    for part in group.parts:
        count = counts[part.name]
        if count < part.least:
            yield f"{path}/{part.name}: it is missing"
        if part.most is not None and count > part.most:
            yield f"{path}/{part.name}: it stands {count} times and may stand {part.most}"
    if group.not_both and all(counts[name] for name in group.not_both):
        yield f"{path}: only one of {' and '.join(group.not_both)} may be present"
