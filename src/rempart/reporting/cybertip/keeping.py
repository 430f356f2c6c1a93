"""A report on its way as JSON values, to be kept between two steps, and back."""

import base64
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any

from rempart.reporting.cybertip.filing import Exchange, Filing, Sent

VERSION = 1
_MOMENTS = ("opened_at", "changed_at", "finished_at", "called_at", "not_before")


def to_json(filing: Filing) -> dict[str, Any]:
    """The state, whole."""
    record = {one.name: getattr(filing, one.name) for one in fields(Filing)}
    record |= {name: _written(record[name]) for name in _MOMENTS}
    record["xml"] = _text(filing.xml)
    record["files"] = [{**asdict(one), "xml": _text(one.xml)} for one in filing.files]
    record["exchanges"] = [
        {**asdict(one), "at": _written(one.at), "raw": base64.b64encode(one.raw).decode()} for one in filing.exchanges
    ]
    return {"version": VERSION, **record}


def from_json(record: dict[str, Any]) -> Filing:
    """The state that `to_json` wrote."""
    known = {name: value for name, value in record.items() if name != "version"}
    known |= {name: _read(record[name]) for name in _MOMENTS}
    known["xml"] = record["xml"].encode()
    known["files"] = tuple(Sent(**{**one, "xml": one["xml"].encode()}) for one in record["files"])
    known["exchanges"] = tuple(
        Exchange(**{**one, "at": _read(one["at"]), "raw": base64.b64decode(one["raw"])}) for one in record["exchanges"]
    )
    for name in ("problems", "earlier"):
        known[name] = tuple(record[name])
    return Filing(**known)


def _written(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _read(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _text(xml: bytes) -> str:
    return xml.decode()
