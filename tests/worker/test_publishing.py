"""Approved statements reach the (emulated) Transparency Database once each, whatever goes wrong on the way."""

import json
import random
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta

import pytest
from pydantic import SecretStr

from rempart.audit.queries import entries, story
from rempart.errors import Unavailable
from rempart.reporting import batching, drafting, queries, sending
from rempart.reporting.recipients.transparency_database import RECIPIENT
from rempart.settings import NetSettings, ReportingSettings, Settings, TransparencyDatabaseSettings
from rempart.storage.database import Writer
from rempart.testing.desk import NOW, Hands, make_desk, make_organisation
from rempart.testing.desk_reporting import make_decided, senior
from rempart.testing.emulators.transparency import FAULTS, TOKEN, Fault, TransparencyDatabase, transparency_database
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of
from rempart.worker import publishing
from rempart.worker.performing import perform_due

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
ANSWERS = {
    "visibility": "removed",
    "account": "none",
    "ground": "terms",
    "reference": "clause 4, no winged beasts",
    "explanation": "The picture shows a winged beast.",
    "facts": "A person of ours looked at it.",
    "category": "protection_of_minors",
    "applied_on": NOW.date().isoformat(),
    "duration": "indefinite",
    "territory": "EU",
    "content_date": NOW.date().isoformat(),
    "content_type": "image",
    "source": "own_initiative",
    "detected_by_program": "no",
}


@pytest.fixture
def database() -> Iterator[tuple[str, TransparencyDatabase]]:
    with transparency_database(TransparencyDatabase(Hands())) as running:
        yield running


def wired(settings: Settings, address: str, **own: object) -> Settings:
    chosen = {"token": SecretStr(TOKEN), "emulator_address": address, **own}
    host = address.removeprefix("http://").partition("/")[0]
    return settings.model_copy(
        update={
            "reporting": ReportingSettings(
                environment="emulator", transparency_database=TransparencyDatabaseSettings.model_validate(chosen)
            ),
            "net": NetSettings(allowed_hosts=(host,), timeout_seconds=5.0),
        }
    )


@pytest.fixture
def desk(settings: Settings, database_url: str, database: tuple[str, TransparencyDatabase]) -> Iterator[Desk]:
    with make_desk(wired(settings, database[0]), database_url, clock=database[1].clock) as made:
        with made.database.writing() as writer:
            make_organisation(writer)
        yield made


def approved(desk: Desk, count: int = 1) -> list[int]:
    """The reports of so many statements that were approved."""
    with desk.database.writing() as writer:
        return [_approved(desk, writer) for _ in range(count)]


def _approved(desk: Desk, writer: Writer) -> int:
    reporting = reporting_of(desk)
    case_id = make_decided(writer, desk.fields, 1, media=0, urls=())
    made = drafting.draft(writer, reporting, senior(1), case_id, RECIPIENT.name, NOW, answers=ANSWERS)
    assert drafting.approve(writer, reporting, senior(1), made, NOW)
    return made


def later(desk: Desk, minutes: float) -> None:
    assert isinstance(desk.clock, Hands)
    desk.clock.now += timedelta(minutes=minutes)


def states(desk: Desk, made: Sequence[int]) -> list[str]:
    return [str(read(desk, one)["state"]) for one in made]


def read(desk: Desk, made: int) -> queries.Row:
    with desk.database.reading() as reader:
        row = queries.read(reader, 1, made)
    assert row is not None
    return row


def puid(desk: Desk, made: int) -> str:
    return batching.read(desk.fields, read(desk, made)).puid


def spoil(desk: Desk, made: int, **fields: object) -> None:
    """Nothing; what was approved says something that the database refuses, as if its rules had changed."""
    with desk.database.writing() as writer:
        row = queries.read(writer, 1, made)
        assert row is not None
        record = json.loads(desk.fields.unseal_text("report-draft", row["draft_sealed"]))
        record["draft"]["statement"] |= fields
        queries.change(writer, 1, made, draft_sealed=desk.fields.seal_text("report-draft", json.dumps(record)))


def order(desk: Desk, made: int, what: str) -> None:
    with desk.database.writing() as writer:
        sending.order(writer, senior(1), made, what, desk.clock())
    perform_due(desk)


