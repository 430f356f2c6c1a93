"""From findings to a verdict: as strict as the strictest, as incomplete as the least complete."""

import pytest

from rempart.cases.intake.judging import FINGERPRINTS_ONLY, outcome_to_count, seen, seen_of_fingerprints
from rempart.facts import Examination, Finding, Match, Matched, NoMatch, NotExamined, Variant, View
from rempart.facts.finding import Outcome
from rempart.facts.hash_list import Policy
from rempart.testing.desk_intake import make_print


def matched(policy: Policy) -> Matched:
    return Matched((Match("dragons", 1, "dragon-1", "sha256", 0, policy, "known-bad"),), policy)


def finding(outcome: Outcome, *gaps: str) -> Finding:
    return Finding("item", outcome, gaps=gaps)


@pytest.mark.parametrize(
    ("outcome", "verdict", "opens", "counted"),
    [
        (matched("block"), "block", True, "match: block"),
        (matched("review"), "review", True, "match: review"),
        (matched("ignore"), "allow", False, "match: ignore"),
        (NoMatch(), "allow", False, "no_match"),
        (NotExamined("truncated: at byte 7"), "unscreened", False, "not_examined: truncated"),
    ],
)
def test_every_outcome_has_a_verdict_and_is_counted(outcome: Outcome, verdict: str, opens: bool, counted: str) -> None:
    one = seen(finding(outcome), (), None)
    assert (one.verdict, one.opens_case, outcome_to_count(one)) == (verdict, opens, counted)


def test_an_archive_is_as_bad_as_the_worst_in_it() -> None:
    members = [finding(NoMatch()), finding(matched("block")), finding(matched("review")), finding(NotExamined("x"))]
    assert seen(finding(NoMatch()), members, None).verdict == "block"
    assert seen(finding(matched("ignore")), [finding(NotExamined("x"))], None).verdict == "unscreened"
    assert seen(finding(NoMatch()), [finding(matched("ignore"))], None).verdict == "allow"
    assert seen(finding(NoMatch()), [finding(NotExamined("x"))], None).verdict == "unscreened"


def test_an_archive_is_whole_only_when_everything_in_it_is() -> None:
    one = seen(finding(matched("block")), [finding(NoMatch()), finding(NotExamined("x"), "truncated")], None)
    assert (one.verdict, one.whole, one.reason) == ("block", False, "truncated")
    assert seen(finding(NoMatch()), [finding(NoMatch())], None).whole


def test_fingerprints_alone_are_whole_only_with_a_picture_compared() -> None:
    bare, pictured = Examination("x", 0), Examination("x", 0, variants=(Variant(make_print(1), View()),))
    assert seen_of_fingerprints(finding(NoMatch()), bare).reason == FINGERPRINTS_ONLY
    assert seen_of_fingerprints(finding(NoMatch()), pictured).whole
    assert seen_of_fingerprints(finding(NoMatch(), "low quality"), pictured).reason == "low quality"


def test_what_waits_is_counted_with_its_reason() -> None:
    assert outcome_to_count(None, "not in time") == "waiting: not in time"
    assert len(outcome_to_count(seen(finding(NotExamined("x" * 300)), (), None))) <= 40
