"""The takedown monitor as a machine: never down too early, never forgotten."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.reporting.watching.machine import (
    LATEST,
    LEAST_SPAN,
    MISSES,
    RECHECKS,
    RESOLVERS,
    SOONEST,
    Event,
    Result,
    Seen,
    Watch,
    begun,
    step,
)
from rempart.testing.desk import NOW

BOTH = frozenset({"9.9.9.9", "192.0.2.53"})


def looks(
    watch: Watch, results: Sequence[tuple[Result, frozenset[str]]], chance: float = 0.0
) -> tuple[Watch, list[Event]]:
    """(the watch, everything that happened) when each look is made on time."""
    happened: list[Event] = []
    for result, resolvers in results:
        if watch.next_at is None:
            break
        watch, events = step(watch, Seen(watch.next_at, result, resolvers), chance)
        happened += events
    return watch, happened


def test_three_misses_over_two_hours_and_two_resolvers_are_down() -> None:
    watch, happened = looks(begun(NOW, 0.0), [("there", frozenset()), *[("gone", BOTH)] * 3])
    assert (watch.state, happened) == ("down", ["up", "suspect_down", "down"])
    assert watch.down_at is not None
    assert watch.next_at == watch.down_at + timedelta(days=1)


def test_one_resolver_alone_is_never_enough() -> None:
    watch, happened = looks(begun(NOW, 0.0), [("gone", frozenset({"9.9.9.9"}))] * 20)
    assert (watch.state, happened) == ("suspect_down", ["suspect_down"])


def test_a_look_that_finds_it_begins_the_count_anew() -> None:
    watch, happened = looks(
        begun(NOW, 0.0), [("gone", BOTH), ("gone", BOTH), ("there", BOTH), ("gone", BOTH), ("gone", BOTH)]
    )
    assert watch.state == "suspect_down"
    assert "down" not in happened


def test_what_cannot_be_reached_is_not_down() -> None:
    watch, happened = looks(begun(NOW, 0.0), [("unreachable", frozenset())] * 50)
    assert (watch.state, happened) == ("unreachable", ["unreachable"])
    assert watch.next_at is not None


def test_what_says_nothing_changes_nothing_but_the_time() -> None:
    first = begun(NOW, 0.0)
    watch, happened = looks(first, [("unsure", frozenset())] * 3)
    assert happened == []
    assert (watch.state, watch.misses) == (first.state, 0)


@pytest.mark.parametrize("back_at", [0, 1, 2, 3])
def test_what_went_down_is_looked_at_after_1_7_and_30_days(back_at: int) -> None:
    watch, _ = looks(begun(NOW, 0.0), [("gone", BOTH)] * 3)
    down_at = watch.down_at
    assert down_at is not None
    for number, after in enumerate(RECHECKS):
        assert watch.next_at == down_at + after
        if number == back_at:
            watch, events = step(watch, Seen(down_at + after, "there"), 0.0)
            assert events == ("returned",)
            assert watch.next_at is not None
            return
        watch, events = step(watch, Seen(down_at + after, "gone", BOTH), 0.0)
        assert events == (("ended",) if number == len(RECHECKS) - 1 else ())
    assert watch.next_at is None


@pytest.mark.parametrize(
    ("before", "after", "moved"),
    [
        (("192.0.2.1", "FR", "AS1"), ("192.0.2.2", "FR", "AS1"), False),
        (("192.0.2.1", "FR", "AS1"), ("198.51.100.1", "NL", "AS1"), True),
        (("192.0.2.1", "FR", "AS1"), ("198.51.100.1", "FR", "AS2"), True),
        (("192.0.2.1", "", ""), ("198.51.100.1", "NL", "AS2"), False),
        (("192.0.2.1", "FR", "AS1"), ("198.51.100.1", "", ""), False),
    ],
)
def test_another_country_or_network_is_a_move(before: tuple[str, ...], after: tuple[str, ...], moved: bool) -> None:
    watch = begun(NOW, 0.0, address=before[0], country=before[1], network=before[2])
    seen = Seen(NOW + SOONEST, "there", address=after[0], country=after[1], network=after[2])
    kept, events = step(watch, seen, 0.0)
    assert ("moved" in events) is moved
    assert kept.country == (after[1] or before[1])
    _, again = step(kept, Seen(NOW + 2 * SOONEST, "there", address=after[0], country=after[1], network=after[2]), 0.0)
    assert "moved" not in again


SEEN = st.tuples(
    st.sampled_from(["there", "gone", "unreachable", "unsure"]),
    st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=3),
    st.floats(0, 1),
    st.integers(0, 600),
)


@given(st.lists(SEEN, max_size=40))
def test_whatever_is_seen_nothing_is_down_too_early_or_forgotten(
    seen: list[tuple[Result, frozenset[str], float, int]],
) -> None:
    watch = begun(NOW, 0.5)
    run: list[tuple[datetime, frozenset[str]]] = []
    for result, resolvers, chance, late in seen:
        if watch.next_at is None:
            break
        now = watch.next_at + timedelta(minutes=late)
        was = watch.state
        watch, events = step(watch, Seen(now, result, resolvers), chance)
        if result == "there":
            run = []
        elif result == "gone" and was != "down":
            run.append((now, resolvers))
        if "down" in events:
            assert len(run) >= MISSES
            assert run[-1][0] - run[0][0] >= LEAST_SPAN
            assert len(frozenset().union(*(one for _, one in run))) >= RESOLVERS
        if watch.next_at is None:
            assert events == ("ended",)
            assert watch.rechecks_done == len(RECHECKS)
        elif watch.state != "down":
            assert SOONEST <= watch.next_at - now <= LATEST
        else:
            assert now <= watch.next_at <= now + RECHECKS[-1]
