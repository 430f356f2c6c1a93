"""The hotline of the country where content is hosted: a referral in ICCAM's vocabulary, as a file.

Sending it takes a member's credentials, which Rempart has none of: a member imports the file or plugs in their client
(`reporting/iccam/member.py`). Others use the hotline's own form.
"""

import csv
import io
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rempart.cases.intake.helplines import members
from rempart.facts.case import ActionKind
from rempart.facts.report import CaseView, Payload, PlaceView, Problem
from rempart.reporting.iccam import vocabulary
from rempart.reporting.recipient import Answers, Draft, Question
from rempart.reporting.sheets.sheet import Sheet
from rempart.reporting.sheets.stating import one_line

VERSION = 1
_MARKS = ("=", "+", "-", "@")
QUESTIONS = (
    Question("format", "As which file?", "Dans quel format ?", "choice", ("json", "csv"), required=True),
    Question("age", "Apparent age", "Âge apparent", "choice", tuple(vocabulary.AGES)),
    Question("gender", "Gender", "Genre", "choice", tuple(vocabulary.GENDERS)),
    Question("virtual", "Is it drawn or made by a computer?", "Est-ce dessiné ou généré par ordinateur ?", "yesno"),
    Question("commerciality", "Is it commercial?", "Est-ce commercial ?", "choice", tuple(vocabulary.COMMERCIALITIES)),
    Question(
        "content_type", "What is at the address?", "Qu’y a-t-il à l’adresse ?", "choice", vocabulary.CONTENT_TYPES
    ),
    Question("note", "Anything else that they should know?", "Autre chose à leur signaler ?", "long"),
)


class Iccam(Sheet):
    """One referral for each case, with every place that is hosted abroad."""

    name = "iccam"
    carries_out: ActionKind = "refer_hotline"
    questions: tuple[Question, ...] = QUESTIONS
    holds: tuple[str, ...] = ()

    def build(self, case: CaseView, answers: Answers, options: Mapping[str, Any]) -> Draft:
        """The places with a hotline abroad, each with what it takes to report, assess and act on it there."""
        home = options.get("desk", {}).get("country", "").upper()
        hotlines = members() - {home}
        abroad = [one for one in case.places if one.country in hotlines and not one.via_proxy]
        return {
            "version": VERSION,
            "case": case.case_id,
            "format": answers.get("format", "json"),
            "title": f"ICCAM, case {case.case_id}",
            "notes": [],
            "blocks": [],
            "classified": case.outcome in vocabulary.CLASSIFICATIONS,
            "contents": [_content(case, one, answers) for one in abroad],
        }

    def problems(self, draft: Draft, options: Mapping[str, Any], now: datetime) -> list[Problem]:  # noqa: ARG002
        """Nothing is hosted abroad, or the judgement has no name there."""
        found = []
        if not draft["contents"]:
            says = "no place of this case is known to be in a country with a hotline; have it resolved, or tell police"
            found.append(Problem("contents", says))
        if not draft["classified"]:
            found.append(Problem("assessment", "the judgement is none that hotlines exchange"))
        return found

    def render(self, draft: Draft, now: datetime) -> Payload:  # noqa: ARG002 - the times in it are those of the record
        """The file: JSON, or CSV with one row for each place."""
        if draft["format"] == "csv":
            return Payload(_csv(draft).encode(), "text/csv; charset=utf-8", f"iccam-{draft['case']}.csv")
        told = {"version": VERSION, "contents": draft["contents"]}
        content = json.dumps(told, ensure_ascii=False, indent=1).encode()
        return Payload(content, "application/json", f"iccam-{draft['case']}.json")


def _content(case: CaseView, place: PlaceView, answers: Answers) -> dict[str, Any]:
    virtual = answers.get("virtual")
    return {
        "reference": f"case-{case.case_id}-place-{place.location_id}",
        "report": {
            "url": one_line(place.url),
            "receivedAt": _moment(case.opened_at),
            "seenAt": _moment(place.seen_at),
            "contentType": answers.get("content_type"),
            "commerciality": vocabulary.COMMERCIALITIES.get(answers.get("commerciality", "")),
            "memo": one_line(answers["note"]) if answers.get("note") else None,
            "hashes": [one.digests for one in case.files if one.digests] or None,
        },
        "assessment": {
            "classification": vocabulary.CLASSIFICATIONS.get(case.outcome),
            "assessedAt": _moment(case.decided_at),
            "age": vocabulary.AGES.get(answers.get("age", "")),
            "gender": vocabulary.GENDERS.get(answers.get("gender", "")),
            "isVirtual": None if virtual is None else virtual == "yes",
        },
        "hosting": {
            "country": place.country,
            "address": place.address or None,
            "provider": one_line(place.provider) or None,
        },
        "action": {"actions": _done(case)},
    }


def _done(case: CaseView) -> list[dict[str, Any]] | None:
    """What was done already, in ICCAM's words: only what is finished."""
    names = {"police": "reported_to_police", "pharos": "reported_to_police", "nca": "reported_to_police"}
    names["host-notice"] = "reported_to_provider"
    done = [
        {"action": vocabulary.ACTIONS[names[one.recipient]], "at": _moment(one.ended_at)}
        for one in case.reported
        if one.recipient in names and one.state == "finished" and one.ended_at is not None
    ]
    return done or None


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _csv(draft: Draft) -> str:
    """One row for each place; a cell that a spreadsheet would take for a formula begins with an apostrophe."""
    rows = [_row(one) for one in draft["contents"]]
    names = list(dict.fromkeys(name for row in rows for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _cell(row.get(name)) for name in names} for row in rows)
    return text.getvalue()


def _row(content: Mapping[str, Any]) -> dict[str, Any]:
    parts = {**content["report"], **content["assessment"], **content["hosting"], **content["action"]}
    return {"reference": content["reference"], **parts}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = json.dumps(value) if isinstance(value, list | dict | bool) else str(value)
    return f"'{text}" if text.startswith(_MARKS) else text


RECIPIENT = Iccam()
