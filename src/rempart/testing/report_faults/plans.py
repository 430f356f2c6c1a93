"""What goes wrong in each run: every fault at every step, a death at every moment, then seeded mixtures of both."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Literal

from rempart.testing.emulators.cybertip import FAULTS, Fault

FILES = 2
STEPS = ("submit", "upload", "fileinfo", "finish")
# How often each step is called for a report of two files, when nothing goes wrong.
CALLS = {"submit": 1, "upload": FILES, "fileinfo": FILES, "finish": 1}
# How often one sending commits: before and after each call, each opening of a file, and how it ended.
COMMITS = 2 * sum(CALLS.values()) + FILES + 1
When = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Death:
    """The worker is killed by SIGKILL.

    step `commit`: before or after the number-th commit of the sending; another step: when its number-th call arrives at
    the authority (before the work), or when the work is done and not answered.
    """

    step: str
    number: int
    when: When


@dataclass(frozen=True, slots=True)
class Run:
    """One report: what goes wrong with it. faults: (step, fault), each at the next call of its step."""

    number: int
    faults: tuple[tuple[str, Fault], ...] = ()
    deaths: tuple[Death, ...] = field(default=())

    @property
    def url(self) -> str:
        """What the report is about: it is known by this at the authority."""
        return f"https://dragon.example/run-{self.number}"


def runs(number: int, seed: int) -> list[Run]:
    """So many runs; the first ones are every single fault and death, in an order drawn from the seed."""
    draw = Random(seed)  # noqa: S311 - repeatable, not secret
    single = list(_single())
    draw.shuffle(single)
    mixed = (_mixed(draw) for _ in itertools.count())
    chosen = itertools.islice(itertools.chain(single, mixed), number)
    return [Run(n, faults, deaths) for n, (faults, deaths) in enumerate(chosen)]


Wrong = tuple[tuple[tuple[str, Fault], ...], tuple[Death, ...]]


def every_single() -> int:
    """How many runs it takes to have every single fault and death."""
    return len(list(_single()))


def _single() -> Iterator[Wrong]:
    for step, fault in itertools.product(STEPS, FAULTS):
        yield ((step, fault),), ()
    for fault in FAULTS:  # a report is taken back after an upload whose answer was lost
        yield (("upload", "drop-after"), ("retract", fault)), ()
    for death in _deaths():
        yield (), (death,)


def _deaths() -> Iterator[Death]:
    moments: tuple[When, ...] = ("before", "after")
    for when in moments:
        yield from (Death("commit", number, when) for number in range(1, COMMITS + 1))
        yield from (Death(step, number, when) for step in STEPS for number in range(1, CALLS[step] + 1))


def _mixed(draw: Random) -> Wrong:
    steps, deaths = (*STEPS, "retract"), list(_deaths())
    faults = tuple((draw.choice(steps), draw.choice(FAULTS)) for _ in range(draw.randrange(4)))
    return faults, tuple(draw.sample(deaths, draw.randrange(1, 3)))
