"""The CyberTipline as integrators meet it: life cycle, grammar, codes, expiry, and every fault that was ever seen."""

import base64
import hashlib
import re
import secrets
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs

from rempart.clock import Clock, utc_now
from rempart.reporting.cybertip.accepting import problems
from rempart.reporting.cybertip.filing import LIFE_AFTER_CHANGE, LIFE_AFTER_OPENING
from rempart.reporting.cybertip.grammar import FILE_DETAILS, REPORT, SUPPLEMENTAL
from rempart.reporting.cybertip.hardened import Malformed, parse
from rempart.testing.emulators.server import Asked, Told, running

USER, PASSWORD = "emulator", "purple-dragon"
BASE = "/ispws"
MOST_XML_BYTES = 16 << 20
# before: the fault instead of the work · after: the work is done, and the answer is lost or wrong
Fault = Literal[
    "server-error",
    "save-failed",
    "upload-failed",
    "http-500",
    "http-429",
    "drop-before",
    "drop-after",
    "unknown-code",
    "error-with-200",
    "error-with-400",
    "malformed-answer",
    "wrong-md5",
    "unauthorised",
]
FAULTS: tuple[Fault, ...] = (
    "server-error",
    "save-failed",
    "upload-failed",
    "http-500",
    "http-429",
    "drop-before",
    "drop-after",
    "unknown-code",
    "error-with-200",
    "error-with-400",
    "malformed-answer",
    "wrong-md5",
    "unauthorised",
)


@dataclass(slots=True)
class Uploaded:
    """One file that arrived."""

    file_id: str
    md5: str
    size_bytes: int
    details: bytes = b""
    relevance: str = ""
    annotated: bool = False


@dataclass(slots=True)
class Opened:
    """One report. state: open, finished, retracted or expired."""

    report_id: int
    xml: bytes
    opened_at: datetime
    changed_at: datetime
    state: str = "open"
    files: dict[str, Uploaded] = field(default_factory=dict)


