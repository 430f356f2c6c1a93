"""From approved notices to mails: one for each address, what is gone left out, and asked for in one unit of work."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from rempart.audit.queries import append
from rempart.cases.review import acting
from rempart.cases.review.queries import cases
from rempart.facts.people import Actor, worker
from rempart.facts.report import ReportState
from rempart.reporting import queries as reports
from rempart.reporting.drafting import ABOUT, Reporting
from rempart.reporting.letters import composing, hours
from rempart.reporting.letters.addresses import domain_of
from rempart.reporting.letters.letter import Letter
from rempart.reporting.mailing import queries
from rempart.reporting.mailing.checking import LOOK_AGAIN, Seen, has_moved, is_gone
from rempart.reporting.queries import Row
from rempart.reporting.recipient import Draft
from rempart.reporting.sending import draft_of
from rempart.storage import outbox
from rempart.storage.database import Reader, Writer
from rempart.storage.fields import Fields

SEND = "mailing.send"
MOST_NOTICES = 50
# What cannot leave now for a reason that may pass is looked at again so soon.
LATER = timedelta(hours=1)
NOT_KNOWN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What may go into one mail: rounds to one address, and what each says."""

    recipient: str
    address_key: str
    rounds: Mapping[int, Row]
    drafts: Mapping[int, Draft] = field(repr=False)


def enrol(writer: Writer, reporting: Reporting, organisation: int, now: datetime) -> int:
    """How many approved notices were put into rounds: from now on they wait for their mail."""
    known = queries.unenrolled(writer, organisation, mail_names(reporting))
    for row in known:
        draft = draft_of(reporting.fields, row)
        queries.enrol(
            writer,
            report=row["id"],
            organisation=organisation,
            recipient=row["recipient"],
            address_key=address_key(reporting.fields, row, draft),
            urgent=draft["urgent"],
            state="waiting",
            next_at=max(now, row["not_before"] or now),
        )
    return len(known)


def mail_names(reporting: Reporting) -> list[str]:
    """The recipients whose notices are gathered here."""
    return [name for name, one in reporting.recipients.items() if isinstance(one, Letter)]


def address_key(fields: Fields, row: Row, draft: Draft) -> str:
    """The same for what may go into one mail."""
    heads = [draft[name] for name in ("letter", "languages", "from", "from_name", "reply_to", "contact", "meant_for")]
    same = (row["recipient"], row["environment"], draft["to"].lower(), *heads)
    return fields.blind("mail-address", repr(same).encode())


def waiting(reader: Reader, reporting: Reporting, organisation: int, now: datetime) -> list[Bundle]:
    """What has its time, address by address; at most so many notices in one mail."""
    by_address: dict[str, list[Row]] = {}
    for one in queries.due_rounds(reader, organisation, now):
        by_address.setdefault(one["address_key"], []).append(one)
    bundles = []
    for key, found in by_address.items():
        for start in range(0, len(found), MOST_NOTICES):
            part = found[start : start + MOST_NOTICES]
            rows = [reports.read(reader, organisation, one["report"]) for one in part]
            drafts = {row["id"]: draft_of(reporting.fields, row) for row in rows if row is not None}
            bundles.append(Bundle(part[0]["recipient"], key, {one["report"]: one for one in part}, drafts))
    return bundles


def opens_at(
    reader: Reader, reporting: Reporting, organisation: int, bundles: Sequence[Bundle], now: datetime
) -> datetime:
    """When mails with these bundles, all to one address, may leave."""
    options = reporting.options_of(bundles[0].recipient)["notices"]
    urgent = any(one["urgent"] for bundle in bundles for one in bundle.rounds.values())
    is_correction = any(one["letter"] == "correction" for bundle in bundles for one in bundle.drafts.values())
    last = None if is_correction else queries.last_made(reader, organisation, bundles[0].address_key)
    return hours.may_leave(hours.office_of(options), now, last, options["group_hours"], urgent=urgent)


def postpone(writer: Writer, organisation: int, bundle: Bundle, until: datetime) -> None:
    """Nothing; the bundle waits until then."""
    queries.change_rounds(writer, organisation, list(bundle.rounds), next_at=until, because="grouped")


def post(
    writer: Writer, reporting: Reporting, organisation: int, bundle: Bundle, seen: Mapping[int, Seen], now: datetime
) -> int | None:
    """The id of the mail that leaves next; None when nothing of the bundle has to leave now."""
    included = [one for one in bundle.rounds if _joins(writer, reporting, organisation, bundle, one, seen, now)]
    if not included:
        return None
    drafts = [bundle.drafts[one] for one in included]
    number = f"<{secrets.token_hex(16)}@{domain_of(drafts[0]['from'])}>"
    content = composing.compose(drafts, number, now).as_bytes()
    made = insert_mail(
        writer, reporting.fields, organisation, bundle.recipient, bundle.address_key, number, content, now, included
    )
    for one in included:
        row = reports.read(writer, organisation, one)
        if row is not None and row["state"] == "approved":
            reports.change(writer, organisation, one, state="sending", problem="", changed_at=now)
            acting.carry(writer, worker(organisation), row["action_id"], "sent", now)
    queries.change_rounds(writer, organisation, included, state="mailing", misses=0, first_miss_at=None, because="")
    return made


