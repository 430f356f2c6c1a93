"""Who may bring an appeal, until when, and what is told to who tries."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.cases.appeals.conftest import CODE, NUMBER, WORDS, Court

from rempart.audit.queries import entries
from rempart.cases.review import flags
from rempart.cases.review.queries import cases
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.testing.desk import NOW, make_actor


def test_a_reporter_brings_one_with_the_number_and_code_of_the_notice(court: Court) -> None:
    case = court.decided("not-illegal")
    brought = court.bring()
    assert brought.number.startswith("A-")
    assert brought.due_at == court.room.now + timedelta(days=14)
    state = court.state(brought)
    assert (state.step, state.outcome, state.words) == ("received", None, "")
    assert court.verbs("appeal", brought.appeal) == ["appeal.opened"]
    assert court.verbs("case", case)[-1] == "case.appealed"


def test_a_user_brings_one_with_what_the_host_handed_over(court: Court) -> None:
    case = court.decided()
    brought = court.bring_as_user(case)
    with court.desk.database.reading() as reader:
        told = [entry for entry in entries(reader) if entry.verb == "appeal.opened"]
    assert told[0].data["by"] == "user"
    assert court.state(brought).step == "received"


def test_what_people_type_is_read_kindly(court: Court) -> None:
    court.decided()
    assert court.bring("n 0000 0000 ooo1", CODE.lower().replace("-", " ")).number


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (NUMBER, "AAAA-BBBB-CCCC-DDDE"),
        ("N-0000-0000-0002", CODE),
        ("U-0000-0000-0001", CODE),
        ("A-0000-0000-0001", CODE),
        ("", ""),
        ("N", "\0" * 200),
    ],
)
def test_a_wrong_number_and_a_wrong_code_are_told_alike(court: Court, number: str, code: str) -> None:
    court.decided()
    with pytest.raises(NotFound, match="with this number and this code"):
        court.bring(number, code)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_nothing_that_is_typed_breaks_it(court: Court, number: str, code: str, grounds: str) -> None:
    with pytest.raises((NotFound, UserMistake)):
        court.bring(number, code, grounds=grounds)


@pytest.mark.parametrize("grounds", ["", "  \n ", "x" * 5001, "a\0b"])
def test_grounds_are_needed_and_bounded(court: Court, grounds: str) -> None:
    court.decided()
    with pytest.raises(UserMistake):
        court.bring(grounds=grounds)


def _undecided(court: Court) -> None:
    court.case()


def _undoable(court: Court) -> None:
    case = court.case()
    court.room.claim(court.room.ada, case)
    court.room.decide(court.room.ada, case)


def _not_carried_out(court: Court) -> None:
    court.room.judge(court.room.ada, court.case())


@pytest.mark.parametrize("prepare", [_undecided, _undoable, _not_carried_out])
def test_before_a_decision_is_final_and_carried_out_there_is_nothing_to_contest(
    court: Court, prepare: Callable[[Court], None]
) -> None:
    prepare(court)
    with pytest.raises(Conflict, match="nothing was decided here yet"):
        court.bring()
    with pytest.raises(Conflict, match="nothing was decided here yet"):
        court.code(1)


def test_the_window_ends(court: Court) -> None:
    court.decided()
    court.room.now += timedelta(days=183)
    court.room.now -= timedelta(seconds=1)
    made = court.code(1)
    court.room.now += timedelta(seconds=1)
    with pytest.raises(Conflict, match="time for an appeal"):
        court.bring()
    assert court.bring(made.number, made.code).number  # the user was told only now


def test_a_reporter_who_was_told_later_has_as_long(court: Court) -> None:
    case = court.case()
    court.room.claim(court.room.ada, case)
    with court.desk.database.writing() as writer:
        flags.set_police_first(writer, court.room.ada, case, "possible_new_victim", court.room.now)
    court.room.decide(court.room.ada, case)
    court.room.wait(31)
    court.work()
    with pytest.raises(Conflict, match="nothing was decided here yet"):  # nobody told them
        court.bring()
    court.room.now += timedelta(days=100)
    with court.desk.database.writing() as writer:
        cases.answer_notices(writer, court.organisation, [case], "illegal_baseline", court.room.now)
    court.room.now += timedelta(days=182)
    assert court.bring().number


def test_there_is_one_open_appeal_for_each_side(court: Court) -> None:
    case = court.decided()
    first, second = court.bring(), court.bring_as_user(case)
    assert first.appeal != second.appeal
    with pytest.raises(Conflict, match="looked at again already"):
        court.bring()
    with pytest.raises(Conflict, match="looked at again already"):
        court.bring_as_user(case)


def test_a_side_that_had_its_answer_has_no_second_one_and_the_other_side_may(court: Court) -> None:
    case = court.decided()
    court.settle(court.bring_as_user(case), "overturned", "not-illegal")
    with pytest.raises(Conflict, match="body outside"):
        court.bring_as_user(case)
    court.settle(court.bring(), "overturned", "national", court.sue)
    for again in (court.bring, lambda: court.bring_as_user(case)):
        with pytest.raises(Conflict, match="body outside"):
            again()


def test_after_an_answer_that_upheld_the_decision_the_side_is_done(court: Court) -> None:
    court.decided()
    court.settle(court.bring(), "upheld")
    with pytest.raises(Conflict, match="body outside"):
        court.bring()


def test_the_same_form_sent_twice_is_one_appeal(court: Court) -> None:
    court.decided()
    assert court.bring(request_key="one") == court.bring(request_key="one")
    with pytest.raises(Conflict):
        court.bring(request_key="two")


def test_a_key_of_another_form_is_refused(court: Court) -> None:
    court.decided()
    other = court.decided(number="N-0000-0000-0002", seed=2)
    made = court.code(other)
    court.bring(request_key="one")
    with pytest.raises(Conflict, match="another number"):
        court.bring(made.number, made.code, request_key="one")


def test_a_code_is_made_again_for_the_same_request_only(court: Court) -> None:
    case = court.decided()
    assert court.code(case, request_key="r1") == court.code(case, request_key="r1")
    assert court.code(case).number != court.code(case).number
    other = court.decided(number="N-0000-0000-0002", seed=2)
    with pytest.raises(Conflict, match="another case"):
        court.code(other, request_key="r1")


def test_codes_and_secrets_stand_nowhere_in_the_open(court: Court) -> None:
    case = court.decided()
    made = court.code(case)
    brought = court.bring(made.number, made.code, grounds="a word that nobody else writes")
    with court.desk.database.reading() as reader:
        told = " ".join(repr(entry) for entry in entries(reader))
    for secret in (made.code, brought.code, "nobody else writes"):
        assert secret not in told + repr(made) + repr(brought)


def test_while_the_police_come_first_no_code_is_made_until_something_was_let_out(court: Court) -> None:
    case = court.case()
    court.room.claim(court.room.ada, case)
    with court.desk.database.writing() as writer:
        flags.set_police_first(writer, court.room.ada, case, "possible_new_victim", court.room.now)
    court.room.decide(court.room.ada, case)
    court.room.wait(31)
    court.work()
    with pytest.raises(Conflict, match="police come first"):
        court.code(case)
    from rempart.cases.review import acting

    with court.desk.database.writing() as writer:
        rows = acting.decisions.actions_of_case(writer, court.organisation, case)
        acting.approve(writer, court.eve, next(r["id"] for r in rows if r["kind"] == "remove_local"), court.room.now)
    assert court.code(case).number.startswith("U-")


def test_a_code_is_made_by_services_and_seniors_of_the_organisation_only(court: Court) -> None:
    from rempart.cases.appeals import codes

    case = court.decided()

    def make(actor: object) -> None:
        with court.desk.database.writing() as writer:
            codes.make_code(writer, court.desk.fields, actor, case, days=183, now=court.room.now)  # type: ignore[arg-type]

    for nobody in (court.room.ada, make_actor(court.organisation, "S-X", None, ("items",))):
        with pytest.raises(NotAllowed):
            make(nobody)
    with pytest.raises(NotFound):
        make(make_actor(99, "R-EVE", "senior"))
    make(court.eve)


def test_the_status_tells_a_wrong_code_as_a_wrong_number(court: Court) -> None:
    court.decided()
    brought = court.bring()
    from rempart.cases.appeals.following import appeal_state

    with court.desk.database.reading() as reader:
        for number, code in ((brought.number, CODE), ("A-0000-0000-0000", brought.code), ("", "")):
            with pytest.raises(NotFound, match="no appeal has this number and this code"):
                appeal_state(reader, court.desk.fields, number, code)


def test_the_status_tells_the_answer_and_nothing_else(court: Court) -> None:
    case = court.decided()
    brought = court.bring_as_user(case)
    court.claim(brought.appeal)
    assert court.state(brought).step == "being_reviewed"
    court.answer(brought.appeal, "overturned", "not-illegal")
    state = court.state(brought)
    assert (state.step, state.outcome, state.words, state.carried_out) == ("answered", "overturned", WORDS, False)
    court.work()
    assert court.state(brought).carried_out
    assert state.opened_at == NOW + timedelta(seconds=31)
