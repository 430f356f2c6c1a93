"""Who helps a child, and who takes reports of material, in a country: read from `data/`, with the marks of each row.

What is not well attested is not shown: a wrong number on this page may be a child's only call.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from rempart.cases.intake.told import NoticeLanguage

HelplineKind = Literal["emergency", "children", "adults", "missing", "prevention"]
HotlineKind = Literal["police", "hotline"]
# `low` and `unverified` are notes for whoever verifies the next release.
SHOWN = frozenset({"high", "medium"})
# Merged into 3018: it would lead nowhere.
NEVER = frozenset({"3020"})
_TAG = re.compile(r"\s*([A-Za-z]{2,3})(?:-[A-Za-z]{4})?(?:-([A-Za-z]{2}))?\b")


@dataclass(frozen=True, slots=True)
class Helpline:
    """Somebody to call. numbers: as they are dialled there."""

    kind: HelplineKind
    name: str
    numbers: tuple[str, ...]
    for_whom: str
    url: str


@dataclass(frozen=True, slots=True)
class Hotline:
    """Where material, or a child at risk, is told of. url: empty when the source names none."""

    kind: HotlineKind
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Help:
    """What one country has: emergency first. sure: every line is well attested, so the directory is not needed.

    country: None when it is not known; then nothing but the directory is.
    """

    country: str | None
    helplines: tuple[Helpline, ...]
    hotlines: tuple[Hotline, ...]
    sure: bool

    @property
    def emergency(self) -> tuple[str, ...]:
        """The numbers for immediate danger."""
        found = (number for one in self.helplines if one.kind == "emergency" for number in one.numbers)
        return tuple(dict.fromkeys(found))


def help_for(country: str | None, language: NoticeLanguage) -> Help:
    """Who helps in that country, its own lines before those of the EU."""
    if country is None or country not in _countries():
        return Help(None, (), (), sure=False)
    lines = [row for row in _read("helplines") if _is_shown(row) and _applies(row, country)]
    lines.sort(key=lambda row: (_kinds().index(row["kind"]), row["country"] == "EU"))
    hotlines = [row for row in _read("hotlines") if _is_shown(row) and row["country"] == country]
    hotlines.sort(key=lambda row: row["kind"] != "police")
    return Help(
        country,
        tuple(_without_repeats(_helpline(row, language) for row in lines)),
        tuple(Hotline(row["kind"], row["name"], row["url"]) for row in hotlines),
        sure=bool(hotlines) and all(row["confidence"] == "high" for row in hotlines),
    )


def directory() -> tuple[str, str]:
    """(name, address) of where the hotlines of every country are listed."""
    fallback = _document("hotlines")["fallback"]
    return fallback["name"], fallback["url"]


def members() -> frozenset[str]:
    """The countries whose hotline is a member of INHOPE, as far as that is well attested."""
    return frozenset(row["country"] for row in _read("hotlines") if row["inhope_member"] and _is_shown(row))


def countries(language: NoticeLanguage) -> list[tuple[str, str]]:
    """(code, name) of every country that something is known of, by name."""
    return sorted(((code, names[language]) for code, names in _countries().items()), key=lambda one: _folded(one[1]))


def country_of(code: str) -> str | None:
    """The country of this code, if something is known of it."""
    upper = code.strip().upper()
    return upper if upper in _countries() else None


def country_spoken(accept_language: str) -> str | None:
    """The country that a browser's languages name first, such as FR of `fr-FR`; None when they name none."""
    for word in accept_language[:200].split(","):
        found = _TAG.match(word)
        country = country_of(found[2]) if found and found[2] else None
        if country is not None:
            return country
    return None


def _helpline(row: Mapping[str, Any], language: NoticeLanguage) -> Helpline:
    numbers = tuple(one for one in row["numbers"] if one not in NEVER)
    return Helpline(row["kind"], row["name"][language], numbers, row["for_whom"][language], row["url"])


def _without_repeats(lines: Iterable[Helpline]) -> Iterable[Helpline]:
    """The lines, each number once: the first that names it stands."""
    told: set[str] = set()
    for line in lines:
        fresh = tuple(one for one in line.numbers if one.replace(" ", "") not in told)
        if fresh:
            told.update(one.replace(" ", "") for one in fresh)
            yield line


def _applies(row: Mapping[str, Any], country: str) -> bool:
    if row["country"] != "EU":
        return bool(row["country"] == country)
    return bool(_countries()[country]["eu"]) and country in row.get("only_in", (country,))


def _is_shown(row: Mapping[str, Any]) -> bool:
    return row["confidence"] in SHOWN and not NEVER.issuperset(row.get("numbers", ("",)))


def _folded(name: str) -> str:
    return name.translate(str.maketrans("ÉÎ", "EI"))


def _kinds() -> list[str]:
    return list(_document("helplines")["kinds"])


def _countries() -> dict[str, dict[str, Any]]:
    return dict(_document("countries")["countries"])


def _read(name: str) -> list[dict[str, Any]]:
    return list(_document(name)[name])


@cache
def _document(name: str) -> dict[str, Any]:
    text = (files("rempart.cases.intake") / "data" / f"{name}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))
