"""Opening a case: placed at once, so that nothing that came in waits unranked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from rempart.audit.queries import append
from rempart.cases.intake.numbers import DRAW, new_dice
from rempart.cases.intake.queries import cases
from rempart.cases.intake.urls import Url
from rempart.cases.triage.features import to_row
from rempart.cases.triage.rank import place
from rempart.cases.triage.rules import Rules
from rempart.facts.case import CaseKind, ClusterKind, Feature, Placement
from rempart.facts.people import Actor
from rempart.storage.database import Writer
from rempart.storage.fields import Fields


@dataclass(frozen=True, slots=True)
class Tie:
    """What may tie the case to others: the kind, and the value (a digest, an account, a device), kept blind."""

    kind: ClusterKind
    value: bytes


def open_case(
    writer: Writer,
    fields: Fields,
    actor: Actor,
    kind: CaseKind,
    features: Sequence[Feature],
    rules: Rules,
    *,
    now: datetime,
    due_at: datetime | None = None,
    urls: Sequence[Url] = (),
    ties: Iterable[Tie] = (),
    draw: Random = DRAW,
) -> int:
    """The id of the new case, placed in the queue; state `triaged`, ledger entry `case.opened`.

    urls: where it stands. ties: what joins it to others. due_at: the clock that runs on it, if one does.
    """
    placement = place(features, rules, now)
    case_id = cases.insert_case(
        writer,
        organisation=actor.organisation,
        kind=kind,
        state="triaged",
        received_at=now,
        features=to_row(features),
        aged_at=now,
        due_at=due_at,
        dice=new_dice(draw),
        entry=0,
        **columns_of(placement),
    )
    add_places(writer, fields, actor, case_id, urls, now)
    add_ties(writer, fields, actor, case_id, ties)
    about = {"kind": kind, "tier": placement.tier, "score": placement.score, "rules": placement.rules_version}
    entry = append(writer, actor, "case", case_id, "case.opened", about, now)
    cases.update_case(writer, actor.organisation, case_id, entry=entry)
    return case_id


def add_places(
    writer: Writer, fields: Fields, actor: Actor, case_id: int, urls: Sequence[Url], now: datetime
) -> list[str]:
    """The blind values of the places that are new to the case."""
    known = cases.location_keys(writer, case_id)
    fresh = {key: url for url in urls if (key := url_key(fields, url)) not in known}
    cases.insert_locations(
        writer,
        [
            {
                "organisation": actor.organisation,
                "case_id": case_id,
                "url_sealed": fields.seal_text("url", url.text),
                "url_key": key,
                "host": url.host,
                "seen_at": now,
            }
            for key, url in fresh.items()
        ],
    )
    cases.insert_links(writer, actor.organisation, case_id, [("url", key) for key in fresh])
    return list(fresh)


def add_ties(writer: Writer, fields: Fields, actor: Actor, case_id: int, ties: Iterable[Tie]) -> None:
    """Nothing; the case is tied by these values, too."""
    blind = [(tie.kind, tie_key(fields, tie)) for tie in ties]
    cases.insert_links(writer, actor.organisation, case_id, blind)


def url_key(fields: Fields, url: Url) -> str:
    """The blind value by which the place is recognised."""
    return fields.blind("url", url.identity.encode())


_PURPOSES: dict[ClusterKind, str] = {
    "exact": "content",
    "perceptual": "perceptual",
    "device": "device",
    "actor": "account",
    "url": "url",
    "incident": "incident",
}


def tie_key(fields: Fields, tie: Tie) -> str:
    """The blind value by which the tie is recognised."""
    return fields.blind(_PURPOSES[tie.kind], tie.value)


def content_key(fields: Fields, sha256: bytes) -> str:
    """The blind value by which the very same bytes are recognised."""
    return fields.blind("content", sha256)


def columns_of(placement: Placement) -> dict[str, object]:
    """The columns of a case that say where it stands in the queue."""
    return {
        "tier": placement.tier,
        "score": placement.score,
        "tie": placement.tie,
        "why": [[why.rule, why.points, list(why.features)] for why in placement.why],
        "rules_version": placement.rules_version,
    }
