"""From a case on the desk to a finished report at the (emulated) authority, through the real worker's hands."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from rempart.audit.queries import entries, story
from rempart.cases.review.queries import decisions
from rempart.migrations.schema import METADATA
from rempart.reporting import drafting, queries, sending
from rempart.reporting.cybertip.grammar import INCIDENT_TYPES
from rempart.settings import CybertipSettings, NetSettings, OwnSettings, ReportingSettings, Settings
from rempart.testing.desk import NOW, Hands, make_desk, make_organisation
from rempart.testing.desk_reporting import make_decided, senior
from rempart.testing.emulators.cybertip import PASSWORD, USER, CyberTipline, cybertipline
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of
from rempart.worker.performing import perform_due

pytestmark = pytest.mark.enable_socket
ANSWERS = {"incident_type": INCIDENT_TYPES[0]}


@pytest.fixture
def authority() -> Iterator[tuple[str, CyberTipline]]:
    """(address, the emulated authority), on loopback."""
    with cybertipline(CyberTipline(Hands())) as running:
        yield running


@pytest.fixture
def desk(settings: Settings, database_url: str, authority: tuple[str, CyberTipline]) -> Iterator[Desk]:
    """A desk that reports to the emulator."""
    address, _ = authority
    chosen = settings.model_copy(
        update={
            "reporting": ReportingSettings(
                environment="emulator",
                desk=OwnSettings(name="Dragon Desk", contact_email="desk@desk.example"),
                cybertip=CybertipSettings(username=USER, password=SecretStr(PASSWORD), emulator_address=address),
            ),
            "net": NetSettings(allowed_hosts=(address.removeprefix("http://").partition("/")[0],)),
        }
    )
    with make_desk(chosen, database_url) as made:
        yield made


def approved(desk: Desk, *, media: int = 2) -> tuple[int, int, int]:
    """(organisation, case, report) of a report that was approved."""
    with desk.database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_decided(writer, desk.fields, mine, vault=desk.vault, media=media, answers={"ai": "yes"})
        reporting = reporting_of(desk)
        made = drafting.draft(writer, reporting, senior(mine), case_id, "cybertip", NOW, answers=ANSWERS)
        drafting.approve(writer, reporting, senior(mine), made, NOW)
    return mine, case_id, made


def test_a_report_arrives_whole_and_is_proven(desk: Desk, authority: tuple[str, CyberTipline]) -> None:
    mine, _, made = approved(desk)
    assert perform_due(desk) == 1
    with desk.database.reading() as reader:
        row = queries.read(reader, mine, made)
        receipts = sending.receipts_of(reader, desk.fields, mine, made)
        verbs = [one.verb for one in story(reader, mine, "report", made)]
        holds = reader.rows(METADATA.tables["hold"].select())
        opened = [one.data["purpose"] for one in entries(reader) if one.verb == "vault.opened"]
    [report] = authority[1].finished()
    assert row is not None
    assert (row["state"], row["external_id"]) == ("finished", str(report.report_id))
    assert len(report.files) == 2
    assert all(b"<generativeAi>true</generativeAi>" in one.details for one in report.files.values())
    assert all(b"fileViewedByEsp" not in one.details for one in report.files.values())
    assert [one["kind"] for one, _ in receipts][-1] == "finish"
    assert all(one["request_id"] for one, _ in receipts)
    assert verbs[-1] == "report.finished"
    assert [(one["basis"], one["ends_at"]) for one in holds] == [("us.2258a.h", NOW.replace(year=NOW.year + 1))]
    assert opened == ["report: cybertip"] * 2


def test_a_report_that_waits_goes_on_by_itself(desk: Desk, authority: tuple[str, CyberTipline]) -> None:
    mine, _, made = approved(desk, media=0)
    authority[1].will("finish", "http-429")
    perform_due(desk)
    with desk.database.reading() as reader:
        row = queries.read(reader, mine, made)
        assert row is not None
        assert row["state"] == "sending"
    assert isinstance(desk.clock, Hands)
    desk.clock.now += timedelta(minutes=10)
    perform_due(desk)
    with desk.database.reading() as reader:
        row = queries.read(reader, mine, made)
    assert row is not None
    assert row["state"] == "finished"
    assert len(authority[1].finished()) == 1


def test_what_needs_people_says_what_to_do_and_goes_on_when_they_order_it(
    desk: Desk, authority: tuple[str, CyberTipline]
) -> None:
    mine, case_id, made = approved(desk, media=0)
    authority[1].will("submit", "unauthorised")
    perform_due(desk)
    with desk.database.writing() as writer:
        row = queries.read(writer, mine, made)
        assert row is not None
        assert row["state"] == "needs_people"
        assert "credentials" in row["problem"]
        sending.order(writer, senior(mine), made, "go_on", NOW)
    perform_due(desk)
    with desk.database.reading() as reader:
        row = queries.read(reader, mine, made)
        told = [one.data["state"] for one in story(reader, mine, "case", case_id) if one.verb == "case.reported"]
    assert row is not None
    assert row["state"] == "finished"
    assert told == ["needs_people", "finished"]


def test_a_report_is_the_action_that_it_carries_out(desk: Desk, authority: tuple[str, CyberTipline]) -> None:
    with desk.database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_decided(writer, desk.fields, mine, media=0)
        action = decisions.insert_action(
            writer,
            organisation=mine,
            case_id=case_id,
            kind="report_ncmec",
            target={},
            state="drafted",
            not_before=NOW,
            created_at=NOW,
            changed_at=NOW,
        )
        reporting = reporting_of(desk)
        made = drafting.draft(
            writer, reporting, senior(mine), case_id, "cybertip", NOW, action_id=action, answers=ANSWERS
        )
        drafting.approve(writer, reporting, senior(mine), made, NOW)
    perform_due(desk)
    with desk.database.writing() as writer:
        row = decisions.read_action(writer, mine, action)
    assert row is not None
    assert row["state"] == "fulfilled"


def test_a_report_to_a_host_that_nobody_allowed_stands_still_and_says_why(
    settings: Settings, database_url: str
) -> None:
    chosen = settings.model_copy(
        update={
            "reporting": ReportingSettings(
                environment="emulator", cybertip=CybertipSettings(emulator_address="http://127.0.0.1:9/ispws")
            )
        }
    )
    with make_desk(chosen, database_url) as desk:
        mine, _, made = approved(desk, media=0)
        perform_due(desk)
        with desk.database.reading() as reader:
            row = queries.read(reader, mine, made)
            assert row is not None
            assert row["state"] == "needs_people"
            assert "ALLOWED_HOSTS" in row["problem"]
