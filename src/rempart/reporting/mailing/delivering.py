"""What is kept around handing a mail to the relay: before it, and whatever came of it.

The number of a mail is the same at every try. When nobody knows whether the relay took it, it is handed over again:
whoever gets it twice can tell by the number, and nobody would notice one that never came.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from rempart.audit.queries import append
from rempart.cases.review import acting
from rempart.facts.people import worker
from rempart.reporting import queries as reports
from rempart.reporting import sending
from rempart.reporting.drafting import ABOUT, Reporting
from rempart.reporting.mailing import gathering, queries
from rempart.reporting.queries import Row
from rempart.reporting.recipient import Receipt, Sent
from rempart.storage.database import Writer

MOST_DOUBTS = 3
# A mail that nobody got is made anew after so long: what it is about may be gone.
FRESH_FOR = timedelta(hours=1)
Begun = Literal["go", "ended", "stale"]


def begin(writer: Writer, organisation: int, mailing_id: int, now: datetime) -> tuple[Begun, Row | None]:
    """Whether the mail is to be handed over now; then it is known that somebody tries. With the mail as it is.

    `stale`: nobody got it, and it is too old; its notices wait to be gathered anew.
    """
    row = queries.read(writer, organisation, mailing_id, lock=True)
    if row is None or row["state"] in ("sent", "failed"):
        return "ended", row
    doubts = row["doubts"]
    if row["state"] == "trying":  # whoever tried before never told how it went
        doubts += 1
    if row["notice"] is None and doubts == 0 and now - row["made_at"] > FRESH_FOR:
        dissolve(writer, organisation, row, now)
        return "stale", row
    queries.change(writer, organisation, mailing_id, state="trying", tried_at=now, doubts=doubts)
    return "go", queries.read(writer, organisation, mailing_id)


def nobody_got_it(writer: Writer, organisation: int, mailing_id: int, problem: str) -> None:
    """Nothing; it is to be tried again."""
    queries.change(writer, organisation, mailing_id, state="ready", problem=problem)


def nobody_knows(
    writer: Writer, reporting: Reporting, organisation: int, row: Row, problem: str, now: datetime
) -> bool:
    """Whether it is to be handed over again, with the same number; else a person has to say."""
    doubts = int(row["doubts"]) + 1
    again = doubts < MOST_DOUBTS
    state = "unclear" if again else "failed"
    queries.change(writer, organisation, row["id"], state=state, doubts=doubts, problem=problem)
    if not again:
        said = (
            f"the relay took {row['message_number']} perhaps, and said so {doubts} times not; ask whoever runs the "
            "relay, or order `go on`, which hands it over again with the same number"
        )
        _needs_people(writer, reporting, organisation, row, said, now)
    return again


def refused(writer: Writer, reporting: Reporting, organisation: int, row: Row, problem: str, now: datetime) -> None:
    """Nothing; it will not leave like this, and a person has to do something."""
    queries.change(writer, organisation, row["id"], state="failed", ended_at=now, problem=problem)
    _needs_people(writer, reporting, organisation, row, problem, now)


def arrived(writer: Writer, reporting: Reporting, organisation: int, row: Row, content: bytes, now: datetime) -> None:
    """Nothing; the relay has it: each notice has its receipt, and its next time if it is repeated."""
    queries.change(writer, organisation, row["id"], state="sent", ended_at=now, problem="")
    said = {"mailing": row["id"], "sha256": row["content_sha256"], "perhaps_before": row["doubts"]}
    for one in queries.reports_in(writer, organisation, row["id"]):
        if one["state"] in ("sending", "finished"):
            _keep(writer, reporting, one, row, content, said, now)
    if row["notice"] is not None:  # an answer to who gave notice: their address is not kept here any longer
        queries.change(writer, organisation, row["id"], content_sealed=None)
        data = {"what": row["recipient"], **said}
        append(writer, worker(organisation), "notice", row["notice"], "notice.mailed", data, now)


def _keep(
    writer: Writer, reporting: Reporting, report: Row, row: Row, content: bytes, said: dict[str, object], now: datetime
) -> None:
    actor = worker(report["organisation"])
    head = json.dumps({"at": now.isoformat(), **said}).encode()
    receipt = Receipt("mailed", head + b"\r\n\r\n" + content, row["message_number"])
    sending.keep_receipt(writer, reporting.fields, actor, report, receipt, now)
    is_first = report["state"] != "finished"
    if is_first:
        recipient = reporting.recipients[report["recipient"]]
        sending.settle(writer, actor, report, recipient, Sent("finished", row["message_number"][:120]), now)
    else:
        append(writer, actor, ABOUT, report["id"], "report.repeated", {"number": row["message_number"]}, now)
    _next_round(writer, reporting, report, now)


def _next_round(writer: Writer, reporting: Reporting, report: Row, now: datetime) -> None:
    """Nothing; it is known when the notice is repeated, or that it is not."""
    organisation, report_id = report["organisation"], report["id"]
    one = queries.round_of(writer, organisation, report_id)
    kind = gathering.recipient_of(reporting, report["recipient"])
    if one is None:
        return
    times = one["times"] + 1
    queries.change_rounds(writer, organisation, [report_id], times=times)
    if kind is None or sending.draft_of(reporting.fields, report)["letter"] == "correction":
        queries.change_rounds(writer, organisation, [report_id], state="over", because="once")
    elif times > reporting.options_of(report["recipient"])["notices"]["most_repeats"]:
        gathering.end_round(writer, organisation, report, "unheeded", now)
    else:
        next_at = now + timedelta(days=kind.every_days)
        queries.change_rounds(writer, organisation, [report_id], state="waiting", next_at=next_at, because="repeat")


def dissolve(writer: Writer, organisation: int, row: Row, now: datetime) -> None:
    """Nothing; nobody got the mail, and its notices wait to be gathered anew."""
    queries.change(writer, organisation, row["id"], state="failed", ended_at=now, content_sealed=None)
    found = queries.reports_in(writer, organisation, row["id"])
    for one in found:
        if one["state"] == "sending":
            reports.change(writer, organisation, one["id"], state="approved", problem=row["problem"], changed_at=now)
            acting.carry(writer, worker(organisation), one["action_id"], "queued", now)
    _wait_again(writer, organisation, [one["id"] for one in found], now)


def _needs_people(
    writer: Writer, reporting: Reporting, organisation: int, row: Row, problem: str, now: datetime
) -> None:
    """Nothing; each notice says what a person has to do. One that left before is not repeated any more."""
    for one in queries.reports_in(writer, organisation, row["id"]):
        if one["state"] == "sending":
            recipient = reporting.recipients[one["recipient"]]
            sending.settle(writer, worker(organisation), one, recipient, Sent("needs_people", problem=problem), now)
            queries.change_rounds(writer, organisation, [one["id"]], state="over", because="needs_people")
        else:
            gathering.end_round(writer, organisation, one, "refused", now)


def _wait_again(writer: Writer, organisation: int, ids: Sequence[int], now: datetime) -> None:
    queries.change_rounds(writer, organisation, ids, state="waiting", next_at=now, because="not_taken")