def test_what_was_approved_is_published_together_and_proven(
    desk: Desk, database: tuple[str, TransparencyDatabase]
) -> None:
    made = approved(desk, 3)
    publishing.gather(desk)
    assert states(desk, made) == ["finished"] * 3
    assert database[1].calls == ["statements"]
    assert set(database[1].statements) == {puid(desk, one) for one in made}
    with desk.database.reading() as reader:
        kinds = [row["kind"] for row, _ in sending.receipts_of(reader, desk.fields, 1, made[0])]
        content = {row["kind"]: json.loads(said) for row, said in sending.receipts_of(reader, desk.fields, 1, made[0])}
        [counted] = [one.data for one in story(reader, 1, "report", made[0]) if one.verb == "report.published"]
    assert kinds == ["submitted", "accepted"]
    assert content["submitted"]["puid"] == content["accepted"]["puid"] == puid(desk, made[0])
    assert read(desk, made[0])["external_id"] == content["accepted"]["uuid"]
    assert counted["category"] == "STATEMENT_CATEGORY_PROTECTION_OF_MINORS"
    assert "decision_facts" not in counted
    publishing.gather(desk)
    assert database[1].calls == ["statements"]


def test_a_draft_that_nobody_approved_stays_here(desk: Desk, database: tuple[str, TransparencyDatabase]) -> None:
    with desk.database.writing() as writer:
        case_id = make_decided(writer, desk.fields, 1, media=0, urls=())
        drafting.draft(writer, reporting_of(desk), senior(1), case_id, RECIPIENT.name, NOW, answers=ANSWERS)
    publishing.gather(desk)
    assert database[1].calls == []


def test_one_that_is_refused_does_not_keep_the_others_back(
    desk: Desk, database: tuple[str, TransparencyDatabase]
) -> None:
    made = approved(desk, 4)
    spoil(desk, made[2], category="STATEMENT_CATEGORY_DRAGONS")
    publishing.gather(desk)
    assert states(desk, made) == ["finished", "finished", "needs_people", "finished"]
    assert database[1].calls == ["statements"] * 2
    assert "category" in read(desk, made[2])["problem"]
    order(desk, made[2], "retract")
    assert states(desk, made)[2] == "withdrawn"


def test_where_the_database_names_nobody_the_batch_is_halved(
    desk: Desk, database: tuple[str, TransparencyDatabase]
) -> None:
    made = approved(desk, 4)
    database[1].will("statements", "bad-request", "bad-request")
    publishing.gather(desk)
    assert states(desk, made) == ["finished"] * 4
    assert len(database[1].statements) == 4


def test_after_a_lost_answer_the_number_is_asked_for_and_nothing_is_sent_twice(
    desk: Desk, database: tuple[str, TransparencyDatabase]
) -> None:
    made = approved(desk, 2)
    database[1].will("statements", "drop-after")
    publishing.gather(desk)
    assert states(desk, made) == ["sending"] * 2
    publishing.gather(desk)
    assert database[1].calls == ["statements"]
    later(desk, 5)
    publishing.gather(desk)
    assert states(desk, made) == ["finished"] * 2
    assert database[1].calls == ["statements", "existing-puid", "existing-puid"]
    assert len(database[1].sent) == 1


def test_what_never_arrived_is_sent_again_under_its_number(
    desk: Desk, database: tuple[str, TransparencyDatabase]
) -> None:
    made = approved(desk, 2)
    number = puid(desk, made[0])
    database[1].will("statements", "drop-before")
    publishing.gather(desk)
    later(desk, 5)
    publishing.gather(desk)
    assert states(desk, made) == ["finished"] * 2
    assert number in database[1].statements


def test_a_worker_that_dies_in_the_middle_of_a_request_asks_first(
    desk: Desk, database: tuple[str, TransparencyDatabase]
) -> None:
    made = approved(desk)
    with desk.database.writing() as writer:
        batching.begin(writer, desk.fields, [batching.read(desk.fields, read(desk, made[0]))], desk.clock())
    publishing.gather(desk)
    assert database[1].calls == []
    later(desk, 2)
    publishing.gather(desk)
    assert states(desk, made) == ["finished"]
    assert database[1].calls == ["existing-puid", "statements"]


