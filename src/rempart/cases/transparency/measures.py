"""What is measured, in which unit, and for which line of the law. The reference page is written from here."""

from dataclasses import dataclass
from typing import Literal

Unit = Literal[
    "notices",
    "orders",
    "items",
    "cases",
    "decisions",
    "pairs",
    "actions",
    "statements",
    "appeals",
    "steps",
    "seconds",
    "share",
]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. what: how its rows are told apart, words joined by `/`; empty for a single row.

    law: articles of the Digital Services Act that ask for it or for a part of it.
    """

    section: str
    name: str
    unit: Unit
    what: str
    means: str
    law: str = ""


MEASURES: tuple[Measure, ...] = (
    Measure("notices", "received", "notices", "channel/category", "notices that came in", "15(1)(b)"),
    Measure("notices", "urgent", "notices", "", "of these, said to be about a child in danger now"),
    Measure("notices", "trusted", "notices", "", "of these, from trusted flaggers", "15(1)(b)"),
    Measure("notices", "duplicate", "notices", "", "of these, about what an earlier one was about"),
    Measure("notices", "answered", "notices", "", "notices whose sender was told an outcome first in this period"),
    Measure("notices", "median_to_acknowledged", "seconds", "", "median from receipt to its confirmation", "16(4)"),
    Measure("notices", "p95_to_acknowledged", "seconds", "", "95th percentile of the same"),
    Measure("notices", "median_to_answered", "seconds", "", "median from receipt to the first outcome", "15(1)(b)"),
    Measure("notices", "p95_to_answered", "seconds", "", "95th percentile of the same"),
    Measure("orders", "received", "orders", "kind", "orders of authorities that came in", "15(1)(a)"),
    Measure("orders", "executed", "orders", "kind", "orders carried out", "15(1)(a)"),
    Measure("orders", "impossible", "orders", "reason", "orders that could not be carried out"),
    Measure("orders", "late", "orders", "", "orders carried out after their time"),
    Measure("orders", "median_to_effect", "seconds", "", "median from the order to its effect", "15(1)(a)"),
    Measure("orders", "p95_to_effect", "seconds", "", "95th percentile of the same"),
    Measure(
        "screening",
        "items",
        "items",
        "channel/outcome",
        "items compared with hash lists",
        "15(1)(c)",
    ),
    Measure("cases", "opened", "cases", "kind", "cases that were opened"),
    Measure("cases", "decided", "cases", "outcome", "cases decided, those of a cluster each", "15(1)(b), 15(1)(c)"),
    Measure("cases", "by_code", "cases", "taxonomy/code", "the same by the code that was given"),
    Measure("cases", "with_cluster", "cases", "", "of these, decided with another case of their cluster"),
    Measure("cases", "median_to_first", "seconds", "", "median from arrival to the first judgement"),
    Measure("cases", "p95_to_first", "seconds", "", "95th percentile of the same"),
    Measure("cases", "median_to_decided", "seconds", "", "median from arrival to the decision", "15(1)(b)"),
    Measure("cases", "p95_to_decided", "seconds", "", "95th percentile of the same"),
    Measure("decisions", "made", "decisions", "round", "judgements of people, those of second reviewers too"),
    Measure("decisions", "undone", "decisions", "", "judgements taken back within their time; counted nowhere else"),
    Measure("decisions", "by_machine", "decisions", "", "judgements that no person made; it has to be 0", "15(1)(e)"),
    Measure("agreement", "pairs", "pairs", "", "pairs of independent judgements"),
    Measure("agreement", "agreed", "pairs", "", "of these, with the same code"),
    Measure("agreement", "share", "share", "", "agreed of all pairs"),
    Measure("actions", "fulfilled", "actions", "kind", "what hosts said they carried out", "15(1)(b), 15(1)(c)"),
    Measure("actions", "refused", "actions", "kind", "what hosts said they will not carry out"),
    Measure("actions", "listed", "cases", "kind", "cases whose entries of the own list were added or withdrawn"),
    Measure("statements", "published", "statements", "category/keyword", "sent to the Transparency Database", "24(5)"),
    Measure("statements", "by_source", "statements", "source", "of these, by how the content was found", "15(1)(c)"),
    Measure("statements", "by_ground", "statements", "ground", "of these, by law or terms", "15(1)(b), 15(1)(c)"),
    Measure("statements", "by_measure", "statements", "measure", "measures that they tell of", "15(1)(c)"),
    Measure("statements", "detected_by_program", "statements", "", "of these, detected by automated means", "15(1)(e)"),
    Measure("appeals", "received", "appeals", "side", "appeals against decisions", "15(1)(d)"),
    Measure("appeals", "answered", "appeals", "side/outcome", "appeals answered, all of them by people", "15(1)(d)"),
    Measure("appeals", "median_to_answered", "seconds", "", "median from an appeal to its answer", "15(1)(d)"),
    Measure("appeals", "p95_to_answered", "seconds", "", "95th percentile of the same"),
    Measure("appeals", "reversed", "cases", "before/after", "cases judged anew after an appeal", "15(1)(d)"),
    Measure("appeals", "external", "steps", "outcome", "disputes that ended before bodies outside", "24(1)(a)"),
    Measure("automated", "matched", "cases", "", "decided cases that a match with a hash list had opened", "15(1)(e)"),
    Measure("automated", "rejected", "cases", "", "of these, found not illegal by people", "15(1)(e)"),
    Measure("automated", "error", "share", "", "rejected of all matched: an indicator of error", "15(1)(e)"),
    Measure("automated", "error_low", "share", "", "lower bound of the same, 95 % confidence"),
    Measure("automated", "error_high", "share", "", "upper bound of the same, 95 % confidence"),
    Measure("sampling", "looked", "cases", "tier", "cases drawn by chance from low tiers, first judgements"),
    Measure("sampling", "illegal", "cases", "tier", "of these, found illegal: they stood too low"),
    Measure("sampling", "error", "share", "tier", "illegal of all looked at"),
    Measure("sampling", "error_low", "share", "tier", "lower bound of the same, 95 % confidence"),
    Measure("sampling", "error_high", "share", "tier", "upper bound of the same, 95 % confidence"),
    Measure("retention", "purged", "cases", "by", "cases whose media were purged, by hand, retention or erasure"),
)
BY_NAME = {(one.section, one.name): one for one in MEASURES}
SECTIONS = tuple(dict.fromkeys(one.section for one in MEASURES))
