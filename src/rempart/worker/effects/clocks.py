"""Watching clocks: what is due soon or was missed stands in the ledger, once each."""

from datetime import timedelta

from rempart.cases.clocks import watching
from rempart.people.queries import organisations
from rempart.reporting import calendar
from rempart.wiring.desk import Desk


def watch(desk: Desk) -> None:
    """Nothing; in every organisation the ledger knows of each clock that ends soon, and of each that was missed."""
    soon, now = timedelta(hours=desk.settings.desk.due_soon_hours), desk.clock()
    with desk.database.reading() as reader:
        known = organisations(reader)
    for one in known:
        with desk.database.writing() as writer:
            watching.watch(writer, one.id, soon, now)
            calendar.watch_reports(writer, one.id, soon, now)