class CyberTipline:
    """The authority. Everything it has is here to be looked at by tests.

    faults: step -> what goes wrong at its next calls, in order. xsd: the operator's own copy of the schema.
    """

    def __init__(self, clock: Clock = utc_now, *, user: str = USER, password: str = PASSWORD, xsd: Path | None = None):
        self.clock, self.xsd = clock, xsd
        self.reports: dict[int, Opened] = {}
        self.faults: dict[str, deque[Fault]] = {}
        self.calls: list[str] = []
        self._expected = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self._next = 1_000_001
        self._lock = threading.Lock()

    def finished(self) -> list[Opened]:
        """The reports that were made."""
        return [one for one in self.reports.values() if one.state == "finished"]

    def will(self, step: str, *faults: Fault) -> None:
        """Nothing; the next calls of this step go wrong so."""
        self.faults.setdefault(step, deque()).extend(faults)

    def faults_of(self, step: str, body: bytes) -> "deque[Fault] | None":  # noqa: ARG002
        """What goes wrong at the next calls of this step. body: what is asked, for those who look at it."""
        return self.faults.get(step)

    def answer(self, asked: Asked) -> Told:
        """The answer to one request."""
        with self._lock:
            path = asked.path.partition("?")[0]
            step = path.removeprefix(f"{BASE}/")
            self.calls.append(step)
            told = self._answered(asked, step if path.startswith(f"{BASE}/") else "")
        headers = {"Request-ID": secrets.token_hex(8), **told.headers}
        return Told(told.status, told.body, told.content_type, headers, told.drop)

    def _answered(self, asked: Asked, step: str) -> Told:
        if asked.headers.get("authorization") != self._expected:
            return Told(401)  # with an empty body, as the real one
        do = {
            ("GET", "status"): self._status,
            ("GET", "xsd"): self._schema,
            ("POST", "submit"): self._submit,
            ("POST", "upload"): self._upload,
            ("POST", "fileinfo"): self._fileinfo,
            ("POST", "finish"): self._finish,
            ("POST", "retract"): self._retract,
        }.get((asked.method, step))
        if do is None:
            return _response(1210, "Resource not found", status=404)
        waiting = self.faults_of(step, asked.body)
        fault = waiting.popleft() if waiting else None
        if fault is not None and fault in _INSTEAD:
            return _INSTEAD[fault]
        told = do(asked)
        return told if fault is None else _spoilt(told, fault)

    def _status(self, asked: Asked) -> Told:
        user = base64.b64decode(asked.headers["authorization"].split()[1]).decode().partition(":")[0]
        return _response(0, f"Remote User : {user}, Remote Ip : 127.0.0.1")

    def _schema(self, asked: Asked) -> Told:  # noqa: ARG002
        if self.xsd is None:
            return Told(404)
        return Told(200, self.xsd.read_bytes())

    def _submit(self, asked: Asked) -> Told:
        wrong = _wrong_type(asked, "text/xml") or self._judged(asked.body, "report")
        if wrong:
            return wrong
        now = self.clock()
        made = Opened(self._next, asked.body, now, now)
        self._next += 1
        self.reports[made.report_id] = made
        return _response(0, "Success", report_id=made.report_id)

    def _upload(self, asked: Asked) -> Told:
        if wrong := _wrong_type(asked, "multipart/form-data"):
            return wrong
        parts = _form(asked)
        content = parts.get("file")
        found = self._open(parts.get("id", b"").decode("ascii", "replace"))
        if isinstance(found, Told):
            return found
        if not content:
            return _response(4200, "Malformed file", status=400)
        file = Uploaded(secrets.token_hex(16), hashlib.md5(content, usedforsecurity=False).hexdigest(), len(content))
        found.files[file.file_id] = file
        found.changed_at = self.clock()
        return _response(0, "Success", report_id=found.report_id, file=file)

    def _fileinfo(self, asked: Asked) -> Told:
        wrong = _wrong_type(asked, "text/xml") or self._judged(asked.body, "fileDetails")
        if wrong:
            return wrong
        root = parse(asked.body, MOST_XML_BYTES)
        found = self._open(root.findtext("reportId"))
        if isinstance(found, Told):
            return found
        file = found.files.get(root.findtext("fileId"))
        if file is None:
            return _response(5002, "File does not exist", status=400)
        file.details, file.relevance = asked.body, root.findtext("fileRelevance") or ""
        file.annotated = any(root.find(name) is not None for name in _NOT_SUPPLEMENTAL)
        found.changed_at = self.clock()
        return _response(0, "Success", report_id=found.report_id)

    def _finish(self, asked: Asked) -> Told:
        found = self._named(asked)
        if isinstance(found, Told):
            return found
        if any(one.relevance == SUPPLEMENTAL and one.annotated for one in found.files.values()):
            return _response(4100, "Validation failed: a supplemental file may not carry that", status=400)
        found.state = "finished"
        files = "".join(f"<fileId>{one}</fileId>" for one in found.files)
        body = f"<responseCode>0</responseCode><reportId>{found.report_id}</reportId><files>{files}</files>"
        return Told(200, f"<?xml version='1.0'?><reportDoneResponse>{body}</reportDoneResponse>".encode())

    def _retract(self, asked: Asked) -> Told:
        found = self._named(asked)
        if isinstance(found, Told):
            return found
        found.state = "retracted"
        return _response(0, "Success", report_id=found.report_id)

    def _named(self, asked: Asked) -> "Opened | Told":
        kind = asked.headers.get("content-type", "").partition(";")[0].strip()
        if kind == "multipart/form-data":
            return self._open(_form(asked).get("id", b"").decode("ascii", "replace"))
        if kind != "application/x-www-form-urlencoded":
            return _response(4000, "Invalid request", status=400)
        return self._open(parse_qs(asked.body.decode("ascii", "replace")).get("id", [""])[0])

    def _open(self, number: str | None) -> "Opened | Told":
        """The open report of this number, or why there is none."""
        found = self.reports.get(int(number)) if number and re.fullmatch(r"[0-9]{1,18}", number) else None
        if found is None or self._is_gone(found):
            return _response(5001, "Report does not exist", status=400)
        if found.state == "finished":
            return _response(5102, "Report already finished", status=400)
        if found.state == "retracted":
            return _response(5101, "Report already retracted", status=400)
        return found

    def _is_gone(self, one: Opened) -> bool:
        if one.state == "open" and self.clock() >= max(
            one.opened_at + LIFE_AFTER_OPENING, one.changed_at + LIFE_AFTER_CHANGE
        ):
            one.state = "expired"
        return one.state == "expired"

    def _judged(self, xml: bytes, root: str) -> Told | None:
        try:
            tree = parse(xml, MOST_XML_BYTES)
        except Malformed:
            return _response(4110, "Malformed XML", status=400)
        found = problems(tree, REPORT if root == "report" else FILE_DETAILS, self.clock() + timedelta(seconds=1))
        if found:
            return _response(4100, f"Validation failed: {found[0]}", status=400)
        return None


