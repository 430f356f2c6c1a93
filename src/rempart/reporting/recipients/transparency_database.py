"""The Transparency Database of the Digital Services Act (article 24(5)): statements of reasons, published for all.

Each is drafted and approved by itself; a duty gathers what was approved and sends up to a hundred in one request.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rempart.errors import Conflict
from rempart.facts.case import ActionKind
from rempart.facts.report import CaseView, Payload, Problem
from rempart.reporting.dsa.checks import problems_of
from rempart.reporting.dsa.composing import QUESTIONS, compose
from rempart.reporting.recipient import Answers, Approvals, Draft, Question, Sending, Sent, Way

VERSION = 1
EXEMPT = ("micro", "small")


class TransparencyDatabase:
    """One statement for each case: it says what was done and why, and nothing about anybody."""

    name = "transparency-database"
    carries_out: ActionKind = "statement_of_reasons"
    transport: Way = "batch"
    approvals: Approvals = 1
    questions: tuple[Question, ...] = QUESTIONS
    holds: tuple[str, ...] = ()

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """The statement, its free texts without what was recognised as personal, and what of them stays doubtful."""
        composed = compose(case, answers)
        return {
            "version": VERSION,
            "case": case.case_id,
            "statement": composed.statement,
            "removed": {name: list(kinds) for name, kinds in composed.removed.items()},
            "doubtful": {name: list(found) for name, found in composed.doubtful.items()},
            "duration": answers.get("duration", ""),
            "by_order": any(one.channel == "order" for one in case.notices),
            "police_first": case.police_first,
            "police_agree": answers.get("police_agree", ""),
            "exempt": (options.get("desk") or {}).get("size") in EXEMPT,
        }

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:  # noqa: ARG002
        """What the law, the database or privacy forbids."""
        statement = draft["statement"]
        found = [*_of_the_case(draft), *problems_of(statement, now.date())]
        if draft["duration"] == "until" and not any(name.startswith("end_date") for name in statement):
            found.append(Problem("until", "say until which day the measure applies"))
        for name, doubtful in draft["doubtful"].items():
            says = f"it may hold {', '.join(doubtful)}; the text is published, so write it without"
            found.append(Problem(name, says))
        return found

    def render(self, draft: Draft, now: datetime) -> Payload:  # noqa: ARG002 - the times in it are those of the record
        """The statement as it leaves, but for its number, which it has in the request."""
        return Payload(written(draft["statement"]), "application/json", f"statement-{draft['case']}.json")

    def send(self, sending: Sending) -> Sent:
        """Never by itself: it leaves together with others. Raises Conflict."""
        raise Conflict(f"report {sending.report_id} leaves together with others; the worker gathers them")


def written(statement: Mapping[str, Any]) -> bytes:
    """The statement as JSON, its fields in order of their names."""
    return json.dumps(statement, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _of_the_case(draft: Draft) -> list[Problem]:
    found = []
    if draft["exempt"]:
        says = "micro and small enterprises are exempt from article 24(5), and the settings say that this is one"
        found.append(Problem("size", says))
    if draft["by_order"]:
        says = "an authority ordered this, and no statement under article 17 is owed"
        found.append(Problem("order", says))
    if draft["police_first"] and draft["police_agree"] != "yes":
        says = "police come first, and this is public; wait until they agree, then answer yes"
        found.append(Problem("police_agree", says))
    return found


RECIPIENT = TransparencyDatabase()
