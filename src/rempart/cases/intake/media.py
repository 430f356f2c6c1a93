"""Media of a case: what screening found, sealed; the original in the vault."""

import json
from dataclasses import dataclass, field
from datetime import datetime

from rempart.cases.intake.judging import Seen
from rempart.cases.intake.opening import Tie, content_key
from rempart.cases.intake.queries import cases
from rempart.facts import Examination, Finding, Fingerprint, Matched, name_of
from rempart.facts.people import Actor
from rempart.facts.wire import finding_to_json
from rempart.storage.database import Writer
from rempart.storage.fields import Fields

MOST_PRINTS_KEPT = 64


@dataclass(frozen=True, slots=True)
class Arrived:
    """One media as it is kept: its name, its SHA-256 (empty when unknown), where its bytes are, if anywhere."""

    name: str = field(repr=False)
    sha256: bytes = field(repr=False)
    size_bytes: int
    vault_id: str | None = None
    uploaded_at: datetime | None = None


def keep_media(
    writer: Writer, fields: Fields, actor: Actor, case_id: int, arrived: Arrived, one: Seen, now: datetime
) -> int:
    """The id of the new media of the case."""
    return cases.insert_media(
        writer,
        organisation=actor.organisation,
        case_id=case_id,
        vault_id=arrived.vault_id,
        name_sealed=fields.seal_text("name", arrived.name),
        size_bytes=arrived.size_bytes,
        exact_key=content_key(fields, arrived.sha256) if arrived.sha256 else None,
        received_at=now,
        uploaded_at=arrived.uploaded_at,
        **found_columns(fields, one),
    )


def found_columns(fields: Fields, one: Seen) -> dict[str, object]:
    """The columns of a media that say what screening found."""
    finding = one.finding
    prints = _printed(one.examination)
    return {
        "media_type": finding.media_type[:80],
        "width_pixels": finding.width_pixels,
        "height_pixels": finding.height_pixels,
        "frames": finding.frames,
        "outcome": name_of(finding.outcome),
        "finding_sealed": fields.seal_text("finding", json.dumps(finding_to_json(finding))),
        "fingerprints_sealed": fields.seal_text("fingerprints", json.dumps(prints)) if prints else None,
        "preview_sealed": fields.seal("preview", finding.preview) if finding.preview else None,
    }


def content_ties(finding: Finding, sha256: bytes) -> list[Tie]:
    """What joins the media to others: its very bytes, and the list entries that its picture is near to."""
    ties = [Tie("exact", sha256)] if sha256 else []
    if isinstance(finding.outcome, Matched):
        near = (one for one in finding.outcome.matches if one.polarity == "known-bad" and one.view is not None)
        ties += [Tie("perceptual", f"{one.list_name}/{one.entry_ref}".encode()) for one in near]
    return list(dict.fromkeys(ties))


def _printed(examination: Examination | None) -> list[list[object]]:
    """The fingerprints that are kept: every digest, and the perceptual ones of the first views."""
    if examination is None:
        return []
    perceptual: list[Fingerprint] = [variant.fingerprint for variant in examination.variants]
    kept = (*examination.digests, *dict.fromkeys(perceptual))
    return [[one.kind, one.value.hex(), one.quality] for one in kept[:MOST_PRINTS_KEPT]]
