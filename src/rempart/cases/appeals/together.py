"""Cases of a cluster that stand by the same decision: what changes for one of them may change for all."""

from rempart.cases.review.queries import cases, decisions
from rempart.storage.database import Reader

Pair = tuple[cases.Row, decisions.Row]


def together(reader: Reader, organisation: int, decision: decisions.Row) -> list[Pair]:
    """(case, its decision) of every other case that follows the same decision still, or that this one follows."""
    leading = decision["followed"] or decision["id"]
    first = decisions.read(reader, organisation, leading)
    rows = [*([first] if first is not None else []), *decisions.followers(reader, organisation, leading)]
    others = [row for row in rows if row["case_id"] != decision["case_id"] and row["undone_at"] is None]
    pairs: list[Pair] = []
    for row in others:
        case = cases.read(reader, organisation, row["case_id"])
        standing = decisions.of_case(reader, organisation, row["case_id"])
        if case is not None and case["state"] in ("decided", "closed") and standing[-1]["id"] == row["id"]:
            pairs.append((case, row))
    return pairs
