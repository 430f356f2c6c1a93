"""The places of a case on its card: who hosts each, whether it is still there, and who has to be told by hand."""

from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from rempart.audit.queries import story
from rempart.cases.intake.helplines import countries
from rempart.cases.review.card import Card, Spot
from rempart.reporting import planning
from rempart.reporting import queries as reports
from rempart.reporting.guards import DRAFTERS
from rempart.reporting.watching import queries as watches
from rempart.storage.database import Reader
from rempart.web.access import TheDesk, Visitor, people
from rempart.web.pages.case_shown import Shown, named
from rempart.web.rendering import back_to

router = APIRouter(include_in_schema=False)
Drafter = Annotated[Visitor, Depends(people(*DRAFTERS))]
BY_HAND = ("case.report_by_hand", "case.report_not_drafted")


@router.post("/cases/{case_id}/places")
def resolve(visitor: Drafter, desk: TheDesk, case_id: int) -> Response:
    """The worker finds out where the places are hosted now, and who is told then."""
    with desk.database.writing() as writer:
        planning.resolve_again(writer, visitor.actor, case_id, desk.clock())
    return back_to(f"/cases/{case_id}#spots", "places.asked")


def of_case(reader: Reader, shown: Shown, visitor: Visitor, card: Card) -> dict[str, Any]:
    """What the card says of its places. Nothing follows from a judgement that is not settled, or hidden."""
    organisation, settled = visitor.actor.organisation, card.state in ("decided", "closed")
    watched = {row["location"]: row for row in watches.of_case(reader, organisation, card.id)} if settled else {}
    settings = shown.desk.settings
    return {
        "spots": [_spot(shown, one, watched.get(one.id)) for one in card.spots],
        "by_hand": list(_by_hand(reader, shown, organisation, card.id)) if settled else [],
        "may_resolve": settled and visitor.actor.role in DRAFTERS and planning.is_wanted(reader, organisation, card.id),
        "lacks": [
            name
            for name, given in (
                ("resolvers", len(settings.net.resolvers) > 1),
                ("databases", settings.reporting.hosting.databases),
                ("look", settings.net.look),
            )
            if not given
        ],
    }


def _spot(shown: Shown, spot: Spot, watch: watches.Row | None) -> dict[str, Any]:
    t = shown.t
    country = dict(countries(shown.language)).get(spot.country, spot.country)
    facts = [
        (t("places.hosted"), named(t, "places.hosted", spot.hosted) if spot.hosted else ""),
        (t("places.country"), country),
        (t("places.provider"), spot.provider),
        (t("places.server"), spot.server),
        (t("places.proxy"), t("places.proxied") if spot.via_proxy else ""),
        (t("places.source"), spot.source),
    ]
    return {
        "spot": spot,
        "facts": facts if spot.resolved_at else [],
        "watch": watch,
        "state": named(t, "places.watch", watch["state"]) if watch else "",
        "bad": watch is not None and watch["state"] == "returned",
        "good": watch is not None and watch["state"] == "down",
    }


def _by_hand(reader: Reader, shown: Shown, organisation: int, case_id: int) -> Iterator[tuple[str, str, str]]:
    """(recipient, row of the routing table, what was missing) of who was to be told and has no report."""
    drafted = {row["recipient"] for row in reports.of_case(reader, organisation, case_id)}
    said: dict[str, tuple[str, str]] = {}
    for one in story(reader, organisation, "case", case_id):
        if one.verb in BY_HAND:
            said[str(one.data["recipient"])] = (str(one.data["because"]), str(one.data.get("why", "")))
    for recipient, (because, why) in said.items():
        if recipient not in drafted:
            words = named(shown.t, "reports.recipient", recipient)
            yield words, named(shown.t, "places.because", because), why
