"""What is not needed any more goes, with a certificate; what has to be preserved stays."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from tests.cases.appeals.conftest import Court
from tests.cases.review.conftest import Room

from rempart.audit.checkpoints import make_checkpoint
from rempart.cases.orders import register
from rempart.cases.retention.keeping import Times, due_cases
from rempart.cases.retention.purging import holding, purge_case
from rempart.cases.review.queries import reveals
from rempart.errors import Broken, Conflict, NotFound
from rempart.facts.people import operator
from rempart.settings import Settings
from rempart.storage.database import Database
from rempart.testing.desk import make_desk, make_organisation
from rempart.testing.desk_orders import make_order
from rempart.vault import objects
from rempart.vault.certificates import Certificate
from rempart.wiring.desk import Desk, checkpoint_folder
from rempart.worker.effects import vault as duties


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


@pytest.fixture
def desk(settings: Settings, database_url: str, room: Room) -> Iterator[Desk]:
    with make_desk(settings, database_url, clock=lambda: room.now) as made:
        yield made


@pytest.fixture
def court(room: Room, desk: Desk) -> Court:
    return Court(room, desk)


def _purge(court: Court, case: int, organisation: int | None = None) -> list[Certificate]:
    desk, who = court.desk, operator(organisation or court.organisation)
    with desk.database.writing() as writer:
        return purge_case(writer, desk.vault, desk.fields, who, case, "asked for", court.room.now)


def _media(court: Court, case: int) -> dict[str, Any]:
    with court.desk.database.reading() as reader:
        (row,) = reveals.media_of(reader, court.organisation, [case])
    return dict(row)


def _files(court: Court) -> int:
    return len(objects.files(court.desk.vault.folder))


def test_purging_a_case_leaves_its_record_and_nothing_of_its_media(court: Court) -> None:
    case = court.decided("not-illegal")
    with court.desk.database.reading() as reader:
        held = holding(reader, operator(court.organisation), case, court.room.now)
    assert (held.media, held.originals, held.outcome) == (1, 1, "not_illegal")
    before = court.room.row(case)
    (made,) = _purge(court, case)
    row = _media(court, case)
    assert (row["vault_id"], row["preview_sealed"], row["fingerprints_sealed"], row["exact_key"]) == (None,) * 4
    assert court.desk.fields.unseal_text("name", row["name_sealed"]) == "purged"
    assert made.about == f"case {case}"
    assert {**court.room.row(case), "entry": 0} == {**before, "entry": 0}
    assert court.verbs("case", case)[-1] == "case.purged"
    court.work()
    assert _files(court) == 0
    with pytest.raises(Conflict, match="holds nothing"):
        _purge(court, case)


def test_what_is_to_be_preserved_is_not_purged(court: Court) -> None:
    case = court.decided()  # an illegal one: a duty to preserve runs for a year
    with pytest.raises(Conflict, match="is to be preserved until 2027-11-22"):
        _purge(court, case)
    court.room.now += timedelta(days=366)
    assert len(_purge(court, case)) == 1


def test_a_duty_without_an_end_keeps_it_until_it_is_released(court: Court) -> None:
    case = court.decided("not-illegal")
    with court.desk.database.writing() as writer:
        columns = "organisation, case_id, basis, starts_at"
        values = f"{court.organisation}, {case}, 'court order', '2026-11-22T09:00:00Z'"
        writer.run(text(f"INSERT INTO hold ({columns}) VALUES ({values})"))  # noqa: S608
    court.room.now += timedelta(days=4000)
    with pytest.raises(Conflict, match="until it is released"):
        _purge(court, case)
    duties.keep_no_longer(court.desk)
    assert _media(court, case)["vault_id"]
    with court.desk.database.writing() as writer:
        writer.run(text("UPDATE hold SET released_at = '2026-11-23T09:00:00Z'"))
    duties.keep_no_longer(court.desk)
    assert _media(court, case)["vault_id"] is None


def test_an_open_case_and_a_contested_one_are_not_purged(court: Court) -> None:
    case = court.case()
    with pytest.raises(Conflict, match="is open"):
        _purge(court, case)
    court.room.judge(court.room.ada, case, "not-illegal")
    court.work()
    brought = court.bring()
    with pytest.raises(Conflict, match=brought.number):
        _purge(court, case)
    court.settle(brought, "upheld")
    assert _purge(court, case)


def test_what_an_order_is_about_is_not_purged_before_it_is_carried_out(court: Court) -> None:
    case = court.decided("not-illegal")
    desk, sam, now = court.desk, court.room.sam, court.room.now
    with desk.database.writing() as writer:
        order = register.add(writer, desk.intake, sam, make_order(received_at=now), now).order
        writer.run(text("UPDATE notice_case SET case_id = :case").bindparams(case=case))
        register.authenticate(writer, desk.fields, sam, order.number, "call_back", "", now)
        register.challenge(writer, desk.fields, sam, order.number, "it names a dragon", now)
    with pytest.raises(Conflict, match="not carried out"):
        _purge(court, case)
    later = now + timedelta(days=400)
    with desk.database.writing() as writer:
        assert due_cases(writer, court.organisation, Times(30, 30, 184, 184), later) == []
        register.impossible(writer, desk.fields, sam, order.number, "not_found", "there is none", now)
        assert due_cases(writer, court.organisation, Times(30, 30, 184, 184), later) == [case]


def test_another_organisations_case_does_not_exist(court: Court) -> None:
    case = court.decided("not-illegal")
    with court.desk.database.writing() as writer:
        stranger = make_organisation(writer, "other")
    with pytest.raises(NotFound):
        _purge(court, case, stranger)


def test_media_of_a_case_found_not_illegal_go_after_their_time(court: Court) -> None:
    case = court.decided("not-illegal")
    other = court.decided("terms", number="N-0000-0000-0002", seed=2)
    contested = court.decided("not-illegal", number="N-0000-0000-0003", seed=3)
    court.bring("N-0000-0000-0003")
    court.room.now += timedelta(days=183)  # longer than the thirty days: who gave notice may appeal still
    duties.keep_no_longer(court.desk)
    assert _media(court, case)["vault_id"]
    court.room.now += timedelta(days=2)
    duties.keep_no_longer(court.desk)
    court.work()
    assert [bool(_media(court, one)["vault_id"]) for one in (case, other, contested)] == [False, True, True]
    assert court.verbs("case", case)[-1] == "case.purged"
    assert court.room.row(case)["outcome"] == "not_illegal"  # what is counted stays
    assert _files(court) == 2


def test_an_object_that_nothing_speaks_of_goes_after_a_day(court: Court) -> None:
    case = court.case()
    with court.desk.database.writing() as writer:
        lost = court.desk.vault.store(writer, operator(court.organisation), b"a purple dragon", court.room.now)
    court.room.now += timedelta(hours=23)
    duties.keep_no_longer(court.desk)
    assert _files(court) == 2
    court.room.now += timedelta(hours=2)
    duties.keep_no_longer(court.desk)
    court.work()
    assert _files(court) == 1
    assert _media(court, case)["vault_id"]
    assert court.verbs("vault", lost) == ["vault.stored", "vault.purged"]  # type: ignore[arg-type]


def test_more_than_one_round_is_worked_off(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rempart.cases.retention.keeping.BATCH", 2)
    made = [court.decided("not-illegal", number=f"N-0000-0000-000{n}", seed=n) for n in range(5)]
    court.room.now += timedelta(days=185)
    duties.keep_no_longer(court.desk)
    assert [_media(court, one)["vault_id"] for one in made] == [None] * 5


def test_nothing_is_swept_while_the_database_is_older_than_its_checkpoints(court: Court) -> None:
    court.case()
    folder = checkpoint_folder(court.desk.settings)
    assert make_checkpoint(court.desk.database, court.desk.keys, folder, court.room.now)
    duties.sweep_files(court.desk)
    with court.desk.database.writing() as writer:
        writer.run(text("UPDATE ledger_head SET seq = 1"))
    with pytest.raises(Broken, match="older than its checkpoints"):
        duties.sweep_files(court.desk)


def test_a_missing_file_is_told(court: Court) -> None:
    court.case()
    duties.tell_missing(court.desk)
    objects.files(court.desk.vault.folder)[0].unlink()
    with pytest.raises(Broken, match="1 objects"):
        duties.tell_missing(court.desk)


def test_every_table_that_speaks_of_the_vault_is_asked_before_an_object_is_purged() -> None:
    from rempart.migrations.schema import METADATA

    named = {table.name for table in METADATA.tables.values() if "vault_id" in table.c}
    assert {"media", "item", "bundle"} <= named
    for table in METADATA.tables.values():
        speaks = [one.name for one in table.columns if "vault" in one.name and table.name != "vault_object"]
        assert speaks in ([], ["vault_id"]), table.name
        assert not speaks or "organisation" in table.c
