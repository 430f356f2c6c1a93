"""Answering an appeal: a person who decided nothing before, a reason for the appellant, and what follows."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from rempart.audit.queries import append
from rempart.cases.appeals import queries, working
from rempart.cases.appeals.judging import Anew, judge_anew
from rempart.cases.clocks import clocks
from rempart.cases.clocks.queries import lock_case
from rempart.cases.clocks.reckoning import reckon
from rempart.cases.review.queries import decisions
from rempart.cases.review.taxonomy import Taxonomy
from rempart.errors import Conflict, UserMistake
from rempart.facts.people import Actor, worker
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

Outcome = Literal["upheld", "overturned", "partly"]
OUTCOMES: tuple[Outcome, ...] = ("upheld", "overturned", "partly")
SHORTEST_WORDS, LONGEST_WORDS = 20, 5000


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes of an appeal.

    words: the reasons, for the appellant. code: the judgement from now on, of the taxonomy in force; empty when the
    decision is upheld. answers, excepted: as in a judgement.
    """

    outcome: str
    words: str = field(repr=False)
    code: str = ""
    answers: Mapping[str, str] | None = None
    excepted: Collection[int] = ()


def answer(
    writer: Writer, fields: Fields, actor: Actor, appeal_id: int, said: Answer, *, taxonomy: Taxonomy, now: datetime
) -> int | None:
    """The id of the decision that stands instead; None when the one before is upheld. The person holds the appeal."""
    row = working.locked(writer, actor, appeal_id)
    lock_case(writer, actor.organisation, row["case_id"])  # before the ledger: the other way round, two would wait
    written = words_of(said.words)
    if row["assignee"] != actor.pid or row["state"] != "assigned":
        raise Conflict(f"appeal {row['number']} is not yours now; claim it first")
    working.check_other(writer, actor, row)
    _check(writer, actor, row, said, taxonomy)
    made = None
    if said.outcome != "upheld":
        anew = Anew(said.code, said.answers, said.excepted)
        since = row["assigned_at"] or now
        made = judge_anew(
            writer, actor, row["case_id"], anew, appeal=appeal_id, taxonomy=taxonomy, since=since, now=now
        )
    queries.change(
        writer,
        actor.organisation,
        appeal_id,
        state=said.outcome,
        answered_with=made,
        decided_by=actor.pid,
        decided_at=now,
        answer_sealed=fields.seal_text("appeal", json.dumps({"version": 1, "text": written})),
        remedied_at=None if made is not None else now,
    )
    data = {"case": row["case_id"], "outcome": said.outcome, "by": row["brought_by"], "decision": made}
    append(writer, actor, "appeal", appeal_id, "appeal.decided", data, now)
    clocks.end_for(writer, actor, f"appeal:{appeal_id}", "answered", now)
    reckon(writer, actor, [row["case_id"]], now)
    if made is None:
        append(writer, actor, "case", row["case_id"], "case.upheld", {"appeal": appeal_id}, now)
    return made


def remedied(writer: Writer, organisation: int, appeal_id: int, decision: int, now: datetime) -> None:
    """Nothing; everything that follows from the answer was done."""
    queries.change(writer, organisation, appeal_id, remedied_at=now)
    append(writer, worker(organisation), "appeal", appeal_id, "appeal.remedied", {"decision": decision}, now)


def words_of(text: str) -> str:
    """The reasons as they are kept. Raises UserMistake for too few or too many."""
    written = text.encode("utf-8", "replace").decode().strip()
    if not SHORTEST_WORDS <= len(written) <= LONGEST_WORDS or "\0" in written:
        raise UserMistake(f"an answer gives reasons in {SHORTEST_WORDS} to {LONGEST_WORDS} characters; write it again")
    return written


def _check(writer: Writer, actor: Actor, row: queries.Row, said: Answer, taxonomy: Taxonomy) -> None:
    """Nothing. Raises UserMistake when outcome and code contradict each other."""
    if said.outcome not in OUTCOMES:
        raise UserMistake(f"an appeal ends as one of {', '.join(OUTCOMES)}; choose one")
    if said.outcome == "upheld":
        if said.code or said.excepted:
            raise UserMistake("a decision that is upheld keeps its code; leave the code open, or overturn it")
        return
    if not said.code:
        raise UserMistake("a decision that is overturned needs another code; choose one")
    check_code(writer, actor, row["case_id"], said.code, taxonomy)


def check_code(reader: Reader, actor: Actor, case_id: int, code: str, taxonomy: Taxonomy) -> None:
    """Nothing. Raises UserMistake for the code that the case has already: nothing would change."""
    current = decisions.of_case(reader, actor.organisation, case_id)
    if current and (current[-1]["taxonomy"], current[-1]["code"]) == (taxonomy.name, code):
        raise UserMistake("this is the code that the decision has already; choose another one, or uphold it")
