"""What a person orders about a notice that stands still."""

from datetime import datetime

from rempart.errors import Conflict
from rempart.facts.people import Actor, worker
from rempart.reporting import queries as reports
from rempart.reporting import sending
from rempart.reporting.drafting import Reporting
from rempart.reporting.guards import APPROVERS, may, row_of
from rempart.reporting.mailing import delivering, gathering, queries
from rempart.reporting.queries import Row
from rempart.reporting.recipient import Sent
from rempart.storage.database import Writer

_TOO_LATE = "a mail that may have left cannot be taken back; write to whoever got it, or draft a correction"


def obey(writer: Writer, reporting: Reporting, report: Row, order: str, now: datetime) -> None:
    """Nothing; the notice goes on as it was ordered. order: `WHAT#TURN:PID`.

    `go_on` hands the very mail over again that somebody may have got, with its number; one that nobody got, and
    `begin_again`, wait for a new mail. What left cannot be taken back.
    """
    what, _, turn = order.partition(":")[0].partition("#")
    last = queries.last_of_report(writer, report["organisation"], report["id"])
    mail = queries.read(writer, report["organisation"], last["id"], lock=True) if last is not None else None
    if what == "retract":
        _take_back(writer, reporting, report, mail, now)
    elif what == "go_on" and mail is not None and mail["state"] == "failed" and mail["doubts"] > 0:
        _hand_over_again(writer, mail, int(turn or 1), now)
    else:
        reports.change(writer, report["organisation"], report["id"], state="approved", changed_at=now)
        _rounds(writer, report["organisation"], [report["id"]], "waiting", now)


def _hand_over_again(writer: Writer, mail: Row, turn: int, now: datetime) -> None:
    """Nothing; the mail goes to the relay again, with everything that is in it."""
    organisation = mail["organisation"]
    queries.change(writer, organisation, mail["id"], state="unclear", doubts=1, ended_at=None)
    mine = [one["id"] for one in queries.reports_in(writer, organisation, mail["id"]) if one["state"] != "finished"]
    for one in mine:
        reports.change(writer, organisation, one, state="sending", problem="", changed_at=now)
    _rounds(writer, organisation, mine, "mailing", now)
    gathering.put(writer, organisation, mail["id"], turn, now)


def _take_back(writer: Writer, reporting: Reporting, report: Row, mail: Row | None, now: datetime) -> None:
    """Nothing; a notice that nobody got is withdrawn, and what was to leave with it waits for another mail."""
    organisation, actor = report["organisation"], worker(report["organisation"])
    recipient = reporting.recipients[report["recipient"]]
    perhaps = mail is not None and (mail["state"] in ("sent", "trying") or mail["doubts"] > 0)
    if perhaps and mail is not None and mail["state"] in ("trying", "unclear", "ready"):
        reports.change(writer, organisation, report["id"], problem=_TOO_LATE, changed_at=now)  # it is leaving just now
        return
    if mail is not None and mail["state"] == "ready":
        delivering.dissolve(writer, organisation, mail, now)
    sent = Sent("needs_people", problem=_TOO_LATE) if perhaps else Sent("withdrawn")
    sending.settle(writer, actor, report, recipient, sent, now)
    _rounds(writer, organisation, [report["id"]], "over", now)


def _rounds(writer: Writer, organisation: int, ids: list[int], state: str, now: datetime) -> None:
    queries.change_rounds(writer, organisation, ids, state=state, next_at=now, because="ordered")


def stop(writer: Writer, actor: Actor, report_id: int, now: datetime) -> None:
    """Nothing; the notice is not repeated any more. Raises Conflict when it never left: then it is withdrawn."""
    may(actor, APPROVERS)
    row = row_of(writer, actor.organisation, report_id, lock=True)
    one = queries.round_of(writer, actor.organisation, report_id)
    if one is None or one["state"] == "over":
        raise Conflict(f"report {report_id} is not repeated; nothing was changed")
    if row["state"] != "finished" or one["state"] != "waiting":
        raise Conflict(f"report {report_id} has not left yet, or is leaving now; withdraw it, or wait a moment")
    gathering.end_round(writer, actor.organisation, row, "stopped", now, actor)
