"""Features of a case: from a finding, from lists, from what a sender states. Each keeps who said so, and when."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from rempart.cases.triage.origins import origin_features
from rempart.cases.triage.vocabulary import GRADES, VOCABULARY, Word, feature, word
from rempart.errors import UserMistake
from rempart.facts.case import Feature, FeatureValue
from rempart.facts.finding import Finding, Matched, NoMatch
from rempart.facts.hash_list import HashList
from rempart.facts.match import Match
from rempart.storage.columns import FORMAT

__all__ = [
    "GRADES",
    "VOCABULARY",
    "Word",
    "ai_evidence",
    "capture_age",
    "evidence_expires",
    "feature",
    "from_finding",
    "from_row",
    "list_status",
    "no_media",
    "stated",
    "to_row",
    "word",
]
_MOST_MATCHES = 16


def from_finding(finding: Finding, at: datetime, lists: Sequence[HashList] = ()) -> list[Feature]:
    """What screening one medium tells about its case.

    lists: the lists that were looked into; their age tells how much the absence of a hit is worth.
    """
    return [*_novelty(finding, at), *_list_age(lists, at), *_size(finding, at), *origin_features(finding, at)]


def stated(source: str, at: datetime, **values: FeatureValue) -> list[Feature]:
    """What somebody stated, `urgent=True, country="FR"`; None is left out. Raises UserMistake as `feature` does."""
    return [feature(name, value, source, at) for name, value in values.items() if value is not None]


def list_status(
    source: str,
    at: datetime,
    *,
    victim_identified: bool | None = None,
    offender_identified: bool | None = None,
    distributed: bool | None = None,
    in_series: bool | None = None,
    baseline: bool | None = None,
    submissions: int | None = None,
) -> list[Feature]:
    """What a list (`list:partner@3`) or a partner's bundle says of a known item; what it does not say stays unknown."""
    return stated(
        source,
        at,
        victim_identified=victim_identified,
        offender_identified=offender_identified,
        distributed=distributed,
        in_series=in_series,
        baseline=baseline,
        submissions=submissions,
    )


def capture_age(captured_at: datetime, received_at: datetime, source: str) -> list[Feature]:
    """How long before its arrival it was captured; nothing when the stated capture lies in the future."""
    days = (received_at - captured_at).days
    return [feature("capture_age_days", days, source, received_at)] if days >= 0 else []


def evidence_expires(when: datetime, source: str, at: datetime) -> list[Feature]:
    """When the provider will delete what leads to the actor."""
    return [feature("evidence_expires", when.strftime(FORMAT), source, at)]


def ai_evidence(grade: str, source: str, at: datetime) -> list[Feature]:
    """Evidence of AI by grade: A signed, B declared, C near a known AI set, D detector, E somebody's opinion."""
    return [feature("ai_evidence", grade, source, at)]


def no_media(at: datetime) -> list[Feature]:
    """Nothing that could be examined came with it, such as a notice that gives an address only."""
    return [feature("novelty", "unexamined", "finding", at)]


def to_row(features: Iterable[Feature]) -> list[list[Any]]:
    """The features as the case's row keeps them: `[name, value, source, at]` each, the same one once."""
    rows = ([one.name, one.value, one.source, one.at.strftime(FORMAT)] for one in features)
    return list({tuple(row): row for row in rows}.values())


def from_row(rows: Iterable[Sequence[Any]]) -> list[Feature]:
    """The features of a case's row."""
    return [Feature(name, value, source, datetime.fromisoformat(at)) for name, value, source, at in rows]


def moment(text: str) -> datetime:
    """The time that is written so. Raises UserMistake when it is none."""
    try:
        return datetime.strptime(f"{text}+0000", FORMAT + "%z")
    except ValueError:
        raise UserMistake("this is no time; write it as 2026-11-22T09:30:00Z") from None


def _novelty(finding: Finding, at: datetime) -> Iterator[Feature]:
    outcome = finding.outcome
    if isinstance(outcome, Matched):
        bad = [match for match in outcome.matches if match.polarity == "known-bad"]
        for match in bad[:_MOST_MATCHES]:
            yield from _hit(match, at)
        return
    if isinstance(outcome, NoMatch):
        yield feature("novelty", "none", "finding", at)
        for match in outcome.known_good:
            if match.view is None:  # the very bytes; a picture that only looks like a good one proves nothing
                yield feature("known_good", True, _list(match), at)
        return
    yield feature("novelty", "unexamined", "finding", at)


def _hit(match: Match, at: datetime) -> Iterator[Feature]:
    if match.held:
        yield feature("novelty", "doubtful", _list(match), at)
    elif match.kind != "pdq":
        yield feature("novelty", "exact", _list(match), at)
    else:
        yield feature("novelty", "near", _list(match), at)
        yield feature("distance_bits", match.distance_bits, _list(match), at)


def _list(match: Match) -> str:
    return f"list:{match.list_name}@{match.list_version}"


def _list_age(lists: Sequence[HashList], at: datetime) -> Iterator[Feature]:
    """The age of each known-bad list: no hit in a stale list is weak."""
    for one in lists:
        if one.polarity == "known-bad" and one.updated_at_utc and one.entries:
            days = max((at - moment(one.updated_at_utc)).days, 0)
            yield feature("list_age_days", days, f"list:{one.name}@{one.version}", at)


def _size(finding: Finding, at: datetime) -> Iterator[Feature]:
    if finding.width_pixels and finding.height_pixels:
        yield feature("megapixels", finding.width_pixels * finding.height_pixels // 1_000_000, "finding", at)
    if finding.frames > 1:
        yield feature("frames", finding.frames, "finding", at)
