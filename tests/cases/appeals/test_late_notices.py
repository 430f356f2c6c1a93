"""Who gives notice of what was judged already hears of it, too: a day later, and can contest it."""

from datetime import timedelta

import pytest
from tests.cases.appeals.conftest import Court

from rempart.cases.intake.following import notice_state
from rempart.cases.intake.notices import receive
from rempart.cases.intake.told import Received
from rempart.cases.review import closing, flags
from rempart.facts.people import public
from rempart.testing.desk_intake import make_told


def _notice(court: Court) -> Received:
    said = make_told("https://dragon.example/purple")
    with court.desk.database.writing() as writer:
        return receive(writer, court.desk.intake, public(court.organisation), said, court.room.now)


def _outcome(court: Court, got: Received) -> tuple[str, str | None]:
    with court.desk.database.reading() as reader:
        state = notice_state(reader, got.number, got.code)
    return state.step, state.outcome


@pytest.fixture
def first(court: Court) -> Received:
    got = _notice(court)
    court.room.judge(court.room.ada, got.case, "not-illegal")
    court.work()
    return got


def _later(court: Court) -> None:
    court.room.now += timedelta(days=1, seconds=1)
    court.work()


def test_a_late_notice_is_answered_after_a_day_and_not_at_once(court: Court, first: Received) -> None:
    late = _notice(court)
    assert (late.case, late.duplicate) == (first.case, True)
    court.work()
    assert _outcome(court, late) == ("received", None)
    _later(court)
    assert _outcome(court, late) == ("closed", "no_action")
    assert court.verbs("notice", late.notice)[-1] == "notice.outcome"
    assert court.bring(late.number, late.code).number


def test_its_window_begins_when_it_was_told_and_no_one_elses_moves(court: Court, first: Received) -> None:
    court.room.now += timedelta(days=20)
    late = _notice(court)
    _later(court)
    court.room.now += timedelta(days=170)
    with pytest.raises(Exception, match="time for an appeal"):
        court.bring(first.number, first.code)
    assert court.bring(late.number, late.code).number


def test_what_is_judged_again_meanwhile_is_answered_by_the_new_judgement(court: Court, first: Received) -> None:
    late = _notice(court)
    with court.desk.database.writing() as writer:
        closing.reopen(writer, court.eve, first.case, "mistake", court.room.now)
    _later(court)
    assert _outcome(court, late) == ("received", None)
    court.room.judge(court.room.bob, first.case, "terms")
    court.work()
    assert _outcome(court, late) == ("closed", "against_rules")


def test_while_the_police_come_first_it_hears_when_the_others_do(court: Court) -> None:
    got = _notice(court)
    court.room.claim(court.room.ada, got.case)
    with court.desk.database.writing() as writer:
        flags.set_police_first(writer, court.room.ada, got.case, "possible_new_victim", court.room.now)
    court.room.decide(court.room.ada, got.case)
    court.room.wait(31)
    court.work()
    late = _notice(court)
    _later(court)
    assert _outcome(court, late) == ("received", None)


def test_a_case_closed_without_a_judgement_closes_it(court: Court) -> None:
    got = _notice(court)
    with court.desk.database.writing() as writer:
        closing.close(writer, court.eve, got.case, "out_of_scope", court.room.now)
    late = _notice(court)
    _later(court)
    assert _outcome(court, late)[0] == "closed"
