"""The part of a notice that machines read: XARF v4, category `content`. Links, digests and references, never media.

One document for one web address. Its number follows from what it is about, so that a repeated notice is known again.
"""

import base64
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from rempart.facts.report import CaseView, FileView, PlaceView
from rempart.reporting.letters.addresses import domain_of
from rempart.reporting.letters.rows import stamp
from rempart.reporting.sheets.stating import one_line

CLASSIFICATIONS = ("baseline", "A1", "A2", "B1", "B2")
DETECTIONS = ("hash_match", "ai_detection", "manual_review", "user_report", "automated_scan")
_AS_NUMBER = re.compile(r"\bAS([0-9]{1,10})\b")
_DOMAIN = re.compile(r"([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}")
_DIGESTS = ("sha256", "sha1", "md5")


def classification_of(case: CaseView, answered: str) -> str:
    """What a person said, or what the decision itself says in the same words; empty when neither does."""
    if answered:
        return answered
    if case.outcome == "illegal_baseline" and case.code == "baseline":
        return "baseline"
    return case.code if case.taxonomy.startswith("industry@") and case.code in CLASSIFICATIONS else ""


def detection_of(case: CaseView, answered: str) -> str:
    """What a person said; else `user_report` where a member of the public told of it first. Empty: nobody knows."""
    if answered:
        return answered
    first = min(case.notices, key=lambda one: one.received_at, default=None)
    return "user_report" if first is not None and first.channel == "public" else ""


def document(
    case: CaseView,
    place: PlaceView,
    files: Sequence[FileView],
    who: Mapping[str, str],
    classification: str,
    detection: str,
) -> dict[str, Any]:
    """The document about this address. who: name and contact_email of the organisation."""
    from xarf import SPEC_VERSION

    party = {"org": who["name"][:200], "contact": who["contact_email"], "domain": domain_of(who["contact_email"])}
    made: dict[str, Any] = {
        "xarf_version": SPEC_VERSION,
        "report_id": _number(who["name"], case.case_id, place.url),
        "timestamp": stamp(place.seen_at),
        "reporter": party,
        "sender": dict(party),
        "source_identifier": place.address or place.host,
        "category": "content",
        "type": "csam",
        "url": place.url,
        "classification": classification,
        "detection_method": detection,
        "description": f"reference {case.case_id}",
    }
    return made | _server(place) | _media(files)


def wrong_in(found: Mapping[str, Any]) -> str:
    """What the format's own schema says against it; empty when nothing."""
    from xarf import parse

    result = parse(dict(found))
    if result.errors:
        return f"{result.errors[0].field}: {result.errors[0].message}"
    return "" if result.report is not None and not result.warnings else "a field that the format does not know"


def _number(name: str, case_id: int, url: str) -> str:
    """A version-4 identifier that is the same for the same notice."""
    return str(UUID(bytes=sha256(repr((name, case_id, url)).encode()).digest()[:16], version=4))


def _server(place: PlaceView) -> dict[str, Any]:
    """What is known of the server behind the name."""
    made: dict[str, Any] = {}
    if _DOMAIN.fullmatch(place.host):
        made["domain"] = place.host
    if place.provider:
        made["hosting_provider"] = one_line(place.provider)
    number = _AS_NUMBER.search(place.provider)
    if number and 0 < int(number[1]) < 1 << 32:
        made["asn"] = int(number[1])
    if re.fullmatch(r"[A-Z]{2}", place.country):
        made["country_code"] = place.country
    return made


def _media(files: Sequence[FileView]) -> dict[str, Any]:
    """The digests of the files: of one in the field for them, of several in a list."""
    known = [{kind: one.digests[kind] for kind in _DIGESTS if kind in one.digests} for one in files]
    known = [one for one in known if one]
    kinds = {one.media_type.partition("/")[0] for one in files} & {"image", "video", "audio"}
    made: dict[str, Any] = {}
    if files:
        made["media_type"] = kinds.pop() if len(kinds) == 1 else "mixed"
    if len(known) == 1:
        made["hash_values"] = known[0]
    elif known:
        lines = [";".join(_DIGESTS), *(";".join(one.get(kind, "") for kind in _DIGESTS) for one in known)]
        listed = "\r\n".join(lines).encode()
        made["evidence"] = [
            {
                "content_type": "text/csv",
                "payload": base64.b64encode(listed).decode(),
                "description": "digests of the files, no media",
                "hash": f"sha256:{sha256(listed).hexdigest()}",
                "size": len(listed),
            }
        ]
    return made
