"""Media of a card in words: what lists say of each, what says how it was made, what could not be examined."""

from typing import Any

from rempart.batch.report.origin_words import CLAIMS, COSTS, STATES, VERDICTS, WORDS, rule_words
from rempart.batch.report.words import reason_words
from rempart.cases.review.card import Medium
from rempart.facts import Matched, NoMatch
from rempart.facts.evidence import Evidence
from rempart.facts.match import Match
from rempart.people.records import Language
from rempart.thresholds import PDQ_MATCH_DISTANCE
from rempart.web.pages.case_shown import Shown, named


def medium(shown: Shown, one: Medium, number: int) -> dict[str, Any]:
    """One medium in words: what lists say of it, what says how it was made, what could not be examined."""
    t, finding = shown.t, one.finding
    gaps = [reason_words(gap, shown.language) for gap in finding.gaps] if finding else []
    return {
        "one": one,
        "number": number,
        "size": size_words(one.size_bytes),
        "outcome": named(t, "case.outcome", one.outcome),
        "matches": [_match(shown, match) for match in _matches(one)],
        "gaps": t("case.gaps", reasons=", ".join(gaps)) if gaps else "",
        "origin": _origin(shown, one),
        "seen": [level for level in ("preview", "original") if level in one.seen],
    }


def size_words(size_bytes: int) -> str:
    """Such as 12 KiB."""
    for unit, size in (("MiB", 2**20), ("KiB", 2**10)):
        if size_bytes >= size:
            return f"{size_bytes / size:.1f} {unit}" if size_bytes < 10 * size else f"{size_bytes // size} {unit}"
    return f"{size_bytes} B"


def _matches(one: Medium) -> tuple[Match, ...]:
    outcome = one.finding.outcome if one.finding else None
    if isinstance(outcome, Matched):
        return outcome.matches
    return outcome.known_good if isinstance(outcome, NoMatch) else ()


def _match(shown: Shown, match: Match) -> dict[str, Any]:
    t, view = shown.t, match.view
    turn = t("case.turned", turn=t(f"case.turn.{view.transform}")) if view and view.transform != "identity" else ""
    cut = t("case.unbordered") if view and view.crop == "unbordered" else ""
    near = view is not None
    return {
        "list": t("case.list", name=match.list_name, version=match.list_version),
        "words": t("case.distance", bits=match.distance_bits) if near else t("case.same_bytes"),
        "near": near,
        "bits": match.distance_bits,
        "most": max(int(PDQ_MATCH_DISTANCE.value), match.distance_bits),
        "kind": match.kind,
        "more": [one for one in (turn, cut) if one],
        "classified": t("case.classified", words=match.classification) if match.classification else "",
        "good": match.polarity == "known-good",
        "held": match.held,
    }


def _origin(shown: Shown, one: Medium) -> dict[str, Any] | None:
    origin = one.finding.origin if one.finding else None
    if origin is None:
        return None
    language = shown.language
    return {
        "verdict": VERDICTS[language][origin.verdict.verdict],
        "rules": [rule_words(rule, language) for rule in origin.verdict.rules],
        "pieces": [_piece(each, language) for each in origin.evidence],
        "notice": WORDS[language]["notice"],
    }


def _piece(one: Evidence, language: Language) -> dict[str, str]:
    state = one.integrity.state if one.integrity else ""
    return {
        "claim": CLAIMS[language][one.claim],
        "where": one.locator,
        "tool": one.tool,
        "state": STATES[language][state],
        "add": COSTS[language][one.add_cost],
        "strip": COSTS[language][one.strip_cost],
    }
