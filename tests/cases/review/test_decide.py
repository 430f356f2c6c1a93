"""One card, one decision, one ledger entry; undone exactly; judged blindly by a second person."""

from contextlib import suppress
from random import Random
from typing import get_args

import pytest
from tests.cases.review.conftest import Room

from rempart.cases import tables
from rempart.cases.review import claim as claiming
from rempart.cases.review import closing, flags
from rempart.cases.review.following import shown_as
from rempart.cases.review.queries import cases, decisions
from rempart.cases.review.second_look import GRAVE, ILLEGAL, SecondReview
from rempart.errors import Conflict, NotAllowed, UserMistake
from rempart.facts.people import Actor
from rempart.storage import outbox
from rempart.testing.desk import make_case, make_cluster

WATCHED = ("state", "assignee", "lane", "claimed_at", "lease_until", "outcome", "decided_at", "final_at", "leads")


def _seen(room: Room, case: int) -> dict[str, object]:
    row = room.row(case)
    return {name: row[name] for name in (*WATCHED, "cluster")}


def test_a_decision_is_one_entry_and_one_effect_that_waits(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    made = room.decide(room.ada, case, "not-illegal", answers={"ai": "yes"}, reason="a purple dragon")
    assert room.verbs(case) == ["case.opened", "case.claimed", "case.decided"]
    entry = room.story(case)[-1]
    assert entry.data["answers"] == {"ai": "yes", "public": None, "identified_child": None}
    assert entry.data["viewed"] == "none"
    assert "dragon" not in str(entry.data)
    assert room.row(case)["outcome"] == "not_illegal"
    with room.database.reading() as reader:
        assert outbox.due(reader, room.now) == []
        assert len(outbox.due(reader, made.final_at)) == 1


def test_undo_restores_everything_and_nothing_leaves(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    before = _seen(room, case)
    made = room.decide(room.ada, case, "not-illegal")
    room.wait(29)
    assert room.undo(room.ada, made.decision) == case
    assert _seen(room, case) == before
    room.wait(100)
    with room.database.reading() as reader:
        assert outbox.due(reader, room.now) == []


def test_undo_is_too_late_when_the_time_is_over(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    made = room.decide(room.ada, case, "not-illegal")
    room.wait(30)
    with pytest.raises(Conflict, match="any more"):
        room.undo(room.ada, made.decision)


def test_undo_twice_and_undo_by_others_are_refused(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    made = room.decide(room.ada, case, "not-illegal")
    with pytest.raises(NotAllowed):
        room.undo(room.bob, made.decision)
    room.undo(room.ada, made.decision)
    with pytest.raises(Conflict):
        room.undo(room.ada, made.decision)


def test_who_does_not_hold_the_case_does_not_decide(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    with pytest.raises(Conflict, match="not yours"):
        room.decide(room.ada, case)


@pytest.mark.parametrize("wrong", [{"code": "guilty"}, {"answers": {"ai": "perhaps"}}, {"answers": {"age": "yes"}}])
def test_words_outside_the_vocabulary_are_refused(room: Room, wrong: dict[str, object]) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    with pytest.raises(UserMistake):
        room.decide(room.ada, case, **({"code": "baseline"} | wrong))  # type: ignore[arg-type]


def test_nobody_takes_a_case_while_its_decision_can_be_undone(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    room.decide(room.ada, case, "baseline")
    assert room.next(room.bob) is None
    with pytest.raises(Conflict, match="undone"):
        room.claim(room.bob, case)
    room.wait(30)
    assert room.next(room.bob) == case


def test_two_who_agree_confirm(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    assert room.judge(room.ada, case).state == "needs_second"
    assert room.row(case)["outcome"] is None
    with pytest.raises(NotAllowed, match="not judged it yet"):
        room.claim(room.ada, case)
    assert room.next(room.ada) is None
    assert room.judge(room.bob, case).state == "decided"
    assert room.row(case)["outcome"] == "illegal_baseline"


def test_two_who_differ_wait_for_a_senior_who_was_neither(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.judge(room.ada, case, "baseline")
    assert room.judge(room.sam, case, "national").state == "disputed"
    assert room.next(room.bob) is None
    with pytest.raises(NotAllowed, match="senior"):
        room.claim(room.bob, case)
    with pytest.raises(NotAllowed):
        room.claim(room.sam, case)
    sue = room.person("R-SUE", "supervisor")
    assert room.next(sue) == case
    assert room.decide(sue, case, "national").state == "decided"
    assert [entry.data["round"] for entry in room.story(case) if entry.verb == "case.decided"] == [
        "first",
        "second",
        "adjudication",
    ]


@pytest.mark.parametrize(
    ("setting", "code", "state"),
    [
        ("never", "baseline", "decided"),
        ("illegal", "baseline", "needs_second"),
        ("illegal", "terms", "decided"),
        ("always", "not-illegal", "needs_second"),
    ],
)
def test_which_decisions_need_a_second_person(room: Room, setting: str, code: str, state: str) -> None:
    room.second_review = setting  # type: ignore[assignment]
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    assert room.decide(room.ada, case, code).state == state


@pytest.mark.parametrize("tier", [0, 1])
@pytest.mark.parametrize("code", ["not-illegal", "not-assessable", "terms"])
def test_a_grave_case_does_not_end_unseen_on_one_persons_word(room: Room, tier: int, code: str) -> None:
    case = room.make(make_case, room.organisation, tier=tier)
    room.claim(room.ada, case)
    with pytest.raises(UserMistake, match="reason in words"):
        room.decide(room.ada, case, code, reason=" ")
    assert room.decide(room.ada, case, code, reason="a toy dragon").state == "needs_second"
    room.wait(31)
    room.claim(room.bob, case)
    with pytest.raises(UserMistake, match="reason in words"):
        room.decide(room.bob, case, code)
    assert room.decide(room.bob, case, code, reason="a toy dragon").state == "decided"


def test_a_grave_case_of_a_desk_that_asks_nobody_twice_ends_for_a_reason(room: Room) -> None:
    room.second_review = "never"
    case = room.make(make_case, room.organisation, tier=0)
    room.claim(room.ada, case)
    with pytest.raises(UserMistake, match="reason in words"):
        room.decide(room.ada, case, "not-illegal")
    assert room.decide(room.ada, case, "not-illegal", reason="a toy dragon").state == "decided"


def test_a_grave_member_is_as_grave_behind_a_leader_that_is_not(room: Room) -> None:
    leader, member = room.make(make_cluster, room.organisation, 2, tier=3)
    with room.database.writing() as writer:
        writer.run(tables.case.update().where(tables.case.c.id == member).values(tier=1))
    room.claim(room.ada, leader)
    with pytest.raises(UserMistake, match="reason in words"):
        room.decide(room.ada, leader, "not-illegal")
    assert room.decide(room.ada, leader, "not-illegal", reason="a toy dragon").state == "needs_second"
    assert room.row(member)["state"] == "needs_second"


@pytest.mark.parametrize("setting", get_args(SecondReview))
@pytest.mark.parametrize("seed", range(2))
def test_no_grave_case_is_dismissed_unseen_by_one_person(room: Room, setting: SecondReview, seed: int) -> None:
    """Whatever people do with their cases: the property of the whole desk, on random stories."""
    room.second_review, draw = setting, Random(seed)
    made = [room.make(make_case, room.organisation, tier=draw.randrange(4)) for _ in range(6)]
    made += room.make(make_cluster, room.organisation, 3, tier=draw.randrange(4))
    for _ in range(60):
        case, who = draw.choice(made), draw.choice([room.ada, room.bob, room.sam])
        gesture = draw.choice(["judge", "judge", "judge", "close", "reopen", "escalate"])
        with suppress(UserMistake, NotAllowed, Conflict):
            _do(room, draw, gesture, case, who)
        room.wait(31)
    dismissed = [one for one in made if room.row(one)["outcome"] not in (None, *ILLEGAL)]
    assert dismissed
    for case in made:
        row = room.row(case)
        if row["tier"] not in GRAVE or row["state"] not in ("decided", "closed") or row["outcome"] in ILLEGAL:
            continue
        with room.database.reading() as reader:
            said = decisions.of_case(reader, room.organisation, case)
        rounds = [one["round"] for one in said][[one["round"] for one in said].index("first") :] if said else []
        assert all(one["reason"] for one in said if one["outcome"] not in ILLEGAL)
        assert setting == "never" or len({one["reviewer"] for one in said}) > 1, rounds
        assert row["outcome"] is not None, "a grave case that nobody judged was closed"


def _do(room: Room, draw: Random, gesture: str, case: int, who: Actor) -> None:
    """One gesture of somebody on the case; refused as it may be."""
    if gesture == "judge":
        room.claim(who, case)
        code = draw.choice(["baseline", "not-illegal", "not-illegal", "terms"])
        made = room.decide(who, case, code, reason=draw.choice(["", "a toy dragon"]))
        if draw.random() < 0.1:
            room.undo(who, made.decision)
        return
    with room.database.writing() as writer:
        if gesture == "close":
            closing.close(writer, room.sam, case, draw.choice(closing.CLOSE_REASONS), room.now)
        elif gesture == "reopen":
            closing.reopen(writer, room.sam, case, "mistake", room.now)
        elif gesture == "escalate":
            flags.escalate(writer, who, case, "unsure", room.now)


def test_a_cluster_is_decided_once_with_exceptions(room: Room) -> None:
    leader, one, other = room.make(make_cluster, room.organisation, 3)
    room.claim(room.ada, leader)
    before = {case: _seen(room, case) for case in (leader, one, other)}
    made = room.decide(room.ada, leader, "not-illegal", excepted=[other])
    assert (made.members, made.excepted) == ((one,), (other,))
    assert room.row(one)["outcome"] == "not_illegal"
    assert room.row(other)["state"] == "triaged"
    assert room.row(other)["leads"]
    assert room.next(room.bob) == other
    with room.database.writing() as writer:
        claiming.release(writer, room.bob, other, room.now)
    room.undo(room.ada, made.decision)
    assert {case: _seen(room, case) for case in (leader, one, other)} == before


def test_an_excepted_member_that_went_on_is_left_alone_by_undo(room: Room) -> None:
    leader, _, other = room.make(make_cluster, room.organisation, 3)
    room.claim(room.ada, leader)
    made = room.decide(room.ada, leader, "not-illegal", excepted=[other])
    room.claim(room.bob, other)
    room.undo(room.ada, made.decision)
    assert room.row(other)["assignee"] == "R-BOB"
    assert room.row(leader)["state"] == "triaged"


def test_a_member_that_somebody_else_holds_is_not_decided(room: Room) -> None:
    leader, one = room.make(make_cluster, room.organisation, 2)
    room.claim(room.bob, one)
    room.claim(room.ada, leader)
    assert room.decide(room.ada, leader, "not-illegal").members == ()
    assert room.row(one)["state"] == "triaged"


def test_an_exception_that_is_no_member_is_refused(room: Room) -> None:
    leader, _ = room.make(make_cluster, room.organisation, 2)
    stranger = room.make(make_case, room.organisation)
    room.claim(room.ada, leader)
    with pytest.raises(UserMistake, match="member"):
        room.decide(room.ada, leader, "not-illegal", excepted=[stranger])


def test_the_second_person_judges_the_cluster_too(room: Room) -> None:
    leader, one = room.make(make_cluster, room.organisation, 2)
    room.judge(room.ada, leader)
    assert room.row(one)["state"] == "needs_second"
    assert room.judge(room.bob, leader).members == (one,)
    assert room.row(one)["outcome"] == "illegal_baseline"


def test_an_escalated_case_is_a_seniors(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    with room.database.writing() as writer:
        flags.escalate(writer, room.ada, case, "legal_question", room.now)
    assert room.next(room.bob) is None
    assert room.next(room.sam) == case
    assert room.decide(room.sam, case, "not-illegal").state == "decided"


def test_the_police_flag_stands_in_the_story_and_on_the_case(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    for reason, on in (("possible_new_victim", True), (None, False)):
        with room.database.writing() as writer:
            flags.set_police_first(writer, room.ada, case, reason, room.now)
        assert room.row(case)["police_first"] is on
    assert room.verbs(case)[-2:] == ["case.police_first"] * 2


def test_notes_are_sealed_and_stand_in_no_entry(room: Room, fields: object) -> None:
    case = room.make(make_case, room.organisation)
    with room.database.writing() as writer:
        flags.add_note(writer, fields, room.ada, case, "purple dragon, third time", room.now)  # type: ignore[arg-type]
        written = flags.notes(writer, fields, room.bob, case)  # type: ignore[arg-type]
    assert [note.text for note in written] == ["purple dragon, third time"]
    assert "dragon" not in str([entry.data for entry in room.story(case)])


def test_a_case_that_joined_after_the_card_was_shown_is_not_decided_with_it(room: Room) -> None:
    leader, one = room.make(make_cluster, room.organisation, 2)
    room.claim(room.ada, leader)
    shown = shown_as([one])
    late = room.make(make_case, room.organisation, cluster=room.row(leader)["cluster"], leads=False)
    made = room.decide(room.ada, leader, "terms", shown=shown)
    assert made.members == (one,)
    assert (room.row(late)["state"], room.row(late)["outcome"], room.row(late)["leads"]) == ("triaged", None, True)


def test_clusters_that_were_put_together_meanwhile_are_shown_anew(room: Room) -> None:
    older = room.make(make_case, room.organisation)
    leader, one = room.make(make_cluster, room.organisation, 2)
    room.claim(room.ada, leader)
    shown = shown_as([one])
    with room.database.writing() as writer:
        joined = {"cluster": room.row(leader)["cluster"], "leads": False}
        cases.record(writer, room.sam, older, "case.merged", {"with": leader}, room.now, **joined)
    with pytest.raises(Conflict, match="than were shown"):
        room.decide(room.ada, leader, "terms", shown=shown)
    assert room.decide(room.ada, leader, "terms", shown=shown_as([older, one])).members == (older, one)


@pytest.mark.parametrize("shown", ["x", "-", "-1-0", "1", "²-0", "9" * 100, "0-" + "0" * 16, "1-\0"])
def test_what_was_shown_is_not_made_up(room: Room, shown: str) -> None:
    leader, _ = room.make(make_cluster, room.organisation, 2)
    room.claim(room.ada, leader)
    with pytest.raises((UserMistake, Conflict)):
        room.decide(room.ada, leader, "terms", shown=shown)
    assert room.row(leader)["state"] == "triaged"


def test_a_case_alone_is_decided_as_it_was_shown(room: Room) -> None:
    case = room.make(make_case, room.organisation)
    room.claim(room.ada, case)
    assert room.decide(room.ada, case, "terms", shown=shown_as([])).state == "decided"
