"""What the operator does to the records of one organisation from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rempart.facts.people import Actor
    from rempart.storage.database import Reader, Writer
    from rempart.wiring.desk import Desk

JsonOutput = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Slug = Annotated[
    str | None, typer.Option("--organisation", help="Short name of the organisation, when there are several.")
]


@contextmanager
def acting(slug: str | None) -> "Iterator[tuple[Desk, Writer, Actor]]":
    """One unit of work of the operator, for that organisation; the first one is founded when there is none."""
    from rempart.facts.people import operator
    from rempart.people import organisations
    from rempart.wiring.desk import open_records

    with open_records() as desk, desk.database.writing() as writer:
        yield desk, writer, operator(organisations.chosen(writer, slug, desk.clock()).id)


@contextmanager
def looking(slug: str | None) -> "Iterator[tuple[Desk, Reader, int]]":
    """The records of that organisation, to be read; looking founds none."""
    from rempart.people import organisations
    from rempart.wiring.desk import open_records

    with open_records() as desk, desk.database.reading() as reader:
        yield desk, reader, organisations.find(reader, slug).id


def written(at: datetime | None) -> str | None:
    """The time as data: 2026-11-22T09:30:00Z."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else None


def cells(row: dict[str, object]) -> list[str]:
    """The values of a row as a table shows them."""
    return [_cell(value) for value in row.values()]


def _cell(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
