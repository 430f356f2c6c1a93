"""Search: what is found, and that it was asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rempart.cases.intake.numbers import read_number
from rempart.cases.intake.opening import Tie, content_key, tie_key, url_key
from rempart.cases.intake.urls import normalise
from rempart.cases.overview.search import queries
from rempart.cases.overview.search.question import Question
from rempart.facts.people import Actor
from rempart.storage.database import Reader
from rempart.storage.fields import Fields


@dataclass(frozen=True, slots=True)
class Found:
    """One page of results, newest first. cards: see `queries.cards`, each with its `hosts`.

    more: the number to ask for cases before, None when these are the last.
    """

    cards: tuple[Mapping[str, Any], ...]
    more: int | None


def find(reader: Reader, fields: Fields, actor: Actor, question: Question, now: datetime) -> Found:
    """The cases of the actor's organisation that match. Raises UserMistake when the text is no such thing."""
    mine = actor.organisation
    ids = queries.matching(reader, mine, question, key_of(fields, question), now, queries.PAGE + 1)
    shown = ids[: queries.PAGE]
    places = queries.hosts(reader, mine, shown)
    cards = tuple({**row, "hosts": places.get(row["id"], [])} for row in queries.cards(reader, mine, shown, now))
    return Found(cards, shown[-1] if len(ids) > queries.PAGE else None)


def key_of(fields: Fields, question: Question) -> str:
    """The value that rows are compared with: blind where they keep it blind."""
    text = question.text
    match question.kind:
        case "url":
            return url_key(fields, normalise(text))
        case "content":
            return content_key(fields, bytes.fromhex(text))
        case "account":
            return tie_key(fields, Tie("actor", text.encode()))
        case "host":
            return normalise(text).host
        case "number":
            return read_number(text)
        case "all" | "case" | "person":
            return text
