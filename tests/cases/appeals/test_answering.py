"""An appeal is answered by another person, with reasons; what was decided before is then really undone."""

from hashlib import sha256
from typing import Any

import pytest
from sqlalchemy import text
from tests.cases.appeals.conftest import WORDS, Court

from rempart.cases.appeals import external, working
from rempart.cases.appeals.external import Ended
from rempart.cases.intake.queries import notices
from rempart.cases.review import acting, own_list
from rempart.cases.review.queries import decisions
from rempart.cases.story import state_of
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts import Examination, Fingerprint, Matched
from rempart.facts.people import Actor
from rempart.screening import judge
from rempart.testing.desk import make_actor, make_cluster, make_media, make_organisation, picture_bytes


def _listed(court: Court, case_id: int, media_id: int = 1) -> bool:
    return own_list.holds(court.desk.lists, "desk", own_list.ref_of(case_id, media_id))


def _classification(court: Court, seed: int = 1) -> str | None:
    """What the list says of the picture, as a host is told at screening; None when it does not match."""
    print_ = Fingerprint("sha256", sha256(picture_bytes(seed)).digest())
    seen = Examination("image/png", 1, (print_,), frames=1)
    found = judge("item", seen, court.desk.lists.snapshot())
    return found.outcome.matches[0].classification if isinstance(found.outcome, Matched) else None


def _outcome_told(court: Court, case_id: int) -> str:
    with court.desk.database.reading() as reader:
        return str(notices.notices_of_case(reader, court.organisation, case_id)[0]["outcome"])


def test_it_is_taken_by_a_senior_who_decided_nothing_in_the_case(court: Court) -> None:
    case = court.decided()
    brought = court.bring()
    with pytest.raises(NotAllowed, match="seniors and supervisors"):
        court.claim(brought.appeal, court.room.bob)
    with court.desk.database.writing() as writer:
        writer.run(text("UPDATE decision SET reviewer = 'R-EVE'"))
    with pytest.raises(NotAllowed, match="you decided in case"):
        court.claim(brought.appeal)
    court.claim(brought.appeal, court.sue)
    with pytest.raises(Conflict, match="R-SUE"):
        court.claim(brought.appeal, court.room.sam)
    assert case


def test_who_answered_one_appeal_does_not_answer_the_next(court: Court) -> None:
    case = court.decided()
    court.settle(court.bring_as_user(case), "upheld")
    brought = court.bring()
    with pytest.raises(NotAllowed):
        court.claim(brought.appeal)
    court.claim(brought.appeal, court.sue)


def test_it_can_be_given_back_and_a_supervisor_frees_it(court: Court) -> None:
    court.decided()
    brought = court.bring()
    court.claim(brought.appeal)
    with court.desk.database.writing() as writer:
        with pytest.raises(NotAllowed):
            working.release(writer, court.room.sam, brought.appeal, court.room.now)
        working.release(writer, court.sue, brought.appeal, court.room.now)
        with pytest.raises(Conflict):
            working.release(writer, court.sue, brought.appeal, court.room.now)
    court.claim(brought.appeal, court.sue)
    assert court.verbs("appeal", brought.appeal) == [
        "appeal.opened",
        "appeal.assigned",
        "appeal.released",
        "appeal.assigned",
    ]


@pytest.mark.parametrize(
    ("outcome", "code", "words"),
    [
        ("maybe", "", WORDS),
        ("upheld", "not-illegal", WORDS),
        ("overturned", "", WORDS),
        ("overturned", "baseline", WORDS),
        ("overturned", "nonsense", WORDS),
        ("partly", "", WORDS),
        ("upheld", "", "too short"),
        ("upheld", "", "x" * 5001),
    ],
)
def test_an_answer_that_contradicts_itself_is_not_taken(court: Court, outcome: str, code: str, words: str) -> None:
    court.decided()
    brought = court.bring()
    court.claim(brought.appeal)
    with pytest.raises(UserMistake):
        court.answer(brought.appeal, outcome, code, words=words)
    assert court.state(brought).step == "being_reviewed"


def test_only_who_holds_it_answers_it_and_once(court: Court) -> None:
    court.decided()
    brought = court.bring()
    with pytest.raises(Conflict, match="claim it first"):
        court.answer(brought.appeal, "upheld")
    court.claim(brought.appeal)
    with pytest.raises(Conflict, match="claim it first"):
        court.answer(brought.appeal, "upheld", actor=court.sue)
    court.answer(brought.appeal, "upheld")
    with pytest.raises(Conflict, match="claim it first"):
        court.answer(brought.appeal, "upheld")
    with pytest.raises(Conflict, match="answered"):
        court.claim(brought.appeal)


