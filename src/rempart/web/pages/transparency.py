"""Figures to publish, and as files: recomputed from the ledger each time."""

import json
from functools import partial
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from rempart.audit.queries import append
from rempart.batch.report.words import reason_words
from rempart.cases.transparency.measures import MEASURES, SECTIONS
from rempart.cases.transparency.writing import as_csv, last_year, period_of, report
from rempart.errors import UserMistake
from rempart.people.queries import organisations
from rempart.people.records import Language
from rempart.web.access import TheDesk, Visitor, people
from rempart.web.pages.overview import duration
from rempart.web.rendering import page
from rempart.web.words import known, say
from rempart.wiring.desk import Desk

router = APIRouter(include_in_schema=False)
Reading = Annotated[Visitor, Depends(people("senior", "supervisor", "auditor", "admin"))]
From = Annotated[str, Query(alias="from", max_length=20)]
Day = Annotated[str, Query(max_length=20)]
FileFormat = Literal["csv", "json"]
TYPES: dict[FileFormat, str] = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}
# Section -> where words for the parts of its rows are found.
_PARTS = ("transparency.part", "overview.outcome", "notice.category", "action", "overview.channel")


@router.get("/transparency")
def show(request: Request, visitor: Reading, desk: TheDesk, from_: From = "", to: Day = "") -> Response:
    """The figures of a period; without one only the form, as a year takes a while to compute."""
    asked = bool(from_ or to)
    first, last = (from_, to) if asked else last_year(desk.clock())
    made, problem = None, ""
    try:
        made = _report(desk, visitor, first, last) if asked else None
    except UserMistake as mistake:
        problem = str(mistake)
    return page(
        request,
        visitor,
        "transparency/transparency.html",
        400 if problem else 200,
        first=first,
        last=last,
        made=made,
        sections=_sections(visitor.language, made["figures"]) if made else [],
        problem=problem,
    )


@router.get("/transparency/figures.{file_format}")
def download(visitor: Reading, desk: TheDesk, file_format: FileFormat, from_: From = "", to: Day = "") -> Response:
    """The figures as a file; the ledger keeps that they were taken."""
    first, last = (from_, to) if from_ or to else last_year(desk.clock())
    made = _report(desk, visitor, first, last)
    with desk.database.writing() as writer:
        taken = {"format": file_format, "from": made["from"], "to": made["to"]}
        append(writer, visitor.actor, "figures", visitor.actor.pid, "figures.taken", taken, desk.clock())
    content = as_csv(made["figures"]) if file_format == "csv" else json.dumps(made, indent=2, ensure_ascii=False) + "\n"
    name = f'attachment; filename="figures-{made["from"]}-{made["to"]}.{file_format}"'
    return Response(content, media_type=TYPES[file_format], headers={"Content-Disposition": name})


def _report(desk: Desk, visitor: Visitor, first: str, last: str) -> dict[str, Any]:
    period = period_of(first, last)
    with desk.database.reading() as reader:
        mine = next(one for one in organisations(reader) if one.id == visitor.actor.organisation)
        return report(reader, mine.id, mine.name, period, desk.clock())


def _sections(language: Language, figures: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The figures by section, each in words."""
    t = partial(say, language)
    rows: dict[str, list[dict[str, str]]] = {section: [] for section in SECTIONS}
    law = {(one.section, one.name): one.law for one in MEASURES}
    for one in figures:
        rows[one["section"]].append(
            {
                "measure": t(f"transparency.{one['section']}.{one['measure']}"),
                "what": _parts(language, one["section"], one["what"]),
                "number": _number(language, one),
                "law": law[one["section"], one["measure"]],
            }
        )
    return [{"name": t(f"transparency.{name}"), "rows": found} for name, found in rows.items()]


def _number(language: Language, one: dict[str, Any]) -> str:
    if one["unit"] == "seconds":
        return duration(partial(say, language), one["number"])
    if one["unit"] == "share":
        shown = f"{100 * one['number']:.1f}"
        return f"{shown.replace('.', ',')} %" if language == "fr" else f"{shown} %"
    return str(one["number"])


def _parts(language: Language, section: str, what: str) -> str:
    """The parts of a row in words, as far as there are words; `appeals/reversed` reads from one outcome to another."""
    words = [_part(language, section, one) for one in what.split("/") if one]
    return " → ".join(words) if section == "appeals" and len(words) == 2 else ", ".join(words)


def _part(language: Language, section: str, part: str) -> str:
    if section == "screening" and part.startswith("not_examined: "):
        return reason_words(part.partition(": ")[2], language)
    if section == "sampling":
        return say(language, "transparency.tier", tier=part)
    found = next((f"{kind}.{part}" for kind in _PARTS if known(f"{kind}.{part}")), "")
    return say(language, found) if found else part
