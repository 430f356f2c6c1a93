"""After the answer: a body outside of the house (DSA article 21), recorded and told to the appellant.

What such a body says does not bind. When the desk follows it, the case is judged anew here, with the same effects.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from rempart.audit.queries import append
from rempart.cases.appeals import queries, working
from rempart.cases.appeals.answering import check_code, words_of
from rempart.cases.appeals.judging import Anew, judge_anew
from rempart.cases.clocks import clocks
from rempart.cases.clocks.queries import lock_case
from rempart.cases.review.taxonomy import Taxonomy
from rempart.errors import Conflict, NotFound, UserMistake
from rempart.facts.people import Actor
from rempart.storage.database import Writer
from rempart.storage.fields import Fields

Ending = Literal["confirmed", "changed", "settled", "dropped"]
ENDINGS: tuple[Ending, ...] = ("confirmed", "changed", "settled", "dropped")
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Ended:
    """What came of it. words: for the appellant. code: the judgement that the desk makes because of it, if any."""

    outcome: str
    words: str = field(repr=False)
    code: str = ""
    answers: Mapping[str, str] | None = None


def begin(writer: Writer, actor: Actor, appeal_id: int, body: str, reference: str, now: datetime) -> int:
    """The id of the step: the appellant brought the answered appeal before this body."""
    row = working.locked(writer, actor, appeal_id)
    lock_case(writer, actor.organisation, row["case_id"])
    if row["state"] not in queries.DECIDED:
        raise Conflict(f"appeal {row['number']} has no answer yet; a body outside comes after it")
    if any(one["ended_at"] is None for one in queries.externals(writer, actor.organisation, appeal_id)):
        raise Conflict(f"appeal {row['number']} is before a body outside already; record its end first")
    made = queries.insert_external(
        writer,
        organisation=actor.organisation,
        appeal=appeal_id,
        body=_line(body, "the body needs a name", needed=True),
        reference=_line(reference, "", needed=False),
        begun_at=now,
        begun_by=actor.pid,
    )
    append(writer, actor, "appeal", appeal_id, "appeal.external_begun", {"step": made}, now)
    clocks.start_for(
        writer, actor, "dispute.brought", f"dispute:{made}", now, now, jurisdictions=("EU",), case_id=row["case_id"]
    )
    return made


def end(
    writer: Writer,
    fields: Fields,
    actor: Actor,
    appeal_id: int,
    step_id: int,
    said: Ended,
    *,
    taxonomy: Taxonomy,
    now: datetime,
) -> int | None:
    """The id of the decision that the desk makes because of it; None when nothing changes here.

    A decision is made by somebody who decided nothing in the case, as on an appeal. Raises NotAllowed.
    """
    row = working.locked(writer, actor, appeal_id)
    lock_case(writer, actor.organisation, row["case_id"])
    step = queries.external(writer, actor.organisation, step_id)
    if step is None or step["appeal"] != appeal_id:
        raise NotFound(f"appeal {row['number']} has no step {step_id} before a body outside; look at it again")
    if said.outcome not in ENDINGS:
        raise UserMistake(f"it ends as one of {', '.join(ENDINGS)}; choose one")
    if said.code and said.outcome not in ("changed", "settled"):
        raise UserMistake("a judgement changes only when the body changed it, or both sides settled; leave it open")
    written = words_of(said.words)
    if step["ended_at"] is not None:
        raise Conflict("this step has ended already; nothing was changed")
    made = None
    if said.code:
        working.check_other(writer, actor, row)
        check_code(writer, actor, row["case_id"], said.code, taxonomy)
        anew = Anew(said.code, said.answers)
        made = judge_anew(writer, actor, row["case_id"], anew, appeal=row["id"], taxonomy=taxonomy, since=now, now=now)
    queries.change_external(
        writer,
        actor.organisation,
        step_id,
        outcome=said.outcome,
        ended_at=now,
        ended_by=actor.pid,
        answered_with=made,
        words_sealed=fields.seal_text("appeal", json.dumps({"version": 1, "text": written})),
    )
    data = {"step": step_id, "outcome": said.outcome, "decision": made}
    append(writer, actor, "appeal", row["id"], "appeal.external_ended", data, now)
    clocks.end_for(writer, actor, f"dispute:{step_id}", said.outcome, now)
    return made


def _line(text: str, missing: str, *, needed: bool) -> str:
    line = " ".join(text.split())
    if needed and not line:
        raise UserMistake(f"{missing}; write it as its letters have it")
    if len(line) > LONGEST_NAME or not line.isprintable():
        raise UserMistake(f"a name or reference has at most {LONGEST_NAME} printable characters; shorten it")
    return line
