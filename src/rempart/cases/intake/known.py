"""What a notice lets us know about its case, as features that say who stated them."""

from collections.abc import Iterator
from datetime import datetime

from rempart.cases.intake.told import Told
from rempart.cases.triage.features import feature, no_media
from rempart.facts.case import Feature, FeatureValue

CONTACT_WORDS = {"contact": "contact_in_progress", "blackmail": "contact_in_progress", "live": "live_stream"}
# What the people who send through each channel are called in the vocabulary of features.
_SPEAKERS = {"public": "reporter", "order": "authority", "bundle": "partner", "api": "provider", "hook": "provider"}


def told_features(told: Told, now: datetime, notices: int) -> list[Feature]:
    """The features of a case that this notice is about. notices: how many there are about it, this one included."""
    source = _SPEAKERS.get(told.channel, "person")
    said = [feature(name, value, source, now) for name, value in _said(told, notices)]
    return [*said, *no_media(now)] if notices == 1 and not told.attachments else said


def _said(told: Told, notices: int) -> Iterator[tuple[str, FeatureValue]]:
    if told.urgent:
        yield "urgent", True
    if told.self_report:
        yield "victim_self_report", True
    if told.category in CONTACT_WORDS:
        yield CONTACT_WORDS[told.category], True
    if told.trusted:
        yield "trusted_flagger", True
    if told.category == "ai_material":
        yield "ai_evidence", "E"  # somebody's opinion: it orders equals and nothing else
    if told.urls:
        yield "place", told.urls[0].host[:80]
    if notices > 1:
        yield "submissions", notices
