"""Taxonomy profiles: the codes a reviewer chooses from, and what each means elsewhere, where a source states it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from rempart.errors import NotFound, UserMistake
from rempart.facts.case import OUTCOMES, Outcome

NAMES = ("baseline", "dsa", "industry", "iwf", "vic-us")
VOCABULARIES = ("vics", "iccam", "ncmec", "dsa", "iwf")
_LARGEST_KEY = 9
_LONGEST_CODE = 40
_LONGEST_VERSION = 20


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a profile.

    key: the digit that chooses it, 1..9. outcome: what follows from it here. elsewhere: vocabulary -> its word for
    this code; a vocabulary is absent where no source states the mapping.
    """

    name: str
    key: int
    english: str
    french: str
    outcome: Outcome
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def label(self, language: str) -> str:
        """What the reviewer reads."""
        return self.french if language == "fr" else self.english


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """One profile at one version; a decision names both, so that its code can always be read."""

    name: str
    version: str
    jurisdiction: str = ""
    english: str = ""
    french: str = ""
    codes: tuple[Code, ...] = ()

    def code(self, name: str) -> Code:
        """The code of this name. Raises UserMistake when the profile has none."""
        for one in self.codes:
            if one.name == name:
                return one
        raise UserMistake(f"profile `{self.name}` has no code `{name[:_LONGEST_CODE]}`; choose one that it lists")

    def label(self, language: str) -> str:
        """What the profile is called."""
        return self.french if language == "fr" else self.english


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile that ships. needs: the word by which operators say that they may use it. because: why it is asked."""

    taxonomy: Taxonomy
    needs: str = ""
    because: str = ""


@cache
def profiles() -> tuple[Profile, ...]:
    """Every profile that ships, to be read about; using one is `load_taxonomy`."""
    records = [tomllib.loads(_shipped(name)) for name in NAMES]
    return tuple(Profile(taxonomy_of(one), str(one.get("needs", "")), str(one.get("because", ""))) for one in records)


@cache
def load_taxonomy(name: str) -> Taxonomy:
    """The profile of this name, or of this TOML file (a path that ends in `.toml`).

    A profile that needs the operator's word is named together with it, such as `industry:agreement-signed`.
    Raises UserMistake for a name, a word or a file that cannot be used.
    """
    profile, _, word = name.partition(":")
    if profile in NAMES:
        text = _shipped(profile)
    elif name.endswith(".toml"):
        word, text = "", _own(Path(name))
    else:
        raise UserMistake(
            f"there is no taxonomy profile `{name}`; choose one of {', '.join(NAMES)}, or give a .toml file"
        )
    record = _parsed(text, name)
    _check_word(record, profile, word)
    return taxonomy_of(record)


@cache
def shipped(name: str) -> Taxonomy:
    """The profile that ships under this name, to read what was decided by it. Raises NotFound."""
    if name not in NAMES:
        raise NotFound(f"no taxonomy profile `{name}` ships; profiles are {', '.join(NAMES)}")
    return taxonomy_of(
        tomllib.loads(files("rempart.cases.review").joinpath("taxonomies", f"{name}.toml").read_text("utf-8"))
    )


def taxonomy_of(record: Mapping[str, Any]) -> Taxonomy:
    """The profile that this table describes. Raises UserMistake naming what is wrong in it."""
    try:
        codes = tuple(_code(name, table) for name, table in record["codes"].items())
        made = Taxonomy(
            name=str(record["name"]),
            version=str(record["version"]),
            jurisdiction=str(record.get("jurisdiction", "")),
            english=str(record["label"]["en"]),
            french=str(record["label"]["fr"]),
            codes=codes,
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UserMistake(
            f"the taxonomy profile cannot be understood: {error}; see docs/reference/taxonomies.md"
        ) from None
    _check(made)
    return made


def _code(name: str, table: Mapping[str, Any]) -> Code:
    if table["outcome"] not in OUTCOMES:
        raise ValueError(f"`{name}` has no outcome of the desk's own")
    elsewhere = {vocabulary: str(table[vocabulary]) for vocabulary in VOCABULARIES if vocabulary in table}
    return Code(name, int(table["key"]), str(table["en"]), str(table["fr"]), table["outcome"], elsewhere)


def _check(made: Taxonomy) -> None:
    keys = [code.key for code in made.codes]
    if len(set(keys)) != len(keys) or not all(1 <= key <= _LARGEST_KEY for key in keys):
        raise UserMistake(f"profile `{made.name}` gives a key twice or beyond 1 to 9; give each code its own digit")
    long = max((len(code.name) for code in made.codes), default=0) > _LONGEST_CODE
    if long or len(made.version) > _LONGEST_VERSION or len(made.name) > _LONGEST_CODE:
        raise UserMistake(f"profile `{made.name[:_LONGEST_CODE]}` has a name or version that is too long; shorten it")
    if not {"not_illegal", "not_assessable"} <= {code.outcome for code in made.codes}:
        raise UserMistake(f"profile `{made.name}` cannot say `not_illegal` and `not_assessable`; add codes for both")


def _check_word(record: Mapping[str, Any], profile: str, word: str) -> None:
    """Nothing. Some codes may be used by those only who signed for them: the operator has to say so."""
    needed = str(record.get("needs", ""))
    if word != needed:
        asked = f"write `{profile}:{needed}` if that is so" if needed else f"write `{profile}`"
        why = str(record.get("because", "the profile asks for no such statement"))
        raise UserMistake(f"taxonomy profile `{profile}` cannot be used as named: {why}; {asked}")


def _shipped(name: str) -> str:
    return files("rempart.cases.review").joinpath("taxonomies", f"{name}.toml").read_text("utf-8")


def _own(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise UserMistake(f"the taxonomy file {path} cannot be read; check REMPART_DESK__TAXONOMY") from None


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserMistake(f"the taxonomy file {name} is no TOML: {error}; correct it") from None
