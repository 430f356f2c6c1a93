"""The rules of the Transparency Database, written from its code and not from our checks, which are stricter."""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from rempart.reporting.dsa import vocabulary as words

_VISIBILITIES, _MONETARIES = frozenset(words.VISIBILITY.values()), frozenset(words.MONETARY.values())
_PROVISIONS, _ACCOUNTS = frozenset(words.PROVISION.values()), frozenset(words.ACCOUNT.values())
_CATEGORIES = frozenset(words.CATEGORY + one.upper() for one in words.CATEGORIES)
_DECISIONS = ("decision_visibility", "decision_monetary", "decision_provision", "decision_account")
_YES_NO = frozenset(("Yes", "No"))
# (the text, the field that it explains, the word for which it is needed, the most characters); dropped otherwise
_NEEDED_FOR = (
    ("decision_visibility_other", "decision_visibility", "DECISION_VISIBILITY_OTHER", 500),
    ("decision_monetary_other", "decision_monetary", "DECISION_MONETARY_OTHER", 500),
    ("content_type_other", "content_type", "CONTENT_TYPE_OTHER", 500),
    ("illegal_content_legal_ground", "decision_ground", words.ILLEGAL, 500),
    ("illegal_content_explanation", "decision_ground", words.ILLEGAL, 2000),
    ("incompatible_content_ground", "decision_ground", words.INCOMPATIBLE, 500),
    ("incompatible_content_explanation", "decision_ground", words.INCOMPATIBLE, 2000),
)
_ARRAYS = ("decision_visibility", "content_type", "category_addition", "category_specification", "territorial_scope")
Rule = Callable[[Any], str]


def errors_of(said: Any) -> dict[str, list[str]]:
    """Field -> what the database says of it; empty when it would store the statement."""
    if not isinstance(said, dict):
        return {"puid": ["The puid field is required."]}
    found = {name: problem for name, rule in _RULES.items() if (problem := rule(said.get(name)))}
    if "category_addition" in said and said["category_addition"] is None:
        found["category_addition"] = "must be an array"
    if not any(said.get(name) for name in _DECISIONS):
        found |= dict.fromkeys(_DECISIONS, "is required when none of the other decisions are present")
    for name, of, word, most in _NEEDED_FOR:
        if _holds(said, of, word):
            found |= {name: problem} if (problem := _required(_text(most))(said.get(name))) else {}
    return {name: [f"The {name.replace('_', ' ')} field {problem}."] for name, problem in found.items()}


def stored(said: Mapping[str, Any]) -> dict[str, Any]:
    """The statement as the database keeps and shows it."""
    kept = {name: said.get(name) for name in (*_RULES, *(one[0] for one in _NEEDED_FOR))}
    for name, of, word, _ in _NEEDED_FOR:
        if not _holds(said, of, word):
            kept[name] = None
    for name in _ARRAYS:
        kept[name] = sorted(set(said.get(name) or ()))
    kept["category_addition"] = sorted(set(said.get("category_addition") or ()) - {said.get("category")})
    if said.get("source_type") == "SOURCE_VOLUNTARY":
        kept["source_identity"] = None
    if said.get("decision_ground") != words.INCOMPATIBLE:
        kept["incompatible_content_illegal"] = None
    return kept


def _holds(said: Mapping[str, Any], of: str, word: str) -> bool:
    found = said.get(of)
    return found == word or (isinstance(found, list) and word in found)


def _in(known: Collection[str]) -> Rule:
    return lambda said: "" if said is None or (isinstance(said, str) and said in known) else "is invalid"


def _all_in(known: Collection[str]) -> Rule:
    def rule(said: Any) -> str:
        if said is None:
            return ""
        if not isinstance(said, list):
            return "must be an array"
        return "" if all(isinstance(one, str) and one in known for one in said) else "is invalid"

    return rule


def _required(rule: Rule) -> Rule:
    return lambda said: "is required" if said in (None, "", []) else rule(said)


def _text(most: int) -> Rule:
    def rule(said: Any) -> str:
        if said is not None and not isinstance(said, str):
            return "must be a string"
        return f"may not be greater than {most} characters" if len(said or "") > most else ""

    return rule


def _day(first: date | None, last: date = words.UNTIL) -> Rule:
    def rule(said: Any) -> str:
        if said is None:
            return ""
        if not isinstance(said, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", said):
            return "does not match the format YYYY-MM-DD"
        try:
            day = date.fromisoformat(said)
        except ValueError:
            return "does not match the format YYYY-MM-DD"
        return "" if (first is None or first <= day) and day <= last else "is out of range"

    return rule


def _matching(pattern: str, most: int) -> Rule:
    def rule(said: Any) -> str:
        ok = said is None or (isinstance(said, str) and len(said) <= most and re.fullmatch(pattern, said, re.ASCII))
        return "" if ok else "format is invalid"

    return rule


def _keywords(said: Any) -> str:
    """Of the keywords we know those of minors; any other of their form is let through."""
    if said is None:
        return ""
    if not isinstance(said, list):
        return "must be an array"
    known = all(isinstance(one, str) and re.fullmatch(r"KEYWORD_[A-Z_]{2,80}", one, re.ASCII) for one in said)
    return "" if known else "is invalid"


_RULES: Mapping[str, Rule] = {
    "decision_visibility": _all_in(_VISIBILITIES),
    "decision_monetary": _in(_MONETARIES),
    "decision_provision": _in(_PROVISIONS),
    "decision_account": _in(_ACCOUNTS),
    "account_type": _in(frozenset(words.ACCOUNT_TYPES.values())),
    "decision_ground": _required(_in(frozenset(words.GROUNDS.values()))),
    "decision_ground_reference_url": _matching(r"https?://[^\s/]+\S*", 500),
    "incompatible_content_illegal": _in(_YES_NO),
    "content_type": _required(_all_in(frozenset(words.CONTENT_TYPES.values()))),
    "category": _required(_in(_CATEGORIES)),
    "category_addition": _all_in(_CATEGORIES),
    "category_specification": _keywords,
    "category_specification_other": _text(500),
    "territorial_scope": _all_in(frozenset(words.EEA)),
    "content_language": _in(words.LANGUAGES),
    "content_date": _required(_day(words.CONTENT_SINCE)),
    "application_date": _required(_day(words.APPLIED_SINCE)),
    "end_date_visibility_restriction": _day(None),
    "end_date_monetary_restriction": _day(None),
    "end_date_service_restriction": _day(None),
    "end_date_account_restriction": _day(None),
    "decision_facts": _required(_text(5000)),
    "source_type": _required(_in(frozenset(words.SOURCES.values()))),
    "source_identity": _text(500),
    "automated_detection": _required(_in(_YES_NO)),
    "automated_decision": _required(_in(frozenset(words.AUTOMATED_DECISIONS))),
    "puid": _required(_matching(r"[a-zA-Z0-9_-]+", 500)),
}
