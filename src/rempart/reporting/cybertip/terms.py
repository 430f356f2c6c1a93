"""The words in which the grammar is written down: leaves, groups, parts and attributes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "url", "ip", "boolean", "flag", "integer", "number", "date", "moment"]

# A hump of camelCase; abbreviations stay whole: `priorCTReports`, `legalURL`.
HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Plurals that the rule of `_plural` would get wrong.
PLURALS: Mapping[str, str] = {
    "person_or_user_reported": "people_reported",
    "additional_info": "additional_infos",
}


@dataclass(frozen=True, slots=True)
class Leaf:
    """A simple value: its kind, and the limits on its text or number."""

    kind: Kind
    most_characters: int | None = None
    least: float | None = None
    most: float | None = None
    values: tuple[str, ...] = ()
    pattern: str | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of an element."""

    name: str
    kind: Leaf
    required: bool = False

    @property
    def field(self) -> str:
        """Its name in the model."""
        return snake(self.name)


@dataclass(frozen=True, slots=True)
class Part:
    """A child element: its name, its kind and how often it may stand there; `most` None: without limit."""

    name: str
    kind: "Leaf | Group"
    least: int = 0
    most: int | None = 1

    @property
    def many(self) -> bool:
        """Whether it may be repeated."""
        return self.most is None

    @property
    def field(self) -> str:
        """Its name in the model; a plural when it may be repeated."""
        name = snake(self.name)
        return _plural(name) if self.many else name


@dataclass(frozen=True, slots=True)
class Group:
    """An element with children, attributes, or text that carries attributes.

    order: children in this order, exactly one of them, or all in any order.
    text: what stands in the element when it has text instead of children; `value` in the model.
    not_both: two children of which only one may be present.
    """

    name: str
    parts: tuple[Part, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    order: Literal["sequence", "choice", "any"] = "sequence"
    text: Leaf | None = None
    not_both: tuple[str, str] | None = None


def snake(name: str) -> str:
    """`incidentDateTime` as `incident_date_time`."""
    return HUMP.sub("_", name).lower()


def _plural(name: str) -> str:
    if name in PLURALS:
        return PLURALS[name]
    if name.endswith(("ss", "sh")):
        return f"{name}es"
    return name if name.endswith("s") else f"{name}s"


def text(most_characters: int | None = None, *, pattern: str | None = None) -> Leaf:
    """Text, at most so long."""
    return Leaf("text", most_characters, pattern=pattern)


def one_of(*values: str) -> Leaf:
    """One of these words."""
    return Leaf("text", values=values)


def one(name: str, kind: Leaf | Group) -> Part:
    """A child that must be there once."""
    return Part(name, kind, least=1)


def maybe(name: str, kind: Leaf | Group) -> Part:
    """A child that may be there once."""
    return Part(name, kind)


def many(name: str, kind: Leaf | Group, least: int = 0) -> Part:
    """A child that may be there any number of times."""
    return Part(name, kind, least, None)


def flags(name: str, *names: str) -> Group:
    """Children in any order that each say `true` or are absent."""
    return Group(name, tuple(maybe(one_name, Leaf("flag")) for one_name in names), order="any")
