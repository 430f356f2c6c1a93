"""Every text of the pages, in English and French. One file for each feature, one line each in `FILES`."""

import re
from collections.abc import Mapping
from types import ModuleType

from rempart.people.records import Language
from rempart.web.words import (
    appeals,
    desk,
    due,
    erasures,
    notice,
    orders,
    overview,
    people,
    places,
    report_story,
    reports,
    review,
    review_story,
    statements,
    transparency,
)
from rempart.web.words.mistakes import FRENCH

FILES: tuple[ModuleType, ...] = (
    transparency,
    appeals,
    overview,
    desk,
    due,
    erasures,
    notice,
    orders,
    people,
    reports,
    places,
    review,
    review_story,
    report_story,
    statements,
)
_COLUMN: Mapping[Language, int] = {"en": 0, "fr": 1}
_HELD = re.compile(r"(?<=«) | (?=[:;?!»%])")


def typeset(french: str) -> str:
    """The French text, in which no sign that has a space before it begins a line."""
    return _HELD.sub("\u00a0", french)


_ALL: dict[str, tuple[str, str]] = {
    key: (english, typeset(french)) for file in FILES for key, (english, french) in file.WORDS.items()
}


def say(language: Language, key: str, **values: object) -> str:
    """The text in that language, with the values put in. Raises KeyError for a text that nobody wrote."""
    text = _ALL[key][_COLUMN[language]]
    return text.format(**values) if values else text


def told(language: Language, message: str) -> tuple[Language, str]:
    """The words of an error, and the language that they are in: English where nobody translated them."""
    translated = _in_french(message) if language == "fr" else None
    return ("en", message) if translated is None else ("fr", typeset(translated))


def _in_french(message: str) -> str | None:
    """The message translated: as it stands, or with `#` for each of its numbers, which then stand in their order."""
    if message in FRENCH:
        return FRENCH[message]
    numbers = iter(_NUMBER.findall(message))
    translated = FRENCH.get(_NUMBER.sub("#", message))
    return None if translated is None else re.sub("#", lambda _: next(numbers), translated)


_NUMBER = re.compile(r"\b\d+\b")


def known(key: str) -> bool:
    """Whether there is such a text."""
    return key in _ALL
