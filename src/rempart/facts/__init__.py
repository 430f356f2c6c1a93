"""The nouns of the house: frozen, slotted dataclasses with versioned JSON. Standard library only."""

from rempart.facts.examination import Examination
from rempart.facts.finding import Finding, Matched, NoMatch, NotExamined, Outcome, OutcomeName, name_of
from rempart.facts.fingerprint import BYTES_OF_KIND, Fingerprint, Kind, Transform, Variant, View
from rempart.facts.hash_list import Entry, HashList, Polarity, Policy
from rempart.facts.item import Item
from rempart.facts.limits import Limits
from rempart.facts.match import Match

__all__ = [
    "BYTES_OF_KIND",
    "Entry",
    "Examination",
    "Finding",
    "Fingerprint",
    "HashList",
    "Item",
    "Kind",
    "Limits",
    "Match",
    "Matched",
    "NoMatch",
    "NotExamined",
    "Outcome",
    "OutcomeName",
    "Polarity",
    "Policy",
    "Transform",
    "Variant",
    "View",
    "name_of",
]
