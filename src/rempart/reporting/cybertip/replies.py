"""What the authority answered: the body first, and only then the HTTP status."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rempart.reporting.cybertip.hardened import Malformed, parse
from rempart.reporting.cybertip.transport import Answer

# accepted: done · retry: failed, may be asked again · unclear: it may or may not have been done · stop: the operator
# must act · fix: the report must be corrected · gone, file-gone: the authority does not know it (any more) ·
# retracted, finished: it is in that state already · unknown: a code that nobody here knows
Meaning = Literal[
    "accepted", "retry", "unclear", "stop", "fix", "gone", "file-gone", "retracted", "finished", "unknown"
]
MOST_BYTES = 1 << 20
MOST_DESCRIPTION_CHARACTERS = 500
KEPT_BYTES = 64 << 10
LONGEST_RETRY_SECONDS = 86_400.0

# Source: two clients agree on the codes; the list is documented as not exhaustive.
CODES: Mapping[int, tuple[Meaning, str]] = {
    0: ("accepted", "success"),
    1000: ("retry", "server error"),
    1100: ("retry", "save failed"),
    1110: ("retry", "upload failed"),
    1111: ("retry", "file upload failed"),
    1210: ("fix", "resource not found"),
    1300: ("retry", "update failed"),
    2000: ("stop", "authentication required"),
    3000: ("stop", "not authorised"),
    3100: ("stop", "not authorised for submissions"),
    3300: ("stop", "not authorised for updates"),
    4000: ("fix", "invalid request"),
    4100: ("fix", "validation failed"),
    4110: ("fix", "malformed XML"),
    4200: ("fix", "malformed file"),
    5001: ("gone", "report does not exist"),
    5002: ("file-gone", "file does not exist"),
    5101: ("retracted", "already retracted"),
    5102: ("finished", "already finished"),
}
ROOTS = ("reportResponse", "reportDoneResponse")


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, understood. code: None when the body gave none. raw: the bytes as they came, for the sealed file."""

    meaning: Meaning
    http_status: int
    code: int | None = None
    description: str = ""
    report_id: int | None = None
    file_id: str | None = None
    md5: str | None = field(default=None, repr=False)
    files: tuple[str, ...] = ()
    request_id: str | None = None
    retry_after_seconds: float | None = None
    raw: bytes = field(default=b"", repr=False)


def understood(answer: Answer) -> Reply:
    """What this answer means."""
    said = _body(answer)
    code = said.get("code")
    meaning = _by_status(answer.status) if code is None else CODES.get(code, ("unknown", ""))[0]
    return Reply(
        meaning,
        answer.status,
        request_id=_short(answer.headers.get("request-id")),
        retry_after_seconds=_seconds(answer.headers.get("retry-after")),
        raw=answer.body[:KEPT_BYTES],
        **said,
    )


def _body(answer: Answer) -> dict[str, Any]:
    """What the XML in the body says; nothing when there is none, or it cannot be trusted."""
    if not answer.body or not answer.whole:
        return {}
    try:
        root = parse(answer.body, MOST_BYTES)
    except Malformed:
        return {}
    code = _integer(root.findtext("responseCode"))
    if root.tag not in ROOTS or code is None:
        return {}
    return {
        "code": code,
        "description": (root.findtext("responseDescription") or "").strip()[:MOST_DESCRIPTION_CHARACTERS],
        "report_id": _integer(root.findtext("reportId")),
        "file_id": _matching(r"[\w.-]{1,255}", root.findtext("fileId")),
        "md5": (_matching(r"[0-9a-fA-F]{32}", root.findtext("hash")) or "").lower() or None,
        "files": tuple((one.text or "").strip()[:255] for one in root.iterfind("files/fileId")),
    }


def _by_status(status: int) -> Meaning:
    if status in (408, 425, 429):
        return "retry"
    if status in (401, 403):
        return "stop"
    if 400 <= status < 500:
        return "fix"
    return "unclear" if 200 <= status < 300 or status >= 500 else "unknown"


def _integer(text: str | None) -> int | None:
    found = _matching(r"[0-9]{1,18}", text)
    return None if found is None else int(found)


def _matching(pattern: str, text: str | None) -> str | None:
    text = (text or "").strip()
    return text if re.fullmatch(pattern, text, re.ASCII) else None


def _short(text: str | None) -> str | None:
    return text[:200] if text else None


def _seconds(text: str | None) -> float | None:
    return min(float(text), LONGEST_RETRY_SECONDS) if text and re.fullmatch(r"[0-9]{1,9}", text) else None
