"""Our own checks before anything is sent: stricter than the authority's, each with what to do about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rempart.reporting.cybertip.binding import CLASSES
from rempart.reporting.cybertip.grammar import FILE_DETAILS, REPORT, SUPPLEMENTAL
from rempart.reporting.cybertip.lexical import clean, mistake, spell
from rempart.reporting.cybertip.model import FileDetails, Report
from rempart.reporting.cybertip.terms import Attribute, Group, Leaf, Part

# A report that had to be opened again names the ones that were given up; that text needs room in the last field.
ROOM_FOR_CITATION = 300
MOST_NOTE_CHARACTERS = 3_000 - ROOM_FOR_CITATION


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a report may not be sent: the field, what is wrong, what to do. It never repeats the content."""

    field: str
    what: str
    help: str

    def __str__(self) -> str:
        return f"{self.field}: {self.what}; {self.help}"


def problems_of_report(report: Report, now: datetime) -> list[Problem]:
    """Every reason why this report may not be sent; empty when it may."""
    return [*_walk(REPORT, report, now, ""), *_report_rules(report)]


def problems_of_file(
    details: FileDetails, now: datetime, *, industry_hash_sharing_signed: bool, path: str = "file"
) -> list[Problem]:
    """Every reason why these details may not be sent; the numbers that the authority gives may still be missing."""
    numbered = replace(details, report_id=details.report_id or 1, file_id=details.file_id or "0")
    return [
        *_walk(FILE_DETAILS, numbered, now, path),
        *_file_rules(details, industry_hash_sharing_signed, path),
    ]


def problems_of(
    report: Report,
    files: Sequence[tuple[str, FileDetails]],
    now: datetime,
    *,
    industry_hash_sharing_signed: bool,
) -> list[Problem]:
    """Every reason why the report and its files may not be sent. files: (SHA-256, details)."""
    found = problems_of_report(report, now)
    for number, (_, details) in enumerate(files, 1):
        signed = industry_hash_sharing_signed
        found += problems_of_file(details, now, industry_hash_sharing_signed=signed, path=f"file[{number}]")
    if len({digest for digest, _ in files}) < len(files):
        found.append(Problem("files", "the same file stands there twice", "name each file once"))
    return found


def _walk(group: Group, value: Any, now: datetime, path: str) -> Iterator[Problem]:
    if not isinstance(value, CLASSES[group.name]):
        yield Problem(path or group.name, f"it is not a {CLASSES[group.name].__name__}", "build it from the model")
        return
    for attribute in group.attributes:
        given = getattr(value, attribute.field)
        yield from _value(attribute, given, now, _below(path, attribute.field), required=attribute.required)
    if group.text is not None:
        yield from _spelt(group.text, value.value, now, _below(path, "value"))
    for part in group.parts:
        yield from _part(part, getattr(value, part.field), now, _below(path, part.field))
    yield from _choices(group, value, path)


def _part(part: Part, given: Any, now: datetime, path: str) -> Iterator[Problem]:
    if not part.many:
        yield from _value(part, given, now, path, required=part.least > 0)
        return
    if not isinstance(given, tuple):
        yield Problem(path, "it is not a tuple", "list what is known, or leave it empty")
        return
    if len(given) < part.least:
        yield Problem(path, "it is empty", "name at least one, or leave out what holds it")
    for number, one in enumerate(given, 1):
        yield from _value(part, one, now, f"{path}[{number}]", required=True)


def _value(term: Part | Attribute, given: Any, now: datetime, path: str, *, required: bool) -> Iterator[Problem]:
    if given is None:
        if required:
            yield Problem(path, "it is missing", "the authority needs it")
    elif isinstance(term.kind, Group):
        yield from _walk(term.kind, given, now, path)
    else:
        yield from _spelt(term.kind, given, now, path)


def _spelt(leaf: Leaf, given: Any, now: datetime, path: str) -> Iterator[Problem]:
    text = spell(given, now)
    if not text.strip():
        yield Problem(path, "it is empty", "write what is known, or leave it out")
    elif leaf.kind == "flag" and given is not True:
        yield Problem(path, "a flag cannot say no", "leave it out")
    elif leaf.kind in ("boolean", "flag") and not isinstance(given, bool):
        yield Problem(path, "it is neither true nor false", "say what a person did, or leave it out")
    elif wrong := mistake(leaf, text, now):
        yield Problem(path, wrong, _help(leaf))


def _help(leaf: Leaf) -> str:
    if leaf.values:
        return "choose one of the words in the reference"
    return {
        "text": "shorten or correct it",
        "url": "encode the address, or put it into additional information",
        "ip": "write one IPv4 or IPv6 address",
        "integer": "correct the number",
        "number": "correct the number",
        "date": "correct the date",
        "moment": "give the true time with its offset from UTC",
        "boolean": "say true or false, or leave it out",
        "flag": "leave it out",
    }[leaf.kind]


def _choices(group: Group, value: Any, path: str) -> Iterator[Problem]:
    present = [part.name for part in group.parts if getattr(value, part.field)]
    if group.order == "choice" and len(present) != 1:
        yield Problem(path, f"it names {len(present)} kinds of incident", "name exactly one in each entry")
    if group.not_both and all(getattr(value, _field(group, name)) is not None for name in group.not_both):
        yield Problem(path, f"it has both {' and '.join(group.not_both)}", "say it in the annotations only")
    if group.order == "any" and not present:
        yield Problem(path, "it says nothing", "leave it out")


def _field(group: Group, name: str) -> str:
    return next(part.field for part in group.parts if part.name == name)


def _report_rules(report: Report) -> Iterator[Problem]:
    if not report.internet_details:
        yield Problem("internet_details", "it is empty", "say where it happened, at least once")
    for number, details in enumerate(report.internet_details, 1):
        if details.web_page_incident and not details.web_page_incident.urls:
            yield Problem(f"internet_details[{number}]", "a web page without address", "add the address")
    if len(clean(report.additional_info or "")) > MOST_NOTE_CHARACTERS:
        what = f"it has more than {MOST_NOTE_CHARACTERS} characters"
        yield Problem("additional_info", what, "shorten it: a report opened again must cite the earlier one there")


def _file_rules(details: FileDetails, industry_hash_sharing_signed: bool, path: str) -> Iterator[Problem]:
    if details.potential_meme is not None:
        yield Problem(f"{path}.potential_meme", "it stands outside the annotations", "say it in file_annotations")
    if details.industry_classification is not None and not industry_hash_sharing_signed:
        help_ = "leave it out, or record that the operator signed the industry hash sharing agreement"
        yield Problem(f"{path}.industry_classification", "the operator has not signed the agreement", help_)
    if details.file_relevance == SUPPLEMENTAL:
        yield from _supplemental_rules(details, path)


def _supplemental_rules(details: FileDetails, path: str) -> Iterator[Problem]:
    help_ = "leave it out, or report the file itself"
    for name in ("file_annotations", "industry_classification"):
        if getattr(details, name) is not None:
            yield Problem(f"{path}.{name}", "a supplemental file may not carry it", help_)


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
