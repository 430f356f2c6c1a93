"""The history of a case, each entry of the ledger in words."""

from collections.abc import Iterator
from typing import Any

from rempart.cases.review.card import Card, Event
from rempart.web.pages.case_shown import Shown, code_words, named
from rempart.web.words import known

_HOUSE = ("worker", "public", "operator")


def story(shown: Shown, card: Card) -> list[dict[str, Any]]:
    """The history, newest first, in words."""
    return [{"at": one.at, "who": _who(shown, one.actor), "what": _event(shown, one)} for one in card.story]


def _who(shown: Shown, actor: str) -> str:
    if not actor:
        return shown.t("case.somebody")
    return shown.t(f"story.actor.{actor}") if actor in _HOUSE else actor


def _event(shown: Shown, one: Event) -> str:
    t, verb = shown.t, one.verb
    if verb in ("case.decided", "case.followed") and not one.data:
        return t("story.case.judged")
    variant = {
        "case.police_first": "on" if one.data.get("on") else "off",
        "media.revealed": str(one.data.get("level", "")),
        "media.shown": str(one.data.get("level", "")),
        "case.reported": str(one.data.get("state", "")),
        "case.notice_ended": str(one.data.get("because", "")),
    }.get(verb)
    if verb == "case.clock" and not one.data.get("due_at"):
        return t("story.case.clock_none")
    key = f"story.{verb}.{variant}" if variant else f"story.{verb}"
    if not known(key):
        return verb
    values = dict(_values(shown, one))
    return t(key, **values)


def _values(shown: Shown, one: Event) -> Iterator[tuple[str, str]]:
    """Every value that the words of an entry may name; what it does not say is a dash."""
    t, data, nothing = shown.t, one.data, "–"
    reasons = {
        "case.skipped": "skip",
        "case.escalated": "escalate",
        "case.police_first": "police",
        "case.reopened": "reopen",
        "case.closed": "close",
    }
    yield "tier", str(data.get("tier", nothing))
    yield "due", str(data.get("due_at") or nothing)
    yield "reason", named(t, reasons.get(one.verb, "reason"), str(data.get("reason") or nothing))
    yield "round", named(t, "case.round", str(data.get("round", nothing)))
    yield "code", code_words(shown, str(data.get("taxonomy", "")), str(data.get("code", nothing)))
    yield "outcome", named(t, "overview.outcome", str(data.get("outcome", nothing)))
    yield "number", str(len(data.get("actions", ())))
    yield "action", named(t, "action", str(data.get("kind", nothing)))
    yield "purpose", named(t, "purpose", str(data.get("purpose", nothing)))
    yield "recipient", named(t, "story.to", str(data.get("recipient", nothing)))
    yield "country", str(data.get("country") or nothing)