def test_a_decision_that_is_upheld_stands_as_it_was(court: Court) -> None:
    case = court.decided()
    before, actions = court.room.row(case), court.actions(case)
    brought = court.bring_as_user(case)
    court.settle(brought, "upheld")
    after = court.room.row(case)
    assert (after["outcome"], after["decided_at"]) == (before["outcome"], before["decided_at"])
    assert court.actions(case) == actions
    assert court.state(brought).outcome == "upheld"
    assert court.state(brought).carried_out
    assert court.verbs("case", case)[-1] == "case.upheld"


def test_an_overturned_decision_is_undone_whole(court: Court) -> None:
    case = court.decided()
    court.done(case, "remove_local")
    assert _classification(court) == "baseline"
    brought = court.bring_as_user(case)
    court.settle(brought, "overturned", "not-illegal")
    assert _classification(court) is None
    row = court.room.row(case)
    assert (row["state"], row["outcome"], row["decided_at"], row["final_at"]) == (
        "decided",
        "not_illegal",
        court.room.now,
        court.room.now,
    )
    assert sorted(court.actions(case)) == [
        ("add_to_list", "fulfilled"),
        ("notify_reporter", "fulfilled"),
        ("notify_reporter", "fulfilled"),
        ("preserve", "fulfilled"),
        ("remove_local", "fulfilled"),
        ("report_police", "withdrawn"),
        ("restore_local", "queued"),
        ("statement_of_reasons", "withdrawn"),
        ("withdraw_from_list", "fulfilled"),
    ]
    assert not _listed(court, case)
    assert _outcome_told(court, case) == "not_illegal"
    with court.desk.database.reading() as reader:
        holds = reader.rows(text("SELECT released_at FROM hold"))
    assert [one["released_at"] for one in holds] == [None]  # what has to be preserved is preserved
    assert court.verbs("appeal", brought.appeal) == [
        "appeal.opened",
        "appeal.assigned",
        "appeal.decided",
        "appeal.remedied",
    ]
    assert state_of(court.room.story(case)).outcome == "not_illegal"


def test_open_actions_stop_in_the_moment_of_the_answer_not_when_the_worker_comes(court: Court) -> None:
    case = court.decided()
    brought = court.bring_as_user(case)
    court.claim(brought.appeal)
    court.answer(brought.appeal, "overturned", "not-illegal")
    assert ("remove_local", "withdrawn") in court.actions(case)
    with court.desk.database.reading() as reader:
        assert acting.for_hosts(reader, court.organisation, "queued", 0) == []


def test_an_appeal_that_succeeds_in_part_gives_back_and_restricts_in_this_order(court: Court) -> None:
    case = court.decided()
    court.done(case, "remove_local")
    court.settle(court.bring_as_user(case), "partly", "terms")
    fresh = [kind for kind, state in court.actions(case) if state == "queued"]
    assert fresh == ["restore_local", "restrict_local"]
    assert not _listed(court, case)


def test_a_reporter_who_is_right_has_the_content_removed_and_listed(court: Court) -> None:
    case = court.decided("not-illegal")
    court.settle(court.bring(), "overturned", "baseline")
    assert ("remove_local", "queued") in court.actions(case)
    assert ("preserve", "fulfilled") in court.actions(case)
    assert _listed(court, case)
    assert _outcome_told(court, case) == "illegal_baseline"


def test_another_illegal_code_corrects_the_entry_and_repeats_nothing(court: Court) -> None:
    case = court.decided()
    court.done(case, "remove_local")
    court.settle(court.bring_as_user(case), "partly", "national")
    kinds = [kind for kind, _ in court.actions(case)]
    assert kinds.count("remove_local") == 1
    assert kinds.count("restore_local") == 0
    assert _listed(court, case)
    assert court.desk.lists.show("desk").facts.entries == 1
    assert _classification(court) == "national"


def test_who_was_told_outside_is_to_be_told_again(court: Court) -> None:
    case = court.decided()
    with court.desk.database.writing() as writer:
        writer.run(text("UPDATE action SET state = 'fulfilled' WHERE kind = 'report_police'"))
    court.settle(court.bring_as_user(case), "overturned", "not-illegal")
    assert ("correct_report", "drafted") in court.actions(case)
    with court.desk.database.reading() as reader:
        rows = decisions.actions_of_case(reader, court.organisation, case)
    told = next(row["id"] for row in rows if row["kind"] == "report_police")
    assert next(row["target"]["corrects"] for row in rows if row["kind"] == "correct_report") == [told]


def test_what_is_still_being_carried_out_is_waited_for(court: Court) -> None:
    case = court.decided()
    brought = court.bring_as_user(case)
    court.claim(brought.appeal)
    with court.desk.database.writing() as writer:
        writer.run(text("UPDATE action SET state = 'queued' WHERE kind = 'add_to_list'"))
    with pytest.raises(Conflict, match="still being carried out"):
        court.answer(brought.appeal, "overturned", "not-illegal")