@contextmanager
def cybertipline(emulated: CyberTipline | None = None, port: int = 0) -> Iterator[tuple[str, CyberTipline]]:
    """(address, the authority), served on loopback until the block ends."""
    chosen = emulated or CyberTipline()
    with running(chosen.answer, port) as address:
        yield address + BASE, chosen


_NOT_SUPPLEMENTAL = ("potentialMeme", "fileAnnotations", "industryClassification")


def _response(
    code: int, description: str, *, report_id: int | None = None, file: Uploaded | None = None, status: int = 200
) -> Told:
    parts = [f"<responseCode>{code}</responseCode><responseDescription>{_escaped(description)}</responseDescription>"]
    parts += [f"<reportId>{report_id}</reportId>"] if report_id is not None else []
    parts += [f"<fileId>{file.file_id}</fileId><hash>{file.md5}</hash>"] if file is not None else []
    return Told(status, f"<?xml version='1.0'?><reportResponse>{''.join(parts)}</reportResponse>".encode())


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_INSTEAD: Mapping[Fault, Told] = {
    "server-error": _response(1000, "Server error", status=500),
    "save-failed": _response(1100, "Save failed"),
    "upload-failed": _response(1111, "File upload failed"),
    "http-500": Told(500, b"oops", "text/plain"),
    "http-429": Told(429, b"slow down", "text/plain", {"Retry-After": "1"}),
    "drop-before": Told(drop=True),
    "unknown-code": _response(9999, "Something new"),
    "error-with-200": _response(4100, "Validation failed", status=200),
    "error-with-400": _response(1000, "Server error", status=400),
    "unauthorised": _response(3100, "Not authorised for submissions", status=403),
}


def _spoilt(told: Told, fault: Fault) -> Told:
    """The answer after the work was done, lost or damaged on its way."""
    match fault:
        case "drop-after":
            return Told(drop=True)
        case "malformed-answer":
            return Told(told.status, told.body[: len(told.body) // 2], told.content_type)
        case "wrong-md5":
            return Told(told.status, re.sub(rb"<hash>[0-9a-f]{32}", b"<hash>" + b"0" * 32, told.body))
        case _:
            return told


def _wrong_type(asked: Asked, wanted: str) -> Told | None:
    kind = asked.headers.get("content-type", "").partition(";")[0].strip().lower()
    return None if kind == wanted else _response(4000, "Invalid request: content type", status=400)


def _form(asked: Asked) -> dict[str, bytes]:
    """The parts of a multipart form; none when it cannot be read."""
    head = f"Content-Type: {asked.headers.get('content-type', '')}\r\n\r\n".encode("latin-1", "replace")
    message = BytesParser(policy=HTTP).parsebytes(head + asked.body)
    found: dict[str, bytes] = {}
    for part in message.iter_parts() if message.is_multipart() else ():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        if isinstance(name, str) and isinstance(content, bytes):
            found[name] = content
    return found


Emulated = Callable[[], CyberTipline]
