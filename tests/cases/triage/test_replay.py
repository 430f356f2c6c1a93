"""History ranked with other rules: what moves, by how much and why, and nothing is changed."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.cases.triage.saying import EVERY_FEATURE, RULES, say

from rempart.audit.queries import head
from rempart.cases.triage.features import from_row, to_row
from rempart.cases.triage.queries import ranking
from rempart.cases.triage.rank import place
from rempart.cases.triage.replay import MOST_MOVES, Replay, replay
from rempart.cases.triage.rules import SHIPPED, rules_of
from rempart.cases.triage.ruleset import Rules
from rempart.facts.case import Feature
from rempart.storage.database import Database
from rempart.testing.desk import NOW, make_case, make_organisation

URGENT_LATER = ('tier = 0\nen = "who sent it marked it urgent"', 'tier = 1\nen = "who sent it marked it urgent"')


def changed(*change: str) -> Rules:
    text = SHIPPED.read_text()
    assert change[0] in text
    return rules_of(text.replace(change[0], change[1], 1).encode())


def row(number: int, features: list[Feature], **more: Any) -> dict[str, Any]:
    plain = {"state": "triaged", "received_at": NOW, "leads": True, "outcome": None, "decided_at": None}
    return {"id": number, "features": to_row(features)} | plain | more


def test_the_same_rules_move_nothing() -> None:
    found = replay([row(1, say(urgent=True)), row(2, [])], RULES, RULES, NOW)
    assert (found.cases, found.waiting, found.moved, found.moves) == (2, 2, 0, [])
    assert list(found.shifts) == [0, 0]
    assert found.began == found.ceased == found.reweighed == {}


def test_a_rule_with_another_tier_moves_what_rests_on_it_and_says_by_how_much() -> None:
    other = changed(*URGENT_LATER)
    rows = [row(1, say(urgent=True)), row(2, say(threat_to_life=True)), row(3, []), row(4, say(live_stream=True))]
    found = replay(rows, RULES, other, NOW)
    assert dict(found.tiers) == {(0, 1): 1, (0, 0): 2, (3, 3): 1}
    assert list(found.shifts) == [-2, 1, 0, 1]
    (move,) = found.moves
    assert (move.case, move.tier, move.began, move.ceased) == (1, (0, 1), (), ())


def test_rules_that_begin_or_cease_to_hold_are_counted() -> None:
    other = changed('id = "known-good"\npoints = -20', 'id = "good-bytes"\npoints = -30')
    found = replay([row(n, say(known_good=True, novelty="none")) for n in range(3)], RULES, other, NOW)
    assert (found.began, found.ceased) == ({"good-bytes": 3}, {"known-good": 3})
    assert {one.score for one in found.moves} == {(-20, -30)}
    other = changed('id = "known-good"\npoints = -20', 'id = "known-good"\npoints = -30')
    assert replay([row(1, say(known_good=True))], RULES, other, NOW).reweighed == {"known-good": 1}


def test_decided_cases_are_counted_by_outcome_as_of_their_decision() -> None:
    other = changed(
        'id = "evidence-expires-in-two-days"\npoints = 15', 'id = "evidence-expires-in-two-days"\npoints = 40'
    )
    soon = say(evidence_expires=f"{NOW:%Y-%m-%dT%H:%M:%SZ}")

    def decided(number: int, outcome: str, days_before: int) -> dict[str, Any]:
        at = NOW - timedelta(days=days_before)
        return row(number, soon, state="decided", outcome=outcome, decided_at=at, received_at=at)

    rows = [decided(1, "illegal_national", 1), decided(2, "illegal_national", 9), decided(3, "not_illegal", 1)]
    found = replay(rows, RULES, other, NOW)
    assert found.outcomes == {
        "illegal_national": {"earlier": 1, "same": 1, "later": 0},
        "not_illegal": {"earlier": 1, "same": 0, "later": 0},
    }
    assert found.waiting == 0


def test_of_many_moves_the_largest_are_told() -> None:
    other = changed(*URGENT_LATER)
    rows = [row(n, say(urgent=True)) for n in range(200)]
    far = changed('id = "t0-live"\ntier = 0', 'id = "t0-live"\ntier = 0')
    assert far.version == RULES.version
    found = replay(rows, RULES, other, NOW)
    assert [one.case for one in found.moves] == list(range(MOST_MOVES))
    assert found.moved == 200


def test_every_case_is_placed_exactly_as_the_rules_place_it() -> None:
    other = changed(*URGENT_LATER)
    rows = [
        row(number, EVERY_FEATURE[number % 40 :: 17], received_at=NOW - timedelta(days=number % 9))
        for number in range(160)
    ]
    expected = []
    for one in rows:
        features = from_row(one["features"])
        expected.append([place(features, rules, NOW, one["received_at"]) for rules in (RULES, other)])
    found = replay(rows, RULES, other, NOW)
    assert found.tiers == _counted((one.tier, two.tier) for one, two in expected)
    for side, _ in enumerate((RULES, other)):
        order = sorted(
            range(160),
            key=lambda n: (
                expected[n][side].tier,
                -expected[n][side].score,
                -expected[n][side].tie,
                -rows[n]["received_at"].timestamp(),
                n,
            ),
        )
        expected_places = {n: at for at, n in enumerate(order)}
        if side == 0:
            before = expected_places
    assert list(found.shifts) == [before[n] - expected_places[n] for n in range(160)]


def _counted(pairs: Iterator[tuple[int, int]]) -> dict[tuple[int, int], int]:
    counted: dict[tuple[int, int], int] = {}
    for pair in pairs:
        counted[pair] = counted.get(pair, 0) + 1
    return counted


def test_history_is_read_and_nothing_is_written(database: Database) -> None:
    with database.writing() as writer:
        here, there = make_organisation(writer), make_organisation(writer, "other")
        make_case(writer, here, features=say(urgent=True), tier=0)
        make_case(writer, here, state="escalated", features=say(urgent=True))
        old = NOW - timedelta(days=90)
        decided = {"state": "decided", "outcome": "not_illegal", "features": say(urgent=True)}
        make_case(writer, here, **decided, decided_at=NOW, now=old)
        make_case(writer, here, **decided, decided_at=NOW)
        make_case(writer, there, features=say(urgent=True))
        before = head(writer)
    seen: list[int] = []
    with database.reading() as reader:
        found: Replay = replay(
            ranking.history(reader, here, NOW - timedelta(days=30)), RULES, changed(*URGENT_LATER), NOW, seen.append
        )
        assert ranking.count_history(reader, here, NOW - timedelta(days=30)) == 3
        assert head(reader) == before
    assert (found.cases, found.waiting, found.moved, seen[-1]) == (3, 1, 3, 3)
    assert found.outcomes == {"not_illegal": {"later": 1, "earlier": 0, "same": 0}}


def test_what_is_printed_is_plain_json_whose_parts_add_up() -> None:
    other = changed(*URGENT_LATER)
    rows = [row(n, EVERY_FEATURE[n % 30 :: 13]) for n in range(100)]
    told = replay(rows, RULES, other, NOW).to_json()
    assert sum(one["cases"] for one in told["tiers"]) == told["cases"] == 100
    assert told["moved"] == sum(one["cases"] for one in told["tiers"] if one["before"] != one["after"])
    assert told["places"]["forward"] + told["places"]["backward"] <= told["waiting"]


@pytest.mark.parametrize("rows", [[], [row(1, [], leads=False)]])
def test_a_history_without_anything_that_waits_is_no_trouble(rows: list[dict[str, Any]]) -> None:
    assert replay(rows, RULES, RULES, NOW).to_json()["places"] == {"forward": 0, "backward": 0, "median": 0, "most": 0}