def insert_mail(
    writer: Writer,
    fields: Fields,
    organisation: int,
    recipient: str,
    key: str,
    number: str,
    content: bytes,
    now: datetime,
    included: Sequence[int] = (),
    notice: int | None = None,
) -> int:
    """The id of the new mail, which the worker hands to the relay."""
    made = queries.insert(
        writer,
        included,
        organisation=organisation,
        recipient=recipient,
        address_key=key,
        state="ready",
        message_number=number,
        content_sealed=fields.seal("mail", content),
        content_sha256=sha256(content).hexdigest(),
        notice=notice,
        made_at=now,
    )
    put(writer, organisation, made, 0, now)
    return made


def put(writer: Writer, organisation: int, mailing_id: int, turn: int, now: datetime) -> None:
    """Nothing; the worker hands the mail to the relay. turn: one more for each time that a person ordered it."""
    about, key = f"mailing:{mailing_id}", f"{SEND}:{mailing_id}:{turn}"
    outbox.put(writer, organisation, SEND, {"mailing": mailing_id}, about=about, key=key, now=now)


def end_round(
    writer: Writer, organisation: int, row: Row, because: str, now: datetime, actor: Actor | None = None
) -> None:
    """Nothing; the notice is not repeated any more, and its story says why. actor: who ended it; the house, if None."""
    by = actor or worker(organisation)
    queries.change_rounds(writer, organisation, [row["id"]], state="over", because=because)
    append(writer, by, ABOUT, row["id"], "report.repeats_ended", {"because": because}, now)
    told = {"report": row["id"], "recipient": row["recipient"], "because": because}
    append(writer, by, "case", row["case_id"], "case.notice_ended", told, now)


def _joins(
    writer: Writer,
    reporting: Reporting,
    organisation: int,
    bundle: Bundle,
    report_id: int,
    seen: Mapping[int, Seen],
    now: datetime,
) -> bool:
    """Whether the notice goes into this mail. What keeps it out is kept with it."""
    row = reports.read(writer, organisation, report_id, lock=True)
    one = queries.round_of(writer, organisation, report_id)
    draft = bundle.drafts.get(report_id)
    if row is None or one is None or draft is None or one["state"] != "waiting":
        return False
    if row["state"] not in ("approved", "finished"):  # somebody withdrew it meanwhile
        queries.change_rounds(writer, organisation, [report_id], state="over", because=row["state"])
        return False
    is_first = row["state"] == "approved"
    if row["environment"] != reporting.environment:
        return _leaves_out(writer, row, is_first, "environment", now)
    case = cases.read(writer, organisation, row["case_id"])
    if case is None or case["outcome"] != draft["outcome"]:
        return _leaves_out(writer, row, is_first, "decided_anew", now)
    if case["state"] not in ("decided", "closed"):
        return _waits(writer, row, now + LATER, "case_open")
    if draft["letter"] == "correction":
        return True
    if draft["kind"] == "host" and has_moved(draft, _networks(writer, organisation, row["case_id"])):
        return _leaves_out(writer, row, is_first, "moved", now)
    return _is_there(writer, row, one, is_first, seen.get(report_id, "unknown"), now)


def _is_there(writer: Writer, row: Row, one: Row, is_first: bool, seen: Seen, now: datetime) -> bool:
    """Whether there is something left to give notice of. The first time in doubt there is, afterwards there is not."""
    match seen:
        case "up":
            return True
        case "unknown":
            return is_first or _waits(writer, row, now + NOT_KNOWN, "not_known")
        case "down":
            return _leaves_out(writer, row, is_first, "gone", now)
        case "missing":
            misses, since = one["misses"] + 1, one["first_miss_at"] or now
            if is_gone(misses, since, now):
                return _leaves_out(writer, row, is_first, "gone", now)
            queries.change_rounds(writer, row["organisation"], [row["id"]], misses=misses, first_miss_at=since)
            return _waits(writer, row, now + LOOK_AGAIN, "missing")


def _waits(writer: Writer, row: Row, until: datetime, because: str) -> bool:
    queries.change_rounds(writer, row["organisation"], [row["id"]], next_at=until, because=because)
    return False


def _leaves_out(writer: Writer, row: Row, is_first: bool, because: str, now: datetime) -> bool:
    """False; the notice does not leave any more: withdrawn when it never did, else not repeated."""
    organisation, report_id = row["organisation"], row["id"]
    end_round(writer, organisation, row, because, now)
    if is_first:
        state: ReportState = "withdrawn"
        reports.change(
            writer, organisation, report_id, state=state, problem=_SAYS[because], changed_at=now, ended_at=now
        )
        append(writer, worker(organisation), ABOUT, report_id, "report.withdrawn", {"reason": because}, now)
        acting.carry(writer, worker(organisation), row["action_id"], "withdrawn", now)
    return False


def _networks(reader: Reader, organisation: int, case_id: int) -> dict[int, str]:
    """Place -> the network that it is in, where that is known."""
    rows = cases.locations(reader, organisation, case_id)
    return {row["id"]: f"AS{row['asn']}" for row in rows if row["asn"] is not None}


_SAYS = {
    "moved": "what it is about is hosted elsewhere now, before it was to leave; draft a notice to who hosts it",
    "gone": "what it is about was not there any more, just before it was to leave",
    "decided_anew": "the case was decided anew before it left",
    "environment": "reports go elsewhere now than when it was approved; draft it anew",
}


def recipient_of(reporting: Reporting, name: str) -> Letter | None:
    """The kind of notice, for those that are repeated."""
    found = reporting.recipients.get(name)
    return found if isinstance(found, Letter) else None
