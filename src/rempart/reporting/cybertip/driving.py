"""Moving one report forward as far as it can come now, each step kept before the next begins."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO

from rempart.errors import NotFound
from rempart.reporting.cybertip.filing import Exchange, Filing
from rempart.reporting.cybertip.model import FileDetails, Report
from rempart.reporting.cybertip.multipart import FileChanged, Upload
from rempart.reporting.cybertip.replies import understood
from rempart.reporting.cybertip.steps import Call, Outcome, Silence, Uploaded, after, begun, due, settled
from rempart.reporting.cybertip.target import Target
from rempart.reporting.cybertip.transport import Answer, NoAnswer, NotSent, Transport
from rempart.reporting.cybertip.writer import write_file_details, write_report

XML = "text/xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class File:
    """One file of the report. opened: its bytes, as often as they are needed."""

    sha256: str = field(repr=False)
    size_bytes: int
    details: FileDetails = field(repr=False)
    opened: Callable[[], BinaryIO] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Route:
    """What moving needs. keep: saves the state durably; it is given the exchange that led there, if there was one."""

    report: Report
    files: tuple[File, ...]
    target: Target
    transport: Transport
    keep: Callable[[Filing, Exchange | None], None]
    clock: Callable[[], datetime]


def drive(filing: Filing, route: Route) -> Filing:
    """The state in which it has ended, or must wait. Whatever `keep` raises passes through: nothing was called then."""
    while True:
        now = route.clock()
        fresh = settled(filing, now)
        if fresh is not filing:
            route.keep(fresh, _last(fresh, filing))
            filing = fresh
            continue
        call = due(filing, now)
        if call is None:
            return filing
        xml = _xml(filing, call, route, now)
        filing = begun(filing, call, now, xml)
        route.keep(filing, None)
        outcome = _called(filing, call, route, xml)
        done = after(filing, call, outcome, route.clock())
        route.keep(done, _last(done, filing))
        filing = done


def _last(new: Filing, old: Filing) -> Exchange | None:
    return new.exchanges[-1] if len(new.exchanges) > len(old.exchanges) else None


def _xml(filing: Filing, call: Call, route: Route, now: datetime) -> bytes:
    if call.step == "submit":
        return write_report(citing(route.report, filing.earlier), now)
    if call.step == "fileinfo" and call.file is not None:
        details = route.files[call.file].details
        numbered = replace(details, report_id=filing.report_id, file_id=filing.files[call.file].file_id)
        return write_file_details(numbered, now)
    return b""


def citing(report: Report, earlier: tuple[int, ...]) -> Report:
    """The report; when earlier ones were given up unfinished, it names them."""
    if not earlier:
        return report
    note = f"This replaces reports that were opened and not finished: {', '.join(map(str, earlier))}."
    return replace(report, additional_info="\n".join(filter(None, (report.additional_info, note))))


def _called(filing: Filing, call: Call, route: Route, xml: bytes) -> Outcome:
    """What came of the call. Nothing that the network does raises."""
    try:
        return _asked(filing, call, route, xml)
    except NotSent:
        return Silence("not-sent")
    except NoAnswer:
        return Silence("no-answer")
    except (FileChanged, NotFound):  # the bytes are not those that were approved, or they were purged
        return Silence("file-changed")


def _asked(filing: Filing, call: Call, route: Route, xml: bytes) -> Outcome:
    url, transport = route.target.url(call.step), route.transport
    if call.step == "upload" and call.file is not None:
        file = route.files[call.file]
        name = f"{file.sha256[:16]}.bin"  # the true name stands in the details, where it cannot break the form
        upload = Upload({"id": str(filing.report_id)}, name, file.size_bytes, file.sha256, file.opened)
        answer = transport.post_multipart(url, upload.content_type, upload.body_bytes, upload.chunks())
        return Uploaded(understood(answer), upload.md5 or "")
    answer = _simple(transport, url, call, xml, filing)
    return understood(answer)


def _simple(transport: Transport, url: str, call: Call, xml: bytes, filing: Filing) -> Answer:
    if call.step in ("submit", "fileinfo"):
        return transport.post_bytes(url, xml, XML)
    return transport.post_form(url, {"id": str(filing.report_id)})


def in_memory(content: Callable[[], bytes]) -> Callable[[], BinaryIO]:
    """What opens bytes that are fetched at each opening."""
    return lambda: io.BytesIO(content())


def digest(content: bytes) -> str:
    """The SHA-256 of the bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
