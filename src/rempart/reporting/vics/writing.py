"""VICS 2.0 JSON out, record by record: memory does not grow with the file.

The totals stand behind the media, where they are known. `TotalMediaFiles` counts records of `MediaFiles`, the noun that
its name says; other tools count media there, so a reader trusts what it counts itself.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO

from rempart import __version__
from rempart.reporting.vics.record import (
    FILE_MOMENTS,
    FILE_TEXTS,
    FILE_YES_OR_NO,
    TEXTS,
    YES_OR_NO,
    CaseHead,
    Media,
    MediaFile,
)

MODEL = "http://github.com/VICSDATAMODEL/ProjectVic/DataModels/2.0.xml"
# Jurisdiction of a profile -> the part of the model's address; the default where the model has no own part.
PLACES = {"US": "US", "GB": "UK"}


def write_case(out: BinaryIO, jurisdiction: str, head: CaseHead, media: Iterable[Media]) -> int:
    """How many media were written, as one case."""
    lines = {
        "CaseID": head.case_id,
        "CaseNumber": head.case_number,
        "ContactName": head.contact_name,
        "ContactTitle": head.contact_title,
        "ContactOrganization": head.contact_organization,
        "ContactPhone": head.contact_phone,
        "ContactEmail": head.contact_email,
        "SourceApplicationName": "Rempart",
        "SourceApplicationVersion": __version__,
    }
    _put(out, f'{{"@odata.context":{json.dumps(_context(jurisdiction, "Cases"))},"value":[{{')
    _put(out, ",".join(f"{json.dumps(name)}:{json.dumps(value)}" for name, value in lines.items()))
    _put(out, ',"Media":[')
    count, files = _write(out, media)
    _put(out, f'],"TotalMediaFiles":{files}}}]}}\n')
    return count


def write_hash_set(out: BinaryIO, jurisdiction: str, media: Iterable[Media]) -> int:
    """How many media were written, as a hash set: media directly under `value`."""
    _put(out, f'{{"@odata.context":{json.dumps(_context(jurisdiction, "Media"))},"value":[')
    count, _ = _write(out, media)
    _put(out, "]}\n")
    return count


def to_json(media: Media) -> dict[str, Any]:
    """The record as VICS writes it: what is not known is left out."""
    record: dict[str, Any] = {}
    _keep(record, "MediaID", media.media_id)
    record["MD5"] = media.md5
    for name, ours in TEXTS.items():
        value = getattr(media, ours)
        _keep(record, name, _number(value) if name == "Category" and value else value)
    _keep(record, "MediaSize", media.media_size)
    _keep(record, "DateUpdated", _written(media.date_updated))
    for name, ours in YES_OR_NO.items():
        _keep(record, name, getattr(media, ours))
    _keep(record, "IsPrecategorized", media.is_precategorized)
    if media.alternative_hashes:
        record["AlternativeHashes"] = [
            {"HashName": name, "HashValue": value} for name, value in media.alternative_hashes
        ]
    if media.exifs:
        record["Exifs"] = [
            {"MD5": media.md5, "PropertyName": name, "PropertyValue": value} for name, value in media.exifs
        ]
    if media.media_files:
        record["MediaFiles"] = [_file(one) for one in media.media_files]
    return record


def _number(category: str) -> int | str:
    """The category as a number, where it is written as one."""
    return int(category) if category.isdecimal() and str(int(category)) == category else category


def _file(one: MediaFile) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for name, ours in FILE_TEXTS.items():
        _keep(record, name, getattr(one, ours))
    for name, ours in FILE_MOMENTS.items():
        _keep(record, name, _written(getattr(one, ours)))
    for name, ours in FILE_YES_OR_NO.items():
        _keep(record, name, getattr(one, ours))
    return record


def _write(out: BinaryIO, media: Iterable[Media]) -> tuple[int, int]:
    """(media, media files) that were written."""
    count = files = 0
    for piece, one in _pieces(media):
        out.write(piece)
        count, files = count + 1, files + len(one.media_files)
    return count, files


def _pieces(media: Iterable[Media]) -> Iterator[tuple[bytes, Media]]:
    comma = ""
    for one in media:
        yield (comma + json.dumps(to_json(one), ensure_ascii=False, separators=(",", ":"))).encode(), one
        comma = ","


def _put(out: BinaryIO, text: str) -> None:
    out.write(text.encode())


def _keep(record: dict[str, Any], name: str, value: object) -> None:
    if value is not None:
        record[name] = value


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _context(jurisdiction: str, what: str) -> str:
    return f"{MODEL}/{PLACES.get(jurisdiction, 'Default')}/$metadata#{what}"
