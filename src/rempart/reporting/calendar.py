"""What is due: orders, appeals, reports and every other clock of an organisation, with the text behind each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from rempart.cases.clocks import clocks
from rempart.cases.clocks import queries as cases
from rempart.cases.clocks.clocks import Clock
from rempart.cases.clocks.watching import watch_kind
from rempart.cases.orders.kinds import kind
from rempart.facts.report import OPEN_STATES
from rempart.reporting import queries
from rempart.storage.database import Reader, Writer

Kind = Literal["order", "appeal", "report", "clock"]
KINDS: tuple[Kind, ...] = ("order", "appeal", "report", "clock")
Language = Literal["en", "fr"]
HOUSE = "any"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that has to be done by then.

    name: its number, or what it is about. rule: in a sentence; source: where that is written; both empty where no law
    gives the time. jurisdiction: `any` for our own targets. paused: why it stands still. clock: None for what has its
    own register.
    """

    kind: Kind
    at: datetime
    name: str
    case_id: int | None
    jurisdiction: str
    rule: str
    source: str
    path: str = ""
    paused: str = ""
    others: bool = False
    clock: int | None = None

    def late(self, now: datetime) -> bool:
        """Whether we missed it: what stands still, or what an authority has to do, nobody misses here."""
        return self.at < now and not self.paused and not self.others


def due(reader: Reader, organisation: int, language: Language, now: datetime) -> list[Due]:
    """Everything that is due, first what is due first."""
    found = [
        *_orders(reader, organisation, language),
        *_appeals(reader, organisation),
        *_reports(reader, organisation),
        *(_of_clock(one, language) for one in clocks.running(reader, organisation, now)),
    ]
    return sorted(found, key=lambda one: (one.at, one.kind, one.name))


def missed(reader: Reader, organisation: int, now: datetime) -> dict[str, int]:
    """order, appeal, report, clock -> how many were due before now and are not done."""
    late = cases.missed(reader, organisation, now)
    late["clock"] = sum(one.missed(now) for one in clocks.running(reader, organisation, now)) if late["clock"] else 0
    return late | {"report": queries.late(reader, organisation, OPEN_STATES, now)}


def watch_reports(writer: Writer, organisation: int, soon: timedelta, now: datetime) -> int:
    """How many entries the ledger got about reports that are due soon, or were missed: once each."""

    def find(reader: Reader, mine: int, until: datetime, told: Sequence[str]) -> list[queries.Row]:
        return queries.untold(reader, mine, OPEN_STATES, until, told)

    def tell(report_id: int, word: str) -> None:
        queries.change(writer, organisation, report_id, told=word)

    return watch_kind(writer, organisation, "report", find, tell, soon, now)


def _orders(reader: Reader, organisation: int, language: Language) -> Iterator[Due]:
    for row in cases.orders(reader, organisation):
        what = kind(row["kind"])
        by_law = "EU" if what.id.startswith(("tco", "dsa")) else what.id[:2].upper()
        yield Due(
            kind="order",
            at=row["due_at"],
            name=row["number"],
            case_id=None,
            jurisdiction=by_law,
            rule=what.fr if language == "fr" else what.en,
            source=what.source,
            path=f"/orders/{row['number']}",
        )


def _appeals(reader: Reader, organisation: int) -> Iterator[Due]:
    for row in cases.appeals(reader, organisation):
        path = f"/appeals/{row['id']}"
        yield Due("appeal", row["due_at"], row["number"], row["case_id"], HOUSE, "", "", path)


def _reports(reader: Reader, organisation: int) -> Iterator[Due]:
    for row in queries.due(reader, organisation, OPEN_STATES):
        name = f"{row['recipient']} {row['id']}"
        yield Due("report", row["due_at"], name, row["case_id"], HOUSE, "", "", f"/reports/{row['id']}")


def _of_clock(one: Clock, language: Language) -> Due:
    law = one.law
    return Due(
        kind="clock",
        at=one.due_at,
        name=one.about,
        case_id=one.case_id,
        jurisdiction=law.jurisdiction,
        rule=law.says(language),
        source=law.source,
        path=f"/cases/{one.case_id}" if one.case_id else "",
        paused=one.reason or "",
        others=law.scope == clocks.OTHERS,
        clock=one.id,
    )
