"""Our own checks of a statement for the Transparency Database: all that its server checks, and more."""

from collections.abc import Iterator
from datetime import date

from rempart.facts.report import Problem
from rempart.reporting.dsa import vocabulary as words
from rempart.reporting.dsa.composing import Statement, day_of

_MEASURES = {
    "decision_monetary": words.MONETARY,
    "decision_provision": words.PROVISION,
    "decision_account": words.ACCOUNT,
}
_OTHERS = (
    ("decision_visibility", "DECISION_VISIBILITY_OTHER", "decision_visibility_other"),
    ("decision_monetary", "DECISION_MONETARY_OTHER", "decision_monetary_other"),
    ("content_type", "CONTENT_TYPE_OTHER", "content_type_other"),
)
_REQUIRED = {
    "category": "say which category it is",
    "decision_facts": "say which facts the decision rests on",
    "content_date": "neither the record nor a person says when the content was provided; answer `content_date`",
    "application_date": "say since when the measure applies",
    "content_type": "no file says what kind of content it is; answer `content_type`",
    "territorial_scope": "say where the measure applies",
    "source_type": "nobody knows how the case came; answer `source`",
    "automated_detection": "nobody knows whether it was detected by automated means; answer `detected_by_program`",
    "automated_decision": "the record does not say who decided",
}


def problems_of(statement: Statement, today: date) -> list[Problem]:
    """Everything that the server would refuse, or that is not true."""
    return [
        *_missing(statement),
        *_of_measures(statement),
        *_of_ground(statement),
        *_of_words(statement),
        *_of_times(statement, today),
        *_of_lengths(statement),
    ]


def _missing(said: Statement) -> Iterator[Problem]:
    for name, help_ in _REQUIRED.items():
        if not said.get(name):
            yield Problem(name, help_)
    for name, word, other in _OTHERS:
        if word in (said.get(name) or ()) and not said.get(other):
            yield Problem(other, "it is something else; say what")


def _of_measures(said: Statement) -> Iterator[Problem]:
    if not any(said.get(name) for name in ("decision_visibility", *_MEASURES)):
        yield Problem("decision_visibility", "no measure was taken, so there is no statement to publish")
    if not set(said.get("decision_visibility", ())) <= set(words.VISIBILITY.values()):
        yield Problem("decision_visibility", "choose one of the measures")
    for name, known in _MEASURES.items():
        if said.get(name) not in (None, *known.values()):
            yield Problem(name, "choose one of the measures")


def _of_ground(said: Statement) -> Iterator[Problem]:
    needed = {
        words.ILLEGAL: ("illegal_content_legal_ground", "illegal_content_explanation"),
        words.INCOMPATIBLE: ("incompatible_content_ground", "incompatible_content_explanation"),
    }.get(said.get("decision_ground", ""))
    if needed is None:
        yield Problem("decision_ground", "say on which ground: illegal, or against the terms")
    for name in needed or ():
        if not said.get(name):
            yield Problem(name, "say which law or clause, and why")


def _of_words(said: Statement) -> Iterator[Problem]:
    category = str(said.get("category", "")).removeprefix(words.CATEGORY).lower()
    keywords = set(said.get("category_specification", ()))
    if category and category not in words.CATEGORIES:
        yield Problem("category", "choose one of the categories")
    if not keywords <= set(words.KEYWORDS.values()):
        yield Problem("category_specification", "choose one of the keywords")
    elif keywords and category != words.MINORS:
        yield Problem("category_specification", "this keyword belongs to the protection of minors; correct either")
    if not set(said.get("content_type", ())) <= set(words.CONTENT_TYPES.values()):
        yield Problem("content_type", "choose one of the kinds of content")
    if unknown := sorted(set(said.get("territorial_scope", ())) - set(words.EEA)):
        yield Problem("territorial_scope", f"`{unknown[0][:8]}` is no country of the EEA; write codes such as FR, DE")
    if said.get("content_language") not in (None, *words.LANGUAGES):
        yield Problem("content_language", "write the language with two letters, such as FR")
    if said.get("source_type") not in (None, *words.SOURCES.values()):
        yield Problem("source_type", "this source is not known to the database")


def _of_times(said: Statement, today: date) -> Iterator[Problem]:
    content, applied = (day_of(said.get(name)) for name in ("content_date", "application_date"))
    if said.get("content_date") and (content is None or not words.CONTENT_SINCE <= content <= today):
        yield Problem("content_date", f"write a day from {words.CONTENT_SINCE} to today, such as 2026-11-22")
    if said.get("application_date") and (applied is None or not words.APPLIED_SINCE <= applied <= today):
        yield Problem("application_date", f"write a day from {words.APPLIED_SINCE} to today, such as 2026-11-22")
    for name in words.END_DATES.values():
        end = day_of(said.get(name))
        if name in said and (end is None or not (applied or words.APPLIED_SINCE) <= end <= words.UNTIL):
            yield Problem(name, "the measure ends before it began, or on no day; write one such as 2026-12-22")


def _of_lengths(said: Statement) -> Iterator[Problem]:
    for name, most in words.TEXTS.items():
        if len(str(said.get(name, ""))) > most:
            yield Problem(name, f"it has more than {most} characters; shorten it")
