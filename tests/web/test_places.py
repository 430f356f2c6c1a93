"""The places on the card: who hosts them, whether they are still there, and who has to be told by hand."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from rempart.cases import hosting
from rempart.cases.hosting import places_of
from rempart.errors import UserMistake
from rempart.facts.people import Role, worker
from rempart.reporting import planning
from rempart.reporting.drafting import Reporting
from rempart.reporting.hosting.resolving import Hosting
from rempart.reporting.planning import Place
from rempart.reporting.recipient import Draft, Recipient
from rempart.reporting.recipients import RECIPIENTS
from rempart.reporting.routing import Policy
from rempart.reporting.watching import keeping
from rempart.reporting.watching import queries as watches
from rempart.reporting.watching.machine import Seen
from rempart.testing.desk import NOW, make_case
from rempart.testing.desk_reporting import FakeRecipient, make_decided, make_location
from rempart.testing.desk_web import SignedIn, signed_in
from rempart.wiring.desk import Desk
from rempart.worker.performing import perform_due

BOTH = frozenset({"9.9.9.9", "192.0.2.53"})


def card(browser: SignedIn, case: int) -> str:
    answer = browser.get(f"/cases/{case}", headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.fixture
def placed(app: FastAPI, desk: Desk) -> int:
    """A case whose place is hosted abroad, behind a proxy of which nobody knows more, and watched."""
    assert app
    with desk.database.writing() as writer:
        case = make_decided(writer, desk.fields, 1)
        [(place, _)] = places_of(writer, desk.fields, 1, case)
        known: dict[str, Any] = {"address": "192.0.2.7", "asn": 64500, "provider": "Far Hosting", "country": "NL"}
        hosting.keep(writer, worker(1), case, place, NOW, hosted="web", via_proxy=True, source="ours.csv", **known)
        keeping.begin(writer, 1, case, place, NOW, 0.5, country="NL")
    return case


def test_the_card_says_who_hosts_a_place_and_according_to_whom(app: FastAPI, desk: Desk, placed: int) -> None:
    text = card(signed_in(app, desk), placed)
    for told in ("Netherlands", "AS64500 Far Hosting", "192.0.2.7", "ours.csv", "ask the proxy", "not looked at yet"):
        assert told in text
    assert "hxxps://dragon[.]example/purple" in text


def test_the_card_says_when_a_place_is_down_and_when_it_is_back(app: FastAPI, desk: Desk, placed: int) -> None:
    for number in range(3):
        with desk.database.writing() as writer:
            [row] = watches.of_case(writer, 1, placed)
            keeping.apply(writer, row, Seen(NOW + timedelta(hours=2 * number), "gone", BOTH), 0.0)
    browser = signed_in(app, desk)
    assert '<span class="tag good">down</span>' in card(browser, placed)
    assert "the content is down" in card(browser, placed)
    with desk.database.writing() as writer:
        [row] = watches.of_case(writer, 1, placed)
        keeping.apply(writer, row, Seen(NOW + timedelta(days=2), "there"), 0.0)
    assert '<span class="tag bad">is back</span>' in card(browser, placed)


def test_nothing_is_said_of_a_case_that_is_not_decided(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        case = make_case(writer, 1)
        make_location(writer, desk.fields, 1, case, "https://dragon.example/a")
    text = card(signed_in(app, desk), case)
    assert "hxxps://dragon[.]example/a" in text
    assert f"/cases/{case}/places" not in text


def test_a_person_asks_anew_and_is_told_what_is_not_set(app: FastAPI, desk: Desk, placed: int) -> None:
    browser = signed_in(app, desk)
    text = card(browser, placed)
    for setting in ("REMPART_NET__RESOLVERS", "REMPART_NET__LOOK", "REMPART_REPORTING__HOSTING__DATABASES"):
        assert setting in text
    answer = browser.post(f"/cases/{placed}/places")
    assert answer.status_code == 303
    assert perform_due(desk) == 1
    text = card(browser, placed)
    assert "asked anew where it is hosted" in text
    assert "<dd>not known</dd>" in text


@pytest.mark.parametrize(("role", "status"), [("auditor", 403), ("senior", 303)])
def test_only_who_may_draft_asks_anew(app: FastAPI, desk: Desk, placed: int, role: Role, status: int) -> None:
    assert signed_in(app, desk, role).post(f"/cases/{placed}/places").status_code == status


def test_a_case_that_nobody_judged_illegal_has_no_places_to_ask_for(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        case = make_decided(writer, desk.fields, 1, outcome="not_illegal", code="not_illegal")
    browser = signed_in(app, desk)
    assert f"/cases/{case}/places" not in card(browser, case)
    assert browser.post(f"/cases/{case}/places").status_code == 409


def plan(desk: Desk, case: int, recipients: Mapping[str, Recipient]) -> None:
    """Nothing; who is told was worked out, with these recipients at hand: the place is an onion service."""
    reporting = Reporting(desk.fields, {}, "emulator", recipients=recipients)
    with desk.database.writing() as writer:
        [(place, _)] = places_of(writer, desk.fields, 1, case)
        found = [Place(place, Hosting("onion", "abc.onion"))]
        planning.plan(writer, reporting, Policy("FR", ("NL",)), 1, case, found, NOW, on_own_platform=False)


def test_who_has_to_be_told_by_hand_is_named_until_there_is_a_report(app: FastAPI, desk: Desk, placed: int) -> None:
    browser, title = signed_in(app, desk), "To be told by hand"
    for _ in range(2):
        plan(desk, placed, {})
        text = card(browser, placed)
        assert (title in text, text.count("it is an onion service.</li>")) == (True, 1)
    plan(desk, placed, RECIPIENTS)
    assert title not in card(browser, placed)


def test_a_report_that_cannot_be_drafted_is_named_with_what_is_missing(app: FastAPI, desk: Desk, placed: int) -> None:
    class Refusing(FakeRecipient):
        def build(self, *_: Any) -> Draft:
            raise UserMistake("nobody said who reports; set REMPART_REPORTING__DESK__NAME")

    plan(desk, placed, {"pharos": Refusing("pharos")})
    assert "REMPART_REPORTING__DESK__NAME" in card(signed_in(app, desk), placed)
