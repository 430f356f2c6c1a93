"""The synthetic world of `rempart triage simulate`: every rate is an assumption, and each stands here with its reason.

No rate was measured. The kinds of rates come from what the field reports (most of what comes in is known; platforms
strip most metadata; reporters mark too much as urgent). Their values were then fitted until the table came out as in
the simulation that was published before this code, the row of the tiers with it, and rounded. What a report shows is
noisy on purpose: every trait of a critical report also stands in others, and is missing in many that are critical.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DAYS = 60
REPORTS_A_DAY = 870
CRITICAL_SHARE = 1211 / 52_200
KNOWN_SHARE = 0.60
MINUTES = 24 * 60
WRONG_LABEL_SHARE = 0.5
CLASSES = ("critical", "other", "known")

Column = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Rate:
    """How often a trait shows in reports of each class: critical, unknown but not critical, known. why: one sentence.

    given: another trait that has to show, too, because both come from the same source. told: it is known only when
    something came along with the material itself.
    """

    trait: str
    critical: float
    other: float
    known: float
    why: str
    given: str = ""
    told: bool = True


RATES: tuple[Rate, ...] = (
    Rate(
        "hit",
        0.03,
        0.0,
        1.0,
        "A few critical reports come with known material beside the new; what is known always hits, by definition.",
        told=False,
    ),
    Rate(
        "urgent",
        0.14,
        0.006,
        0.0025,
        "Providers escalate few reports; members of the public mark more than they should, mostly unknown material.",
    ),
    Rate(
        "contact_in_progress",
        0.12,
        0.003,
        0.001,
        "Enticement is stated when a chat came along, which is rare; some statements turn out to be wrong.",
    ),
    Rate(
        "victim_self_report",
        0.07,
        0.001,
        0.0,
        "Few victims report themselves, and some who do report old matters.",
    ),
    Rate(
        "exif",
        0.40,
        0.09,
        0.045,
        "Metadata survives when a provider sends the upload itself; what circulated has lost it.",
    ),
    Rate(
        "dated",
        0.90,
        0.85,
        0.85,
        "Metadata that survives mostly has a date; some devices have no clock.",
        given="exif",
    ),
    Rate(
        "this_month",
        0.24,
        0.165,
        0.045,
        "Critical material is recent by our definition, but it may be found late; holiday pictures are recent, too.",
        given="dated",
    ),
    Rate(
        "this_year",
        0.80,
        0.45,
        0.045,
        "Of what has a date: the share that is of this year, where it is not of this month already.",
        given="dated",
    ),
    Rate(
        "first_generation",
        0.32,
        0.125,
        0.075,
        "A camera's own file at full size; messengers and editors change most others.",
        given="exif",
    ),
    Rate("country", 0.95, 0.80, 0.64, "An address leads to a country unless a proxy stands before it."),
    Rate("actor_identifiable", 0.45, 0.21, 0.22, "Accounts with a telephone number or a payment behind them."),
    Rate("prior_report", 0.37, 0.055, 0.25, "Who does harm is often reported more than once; so is who spreads memes."),
    Rate("minor_contact", 0.24, 0.011, 0.013, "Stated by providers that see the other account's age."),
    Rate("access_to_children", 0.14, 0.0135, 0.0035, "Stated rarely, because sources rarely know."),
    Rate("expires_soon", 0.28, 0.095, 0.035, "Fresh accounts keep records for the shortest time, and harm is fresh."),
    Rate("victim_unidentified", 0.60, 0.0, 0.25, "Flags of lists, for what hits only.", given="hit", told=False),
    Rate(
        "viral",
        0.0,
        0.02,
        0.30,
        "Known material that spreads as a meme; some harmless material does as well.",
        told=False,
    ),
    Rate(
        "ai",
        0.10,
        0.38,
        0.06,
        "18 % of all reports carry an AI label: most on unknown material; some on real material, which is wrong.",
        told=False,
    ),
)
# Reports that bring nothing but the material: no account, no address, no statement, no metadata.
BARE = (0.05, 0.09, 0.09)
# Fields that a sender may fill in: how many are filled says how complete a report is, and next to nothing about danger.
FIELDS = 12
FIELD_SHARES = (0.56, 0.55, 0.54)


@dataclass(frozen=True, slots=True)
class World:
    """All reports, in the order of their arrival. traits: trait -> 0 or 1 for each. times in minutes from the start."""

    minute: Column
    critical: NDArray[np.bool_]
    traits: dict[str, Column]
    copies: Column
    filled: Column

    def __len__(self) -> int:
        return len(self.minute)

    def with_wrong_labels(self, seed: int) -> "World":
        """The same world, with an AI label on half of the critical reports, whichever they are."""
        draw = np.random.default_rng([seed, 2])
        wrong = self.critical & (draw.random(len(self)) < WRONG_LABEL_SHARE)
        return World(
            self.minute, self.critical, self.traits | {"ai": self.traits["ai"] | wrong}, self.copies, self.filled
        )


def make_world(seed: int, days: int = DAYS, reports_a_day: int = REPORTS_A_DAY) -> World:
    """A world drawn from the table of rates."""
    draw = np.random.default_rng([seed, 1])
    count = days * reports_a_day
    kind = _kinds(draw, count)
    bare = (draw.random(count) < np.array(BARE)[kind]).astype(np.int64)
    traits: dict[str, Column] = {}
    for rate in RATES:
        chance = np.array((rate.critical, rate.other, rate.known))[kind]
        shows = (draw.random(count) < chance).astype(np.int64)
        shows = shows & traits[rate.given] if rate.given else shows
        traits[rate.trait] = shows & (1 - bare) if rate.told else shows
    return World(
        minute=np.sort(draw.integers(0, days * MINUTES, count)),
        critical=kind == 0,
        traits=traits,
        copies=_copies(draw, traits),
        filled=draw.binomial(FIELDS, np.array(FIELD_SHARES)[kind]),
    )


def _kinds(draw: Any, count: int) -> Column:
    """The class of each report: as many of each as the shares say, shuffled."""
    critical, known = round(count * CRITICAL_SHARE), round(count * KNOWN_SHARE)
    return np.asarray(draw.permutation(np.repeat((0, 1, 2), (critical, count - critical - known, known))), np.int64)


def _copies(draw: Any, traits: dict[str, Column]) -> Column:
    """How many people reported the same: what spreads is reported most, and new harm by one or two."""
    popular = 1 + 20 * traits["viral"] + 3 * traits["hit"]
    return np.asarray(draw.geometric(1 / (1 + popular)), np.int64)
