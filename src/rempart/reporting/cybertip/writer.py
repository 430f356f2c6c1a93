"""From the model to the bytes that are sent, strictly in the order of the grammar."""

from datetime import datetime
from typing import Any

from lxml import etree

from rempart.reporting.cybertip.grammar import FILE_DETAILS, REPORT
from rempart.reporting.cybertip.lexical import spell
from rempart.reporting.cybertip.model import FileDetails, Report
from rempart.reporting.cybertip.terms import Group, Part


def write_report(report: Report, now: datetime) -> bytes:
    """The report as XML in UTF-8. It writes what it is given: see `checks` for whether it may be sent."""
    return _written(REPORT, report, now)


def write_file_details(details: FileDetails, now: datetime) -> bytes:
    """The details of one file as XML in UTF-8."""
    return _written(FILE_DETAILS, details, now)


def _written(group: Group, value: Any, now: datetime) -> bytes:
    root = etree.Element(group.name)
    _fill(root, group, value, now)
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return data


def _fill(element: Any, group: Group, value: Any, now: datetime) -> None:
    for attribute in group.attributes:
        given = getattr(value, attribute.field)
        if given is not None:
            element.set(attribute.name, spell(given, now))
    if group.text is not None:
        element.text = spell(value.value, now)
    for part in group.parts:
        for one in given_of(part, value):
            child = etree.SubElement(element, part.name)
            if isinstance(part.kind, Group):
                _fill(child, part.kind, one, now)
            else:
                child.text = spell(one, now)


def given_of(part: Part, value: Any) -> tuple[Any, ...]:
    """What the model says for this child: nothing, one, or several."""
    given = getattr(value, part.field)
    if part.many:
        return tuple(given)
    return () if given is None else (given,)
