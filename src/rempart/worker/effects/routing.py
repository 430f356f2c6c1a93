"""Who is told of a case: its places are resolved outside of any unit of work, then the reports are drafted."""

import random
from datetime import datetime

from rempart.cases.hosting import places_of
from rempart.cases.telling import came_from_own_platform
from rempart.reporting import planning
from rempart.reporting.planning import Place
from rempart.reporting.watching import keeping
from rempart.storage import outbox
from rempart.storage.database import Writer
from rempart.storage.outbox import Effect
from rempart.wiring.desk import Desk
from rempart.wiring.hosting import policy_of, resolver_of
from rempart.wiring.reporting import reporting_of


def plan(desk: Desk, effect: Effect) -> None:
    """Nothing; every report that is due is drafted, and the places are watched. Nothing is sent.

    While nobody chose where reports go, nothing is drafted, and the page of the case says what has to be set.
    """
    organisation, case_id = effect.organisation, int(effect.body["case"])
    moved_at = datetime.fromisoformat(effect.body["moved_at"]) if "moved_at" in effect.body else None
    with desk.database.reading() as reader:
        wanted = planning.is_wanted(reader, organisation, case_id)
        found = places_of(reader, desk.fields, organisation, case_id) if wanted else []
        own = came_from_own_platform(reader, organisation, case_id)
    resolver = resolver_of(desk)
    places = [Place(location_id, resolver.hosting_of(url)) for location_id, url in found]
    now = desk.clock()
    with desk.database.writing() as writer:
        if wanted:
            planning.plan(
                writer,
                reporting_of(desk),
                policy_of(desk),
                organisation,
                case_id,
                places,
                now,
                on_own_platform=own,
                moved_at=moved_at,
            )
            _watch(writer, desk, organisation, case_id, places)
        outbox.finish(writer, effect.id, now)


def _watch(writer: Writer, desk: Desk, organisation: int, case_id: int, places: list[Place]) -> None:
    for one in places:
        # A name that nobody could resolve now may lead somewhere later.
        if one.hosting.kind not in ("web", "unknown") or not one.hosting.host:
            continue
        keeping.begin(
            writer,
            organisation,
            case_id,
            one.location_id,
            desk.clock(),
            random.random(),  # noqa: S311 - only spreads the looks
            address=one.hosting.address,
            country=one.hosting.country,
            network=f"AS{one.hosting.asn}" if one.hosting.asn is not None else "",
        )
