"""Stable JSON for the facts that leave a process. Every record carries `"version"`; readers check it.

`finding_to_json` is the line of `findings.jsonl`; it holds no fingerprint. `examination_to_json` is what the sandboxed
child answers; `examination_from_json` trusts nothing in it, because the child opened hostile bytes.
"""

import base64
from dataclasses import asdict
from typing import Any, get_args

from rempart.facts.evidence_wire import origin_from_json, origin_to_json
from rempart.facts.examination import Examination
from rempart.facts.finding import Finding, Matched, NoMatch, NotExamined, Outcome, name_of
from rempart.facts.fingerprint import Crop, Fingerprint, Ground, Kind, PdqPath, Transform, Variant, View
from rempart.facts.match import Match

FINDING_VERSION = 2
EXAMINATION_VERSION = 1
_MOST_PREVIEW_BYTES = 64 * 1024
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
        media_type=_text(record["media_type"]),
        size_bytes=_count(record["size_bytes"]),
        digests=tuple(Fingerprint(_kind(kind), bytes.fromhex(value)) for kind, value in record["digests"]),
        variants=tuple(_variant_from_json(*variant) for variant in record["variants"]),
        gaps=tuple(_text(gap) for gap in record["gaps"]),
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
    fingerprint = Fingerprint(_kind(kind), bytes.fromhex(value), _count(quality))
    return Variant(fingerprint, View(_count(frame), ground, crop, path, transform))


def _kind(word: object) -> Kind:
    for kind in get_args(Kind):
        if word == kind:
            return kind  # type: ignore[no-any-return]
    raise ValueError("unknown kind")


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > 200_000:
        raise TypeError("not a short text")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise TypeError("not a count")
    return value
