"""What leaves by mail without anybody asking again: approved notices, and answers to who gave notice."""

from datetime import datetime

from rempart.people.queries import organisations
from rempart.reporting.drafting import Reporting
from rempart.reporting.mailing import checking, gathering, notifiers, queries
from rempart.reporting.mailing.gathering import Bundle
from rempart.reporting.mailing.notifiers import Telling
from rempart.reporting.sheets.stating import one_line
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of


def gather(desk: Desk) -> None:
    """Nothing; every notice that has its time is in a mail, which the worker hands to the relay."""
    if not desk.settings.mail.host:
        return
    reporting = reporting_of(desk)
    with desk.database.reading() as reader:
        known = organisations(reader)
    for one in known:
        with desk.database.writing() as writer:
            gathering.enrol(writer, reporting, one.id, desk.clock())
        with desk.database.reading() as reader:
            bundles = gathering.waiting(reader, reporting, one.id, desk.clock())
        now = desk.clock()
        with desk.database.reading() as reader:
            opens = {
                key: gathering.opens_at(
                    reader, reporting, one.id, [part for part in bundles if part.address_key == key], now
                )
                for key in {part.address_key for part in bundles}
            }
        for bundle in bundles:
            _gather(desk, reporting, one.id, bundle, opens[bundle.address_key])


def tell_notifiers(desk: Desk) -> None:
    """Nothing; whoever gave notice and left an address is told what they are owed, if mail can be sent."""
    mail, chosen = desk.settings.mail, desk.settings
    if not (mail.host and mail.sender and mail.notifiers):
        return
    telling = Telling(
        desk.fields,
        (one_line(chosen.reporting.desk.name), mail.sender),
        chosen.serve.public_url.rstrip("/"),
        chosen.desk.appeal_days,
        chosen.desk.dispute_bodies,
    )
    with desk.database.reading() as reader:
        known = organisations(reader)
    for one in known:
        with desk.database.writing() as writer:
            notifiers.tell(writer, telling, one.id, desk.clock())


def _gather(desk: Desk, reporting: Reporting, organisation: int, bundle: Bundle, opens: datetime) -> None:
    now = desk.clock()
    with desk.database.reading() as reader:
        places = {
            place: state
            for case_id in {one["case"] for one in bundle.drafts.values()}
            for place, state in queries.watched(reader, organisation, case_id).items()
        }
    if opens > now:
        with desk.database.writing() as writer:
            gathering.postpone(writer, organisation, bundle, opens)
        return
    seen = checking.looked(desk.outbound, bundle.drafts, places)
    with desk.database.writing() as writer:
        gathering.post(writer, reporting, organisation, bundle, seen, desk.clock())
