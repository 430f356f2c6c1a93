"""From a final decision to drafts and watches, and what the monitor does with them: real DNS servers on loopback."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from rempart.audit.queries import story
from rempart.cases.review import closing
from rempart.cases.review.queries import cases
from rempart.errors import Conflict, NotFound
from rempart.net.answers import Answer
from rempart.people.queries import organisations
from rempart.reporting import drafting, planning, queries, sending
from rempart.reporting.watching import queries as watches
from rempart.settings import HostingSettings, NetSettings, OwnSettings, ReportingSettings, Settings
from rempart.testing.desk import Hands, make_desk, make_notice, make_organisation
from rempart.testing.desk_reporting import make_decided, senior
from rempart.testing.emulators.hosts import Hosts, serving
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of
from rempart.worker import watching
from rempart.worker.performing import perform_due

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
OWNERS = """network,asn,organisation,country
192.0.2.0/24,64500,Far Hosting,NL
198.51.100.0/24,64501,Home Hosting,FR
203.0.113.0/24,64502,Other Hosting,DE
"""
URL = "https://dragon.example/purple"


@pytest.fixture
def hosts() -> Hosts:
    return Hosts({"dragon.example": ["192.0.2.7"], "castle.example": ["198.51.100.7"]})


@pytest.fixture
def desk(settings: Settings, database_url: str, hosts: Hosts, tmp_path: Path) -> Iterator[Desk]:
    owners = tmp_path / "owners.csv"
    owners.write_text(OWNERS)
    with serving(hosts) as resolvers:
        chosen = settings.model_copy(
            update={
                "net": NetSettings(resolvers=resolvers, timeout_seconds=0.3),
                "reporting": ReportingSettings(
                    environment="emulator",
                    desk=OwnSettings(name="Dragon Watch", country="FR", contact_email="ada@dragon.example"),
                    hosting=HostingSettings(databases=(owners,)),
                ),
            }
        )
        with make_desk(chosen, database_url) as made:
            yield made


def decided(desk: Desk, *urls: str, **columns: Any) -> int:
    """A case whose decision was carried out but for who is told; that is done now."""
    with desk.database.writing() as writer:
        if not organisations(writer):
            make_organisation(writer)
        case_id = make_decided(writer, desk.fields, 1, urls=urls or (URL,), **columns)
        planning.again(writer, 1, case_id, desk.clock(), key="test")
    assert perform_due(desk) == 1
    return case_id


def recipients(desk: Desk, case_id: int) -> list[str]:
    with desk.database.reading() as reader:
        return [row["recipient"] for row in queries.of_case(reader, 1, case_id)]


def verbs(desk: Desk, case_id: int) -> list[str]:
    with desk.database.reading() as reader:
        return [one.verb for one in story(reader, 1, "case", case_id)]


def state(desk: Desk, case_id: int) -> str:
    with desk.database.reading() as reader:
        [row] = watches.of_case(reader, 1, case_id)
    return str(row["state"])


def looking(desk: Desk, status: int) -> Desk:
    """The same desk, to which every server answers so when it is asked for headers."""
    return replace(desk, outbound=cast(Any, SimpleNamespace(head=lambda *_, **__: Answer(status, {}))))


def pass_time(desk: Desk, span: timedelta, turns: int = 1) -> None:
    """Nothing; so much time goes by, so often, with a round of the monitor each time."""
    clock = desk.clock
    assert isinstance(clock, Hands)
    for _ in range(turns):
        clock.now += span
        watching.look(desk)


def test_abroad_the_hotline_is_told_and_at_home_police(desk: Desk) -> None:
    assert recipients(desk, decided(desk)) == ["iccam"]
    at_home = decided(desk, "https://castle.example/a")
    assert "pharos" in recipients(desk, at_home)
    with desk.database.reading() as reader:
        [place] = cases.locations(reader, 1, at_home)
    assert (place["country"], place["asn"], place["resolved_by"]) == ("FR", 64501, "owners.csv")


def test_working_it_out_again_drafts_nothing_twice(desk: Desk) -> None:
    case_id = decided(desk)
    with desk.database.writing() as writer:
        planning.again(writer, 1, case_id, desk.clock(), key="again")
    perform_due(desk)
    assert recipients(desk, case_id) == ["iccam"]


def test_a_host_that_hangs_leaves_the_place_unknown_and_police_are_told(desk: Desk, hosts: Hosts) -> None:
    hosts.faults["dragon.example"] = "fails"
    assert recipients(desk, decided(desk)) == ["pharos"]


def test_when_police_come_first_the_others_wait(desk: Desk) -> None:
    case_id = decided(desk, police_first=True)
    assert recipients(desk, case_id) == ["pharos", "iccam"]
    with desk.database.writing() as writer:
        referral = queries.of_case(writer, 1, case_id)[1]["id"]
        with pytest.raises(Conflict, match="police come first"):
            drafting.approve(writer, reporting_of(desk), senior(1), referral, desk.clock())


def test_without_an_environment_nothing_is_drafted(settings: Settings, database_url: str) -> None:
    with make_desk(settings, database_url) as desk:
        assert recipients(desk, decided(desk)) == []


def test_without_an_environment_places_are_known_and_watched_all_the_same(desk: Desk) -> None:
    nowhere = desk.settings.reporting.model_copy(update={"environment": None})
    here = replace(desk, settings=desk.settings.model_copy(update={"reporting": nowhere}))
    case_id = decided(here)
    assert (recipients(here, case_id), state(here, case_id)) == ([], "scheduled")
    with desk.database.reading() as reader:
        assert cases.locations(reader, 1, case_id)[0]["country"] == "NL"


def test_what_came_from_the_own_platform_is_told_there_too(desk: Desk) -> None:
    with desk.database.writing() as writer:
        make_organisation(writer)
        case_id = make_decided(writer, desk.fields, 1, urls=(URL,))
        make_notice(writer, desk.fields, 1, case_id, channel="api")
        planning.again(writer, 1, case_id, desk.clock(), key="test")
    perform_due(desk)
    assert recipients(desk, case_id) == ["pharos", "statement", "iccam"]


def test_a_case_that_is_not_illegal_is_told_to_nobody(desk: Desk) -> None:
    assert recipients(desk, decided(desk, outcome="policy_violation", code="terms")) == []


def test_another_organisation_has_nothing_of_it(desk: Desk) -> None:
    case_id = decided(desk)
    with desk.database.writing() as writer:
        other = make_organisation(writer, "other")
        assert queries.of_case(writer, other, case_id) == []
        assert watches.of_case(writer, other, case_id) == []


def test_what_is_taken_away_is_down_after_three_misses_and_two_hours(desk: Desk, hosts: Hosts) -> None:
    case_id = decided(desk)
    del hosts.addresses["dragon.example"]
    pass_time(desk, timedelta(hours=2))
    pass_time(desk, timedelta(hours=2))
    assert state(desk, case_id) == "suspect_down"
    pass_time(desk, timedelta(hours=2))
    assert state(desk, case_id) == "down"
    assert verbs(desk, case_id)[-2:] == ["case.watch_suspect_down", "case.watch_down"]


def test_what_comes_back_opens_its_case_again(desk: Desk, hosts: Hosts) -> None:
    case_id = decided(desk)
    addresses = hosts.addresses.pop("dragon.example")
    pass_time(desk, timedelta(hours=2), 3)
    hosts.addresses["dragon.example"] = addresses
    pass_time(looking(desk, 200), timedelta(days=1))
    with desk.database.reading() as reader:
        row = cases.read(reader, 1, case_id)
    assert row is not None
    assert (state(desk, case_id), row["state"], row["outcome"]) == ("returned", "triaged", None)


def test_a_name_alone_says_nothing_while_nobody_may_look(desk: Desk) -> None:
    case_id = decided(desk)
    pass_time(desk, timedelta(hours=2), 5)
    assert state(desk, case_id) == "scheduled"


def test_a_page_that_is_gone_is_down_though_its_server_stays(desk: Desk) -> None:
    case_id = decided(desk)
    pass_time(looking(desk, 404), timedelta(hours=2), 3)
    assert state(desk, case_id) == "down"


def test_what_moves_is_routed_anew(desk: Desk, hosts: Hosts) -> None:
    case_id = decided(desk)
    pass_time(looking(desk, 200), timedelta(hours=2))
    hosts.addresses["dragon.example"] = ["198.51.100.9"]
    pass_time(looking(desk, 200), timedelta(hours=2))
    assert state(desk, case_id) == "moved"
    perform_due(desk)
    assert recipients(desk, case_id)[:2] == ["iccam", "pharos"]
    pass_time(looking(desk, 200), timedelta(hours=2))
    assert state(desk, case_id) == "up"


def test_what_moves_to_another_country_is_referred_to_the_hotline_there(desk: Desk, hosts: Hosts) -> None:
    case_id = decided(desk)
    reporting = reporting_of(desk)
    with desk.database.writing() as writer:
        [first] = (row["id"] for row in queries.of_case(writer, 1, case_id))
        drafting.answer(writer, reporting, senior(1), first, {"format": "json"}, desk.clock())
        drafting.approve(writer, reporting, senior(1), first, desk.clock())
        sending.hand_over(writer, reporting, senior(1), first, "R-1", desk.clock())
    pass_time(looking(desk, 200), timedelta(hours=2))
    hosts.addresses["dragon.example"] = ["203.0.113.9"]
    pass_time(looking(desk, 200), timedelta(hours=2))
    perform_due(desk)
    pass_time(looking(desk, 200), timedelta(hours=2), 2)
    assert perform_due(desk) == 0
    with desk.database.reading() as reader:
        second = queries.read(reader, 1, queries.of_case(reader, 1, case_id)[-1]["id"])
        assert second is not None
        draft = drafting.look(reader, reporting, 1, second["id"], desk.clock()).draft
    assert recipients(desk, case_id) == ["iccam", "iccam"]
    assert second["follows"] == first
    assert draft["contents"][0]["hosting"]["country"] == "DE"


def test_a_case_that_is_opened_again_is_not_watched_until_it_is_decided_again(desk: Desk) -> None:
    case_id = decided(desk)
    with desk.database.writing() as writer:
        closing.reopen(writer, senior(1), case_id, "mistake", desk.clock())
    pass_time(desk, timedelta(hours=2))
    assert verbs(desk, case_id)[-1] == "case.watch_stopped"
    with desk.database.writing() as writer:
        known = {"state": "decided", "outcome": "illegal_baseline", "decided_at": desk.clock()}
        cases.record(writer, senior(1), case_id, "case.decided", {}, desk.clock(), **known)
        planning.again(writer, 1, case_id, desk.clock(), key="anew")
    perform_due(desk)
    assert verbs(desk, case_id)[-1] == "case.watch_begun"
    pass_time(looking(desk, 200), timedelta(hours=2))
    assert state(desk, case_id) == "up"


def test_one_hostile_address_does_not_keep_the_others_from_being_looked_at(desk: Desk, hosts: Hosts) -> None:
    for url in ("https://-a-.example/", "https://127.1/", "https://x..example/", "https://[::1]/", "https://a b/"):
        decided(desk, url)
    case_id = decided(desk)
    del hosts.addresses["dragon.example"]
    pass_time(looking(desk, 200), timedelta(hours=2), 3)
    assert state(desk, case_id) == "down"


def test_a_person_asks_again_where_it_is_hosted(desk: Desk, hosts: Hosts) -> None:
    case_id = decided(desk)
    hosts.addresses["dragon.example"] = ["203.0.113.9"]
    with desk.database.writing() as writer:
        planning.resolve_again(writer, senior(1), case_id, desk.clock())
    perform_due(desk)
    with desk.database.reading() as reader:
        assert cases.locations(reader, 1, case_id)[0]["country"] == "DE"
        with pytest.raises(NotFound):
            planning.resolve_again(cast(Any, reader), senior(1), case_id + 99, desk.clock())


def test_a_server_that_hangs_is_no_miss(desk: Desk, hosts: Hosts) -> None:
    case_id = decided(desk)
    hosts.faults["dragon.example"] = "fails"
    pass_time(desk, timedelta(hours=2), 5)
    assert state(desk, case_id) == "scheduled"