def _cluster(court: Court) -> list[int]:
    """Three cases of one content, decided at once."""
    ids: list[int] = court.room.make(make_cluster, court.organisation, 3)
    for one in ids:
        court.room.make(make_media, court.desk.fields, court.organisation, one)
    court.room.judge(court.room.ada, ids[0])
    court.work()
    return ids


@pytest.mark.parametrize("appealed", [0, 1])
def test_cases_that_stand_by_the_same_decision_follow_but_for_exceptions(court: Court, appealed: int) -> None:
    ids = _cluster(court)
    rest = [one for one in ids if one != ids[appealed]]
    brought = court.bring_as_user(ids[appealed])
    with court.desk.database.reading() as reader:
        shown = working.opened(reader, court.desk.fields, court.eve, brought.appeal)
    assert set(shown.members) == set(rest)
    court.settle(brought, "overturned", "not-illegal", excepted=[rest[1]])
    assert [court.room.row(one)["outcome"] for one in (ids[appealed], *rest)] == [
        "not_illegal",
        "not_illegal",
        "illegal_baseline",
    ]
    for one in ids:
        row, told = court.room.row(one), state_of(court.room.story(one))
        assert (told.state, told.outcome, told.decided_at, told.final_at) == (
            row["state"],
            row["outcome"],
            row["decided_at"],
            row["final_at"],
        )


def test_an_exception_that_is_none_is_refused(court: Court) -> None:
    case = court.decided()
    brought = court.bring_as_user(case)
    court.claim(brought.appeal)
    with pytest.raises(UserMistake, match="exception"):
        court.answer(brought.appeal, "overturned", "not-illegal", excepted=[case])


def test_another_case_of_the_same_content_is_shown_and_told_that_its_entry_went(court: Court) -> None:
    case = court.decided()
    other = court.decided(number="N-0000-0000-0002")
    brought = court.bring_as_user(case)
    with court.desk.database.reading() as reader:
        shown = working.opened(reader, court.desk.fields, court.eve, brought.appeal)
    assert shown.same_content == (other,)
    court.settle(brought, "overturned", "not-illegal")
    assert not _listed(court, other, 2)
    assert court.verbs("case", other)[-1] == "case.unlisted"


def test_what_another_organisation_confirmed_still_matches(court: Court) -> None:
    case = court.decided()
    with court.desk.database.writing() as writer:
        stranger = make_organisation(writer, "other")
    room, mine = court.room, court.room.organisation
    room.organisation = stranger
    theirs = court.case(number="N-0000-0000-0009")
    room.judge(Actor(stranger, "R-ANNA", "reviewer"), theirs)
    court.work()
    room.organisation = mine
    assert _listed(court, theirs, 2)
    court.settle(court.bring_as_user(case), "overturned", "not-illegal")
    assert not _listed(court, case)
    assert _listed(court, theirs, 2)
    assert "case.unlisted" not in court.verbs("case", theirs)


