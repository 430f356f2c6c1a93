"""Opening a case: placed and joined to its like at once, so that nothing waits unranked and one card stands for all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from rempart.audit.queries import append
from rempart.cases.intake.numbers import DRAW, new_dice
from rempart.cases.intake.queries import cases
from rempart.cases.intake.urls import Url
from rempart.cases.triage import clusters
from rempart.cases.triage.ageing import aged_at
from rempart.cases.triage.clusters import Key
from rempart.cases.triage.features import to_row
from rempart.cases.triage.nearest import Nearest
from rempart.cases.triage.queries.ranking import columns_of
from rempart.cases.triage.rank import place
from rempart.cases.triage.reopening import HITS
from rempart.cases.triage.rules import Rules
from rempart.facts.case import CaseKind, ClusterKind, Feature
from rempart.facts.examination import Examination
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer
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
    keys: Iterable[Key] = (),
    draw: Random = DRAW,
) -> int:
    """The id of the new case, placed in the queue; state `triaged`, ledger entry `case.opened`.

    It joins the cluster that its ties lead to at once, so that one card stands for all of it; what is new about it
    surfaces alone. Call it before anything else of the unit of work is appended to the ledger (`clusters.reserve`).
    urls: where it stands. ties: what joins it to others. keys: the same, blind already, such as that of a near picture
    (`near_keys`). due_at: the clock that runs on it, if one does.
    """
    known = [*keys_of(fields, urls, ties), *keys]
    clusters.reserve(writer, actor.organisation, [known])
    placement = place(features, rules, now)
    case_id = cases.insert_case(
        writer,
        organisation=actor.organisation,
        kind=kind,
        state="triaged",
        received_at=now,
        features=to_row(features),
        aged_at=aged_at(features, rules, now, now),
        due_at=due_at,
        dice=new_dice(draw),
        entry=0,
        **columns_of(placement),
    )
    add_places(writer, fields, actor, case_id, urls, now)
    matched = any(one.name == "novelty" and one.value in HITS for one in features)
    about = {"kind": kind, "tier": placement.tier, "score": placement.score, "rules": placement.rules_version}
    entry = append(writer, actor, "case", case_id, "case.opened", {**about, "matched": matched}, now)
    cases.update_case(writer, actor.organisation, case_id, entry=entry)
    clusters.join(writer, actor, case_id, known, features, rules, now)
    return case_id


def add_places(writer: Writer, fields: Fields, actor: Actor, case_id: int, urls: Sequence[Url], now: datetime) -> None:
    """Nothing; the case stands at these places, too. That they tie it to others, `keys_of` says."""
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


def keys_of(fields: Fields, urls: Iterable[Url], ties: Iterable[Tie]) -> list[Key]:
    """What ties a case to others, as it is kept: (kind, blind value)."""
    places: list[Key] = [("url", url_key(fields, url)) for url in urls]
    return list(dict.fromkeys([*((tie.kind, tie_key(fields, tie)) for tie in ties), *places]))


def near_keys(reader: Reader, nearest: Nearest, organisation: int, examination: Examination | None) -> list[Key]:
    """The tie of a medium to near pictures among our own cases; nothing when nothing in it can be compared."""
    return near_keys_of_all(reader, nearest, organisation, [examination])[0]


def near_keys_of_all(
    reader: Reader, nearest: Nearest, organisation: int, media: Sequence[Examination | None]
) -> list[list[Key]]:
    """The same for several media that come together: they may be near to each other, too."""
    prints = [[one.fingerprint for one in seen.variants] if seen else [] for seen in media]
    found = nearest.keys(reader, organisation, prints)
    return [[] if key is None else [("perceptual", key)] for key in found]


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
