"""Stable JSON for the facts that leave a process. Every record carries `"version"`; readers check it.

`finding_to_json` is the line of `findings.jsonl`; it holds no fingerprint. `examination_to_json` is what the sandboxed
child answers; `examination_from_json` trusts nothing in it, because the child opened hostile bytes.
"""

import base64
import re
from dataclasses import asdict
from typing import Any, get_args

from rempart.facts.evidence_wire import origin_from_json, origin_to_json
from rempart.facts.examination import Examination
from rempart.facts.finding import Finding, Matched, NoMatch, NotExamined, Outcome, name_of
from rempart.facts.fingerprint import BYTES_OF_KIND, Crop, Fingerprint, Ground, Kind, PdqPath, Transform, Variant, View
from rempart.facts.match import Match
from rempart.facts.reasons import is_reason

FINDING_VERSION = 2
EXAMINATION_VERSION = 1
_MOST_PREVIEW_BYTES = 64 * 1024
_MOST_VARIANTS = 2**16  # 64 frames on two grounds have 4,096 at most; settings may allow more frames
_MOST_GAPS = 1000
_HIGHEST_COUNT = 2**63
_HIGHEST_QUALITY = 100
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,63}/[a-z0-9][a-z0-9!#$&^_.+-]{0,63}", re.ASCII)
_VIEW_WORDS = {
    "ground": get_args(Ground),
    "crop": get_args(Crop),
    "path": get_args(PdqPath),
    "transform": get_args(Transform),
}


def finding_to_json(finding: Finding) -> dict[str, Any]:
    """One finding as plain JSON values, keys in a fixed order."""
    outcome = finding.outcome
    return {
        "version": FINDING_VERSION,
        "item": finding.item,
        "outcome": name_of(outcome),
        "reason": outcome.reason if isinstance(outcome, NotExamined) else None,
        "policy": outcome.policy if isinstance(outcome, Matched) else None,
        "matches": [asdict(match) for match in _matches_of(outcome)],
        "media_type": finding.media_type,
        "size_bytes": finding.size_bytes,
        "width_pixels": finding.width_pixels,
        "height_pixels": finding.height_pixels,
        "frames": finding.frames,
        "gaps": list(finding.gaps),
        "origin": origin_to_json(finding.origin) if finding.origin else None,
    }


def finding_from_json(record: dict[str, Any]) -> Finding:
    """The finding of one `findings.jsonl` line. Raises ValueError for a version this code does not know."""
    if record.get("version") not in (1, FINDING_VERSION):
        raise ValueError(f"finding version {record.get('version')!r} is not known to this release")
    origin = record.get("origin")  # version 1 had none
    matches = tuple(_match_from_json(entry) for entry in record["matches"])
    return Finding(
        item=record["item"],
        outcome=_outcome_from_json(record, matches),
        media_type=record["media_type"],
        size_bytes=record["size_bytes"],
        width_pixels=record["width_pixels"],
        height_pixels=record["height_pixels"],
        frames=record["frames"],
        gaps=tuple(record["gaps"]),
        origin=origin_from_json(origin) if origin else None,
    )


def examination_to_json(examination: Examination) -> dict[str, Any]:
    """One examination as plain JSON values; fingerprints in hex, so for the parent process only."""
    return {
        "version": EXAMINATION_VERSION,
        "media_type": examination.media_type,
        "size_bytes": examination.size_bytes,
        "digests": [[digest.kind, digest.value.hex()] for digest in examination.digests],
        "variants": [_variant_to_json(variant) for variant in examination.variants],
        "gaps": list(examination.gaps),
        "width_pixels": examination.width_pixels,
        "height_pixels": examination.height_pixels,
        "frames": examination.frames,
        "container": examination.container,
        "preview": base64.b64encode(examination.preview).decode() if examination.preview else None,
    }


def examination_from_json(record: dict[str, Any]) -> Examination:
    """The examination a child answered. Raises ValueError, KeyError or TypeError for anything that is not one."""
    if record["version"] != EXAMINATION_VERSION:
        raise ValueError("the child speaks another version")
    preview = base64.b64decode(_text(record["preview"]), validate=True) if record["preview"] is not None else None
    if preview is not None and len(preview) > _MOST_PREVIEW_BYTES:
        raise ValueError("the preview is too large")
    return Examination(
        media_type=_media_type(record["media_type"]),
        size_bytes=_count(record["size_bytes"]),
        digests=tuple(_digest_from_json(*digest) for digest in _list(record["digests"], len(BYTES_OF_KIND))),
        variants=tuple(_variant_from_json(*variant) for variant in _list(record["variants"], _MOST_VARIANTS)),
        gaps=tuple(_reason(gap) for gap in _list(record["gaps"], _MOST_GAPS)),
        width_pixels=None if record["width_pixels"] is None else _count(record["width_pixels"]),
        height_pixels=None if record["height_pixels"] is None else _count(record["height_pixels"]),
        frames=_count(record["frames"]),
        container=record["container"] is True,
        preview=preview,
    )


def _matches_of(outcome: Outcome) -> tuple[Match, ...]:
    match outcome:
        case Matched(matches=matches) | NoMatch(known_good=matches):
            return matches
        case NotExamined():
            return ()


def _outcome_from_json(record: dict[str, Any], matches: tuple[Match, ...]) -> Outcome:
    match record["outcome"]:
        case "match":
            return Matched(matches, record["policy"])
        case "no_match":
            return NoMatch(matches)
        case "not_examined":
            return NotExamined(record["reason"])
        case other:
            raise ValueError(f"unknown outcome {other!r}")


def _match_from_json(record: dict[str, Any]) -> Match:
    view = record["view"]
    return Match(**{**record, "view": View(**view) if view is not None else None})


def _variant_to_json(variant: Variant) -> list[Any]:
    view, fingerprint = variant.view, variant.fingerprint
    head = [fingerprint.kind, fingerprint.value.hex(), fingerprint.quality]
    return [*head, view.frame, view.ground, view.crop, view.path, view.transform]


def _variant_from_json(
    kind: str, value: str, quality: int, frame: int, ground: Ground, crop: Crop, path: PdqPath, transform: Transform
) -> Variant:
    words = {"ground": ground, "crop": crop, "path": path, "transform": transform}
    if any(word not in _VIEW_WORDS[key] for key, word in words.items()):
        raise ValueError("unknown view")
    if kind != "pdq" or _count(quality) > _HIGHEST_QUALITY:
        raise ValueError("not a fingerprint of a picture")
    fingerprint = Fingerprint("pdq", bytes.fromhex(value), quality)
    return Variant(fingerprint, View(_count(frame), ground, crop, path, transform))


def _digest_from_json(kind: Kind, value: str) -> Fingerprint:
    if kind not in BYTES_OF_KIND or kind == "pdq":
        raise ValueError("unknown kind of digest")
    return Fingerprint(kind, bytes.fromhex(value))


def _list(value: object, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise TypeError("not a list, or too long a one")
    return value


def _reason(value: object) -> str:
    if not is_reason(value):
        raise ValueError("not a reason of the vocabulary")
    return value


def _media_type(value: object) -> str:
    if not isinstance(value, str) or not _MEDIA_TYPE.fullmatch(value):
        raise ValueError("not a media type")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 2 * _MOST_PREVIEW_BYTES:
        raise TypeError("not a short text")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < _HIGHEST_COUNT:
        raise TypeError("not a count")
    return value
