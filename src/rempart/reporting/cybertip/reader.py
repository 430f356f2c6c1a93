"""From XML back to the model: for previews, for what was sealed, and to prove that nothing is lost."""

from typing import Any

from rempart.reporting.cybertip.binding import CLASSES
from rempart.reporting.cybertip.grammar import FILE_DETAILS, REPORT
from rempart.reporting.cybertip.hardened import Malformed, parse
from rempart.reporting.cybertip.lexical import read
from rempart.reporting.cybertip.model import FileDetails, Report
from rempart.reporting.cybertip.terms import Group

MOST_BYTES = 16 << 20


def read_report(data: bytes) -> Report:
    """The report that was written. Raises Malformed when it is not one."""
    report: Report = _opened(REPORT, data)
    return report


def read_file_details(data: bytes) -> FileDetails:
    """The details of a file that were written. Raises Malformed when they are not."""
    details: FileDetails = _opened(FILE_DETAILS, data)
    return details


def _opened(group: Group, data: bytes) -> Any:
    root = parse(data, MOST_BYTES)
    if root.tag != group.name:
        raise Malformed(f"it is not a <{group.name}>")
    try:
        return _value(root, group)
    except (ValueError, TypeError) as error:
        raise Malformed(f"a value in <{group.name}> is missing or cannot be read") from error


def _value(element: Any, group: Group) -> Any:
    fields: dict[str, Any] = {}
    for attribute in group.attributes:
        text = element.get(attribute.name)
        if text is not None:
            fields[attribute.field] = read(attribute.kind, text)
    if group.text is not None:
        fields["value"] = read(group.text, element.text or "")
    for part in group.parts:
        found = tuple(
            _value(child, part.kind) if isinstance(part.kind, Group) else read(part.kind, child.text or "")
            for child in element.iterchildren(part.name)
        )
        if part.many:
            fields[part.field] = found
        elif found:
            fields[part.field] = found[0]
    return CLASSES[group.name](**fields)
