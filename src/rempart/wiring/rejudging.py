"""What was screened before, judged by the lists as they stand now: an entry that was withdrawn holds nothing back."""

import json

from rempart.cases.intake.queries import cases
from rempart.cases.intake.queries.items import Row
from rempart.cases.intake.submitted import Verdict, examination_of
from rempart.cases.review.own_list import holds, listed
from rempart.facts import Finding, Matched
from rempart.facts.wire import finding_from_json
from rempart.storage.database import Reader
from rempart.wiring.desk import Desk


def verdict_now(desk: Desk, reader: Reader, row: Row) -> Verdict | None:
    """What holds for an item that matched; None when no list holds what it matched any more.

    What cannot be told, because nothing was kept of the match, stays as it was: nothing is let through by mistake.
    """
    media = cases.media_of_case(reader, row["organisation"], row["case_id"]) if row["case_id"] else []
    found = [desk.screeners.judge("file", examination_of(one.fingerprints)) for one in listed(desk.fields, media)]
    policies = {one.outcome.policy for one in found if isinstance(one.outcome, Matched)} - {"ignore"}
    if policies:
        return "block" if "block" in policies else "review"
    kept = [one["finding_sealed"] for one in media if one["finding_sealed"] is not None]
    findings = [finding_from_json(json.loads(desk.fields.unseal_text("finding", one))) for one in kept]
    if findings and all(_is_gone(desk, one) for one in findings):
        return None
    return "block" if row["verdict"] == "block" else "review"


def _is_gone(desk: Desk, finding: Finding) -> bool:
    """Whether none of the entries that the item matched is in its list still. One without a name may be."""
    if not isinstance(finding.outcome, Matched):
        return False
    return not any(_may_be_there(desk, one.list_name, one.entry_ref) for one in finding.outcome.matches)


def _may_be_there(desk: Desk, name: str, ref: str) -> bool:
    return name in desk.lists.names() and (not ref or holds(desk.lists, name, ref))
