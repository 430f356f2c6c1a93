"""Requests for erasure: looked at against every duty, answered with reasons, finished by themselves in time."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from tests.cases.appeals.conftest import NUMBER, Court
from tests.cases.review.conftest import Room

from rempart.audit.queries import story
from rempart.cases import holding
from rempart.cases.clocks import clocks
from rempart.cases.erasure import requests
from rempart.cases.erasure.requests import About
from rempart.cases.review.queries import reveals
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.people import operator
from rempart.migrations.schema import METADATA
from rempart.settings import Settings
from rempart.storage.database import Database
from rempart.testing.desk import make_actor, make_desk
from rempart.wiring.desk import Desk
from rempart.worker.effects import vault as duties

DAY = timedelta(days=1)


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


def received(court: Court, language: Any = "en") -> str:
    with court.desk.database.writing() as writer:
        who, now = operator(court.organisation), court.room.now
        return requests.receive(writer, court.desk.fields, who, "A dragon asks", language, now, now)


def answered(court: Court, number: str, *cases: int, notices: tuple[str, ...] = (), busy: Any = frozenset()) -> str:
    desk, who = court.desk, operator(court.organisation)
    with desk.database.writing() as writer:
        about = About(cases, notices, busy)
        return requests.answer(writer, desk.vault, desk.fields, who, number, about, appeal_days=184, now=court.room.now)


def kept(court: Court, case: int) -> bool:
    with court.desk.database.reading() as reader:
        (row,) = reveals.media_of(reader, court.organisation, [case])
    return row["vault_id"] is not None


def read(court: Court, number: str) -> requests.Request:
    with court.desk.database.reading() as reader:
        return requests.get(reader, court.desk.fields, court.organisation, number)


def test_its_month_runs_from_when_it_came_and_the_answer_ends_it(court: Court) -> None:
    number = received(court)
    with court.desk.database.reading() as reader:
        (clock,) = clocks.running(reader, court.organisation, court.room.now)
    assert (clock.law.id, clock.about) == ("eu.gdpr.12", f"erasure:{number}")
    assert clock.due_at.strftime("%Y-%m-%d") == "2026-12-22"
    answered(court, number)
    with court.desk.database.reading() as reader:
        assert clocks.running(reader, court.organisation, court.room.now) == []
        told = story(reader, court.organisation, "erasure", number)
    assert [one.verb for one in told] == ["erasure.received", "erasure.answered"]
    assert "dragon" not in str(told)
    with pytest.raises(Conflict, match="was answered"):
        answered(court, number)


def test_what_nothing_keeps_goes_with_a_certificate_and_the_answer_says_so(court: Court) -> None:
    case = court.decided("not-illegal")
    court.room.now += 185 * DAY  # nobody may appeal any more
    text = answered(court, received(court), case)
    assert f"Content under number {case}: it was erased today." in text
    assert not kept(court, case)
    assert court.verbs("case", case)[-1] == "case.purged"


def test_what_is_to_be_preserved_is_kept_told_with_its_law_and_goes_when_the_last_duty_ends(court: Court) -> None:
    case = court.decided()  # preserved for a year
    with court.desk.database.writing() as writer:
        ends = court.room.now + 500 * DAY
        holding.begin(writer, operator(court.organisation), case, "us.2258a.h", court.room.now, ends)
    number = received(court, "fr")
    court.room.now += 185 * DAY
    text = answered(court, number, case)
    assert "18 U.S.C. 2258A(h)" in text
    assert ends.strftime("jusqu’au %Y-%m-%d") in text
    assert read(court, number).waits
    court.room.now = ends - timedelta(seconds=1)
    duties.keep_no_longer(court.desk)
    assert kept(court, case)
    court.room.now = ends
    duties.keep_no_longer(court.desk)
    assert not kept(court, case)
    assert not read(court, number).waits
    assert court.verbs("erasure", number)[-1] == "erasure.finished"  # type: ignore[arg-type]


def test_an_open_window_for_appeals_a_report_on_its_way_and_an_open_case_keep_it(court: Court) -> None:
    decided, waiting = court.decided("not-illegal"), court.case(number="N-0000-0000-0002", seed=2)
    with court.desk.database.reading() as reader:
        about = About((decided, waiting), (), frozenset({decided}))
        first, second = requests.look(reader, court.organisation, about, 184, court.room.now)
    assert [one.code for one in first.reasons] == ["open", "window"]
    assert [one.code for one in second.reasons][:1] == ["open"]
    answered(court, received(court), decided, waiting)
    assert kept(court, decided)
    assert kept(court, waiting)


def test_of_what_the_police_come_first_in_nothing_is_told_and_nothing_erased(court: Court) -> None:
    case = court.decided("not-illegal")
    court.room.now += 185 * DAY
    table = METADATA.tables["case_file"]
    with court.desk.database.writing() as writer:
        writer.run(table.update().where(table.c.id == case).values(police_first=True))
    text = answered(court, received(court), case)
    assert text == answered(court, received(court))  # word for word as when nothing was found
    assert kept(court, case)


def test_a_reporter_may_have_their_words_gone_once_they_were_answered(court: Court) -> None:
    court.case()
    number = received(court)
    with court.desk.database.reading() as reader:
        (found,) = requests.look(reader, court.organisation, About((), (NUMBER,)), 184, court.room.now)
    assert [one.code for one in found.reasons] == ["open"]
    text = answered(court, number, notices=(NUMBER,))
    assert "it is being looked at" in text
    table = METADATA.tables["notice"]
    with court.desk.database.writing() as writer:
        writer.run(table.update().values(outcome="not_illegal", outcome_at=court.room.now))
    duties.keep_no_longer(court.desk)
    with court.desk.database.reading() as reader:
        row = reader.one(table.select().where(table.c.number == NUMBER))
    assert row is not None
    assert row["erased_at"] == court.room.now
    assert row["code_hash"] is None
    assert '"text": ""' in court.desk.fields.unseal_text("notice", row["content_sealed"])


def test_reporters_are_forgotten_after_their_time_and_not_before(court: Court) -> None:
    court.decided("not-illegal")
    table = METADATA.tables["notice"]

    def forgotten() -> bool:
        duties.keep_no_longer(court.desk)
        with court.desk.database.reading() as reader:
            return reader.one(table.select())["erased_at"] is not None  # type: ignore[index]

    court.room.now += 183 * DAY
    assert not forgotten()
    court.room.now += 2 * DAY
    assert forgotten()
    assert court.verbs("notice", NUMBER)[-1] == "notice.erased"  # type: ignore[arg-type]


def test_who_may_not_and_what_makes_no_sense(court: Court) -> None:
    number, now = received(court), court.room.now
    with court.desk.database.writing() as writer:
        fields = court.desk.fields
        reviewer = make_actor(court.organisation)
        with pytest.raises(NotAllowed):
            requests.receive(writer, fields, reviewer, "x", "en", now, now)
        for words, at in (("", now), ("x" * 5001, now), ("\0", now), ("x", now + DAY), ("x", now - 400 * DAY)):
            with pytest.raises(UserMistake):
                requests.receive(writer, fields, operator(court.organisation), words, "en", at, now)
        with pytest.raises(NotFound):
            requests.get(writer, fields, court.organisation + 1, number)
        with pytest.raises(NotFound):
            requests.look(writer, court.organisation, About((99,)), 184, now)
        with pytest.raises(UserMistake, match="at most"):
            requests.look(writer, court.organisation, About(tuple(range(101))), 184, now)
