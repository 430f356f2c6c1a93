"""Clusters: cases that belong together show as one card, and what is new among them surfaces alone.

A case joins the cluster of the oldest case that it shares the strongest tie with: the same bytes, then a near picture,
device, account, address, incident.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from rempart.audit.queries import append
from rempart.cases.triage.features import from_row, to_row
from rempart.cases.triage.grouping import case_of, cluster_of, lead_on, members, merge, set_leads, split, surface, waits
from rempart.cases.triage.queries import clusters as queries
from rempart.cases.triage.queries.ranking import columns_of, update
from rempart.cases.triage.rank import place
from rempart.cases.triage.reopening import CONTENT, HITS, apart_from
from rempart.cases.triage.ruleset import Rules
from rempart.cases.triage.vocabulary import feature
from rempart.facts.case import ClusterKind, Feature, FeatureValue
from rempart.facts.people import Actor
from rempart.storage.database import Reader, Writer

__all__ = ["Joined", "Key", "join", "lead_on", "members", "merge", "reserve", "split", "surface", "ties_anew"]

# A tie as it is kept: its kind, and a blind value.
Key = tuple[ClusterKind, str]
KINDS: tuple[ClusterKind, ...] = get_args(ClusterKind)
# Members looked at for what the cluster has already: the leaders first, who brought all that is special about it.
MOST_COMPARED = 64
# The leader is told of growth up to here; beyond, no rule asks for the exact size.
TOLD_SIZE = 8
# What is worked out anew each time; everything else that belonging tells stays.
SPREAD = frozenset({"cluster_size", "decided_before"})


@dataclass(frozen=True, slots=True)
class Joined:
    """What became of a case. cluster: None when it stands alone. by: the tie. leads: whether it stands in the queue.

    apart: why it surfaced beside the cluster's leader: `actor`, `place`, `first_generation`, `no_hit`.
    """

    cluster: int | None = None
    by: ClusterKind | None = None
    leads: bool = True
    apart: tuple[str, ...] = ()


def reserve(writer: Writer, organisation: int, groups: Sequence[Sequence[Key]], cases: Collection[int] = ()) -> None:
    """Nothing; until the unit of work ends nobody else joins by these ties, or moves the cases that they lead to.

    groups: the ties of each case that is to be opened or to learn. cases: those that are there already. Call it before
    anything is appended to the ledger: reviewers, too, lock cases first and the ledger last, so nobody waits for ever.
    """
    if writer.dialect == "sqlite":  # one writes at a time
        return
    own = [queries.links_of(writer, organisation, one) for one in cases]
    links = [list(dict.fromkeys(one)) for one in (*groups, *own)]
    queries.lock_ties(writer, organisation, {one for group in links for one in group})
    locked: set[int] = set()
    while True:
        partners = (_partner(writer, organisation, group, cases) for group in links)
        wanted = {*cases, *(one for _, one in filter(None, partners))}
        wanted |= queries.leaders_of(writer, organisation, wanted)
        if wanted <= locked:
            return
        queries.lock_cases(writer, organisation, wanted)
        locked |= wanted


def ties_anew(reader: Reader, organisation: int, case_id: int, keys: Sequence[Key]) -> bool:
    """Whether one of these is a tie that the case has not had so far."""
    return not set(keys) <= set(queries.links_of(reader, organisation, case_id))


def join(
    writer: Writer,
    actor: Actor,
    case_id: int,
    keys: Sequence[Key],
    features: Sequence[Feature],
    rules: Rules,
    now: datetime,
) -> Joined:
    """What became of the case: it joins a cluster if one of its ties leads to one, and is placed anew.

    keys: (kind, blind value). features: all that is known of the case. Call it after `case.opened`, and again whenever
    a case learns something: what is new about a member surfaces then, and one that now ranks before its leader takes
    the lead. `reserve` comes before all of it.
    """
    organisation = actor.organisation
    queries.add_links(writer, organisation, case_id, keys)
    row = case_of(writer, organisation, case_id)
    if row["state"] != "triaged":
        return Joined(row["cluster"], None, bool(row["leads"]))
    if row["cluster"] is not None:
        return _settle(writer, actor, row, _still(writer, organisation, row, features), features, rules, now)
    found = _partner(writer, organisation, queries.links_of(writer, organisation, case_id), [case_id])
    if found is None:
        return Joined()
    by, partner = found
    cluster_id = cluster_of(writer, organisation, partner)
    queries.enter(writer, organisation, cluster_id, case_id)
    others = _others(writer, organisation, cluster_id, case_id)
    apart = apart_from(writer, organisation, cluster_id, case_id, by, features, others)
    return _settle(writer, actor, row, Joined(cluster_id, by, False, apart), features, rules, now)


def _still(reader: Reader, organisation: int, row: queries.Row, features: Sequence[Feature]) -> Joined:
    """How the case belongs to its cluster now that more is known of it."""
    cluster_id, case_id = int(row["cluster"]), int(row["id"])
    links, here = queries.links_of(reader, organisation, case_id), (reader, organisation, cluster_id, case_id)
    shared = (kind for kind in KINDS for held, value in links if held == kind and queries.is_shared(*here, kind, value))
    by = next(shared, None)
    if row["leads"] or by is None:
        return Joined(cluster_id, by, bool(row["leads"]))
    others = _others(reader, organisation, cluster_id, case_id)
    return Joined(cluster_id, by, False, apart_from(reader, organisation, cluster_id, case_id, by, features, others))


def _settle(
    writer: Writer,
    actor: Actor,
    row: queries.Row,
    joined: Joined,
    features: Sequence[Feature],
    rules: Rules,
    now: datetime,
) -> Joined:
    """Into the queue, or behind the leader: the case is placed anew, and the ledger says what became of it."""
    organisation, case_id, cluster_id = actor.organisation, int(row["id"]), joined.cluster or 0
    others = _others(writer, organisation, cluster_id, case_id)
    size = queries.size_of(writer, organisation, cluster_id)
    known = _each_once([*_but_spread(features), *_spread(joined, features, others, size, now)])
    placement = place(known, rules, now, row["received_at"])
    fronts = [one for one in others if one["leads"] and one["state"] not in ("decided", "closed")]
    beaten = [
        one for one in fronts if _rank(known, rules, now, row) < _rank(from_row(one["features"]), rules, now, one)
    ]
    surfaces = joined.leads or bool(joined.apart)
    leads = surfaces or len(beaten) == len(fronts)
    if leads and not surfaces:
        set_leads(writer, actor, [one["id"] for one in beaten if waits(one)], "case.stepped_back", now)
    elif fronts and size <= TOLD_SIZE:
        _tell(writer, organisation, fronts[0], size, rules, now)
    columns = columns_of(placement)
    if row["cluster"] is None or leads != bool(row["leads"]):
        told = {"cluster": cluster_id, "by": joined.by, "leads": leads, "apart": list(joined.apart)}
        columns["entry"] = append(writer, actor, "case", case_id, "case.joined", told, now)
    update(writer, organisation, case_id, features=to_row(known), leads=leads, **columns)
    return Joined(cluster_id, joined.by, leads, joined.apart)


def _rank(features: Sequence[Feature], rules: Rules, now: datetime, row: queries.Row) -> tuple[int, int]:
    """Where the case would stand by itself: how many belong to it is no merit of one of them."""
    placement = place([one for one in features if one.name != "cluster_size"], rules, now, row["received_at"])
    return placement.tier, -placement.score


def _spread(
    joined: Joined, features: Sequence[Feature], others: Sequence[queries.Row], size: int, now: datetime
) -> list[Feature]:
    """What belonging to the cluster tells about the case."""
    told = [feature("cluster_size", size, "house", now)]
    if any(one.name == "novelty" and one.value in HITS for one in features):
        news = [name for name in ("actor", "place") if name in joined.apart]
        told += [feature(f"new_{name}", True, "house", now) for name in news]
    outcomes = [one["outcome"] for one in others if one["outcome"] is not None]
    if joined.by in CONTENT and outcomes:
        told.append(feature("decided_before", outcomes[0], "house", now))
    return told


def _but_spread(features: Sequence[Feature]) -> list[Feature]:
    return [one for one in features if one.name not in SPREAD]


def _each_once(features: Sequence[Feature]) -> list[Feature]:
    """The features, each statement of one source once, as it was first made."""
    once: dict[tuple[str, FeatureValue, str], Feature] = {}
    for one in features:
        once.setdefault((one.name, one.value, one.source), one)
    return list(once.values())


def _tell(writer: Writer, organisation: int, row: queries.Row, size: int, rules: Rules, now: datetime) -> None:
    """Nothing; the waiting leader knows how many it stands for, and is placed anew."""
    if not waits(row):
        return
    known = [one for one in from_row(row["features"]) if one.name != "cluster_size"]
    known.append(feature("cluster_size", size, "house", now))
    placement = place(known, rules, now, row["received_at"])
    update(writer, organisation, row["id"], features=to_row(known), **columns_of(placement))


def _others(reader: Reader, organisation: int, cluster_id: int, case_id: int) -> list[queries.Row]:
    rows = queries.members(reader, organisation, cluster_id, MOST_COMPARED)
    return [one for one in rows if one["id"] != case_id]


def _partner(
    reader: Reader, organisation: int, links: Sequence[tuple[str, str]], but: Collection[int]
) -> tuple[ClusterKind, int] | None:
    """The strongest tie that another case has, too, and the oldest such case."""
    for kind in KINDS:
        values = [value for held, value in links if held == kind]
        oldest = queries.first_with(reader, organisation, kind, values, but)
        if oldest is not None:
            return kind, oldest
    return None
