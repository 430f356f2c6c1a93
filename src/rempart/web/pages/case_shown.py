"""From a card to what its page says: every code in words, every time as a span."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from rempart.cases.review.card import Card, Clock, Judged
from rempart.cases.review.taxonomy import profiles
from rempart.cases.triage.vocabulary import VOCABULARY
from rempart.facts.case import Feature, FeatureValue
from rempart.law import rule
from rempart.people.records import Language
from rempart.web.pages.overview import Say, duration
from rempart.web.words import known, say
from rempart.wiring.desk import Desk

PATHS = {"order": "/orders/{number}", "appeal": "/appeals/{number}", "duty": "/due/{number}"}
# States of orders and appeals in which their clock runs.
RUNNING = ("received", "authenticated", "challenged", "open", "assigned")


@dataclass(frozen=True, slots=True)
class Shown:
    """What words are made with: the desk, the reader's language, the time."""

    desk: Desk
    language: Language
    now: datetime

    @property
    def t(self) -> Say:
        """A text in the reader's language."""
        return partial(say, self.language)

    def ago(self, at: datetime) -> str:
        """How long ago it was."""
        return duration(self.t, max(int((self.now - at).total_seconds()), 0))


def named(t: Say, kind: str, name: str) -> str:
    """The words for a code; the code itself where there are none."""
    return t(f"{kind}.{name}") if known(f"{kind}.{name}") else name


def whys(shown: Shown, card: Card) -> list[dict[str, Any]]:
    """The reasons for the rank, each with its points and the facts it rests on."""
    rules, ties = shown.desk.rules, {one.id for one in shown.desk.rules.ties}
    return [
        {
            "words": rules.sentence(one.rule, shown.language),
            "points": one.points,
            "tie": one.rule in ties,
            "features": ", ".join(feature_name(name, shown.language) for name in one.features),
        }
        for one in card.why
    ]


def features(shown: Shown, card: Card) -> list[dict[str, Any]]:
    """What is known, each with who said so and since when."""
    return [
        {
            "name": feature_name(one.name, shown.language),
            "value": value_words(shown.t, one.name, one.value),
            "source": one.source,
            "at": one.at,
        }
        for one in card.features
    ]


def feature_name(name: str, language: Language) -> str:
    """The feature in words; its name where this release does not know it."""
    if known(f"feature.name.{name}"):
        return say(language, f"feature.name.{name}")
    word = VOCABULARY.get(name)
    return name if word is None else (word.fr if language == "fr" else word.en)


def value_words(t: Say, name: str, value: FeatureValue) -> str:
    """The value as people read it."""
    if isinstance(value, bool):
        return t("case.yes") if value else t("case.no")
    word = VOCABULARY.get(name)
    if word is not None and word.choices:
        return named(t, f"feature.{name}", str(value))
    if name == "decided_before":
        return named(t, "overview.outcome", str(value))
    unit = f" {named(t, 'feature.unit', word.unit)}" if word is not None and word.unit else ""
    return f"{value}{unit}"


def headlines(shown: Shown, found: tuple[Feature, ...]) -> list[tuple[str, str]]:
    """(what is suspected, why) of how the pixels were made: never more than the evidence says."""
    t = shown.t
    grades = sorted({str(one.value) for one in found if one.name == "ai_evidence"})
    lines = [(t("case.ai_suspected", grade=grade), named(t, "case.ai", grade)) for grade in grades]
    rungs = sorted({str(one.value) for one in found if one.name == "camera_evidence"})
    return lines + [(named(t, "case.camera", rung), "") for rung in rungs]


def clocks(shown: Shown, card: Card) -> list[dict[str, Any]]:
    """What ends, in words, with how much time is left."""
    return [_clock(shown, one) for one in card.clocks]


def judgements(shown: Shown, card: Card) -> list[dict[str, Any]]:
    """What people said, as far as it may be known; behind the veil without a name."""
    nameless = card.veil.mode == "nameless"
    titles = ["case.one_view", *["case.another_view"] * len(card.judged)]
    return [
        _judgement(shown, one, shown.t(titles[number]) if nameless else named(shown.t, "case.round", one.round))
        for number, one in enumerate(card.judged)
    ]


def code_words(shown: Shown, taxonomy: str, code: str) -> str:
    """The code as its profile calls it; its name for a profile that is not at hand."""
    at_hand = (shown.desk.taxonomy, *(one.taxonomy for one in profiles()))
    codes = next((one.codes for one in at_hand if one.name == taxonomy), ())
    return next((one.label(shown.language) for one in codes if one.name == code), code)


def member_words(shown: Shown, card: Card) -> list[dict[str, Any]]:
    """The members of the cluster, and what each has that the first has not."""
    t = shown.t
    return [
        {
            "one": one,
            "state": named(t, "overview.state", one.state),
            "outcome": named(t, "overview.outcome", one.outcome) if one.outcome else "",
            "ago": shown.ago(one.received_at),
            "follows": one.id in card.following,
            "mine": one.id == card.id,
            "differs": "; ".join(
                f"{feature_name(each.name, shown.language)}: {value_words(t, each.name, each.value)}"
                for each in one.differs[:4]
            ),
        }
        for one in card.members
    ]


def _clock(shown: Shown, one: Clock) -> dict[str, Any]:
    t, late, left = shown.t, False, ""
    if one.ends_at is not None and (one.kind in ("case", "duty") or one.state in RUNNING):
        seconds = int((one.ends_at - shown.now).total_seconds())
        late = seconds < 0
        left = t("queue.overdue" if late else "queue.due_in", time=duration(t, abs(seconds)))
    state = {"order": "orders.state", "appeal": "case.appeal"}.get(one.kind, "")
    return {
        "words": t(f"case.clock.{one.kind}"),
        "at": one.ends_at,
        "about": rule(one.about).says(shown.language) if one.kind == "duty" else one.about,
        "path": PATHS.get(one.kind, "").format(number=one.number) if one.number else "",
        "no_end": t("due.paused" if one.kind == "duty" else "case.clock.open_end"),
        "state": named(t, state, one.state) if one.state else "",
        "left": left,
        "late": late,
    }


def _judgement(shown: Shown, one: Judged, title: str) -> dict[str, Any]:
    t = shown.t
    return {
        "title": title,
        "who": one.reviewer,
        "code": code_words(shown, one.taxonomy, one.code),
        "outcome": named(t, "overview.outcome", one.outcome),
        "answers": [
            (t(f"decide.{name}"), t("case.yes") if value == "yes" else t("case.no"))
            for name, value in one.answers.items()
            if value
        ],
        "reason": one.reason,
        "viewed": named(t, "case.viewed", one.viewed),
        "took": duration(t, one.seconds),
        "at": one.at,
        "followed": one.followed,
    }
