"""What is kept of statements on their way to the Transparency Database, before each request and after each answer.

The number of a statement is made with its draft, long before anything is sent. While nobody knows whether the database
has it, the database is asked for that number, and nothing is sent again before it said no.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from rempart.audit.queries import append
from rempart.facts.people import worker
from rempart.reporting import queries
from rempart.reporting.drafting import ABOUT
from rempart.reporting.dsa import replies
from rempart.reporting.dsa.counting import dimensions
from rempart.reporting.dsa.replies import Verdict
from rempart.reporting.dsa.vocabulary import MOST_PER_BATCH
from rempart.reporting.queries import Row
from rempart.reporting.recipient import Receipt, Recipient, Sent
from rempart.reporting.sending import draft_of, journey_of, keep_journey, keep_receipt, settle
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

VERSION = 1
# ready: nothing of it is with the database · asking: a request with it has begun · doubt: that request came to nothing
# that anybody knows · refused: a person has to go on
Phase = Literal["ready", "asking", "doubt", "refused"]
_FOREIGN = (
    "the database has this number, and we never sent it; order `begin_again` to send it under a new number, "
    "or withdraw it"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement on its way. unclear: how many requests with it came to nothing that anybody knows."""

    row: Row
    puid: str
    phase: Phase
    unclear: int
    tries: int
    content: dict[str, Any]

    @property
    def body(self) -> dict[str, Any]:
        """What is sent."""
        return {**self.content, "puid": self.puid}

    @property
    def journey(self) -> dict[str, Any]:
        """How far it came, as JSON values."""
        kept = {"phase": self.phase, "puid": self.puid, "unclear": self.unclear, "tries": self.tries}
        return {"version": VERSION, **kept}


def waiting(reader: Reader, fields: Fields, organisation: int, recipient: str, now: datetime) -> list[Statement]:
    """What was approved and may leave now, or is on its way and due, the oldest first."""
    rows = queries.to_gather(reader, organisation, recipient, now, MOST_PER_BATCH)
    return [one for one in (read(fields, row) for row in rows) if one.phase != "refused"]


def read(fields: Fields, row: Row) -> Statement:
    """The statement of this report. Its number is the report's own key, made at random with the draft."""
    kept = journey_of(fields, row)
    return Statement(
        row,
        kept.get("puid") or str(UUID(hex=row["idempotency_key"][:32], version=4)),
        kept.get("phase", "ready"),
        kept.get("unclear", 0),
        kept.get("tries", 0),
        draft_of(fields, row)["statement"],
    )


def begin(writer: Writer, fields: Fields, statements: Sequence[Statement], now: datetime) -> list[Statement]:
    """Those that are about to be sent: kept as such, and nobody else's until this request is given up."""
    begun = []
    for one in statements:
        row = queries.read(writer, one.row["organisation"], one.row["id"], lock=True)
        if row is None or row["state"] not in ("approved", "sending") or read(fields, row).phase != "ready":
            continue
        until = now + timedelta(seconds=replies.PATIENCE_SECONDS)
        queries.change(writer, row["organisation"], row["id"], state="sending", problem="", not_before=until)
        fresh = queries.read(writer, row["organisation"], row["id"]) or row
        asking = replace(read(fields, fresh), phase="asking", tries=one.tries + 1)
        first = Receipt("submitted", json.dumps(asking.body, ensure_ascii=False).encode()) if one.tries == 0 else None
        keep_journey(writer, fields, fresh, asking.journey, first, now)
        begun.append(asking)
    return begun


def keep(
    writer: Writer, fields: Fields, recipient: Recipient, begun: Sequence[Statement], verdict: Verdict, now: datetime
) -> list[Statement]:
    """The statements as they stand after the request with them."""
    return [_after(writer, fields, recipient, one, verdict, now) for one in begun]


