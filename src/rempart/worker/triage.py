"""Duties of triage: what waits gains its points, changed rules place it anew, samples of the low tiers are drawn."""

import time

from rempart.cases.triage import ageing, sampling
from rempart.people.queries import organisations
from rempart.wiring.desk import Desk

LONGEST_BREATH_SECONDS = 0.2


def age(desk: Desk) -> None:
    """Nothing; every waiting case whose place time or other rules have changed stands in its new place.

    After each batch the worker stands back for as long as the batch took: reviewers write to the same database.
    """
    for organisation in _organisations(desk):
        with desk.database.writing() as writer:
            ageing.begin_rules(writer, organisation, desk.rules, desk.clock())
        while True:
            began = time.monotonic()
            with desk.database.writing() as writer:
                if not ageing.age(writer, organisation, desk.rules, desk.clock()):
                    break
            time.sleep(min(time.monotonic() - began, LONGEST_BREATH_SECONDS))


def sample(desk: Desk) -> None:
    """Nothing; the samples of today, and of days on which no worker ran, are drawn."""
    for organisation in _organisations(desk):
        with desk.database.writing() as writer:
            sampling.draw(writer, organisation, desk.rules.sampling, desk.clock())


def _organisations(desk: Desk) -> list[int]:
    with desk.database.reading() as reader:
        return [one.id for one in organisations(reader)]
