"""NCMEC's CyberTipline: reports of providers under United States law."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, BinaryIO

from rempart.errors import UserMistake
from rempart.facts.case import ActionKind
from rempart.facts.report import CaseView, Environment, Payload, Problem
from rempart.net.outbound import Outbound
from rempart.reporting.cybertip import checks, composing, keeping, ordering
from rempart.reporting.cybertip.driving import File, Route, drive, in_memory
from rempart.reporting.cybertip.filing import Exchange, Filing, drafted
from rempart.reporting.cybertip.model import FileDetails, Report
from rempart.reporting.cybertip.reader import read_file_details, read_report
from rempart.reporting.cybertip.target import Target, target
from rempart.reporting.cybertip.transport import Through, Transport
from rempart.reporting.cybertip.writer import write_file_details, write_report
from rempart.reporting.recipient import Answers, Approvals, Draft, Question, Receipt, Sending, Sent, Way

VERSION = 1
# A draft is written verbatim: whether a time lies in the future is for the checks to say, when it is looked at.
_NO_CLAMP = datetime(9999, 1, 1, tzinfo=UTC)


class CyberTip:
    """One report for each case; earlier ones about the same accounts are cited."""

    name = "cybertip"
    carries_out: ActionKind = "report_ncmec"
    transport: Way = "http"
    approvals: Approvals = 1
    questions: tuple[Question, ...] = composing.QUESTIONS
    holds: tuple[str, ...] = ("us.2258a.h",)

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """The report and the details of its files, as the XML that will be sent but for the authority's numbers."""
        report, files = composing.compose(case, answers, options)
        return {
            "version": VERSION,
            "report": write_report(report, _NO_CLAMP).decode() if report else None,
            "files": [
                {
                    "media": one.media_id,
                    "vault": one.vault_id,
                    "sha256": one.digests.get("sha256", ""),
                    "size_bytes": one.size_bytes,
                    "details": write_file_details(_numbered(details), _NO_CLAMP).decode(),
                }
                for one, details in files
            ],
        }

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:
        """What our own checks say: stricter than the authority's."""
        report, files = _parts(draft)
        if report is None:
            return [Problem("incident_type", "nobody said what kind of incident it is; answer the question")]
        signed = bool(options.get("industry_hash_sharing_signed"))
        found = checks.problems_of(report, files, now, industry_hash_sharing_signed=signed)
        unknown = [
            Problem("files", "a file has no SHA-256; look at the case") for one in draft["files"] if not one["sha256"]
        ]
        return [*unknown, *(Problem(one.field, f"{one.what}; {one.help}") for one in found)]

    def render(self, draft: Draft, now: datetime) -> Payload:
        """Every request in order. The numbers that the authority gives stand as 0 in the details of files."""
        report, files = _parts(draft)
        parts = [b"POST submit\n", write_report(report, now) if report else b""]
        for (sha256, details), one in zip(files, draft["files"], strict=True):
            parts.append(f"\nPOST upload: {one['size_bytes']} bytes, SHA-256 {sha256}\n\nPOST fileinfo\n".encode())
            parts.append(write_file_details(details, now))
        return Payload(b"".join([*parts, b"\nPOST finish\n"]), "text/plain; charset=utf-8", "cybertip.txt")

    def send(self, sending: Sending) -> Sent:
        """How far the report came with the authority."""
        report, files = _parts(sending.draft)
        filing = _ordered(sending, _filing(sending))
        if report is None or isinstance(filing, str):
            return Sent("needs_people", problem=filing if isinstance(filing, str) else "draft the report anew")
        where, transport = reached(sending.environment, sending.options, sending.outbound, sending.signed_off_by)
        route = Route(
            report=report,
            files=tuple(
                File(sha256, one["size_bytes"], details, _opened(sending, one["vault"]))
                for (sha256, details), one in zip(files, sending.draft["files"], strict=True)
            ),
            target=where,
            transport=transport,
            keep=lambda state, exchange: _keep(sending, state, exchange),
            clock=sending.clock,
        )
        return _sent(drive(filing, route))


def _opened(sending: Sending, vault_id: str) -> Callable[[], BinaryIO]:
    return in_memory(lambda: sending.evidence(vault_id))


def _parts(draft: Draft) -> tuple[Report | None, list[tuple[str, FileDetails]]]:
    report = read_report(draft["report"].encode()) if draft["report"] else None
    return report, [(one["sha256"], read_file_details(one["details"].encode())) for one in draft["files"]]


def _numbered(details: FileDetails) -> FileDetails:
    return replace(details, report_id=0, file_id="0")


def _filing(sending: Sending) -> Filing:
    if sending.journey:
        return keeping.from_json(sending.journey["filing"])
    digests = tuple(one["sha256"] for one in sending.draft["files"])
    return drafted(sending.key, sending.environment, digests, signed_off_by=sending.signed_off_by or None)


def _ordered(sending: Sending, filing: Filing) -> Filing | str:
    """The state after what a person ordered, which is done once; or why it cannot be done."""
    if not sending.order or sending.journey.get("ordered") == sending.order:
        return filing
    what, _, who = sending.order.partition(":")
    try:
        match what.partition("#")[0]:
            case "go_on":
                filing = ordering.go_on(filing)
            case "begin_again":
                filing = ordering.begin_again(filing, not_finished_says=who)
            case "retract":
                filing = ordering.take_back(filing)
            case _:
                return "this order is not known; look at the report again"
    except UserMistake as refusal:
        return str(refusal)
    sending.keep({"filing": keeping.to_json(filing), "ordered": sending.order}, None)
    return filing


def _keep(sending: Sending, filing: Filing, exchange: Exchange | None) -> None:
    receipt = None
    if exchange is not None:
        receipt = Receipt(exchange.step, exchange.raw, exchange.request_id or "")
    sending.keep({"filing": keeping.to_json(filing), "ordered": sending.order}, receipt)


def _sent(filing: Filing) -> Sent:
    number = str(filing.report_id) if filing.report_id is not None else ""
    match filing.phase:
        case "finished":
            return Sent("finished", number)
        case "retracted":
            return Sent("withdrawn", number)
        case "needs-people":
            return Sent("needs_people", number, filing.next_step)
        case _:
            return Sent("sending", number, again_at=filing.not_before)


def reached(
    environment: Environment, options: Mapping[str, Any], outbound: Outbound, signed_off_by: str
) -> tuple[Target, Transport]:
    """Where reports of this environment go, and how to speak to it. Raises as `target` does."""
    where = target(
        environment,
        emulator_address=options.get("emulator_address") or None if environment == "emulator" else None,
        production_allowed=bool(options.get("production_allowed")),
        signed_off_by=signed_off_by or None,
    )
    return where, Through(outbound, _credentials(options))


def _credentials(options: Mapping[str, Any]) -> dict[str, str]:
    secret = options.get("password")
    pair = f"{options.get('username', '')}:{secret.get_secret_value() if secret is not None else ''}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


RECIPIENT = CyberTip()
