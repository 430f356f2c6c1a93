"""Duties of triage: what waits gains its points, changed rules place it anew, samples of the low tiers are drawn."""

import time
from collections.abc import Callable

from rempart.cases.triage import ageing, in_force, sampling
from rempart.people.queries import organisations
from rempart.storage.database import Writer
from rempart.wiring.desk import Desk

LONGEST_BREATH_SECONDS = 0.2


def age(desk: Desk) -> None:
    """Nothing; every waiting case whose place time or other rules have changed stands in its new place."""
    for organisation in _organisations(desk):
        _bring_into_force(desk, organisation)
        _batches(desk, lambda writer, one=organisation: ageing.age(writer, one, desk.rules, desk.clock()))  # type: ignore[misc]


def sample(desk: Desk) -> None:
    """Nothing; the samples of today, and of days on which no worker ran, are drawn."""
    for organisation in _organisations(desk):
        with desk.database.writing() as writer:
            sampling.draw(writer, organisation, desk.rules.sampling, desk.clock())


def _bring_into_force(desk: Desk, organisation: int) -> None:
    with desk.database.reading() as reader:
        if in_force.rules_in_force(reader, organisation) == desk.rules.version:
            return
    last = 0

    def renew(writer: Writer) -> int:
        nonlocal last
        cases, last = in_force.renew(writer, organisation, desk.rules, desk.clock(), last)
        return cases

    moved = _batches(desk, renew)
    with desk.database.writing() as writer:
        in_force.note(writer, organisation, desk.rules, moved, desk.clock())


def _batches(desk: Desk, do: Callable[[Writer], int]) -> int:
    """How much was done, a batch in each unit of work, until a batch does nothing.

    After each the worker stands back for as long as the batch took: reviewers write to the same database.
    """
    done = 0
    while True:
        began = time.monotonic()
        with desk.database.writing() as writer:
            batch = do(writer)
        if not batch:
            return done
        done += batch
        time.sleep(min(time.monotonic() - began, LONGEST_BREATH_SECONDS))


def _organisations(desk: Desk) -> list[int]:
    with desk.database.reading() as reader:
        return [one.id for one in organisations(reader)]