def test_a_worker_that_dies_in_between_undoes_nothing_twice(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    from rempart.storage import outbox
    from rempart.worker.effects import appeals

    case = court.decided()
    court.done(case, "remove_local")
    brought = court.bring_as_user(case)
    court.claim(brought.appeal)
    court.answer(brought.appeal, "overturned", "not-illegal")
    with court.desk.database.writing() as writer:
        begun = [outbox.relay(writer, one, court.room.now) for one in outbox.due(writer, court.room.now)]
    (effect,) = [one for one in begun if one is not None and one.kind == "appeal.remedy"]

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    for where in ((own_list, "withdraw"), (acting, "finish"), (outbox, "finish")):
        monkeypatch.setattr(*where, die)
        with pytest.raises(KeyboardInterrupt):
            appeals.remedy(court.desk, effect)
        monkeypatch.undo()
    appeals.remedy(court.desk, effect)
    kinds = [kind for kind, _ in court.actions(case)]
    assert kinds.count("restore_local") == kinds.count("withdraw_from_list") == 1
    assert court.verbs("appeal", brought.appeal).count("appeal.remedied") == 1
    assert not _listed(court, case)


def test_who_works_on_an_appeal_may_look_and_the_reveal_says_why(court: Court) -> None:
    from rempart.audit.queries import story
    from rempart.cases.review import reveal

    case = court.decided()
    brought = court.bring()

    def look(actor: Actor) -> None:
        with court.desk.database.writing() as writer:
            shown = reveal.preview(writer, actor, case, 1, court.room.now, "appeal")
            reveal.preview_bytes(writer, court.desk.fields, actor, shown, court.room.now)
            reveal.ask(writer, actor, case, 1, "appeal", court.room.now)

    with pytest.raises(NotAllowed, match="no appeal about case"):
        look(court.eve)
    court.claim(brought.appeal)
    look(court.eve)
    with pytest.raises(NotAllowed):
        look(court.sue)
    with pytest.raises(NotAllowed):
        look(court.room.bob)
    with court.desk.database.writing() as writer, pytest.raises(UserMistake):
        reveal.preview(writer, court.eve, case, 1, court.room.now, "classify")
    court.answer(brought.appeal, "overturned", "not-illegal")
    with court.desk.database.reading() as reader:
        entries = story(reader, court.organisation, "case", case)
    assert [one.data["purpose"] for one in entries if one.verb == "media.revealed"] == ["appeal", "appeal"]
    assert next(one.data["viewed"] for one in entries if one.verb == "case.judged_anew") == "preview"
    with pytest.raises(NotAllowed):
        look(court.eve)


def test_an_appeal_of_another_organisation_does_not_exist(court: Court) -> None:
    court.decided()
    brought = court.bring()
    with court.desk.database.writing() as writer:
        stranger = make_actor(make_organisation(writer, "other"), "R-EVA", "senior")
    with pytest.raises(NotFound):
        court.claim(brought.appeal, stranger)
    with court.desk.database.reading() as reader, pytest.raises(NotFound):
        working.opened(reader, court.desk.fields, stranger, brought.appeal)


def test_a_second_appeal_is_not_answered_before_the_first_answer_was_carried_out(court: Court) -> None:
    case = court.decided()
    first, second = court.bring_as_user(case), court.bring()
    court.claim(first.appeal)
    court.answer(first.appeal, "overturned", "not-illegal")
    court.claim(second.appeal, court.sue)
    with pytest.raises(Conflict, match="being carried out"):
        court.answer(second.appeal, "overturned", "baseline", court.sue)
    court.work()
    assert court.answer(second.appeal, "overturned", "baseline", court.sue) is not None


def _begin(court: Court, appeal: int, body: str = "Dragon Board") -> int:
    with court.desk.database.writing() as writer:
        return external.begin(writer, court.eve, appeal, body, "DB 7/26", court.room.now)


def _end(court: Court, step: int, said: Ended, appeal: int = 1, by: Actor | None = None) -> int | None:
    with court.desk.database.writing() as writer:
        fields, taxonomy = court.desk.fields, court.room.taxonomy
        who = by or court.sue
        return external.end(writer, fields, who, appeal, step, said, taxonomy=taxonomy, now=court.room.now)


def test_a_body_outside_is_recorded_and_told_to_the_appellant(court: Court) -> None:
    court.decided()
    brought = court.bring()
    with pytest.raises(Conflict, match="no answer yet"):
        _begin(court, brought.appeal)
    court.settle(brought, "upheld")
    with pytest.raises(UserMistake):
        _begin(court, brought.appeal, " ")
    step = _begin(court, brought.appeal)
    with pytest.raises(Conflict, match="already"):
        _begin(court, brought.appeal)
    (outside,) = court.state(brought).outside
    assert (outside.body, outside.reference, outside.outcome) == ("Dragon Board", "DB 7/26", None)
    with pytest.raises(UserMistake):
        _end(court, step, Ended("confirmed", WORDS, "not-illegal"))
    with pytest.raises(NotFound):
        _end(court, step, Ended("confirmed", WORDS), appeal=99)
    with pytest.raises(NotFound):
        _end(court, step + 1, Ended("confirmed", WORDS))
    assert _end(court, step, Ended("confirmed", WORDS)) is None
    with pytest.raises(Conflict, match="ended already"):
        _end(court, step, Ended("confirmed", WORDS))
    (outside,) = court.state(brought).outside
    assert (outside.outcome, outside.words) == ("confirmed", WORDS)


def test_when_the_desk_follows_a_body_outside_the_case_is_judged_anew(court: Court) -> None:
    case = court.decided()
    court.done(case, "remove_local")
    brought = court.bring_as_user(case)
    court.settle(brought, "upheld")
    step = _begin(court, brought.appeal)
    with pytest.raises(NotAllowed, match="you decided in case"):
        _end(court, step, Ended("changed", WORDS, "not-illegal"), by=court.eve)
    with pytest.raises(UserMistake, match="has already"):
        _end(court, step, Ended("changed", WORDS, "baseline"))
    made = _end(court, step, Ended("changed", WORDS, "not-illegal"))
    assert made is not None
    court.work()
    assert court.room.row(case)["outcome"] == "not_illegal"
    assert ("restore_local", "queued") in court.actions(case)
    assert court.verbs("appeal", brought.appeal)[-2:] == ["appeal.external_ended", "appeal.remedied"]
