"""The re-open rule: what a case brings that its cluster did not have, so that it surfaces alone."""

from collections.abc import Sequence

from rempart.cases.triage.features import from_row
from rempart.cases.triage.queries import clusters as queries
from rempart.cases.triage.rank import values_of
from rempart.cases.triage.ruleset import Known
from rempart.facts.case import ClusterKind, Feature
from rempart.storage.database import Reader

CONTENT: tuple[ClusterKind, ...] = ("exact", "perceptual")
HITS = ("exact", "near")


def apart_from(
    reader: Reader,
    organisation: int,
    cluster_id: int,
    case_id: int,
    by: ClusterKind,
    features: Sequence[Feature],
    others: Sequence[queries.Row],
) -> tuple[str, ...]:
    """What the case has that the cluster had not: the re-open rule."""
    mine = values_of(features)
    theirs = values_of(one for row in others for one in from_row(row["features"]))
    links = queries.links_of(reader, organisation, case_id)
    actors = [value for kind, value in links if kind == "actor"]
    here = (reader, organisation, cluster_id, case_id)
    checks = {
        "actor": not all(queries.is_shared(*here, "actor", value) for value in actors),
        "place": _is_new_place(reader, organisation, cluster_id, case_id, mine, theirs),
        "first_generation": True in mine.get("first_generation", ()) and True not in theirs.get("first_generation", ()),
        "no_hit": _lacks_hit(mine, theirs, same_content=by in CONTENT),
    }
    return tuple(name for name, holds in checks.items() if holds)


def _is_new_place(reader: Reader, organisation: int, cluster_id: int, case_id: int, mine: Known, theirs: Known) -> bool:
    """A country or platform that the leaders do not name, or a host where no member stands."""
    stated = any(set(mine.get(name, ())) - set(theirs.get(name, ())) for name in ("country", "place"))
    hosts = queries.hosts_of(reader, organisation, case_id)
    here = (reader, organisation, cluster_id, case_id)
    return stated or not all(queries.is_shared_host(*here, host) for host in hosts)


def _lacks_hit(mine: Known, theirs: Known, *, same_content: bool) -> bool:
    """Content on no list where the cluster's is, or content of its own beside a weaker tie."""
    novelty = mine.get("novelty", ())
    unknown = any(value in ("none", "doubtful") for value in novelty)
    if same_content:
        return unknown and any(value in HITS for value in theirs.get("novelty", ()))
    return unknown
