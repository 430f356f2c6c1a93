"""What the numbers of categories mean: they differ by country and even by tool, so a profile is always named."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from rempart.errors import UserMistake

_NAME = re.compile(r"[a-z0-9](?:-?[a-z0-9]){0,39}")


@dataclass(frozen=True, slots=True)
class Profile:
    """One profile. take: category -> whether records of it become cases. meaning: category -> what it is called."""

    name: str
    jurisdiction: str
    en: str
    fr: str
    source: str
    as_of: date
    take: Mapping[str, bool]
    meaning: Mapping[str, str]

    def refuses(self, category: str) -> str | None:
        """Why records of this category become no cases; None when they do. What no profile knows is always taken."""
        if self.take.get(category, True):
            return None
        return f"set aside by the profile: {self.meaning[category]}"

    def knows(self, category: str) -> bool:
        """Whether the category has a meaning here."""
        return category in self.take


@cache
def profiles() -> Mapping[str, Profile]:
    """The profiles that ship, by name."""
    texts = (one for one in files("rempart.cases.bundles.profiles").iterdir() if one.name.endswith(".toml"))
    found = [profile_of(text.read_text("utf-8")) for text in sorted(texts, key=lambda one: one.name)]
    return {one.name: one for one in found}


def profile(name: str) -> Profile:
    """The profile of this name. Raises UserMistake when there is none."""
    found = profiles().get(name)
    if found is None:
        raise UserMistake(f"there is no such profile of categories; profiles are {', '.join(profiles())}")
    return found


def profile_of(text: str) -> Profile:
    """The profile of this TOML. Raises ValueError, KeyError or TypeError when it is none."""
    tree: dict[str, Any] = tomllib.loads(text)
    codes = tree.get("code", [])
    take = {str(code["number"]): code["take"] for code in codes}
    meaning = {str(code["number"]): code["en"] for code in codes}
    if len(take) != len(codes) or not all(isinstance(one, bool) for one in take.values()):
        raise ValueError("a category stands twice, or says not whether it is taken")
    words = [tree[name] for name in ("name", "jurisdiction", "en", "fr", "source")]
    if not all(isinstance(word, str) and word for word in words) or not _NAME.fullmatch(tree["name"]):
        raise ValueError("a profile lacks a word")
    if not isinstance(tree["as_of"], date):
        raise TypeError("a profile says when its source was read")
    name, jurisdiction, en, fr, source = words
    return Profile(name, jurisdiction, en, fr, source, tree["as_of"], take, meaning)
