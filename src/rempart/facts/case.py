"""The case desk's nouns: notices, cases, features, placements, decisions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Channel = Literal["public", "api", "hook", "bundle", "order", "batch"]
NoticeState = Literal["received", "acknowledged", "duplicate", "out_of_scope", "linked", "outcome_sent", "closed"]
CaseKind = Literal["media", "url", "account", "thread"]
CaseState = Literal["new", "triaged", "escalated", "needs_second", "disputed", "needs_info", "decided", "closed"]
Outcome = Literal["illegal_baseline", "illegal_national", "policy_violation", "not_illegal", "not_assessable"]
OUTCOMES: tuple[Outcome, ...] = (
    "illegal_baseline",
    "illegal_national",
    "policy_violation",
    "not_illegal",
    "not_assessable",
)
Round = Literal["first", "second", "adjudication", "appeal"]
Lane = Literal["due", "tier", "sample", "chosen"]
RevealLevel = Literal["preview", "original"]
Viewed = Literal["none", "preview", "original"]
ActionKind = Literal[
    "remove_local",
    "restrict_local",
    "suspend_account",
    "restore_local",
    "add_to_list",
    "withdraw_from_list",
    "statement_of_reasons",
    "notify_reporter",
    "preserve",
    "report_police",
    "report_ncmec",
    "refer_hotline",
    "notice_host",
    "notice_site_owner",
    "notice_registrar",
    # Who was told of a judgement that changed since is told so.
    "correct_report",
]
ActionState = Literal[
    "drafted", "approved", "queued", "sent", "acknowledged", "fulfilled", "failed", "refused", "expired", "withdrawn"
]
AppealState = Literal["open", "assigned", "upheld", "overturned", "partly"]
OrderState = Literal["received", "authenticated", "executed", "impossible", "challenged"]
ClusterKind = Literal["exact", "perceptual", "device", "actor", "url", "incident"]

FeatureValue = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing known about a case that may change its rank.

    name: from the closed vocabulary of `rempart.cases.triage.features`. source: who or what said so, such as
    `reporter`, `list:partner@3`, `exif`. at: when it became known, UTC. Nothing is inferred without standing here.
    """

    name: str
    value: FeatureValue
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Why:
    """One line of the reason for a rank: the rule that held, its points, and the features it rests on."""

    rule: str
    points: int
    features: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a case stands in the queue: a pure function of its features and the rules.

    tier: 0 (imminent) to 5 (known and viral). score: added up inside the tier; higher comes first.
    tie: orders equal scores; AI evidence acts here and nowhere else. why: most decisive first.
    """

    tier: int
    score: int
    tie: int
    why: tuple[Why, ...]
    rules_version: str
