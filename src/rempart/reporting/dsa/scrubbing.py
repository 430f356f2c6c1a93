"""Free text without personal data: what is recognised is taken out, and what stays doubtful is named, never sent.

A machine cannot know every name. It takes out addresses, numbers, handles and what the case knows; a person reads the
rest, for the exact text stands in the preview that they approve.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rempart.facts.report import CaseView

GONE: Final = "[...]"
_SEVERAL = re.compile(rf"(?:{re.escape(GONE)}\s*){{2,}}")
# Each ends in what is taken out whole. Broad on purpose: too much is taken out rather than too little.
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]{1,15}:/+|www\.|hxxps?:/*)\S+", re.IGNORECASE)
_MAIL = re.compile(r"[^\s<>()\[\],;@]{1,256}@[^\s<>()\[\],;]+")
_HANDLE = re.compile(r"(?<!\w)@\w[\w.-]*|(?<![\w/])[ur]/\w[\w-]+")
_IPV6 = re.compile(
    r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,8}(?:[0-9a-f]{0,4}|\d{1,3}(?:\.\d{1,3}){3})(?![\w:])", re.IGNORECASE
)
_IPV4 = re.compile(r"(?<!\d)\d{1,3}(?:[.]\d{1,3}){3}(?!\d)")
_DOMAIN = re.compile(r"(?<![\w-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,10}\.[^\W\d_]{2,24}(?!\w)(?:/\S*)?")
_NUMBER = re.compile(r"\+?\(?\d(?:[\s().\-/]{0,3}\d){6,}")
_TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[^\W\d_])[\w-]{16,}(?!\w)")
_TAKEN_OUT: Mapping[str, re.Pattern[str]] = {
    "address": _URL,
    "mail address": _MAIL,
    "handle": _HANDLE,
    "IP address": _IPV6,
    "IP address, too": _IPV4,
    "domain": _DOMAIN,
    "number": _NUMBER,
    "identifier": _TOKEN,
}
# What may remain of something taken apart on purpose: ada (at) dragon (dot) example, five and more digits in a row.
_DOUBTS: Mapping[str, re.Pattern[str]] = {
    "an @": re.compile("@"),
    "an address": re.compile(r"://|\bwww\b|\bhxxp", re.IGNORECASE),
    "a spelt address": re.compile(
        r"[\[({<]\s*(?:at|dot|point|arobase|arobas)\s*[\])}>]|\b(?:arobase|arobas)\b|\w\s+(?:at|dot|point)\s+\w+\s+(?:dot|point)\s+\w",
        re.IGNORECASE,
    ),
    "a domain": _DOMAIN,
    "an IP address": re.compile(rf"{_IPV4.pattern}|{_IPV6.pattern}", re.IGNORECASE),
    "a long number": re.compile(r"\d(?:\W{0,3}\d){6,}|\d{6,}"),
}
_LAW = re.compile(r"(?<!\d)(?:19|20)\d\d/\d{1,4}(?!\d)")
_BEFORE_LAW, _AFTER_LAW = re.compile(r"\d[\s().\-/+]{0,3}$"), re.compile(r"^[\s().\-/]{0,3}\d")
_PLACE = re.compile("⟦([0-9]{1,4})⟧")
# A name so long is found inside of words, too; a shorter one only as a word.
_ANYWHERE = 6
_LEAST, _LONGEST_NAME = 2, 60
_STRUCTURE = frozenset(("role", "source", "told_at", "at", "port", "event", "behind_proxy", "country", "version"))
_WORD = re.compile(r"[^\W\d_]{3,}")
# Words of names that are everybody's words: without this exception they would take every sentence apart.
_COMMON = "the and for les des une von van der com net org www user member account photo image video"
_EVERYBODY = frozenset(_COMMON.split())


def known_of(case: CaseView) -> tuple[str, ...]:
    """What the case knows of people and places: names, addresses, handles, hosts, names of files, digests."""
    found: set[str] = set()
    for one in case.accounts:
        found.update(_told(one))
        named = {name: value for name, value in one.items() if name != "service"}
        found.update(word for text in _told(named) for word in _words_of(_flat(text)))
    for place in case.places:
        found.update((place.url, place.host, place.address))
    for file in case.files:
        found.update((file.name, file.name.rpartition(".")[0], *file.digests.values()))
    found.update(one.number for one in case.notices)
    found.add(case.reviewer)
    names = (one for one in map(_flat, found) if len(one) >= _LEAST and one.casefold() not in _EVERYBODY)
    return tuple(sorted(set(names), key=lambda one: (-len(one), one)))


def scrubbed(text: str, known: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """(the text without what was recognised, the kinds of what was taken out)."""
    plain, laws = _laws_aside(_flat(text))
    kinds = []
    for kind, pattern in _TAKEN_OUT.items():
        plain, count = pattern.subn(GONE, plain)
        kinds += [kind] if count else []
    for pattern in map(_verbatim, known):
        plain, count = pattern.subn(GONE, plain)
        kinds += ["name known from the case"] if count else []
    plain = _SEVERAL.sub(f"{GONE} ", plain).strip()
    plain = _PLACE.sub(lambda one: laws[int(one[1])] if int(one[1]) < len(laws) else GONE, plain)
    return plain, tuple(dict.fromkeys(kinds))


def doubts(text: str, known: Sequence[str]) -> tuple[str, ...]:
    """What in this text may still be personal data, in words; empty when nothing is known to be."""
    plain, _ = _laws_aside(_flat(text).replace(GONE, " "))
    plain = _PLACE.sub(" ; ", plain)
    found = [what for what, pattern in _DOUBTS.items() if pattern.search(plain)]
    bare = _without_accents(plain)
    if any(_verbatim(one).search(plain) or _spaced_out(one).search(bare) for one in known):
        found.append("a name known from the case")
    return tuple(found)


def _told(told: Mapping[str, Any]) -> Iterable[str]:
    """Every text that a host told of an account, but for the words of the form."""
    for name, value in told.items():
        if name in _STRUCTURE:
            continue
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, Mapping):
                yield from _told(one)
            elif isinstance(one, (str, int)) and not isinstance(one, bool):
                yield str(one)


def _words_of(name: str) -> list[str]:
    """The words of a name; none of a text or an address, whose words are not names."""
    return [] if len(name) > _LONGEST_NAME or "/" in name else _WORD.findall(name)


def _verbatim(name: str) -> re.Pattern[str]:
    inside = re.escape(name)
    return re.compile(inside if len(name) >= _ANYWHERE else rf"(?<!\w){inside}(?!\w)", re.IGNORECASE)


def _spaced_out(name: str) -> re.Pattern[str]:
    """The name with anything but letters between its letters, as a word; never found when it is short or very long."""
    letters = [one for one in _without_accents(name) if one.isalnum()]
    if not _ANYWHERE - 2 <= len(letters) <= _LONGEST_NAME:
        return re.compile(r"(?!)")
    return re.compile(r"(?<!\w)" + r"[\W_]{0,3}".join(map(re.escape, letters)) + r"(?!\w)", re.IGNORECASE)


def _laws_aside(text: str) -> tuple[str, list[str]]:
    """(the text with ⟦0⟧, ⟦1⟧ … for numbers of laws such as 2022/2065, these numbers). One among digits is none."""
    parts: list[str] = []
    laws: list[str] = []
    end = 0
    for one in _LAW.finditer(text := text.replace("⟦", "[").replace("⟧", "]")):
        if _BEFORE_LAW.search(text[max(one.start() - 5, 0) : one.start()]) or _AFTER_LAW.search(text[one.end() :][:5]):
            continue
        parts.append(f"{text[end : one.start()]}⟦{len(laws)}⟧")
        laws.append(one[0])
        end = one.end()
    return "".join([*parts, text[end:]]), laws


def _flat(text: str) -> str:
    """The text as it looks: compatible forms made one, without what nobody sees, each run of blanks one blank."""
    seen = "".join(
        " " if unicodedata.category(one) in ("Zs", "Zl", "Zp", "Cc") else one
        for one in unicodedata.normalize("NFKC", text)
        if unicodedata.category(one) not in ("Cf", "Co", "Cn", "Cs")
    )
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _without_accents(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(one))