def _after(
    writer: Writer, fields: Fields, recipient: Recipient, one: Statement, verdict: Verdict, now: datetime
) -> Statement:
    if one.puid in verdict.published:
        said = verdict.published[one.puid]
        _publish(writer, fields, recipient, one, "accepted", json.dumps(said).encode(), str(said["uuid"]), now)
        return one
    if one.puid in verdict.refused:
        why = f"{verdict.refused[one.puid]}; withdraw it (`retract`) and draft it anew"
        return _stand(writer, fields, recipient, replace(one, phase="refused"), Sent("needs_people", problem=why), now)
    if one.puid in verdict.doubtful:
        later = now + timedelta(seconds=_patience(one))
        fresh = replace(one, phase="doubt", unclear=one.unclear + 1)
        return _stand(writer, fields, recipient, fresh, Sent("sending", again_at=later), now)
    phase: Phase = "doubt" if one.puid in verdict.taken else "ready"
    waits = one.puid in verdict.taken or one.puid in verdict.held
    again_at = now + timedelta(seconds=verdict.wait_seconds) if waits else None
    sent = Sent("sending", problem=verdict.problem, again_at=again_at)
    return _stand(writer, fields, recipient, replace(one, phase=phase), sent, now)


def found(
    writer: Writer,
    fields: Fields,
    recipient: Recipient,
    one: Statement,
    standing: replies.Standing,
    content: bytes,
    now: datetime,
) -> Statement:
    """The statement after the database was asked for its number. content: what it answered."""
    row = queries.read(writer, one.row["organisation"], one.row["id"], lock=True)
    if row is None or row["state"] != "sending":
        return one
    one = replace(one, row=row)
    if standing == "there" and one.unclear:
        _publish(writer, fields, recipient, one, "found", content, one.puid, now)
        return one
    if standing == "there":
        sent = Sent("needs_people", problem=_FOREIGN)
        return _stand(writer, fields, recipient, replace(one, phase="refused"), sent, now)
    if standing == "not_there":
        return _stand(writer, fields, recipient, replace(one, phase="ready"), Sent("sending"), now)
    fresh = replace(one, phase="doubt", tries=one.tries + 1)
    later = now + timedelta(seconds=_patience(fresh))
    return _stand(writer, fields, recipient, fresh, Sent("sending", again_at=later), now)


def lost(one: Statement) -> Statement:
    """A statement whose request was begun, and whoever began it is gone: nobody knows what came of it."""
    return replace(one, phase="doubt", unclear=one.unclear + 1) if one.phase == "asking" else one


def obey(writer: Writer, fields: Fields, recipient: Recipient, row: Row, order: str, new: str, now: datetime) -> None:
    """Nothing; the statement goes on as a person ordered: `WHAT#TURN:PID`. new: a number for `begin_again`."""
    one, what = read(fields, row), order.partition(":")[0].partition("#")[0]
    certain = one.phase in ("ready", "refused") and not one.unclear
    if what == "retract":
        said = "it may be published, and the database takes nothing back through its interface; write to its operators"
        sent = Sent("withdrawn") if certain else Sent("needs_people", problem=said)
        settle(writer, worker(row["organisation"]), row, recipient, sent, now)
    elif one.phase == "refused":
        fresh = replace(one, phase="ready", puid=new if what == "begin_again" and certain else one.puid)
        _stand(writer, fields, recipient, fresh, Sent("sending"), now)


def _publish(
    writer: Writer,
    fields: Fields,
    recipient: Recipient,
    one: Statement,
    kind: str,
    content: bytes,
    number: str,
    now: datetime,
) -> None:
    actor = worker(one.row["organisation"])
    keep_receipt(writer, fields, actor, one.row, Receipt(kind, content), now)
    settle(writer, actor, one.row, recipient, Sent("finished", number[:120]), now)
    data = {"environment": one.row["environment"], **dimensions(one.content)}
    append(writer, actor, ABOUT, one.row["id"], "report.published", data, now)


def _stand(
    writer: Writer, fields: Fields, recipient: Recipient, one: Statement, sent: Sent, now: datetime
) -> Statement:
    keep_journey(writer, fields, one.row, one.journey, None, now)
    settle(writer, worker(one.row["organisation"]), one.row, recipient, sent, now)
    return one


def _patience(one: Statement) -> float:
    return float(min(replies.PATIENCE_SECONDS * 2 ** min(one.tries, 10), replies.LONGEST_WAIT_SECONDS))