def test_a_number_that_is_locked_waits_and_one_that_is_not_ours_needs_people(
    desk: Desk, database: tuple[str, TransparencyDatabase]
) -> None:
    [made] = approved(desk)
    database[1].locks[puid(desk, made)] = NOW + timedelta(seconds=30)
    publishing.gather(desk)
    assert states(desk, [made]) == ["sending"]
    database[1].statements[puid(desk, made)] = {"uuid": "somebody-else"}
    later(desk, 2)
    publishing.gather(desk)
    assert states(desk, [made]) == ["needs_people"]
    assert "never sent it" in read(desk, made)["problem"]
    foreign = puid(desk, made)
    order(desk, made, "begin_again")
    publishing.gather(desk)
    assert states(desk, [made]) == ["finished"]
    assert puid(desk, made) != foreign


def test_a_duplicate_is_success_only_when_we_sent_it(desk: Desk, database: tuple[str, TransparencyDatabase]) -> None:
    made = approved(desk, 2)
    database[1].will("statements", "drop-before")
    publishing.gather(desk)
    database[1].will("existing-puid", "http-500", "http-500")
    later(desk, 5)
    publishing.gather(desk)
    database[1].statements[puid(desk, made[0])] = {"uuid": "it came late"}
    later(desk, 30)
    publishing.gather(desk)
    assert states(desk, made) == ["finished"] * 2


@pytest.mark.parametrize(
    ("fault", "says"),
    [("unauthorised", "TOKEN"), ("forbidden", "TOKEN"), ("redirect", "leads elsewhere"), ("http-429", "")],
)
def test_what_the_operator_has_to_set_right_is_said_and_goes_on_by_itself(
    desk: Desk, database: tuple[str, TransparencyDatabase], fault: Fault, says: str
) -> None:
    made = approved(desk, 2)
    database[1].will("statements", fault)
    if says:
        with pytest.raises(Unavailable, match=says):
            publishing.gather(desk)
    else:
        publishing.gather(desk)
    assert states(desk, made) == ["sending"] * 2
    assert says in read(desk, made[0])["problem"]
    publishing.gather(desk)
    assert len(database[1].calls) == 1
    later(desk, 20)
    publishing.gather(desk)
    assert states(desk, made) == ["finished"] * 2
    assert read(desk, made[0])["problem"] == ""


@pytest.mark.parametrize(
    "own", [{"token": ""}, {"emulator_address": ""}, {"emulator_address": "https://dragon.example"}]
)
def test_without_its_settings_nothing_leaves_and_it_says_which(
    settings: Settings, database_url: str, database: tuple[str, TransparencyDatabase], own: dict[str, str]
) -> None:
    with make_desk(wired(settings, database[0], **own), database_url) as desk:
        with desk.database.writing() as writer:
            make_organisation(writer)
        made = approved(desk)
        with pytest.raises(Unavailable, match="REMPART_REPORTING__TRANSPARENCY_DATABASE__"):
            publishing.gather(desk)
        assert states(desk, made) == ["sending"]
    assert database[1].calls == []


def test_what_may_be_published_cannot_be_taken_back(desk: Desk, database: tuple[str, TransparencyDatabase]) -> None:
    [made] = approved(desk)
    database[1].will("statements", "drop-after")
    publishing.gather(desk)
    order(desk, made, "retract")
    assert states(desk, [made]) == ["needs_people"]
    order(desk, made, "go_on")
    publishing.gather(desk)
    assert states(desk, [made]) == ["finished"]


def test_more_than_a_batch_leaves_in_batches(
    desk: Desk, database: tuple[str, TransparencyDatabase], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batching, "MOST_PER_BATCH", 3)
    made = approved(desk, 5)
    publishing.gather(desk)
    assert set(states(desk, made)) == {"finished"}
    assert [len(one) for one in database[1].sent] == [3, 2]


def test_whatever_goes_wrong_each_is_published_once(desk: Desk, database: tuple[str, TransparencyDatabase]) -> None:
    dice = random.Random(7)
    made = approved(desk, 3)
    for _ in range(8):
        database[1].will("statements", dice.choice(FAULTS))
        database[1].will("existing-puid", dice.choice(FAULTS))
    for _ in range(25):
        with suppress(Unavailable):
            publishing.gather(desk)
        later(desk, 61)
        for one in made:
            if read(desk, one)["state"] == "needs_people":
                order(desk, one, "go_on")
    assert set(states(desk, made)) == {"finished"}
    assert len(database[1].statements) == 3
    with desk.database.reading() as reader:
        assert sum(one.verb == "report.published" for one in entries(reader)) == 3
