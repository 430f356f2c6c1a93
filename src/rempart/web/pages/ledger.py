"""The ledger: who did what, when. It holds identifiers, codes and counts, so that an auditor sees no media."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response, StreamingResponse

from rempart.audit.browsing import queries
from rempart.audit.browsing.queries import PAGE, Wanted
from rempart.audit.chain import Entry
from rempart.audit.queries import append
from rempart.storage.columns import FORMAT
from rempart.web.access import Visitor, people
from rempart.web.pages.search import day_of
from rempart.web.rendering import page
from rempart.web.visitor import TheDesk
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Reading = Annotated[Visitor, Depends(people("supervisor", "auditor", "admin"))]
Word = Annotated[str, Query(max_length=80)]
Before = Annotated[int | None, Query(ge=1, le=2**53)]
FileFormat = Literal["csv", "json"]
COLUMNS = ("seq", "at", "actor", "about", "about_id", "verb", "data", "previous", "hash")
ROWS_AT_ONCE = 1000
TYPES: dict[FileFormat, str] = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}


def wanted_of(
    about: Word = "", about_id: Word = "", verb: Word = "", actor: Word = "", since: Word = "", until: Word = ""
) -> Wanted:
    """What the address asks for. Raises UserMistake for a day that is none."""
    last = day_of(until, "until")
    end = last + timedelta(days=1) if last else None
    return Wanted(about.strip(), about_id.strip(), verb.strip(), actor.strip(), day_of(since, "since"), end)


Asked = Annotated[Wanted, Depends(wanted_of)]


@router.get("/ledger")
def show(request: Request, visitor: Reading, desk: TheDesk, wanted: Asked, before: Before = None) -> Response:
    """One page of the ledger, newest first, and how far it is signed."""
    mine = visitor.actor.organisation
    with desk.database.reading() as reader:
        entries = queries.page(reader, mine, wanted, before, PAGE + 1)
        signed = queries.last_checkpoint(reader)
        newest = queries.newest(reader, mine)
    asked = {name: request.query_params.get(name, "") for name in ("about", "about_id", "verb", "actor")}
    asked |= {name: request.query_params.get(name, "") for name in ("since", "until")}
    return page(
        request,
        visitor,
        "ledger/ledger.html",
        entries=[_shown(entry) for entry in entries[:PAGE]],
        asked=asked,
        signed=signed,
        newest=newest,
        older=_address(request, "/ledger", before=str(entries[PAGE - 1].seq)) if len(entries) > PAGE else "",
        first=_address(request, "/ledger") if before else "",
        as_csv=_address(request, "/ledger/entries.csv"),
        as_json=_address(request, "/ledger/entries.json"),
    )


@router.get("/ledger/entries.{file_format}")
def download(visitor: Reading, desk: TheDesk, wanted: Asked, file_format: FileFormat) -> Response:
    """Every wanted entry as a file, newest first; the ledger keeps that it was taken."""
    with desk.database.writing() as writer:
        taken = {"format": file_format}
        append(writer, visitor.actor, "ledger", visitor.actor.pid, "ledger.taken", taken, desk.clock())
    write: Callable[[Iterator[Entry]], Iterator[str]] = _csv if file_format == "csv" else _json
    name = {"Content-Disposition": f'attachment; filename="ledger.{file_format}"'}
    entries = _every(desk, visitor.actor.organisation, wanted)
    return StreamingResponse(write(entries), media_type=TYPES[file_format], headers=name)


def _every(desk: Desk, organisation: int, wanted: Wanted) -> Iterator[Entry]:
    """Page after page, each read for itself: a slow reader holds nobody up."""
    before: int | None = None
    while True:
        with desk.database.reading() as reader:
            entries = queries.page(reader, organisation, wanted, before, ROWS_AT_ONCE)
        yield from entries
        if len(entries) < ROWS_AT_ONCE:
            return
        before = entries[-1].seq


def record_of(entry: Entry) -> dict[str, Any]:
    """The entry as it stands in a file: with its hashes, so that it can be compared."""
    return {name: getattr(entry, name) for name in COLUMNS} | {"at": entry.at.strftime(FORMAT)}


def _csv(entries: Iterator[Entry]) -> Iterator[str]:
    """RFC 4180 lines; an entry's data is JSON in its cell."""
    cell = io.StringIO()
    rows = csv.writer(cell, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    for entry in entries:
        record = record_of(entry)
        rows.writerow([safe(str(value)) for value in (record | {"data": json.dumps(entry.data)}).values()])
        if cell.tell() > 1 << 16:
            yield _taken(cell)
    yield _taken(cell)


def safe(text: str) -> str:
    """The text, told to spreadsheets as text where they would take it for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _taken(cell: io.StringIO) -> str:
    text = cell.getvalue()
    cell.seek(0)
    cell.truncate()
    return text


def _json(entries: Iterator[Entry]) -> Iterator[str]:
    yield '{"version": 1, "entries": ['
    for number, entry in enumerate(entries):
        yield ("," if number else "") + "\n" + json.dumps(record_of(entry))
    yield "\n]}\n"


def _shown(entry: Entry) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at.strftime("%Y-%m-%d %H:%M:%S"),
        "actor": entry.actor,
        "about": entry.about,
        "about_id": entry.about_id,
        "verb": entry.verb,
        "data": [(name, _plain(value)) for name, value in sorted(entry.data.items())],
    }


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _address(request: Request, path: str, **changes: str) -> str:
    """The path with what is asked for; without `before` unless it is given."""
    kept = {name: value for name, value in request.query_params.items() if value and name != "before"}
    return str(request.url.replace(scheme="", netloc="", path=path, query="").include_query_params(**kept | changes))
