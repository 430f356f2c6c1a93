"""What follows from a final decision happens once, whenever the worker dies, and hosts can fetch it."""

from dataclasses import replace
from typing import Any

import pytest
from tests.cases.review.conftest import Room

from rempart.cases import tables
from rempart.cases.intake.queries import notices
from rempart.cases.review import acting, closing, consequences, flags, own_list
from rempart.cases.review.consequences import About, Planned, follows
from rempart.cases.review.queries import cases
from rempart.errors import Conflict, NotAllowed, NotFound, UserMistake
from rempart.facts.case import OUTCOMES
from rempart.storage import outbox
from rempart.storage.database import Writer
from rempart.storage.outbox import Effect
from rempart.testing.desk import NOW, make_actor, make_case, make_cluster, make_media, make_notice, make_organisation
from rempart.wiring.desk import Desk
from rempart.worker.effects import review

ALL = About(media=True, notices=True, listed=False, police_first=False)


def relayed(room: Room) -> list[Effect]:
    """The effects that are due, as the worker takes them."""
    with room.database.writing() as writer:
        found = [outbox.relay(writer, one, room.now) for one in outbox.due(writer, room.now)]
    return [one for one in found if one is not None and one.kind == "decision.final"]


def actions(room: Room, case: int) -> dict[str, str]:
    with room.database.reading() as reader:
        return {row["kind"]: row["state"] for row in acting.decisions.actions_of_case(reader, room.organisation, case)}


@pytest.fixture
def case(room: Room, desk: Desk) -> int:
    room.second_review = "never"
    made: int = room.make(make_case, room.organisation)
    room.make(make_media, desk.fields, room.organisation, made)
    room.make(make_notice, desk.fields, room.organisation, made)
    return made


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_consequences_and_only_drafts_what_speaks_to_others(outcome: Any) -> None:
    planned = follows(outcome, ALL, consequences.table().rows)
    assert planned
    assert all(one.state == "drafted" for one in planned if one.kind in ("report_police", "statement_of_reasons"))


def test_nothing_is_done_to_what_is_not_there() -> None:
    planned = follows("illegal_baseline", replace(ALL, media=False, notices=False), consequences.table().rows)
    assert not {"add_to_list", "preserve", "notify_reporter"} & {one.kind for one in planned}


@pytest.mark.parametrize("verdict", [None, "allow", "review", "block", "unscreened"])
def test_content_is_given_back_only_where_a_host_holds_it(
    room: Room, desk: Desk, case: int, verdict: str | None
) -> None:
    if verdict is not None:
        room.make(_item, room.organisation, case, verdict)
    room.judge(room.ada, case, "not-illegal")
    review.finish(desk, relayed(room)[0])
    held = {"restore_local": "queued"} if verdict not in (None, "allow") else {}
    assert actions(room, case) == {"notify_reporter": "fulfilled"} | held


def test_what_was_given_back_is_not_given_back_again(room: Room, desk: Desk, case: int) -> None:
    room.make(_item, room.organisation, case, "block")
    room.judge(room.ada, case, "not-illegal")
    review.finish(desk, relayed(room)[0])
    host = make_actor(room.organisation, "S-HOST", None, ("actions",))
    with room.database.writing() as writer:
        (action,) = acting.for_hosts(writer, room.organisation, "queued", 0)
        acting.report_back(writer, host, action["id"], "fulfilled", "", room.now)
        closing.reopen(writer, room.sam, case, "mistake", room.now)
    room.judge(room.ada, case, "not-illegal")
    review.finish(desk, relayed(room)[0])
    with room.database.reading() as reader:
        assert acting.for_hosts(reader, room.organisation, "queued", 0) == []


def test_what_a_host_took_down_is_given_back(room: Room, desk: Desk, case: int) -> None:
    room.judge(room.ada, case, "terms")
    review.finish(desk, relayed(room)[0])
    host = make_actor(room.organisation, "S-HOST", None, ("actions",))
    with room.database.writing() as writer:
        (action,) = acting.for_hosts(writer, room.organisation, "queued", 0)
        acting.report_back(writer, host, action["id"], "fulfilled", "", room.now)
        closing.reopen(writer, room.sam, case, "mistake", room.now)
    room.judge(room.ada, case, "not-illegal")
    review.finish(desk, relayed(room)[0])
    assert actions(room, case)["restore_local"] == "queued"


def _item(writer: Writer, organisation: int, case: int, verdict: str) -> int:
    """An upload of the case, answered like this."""
    about = {"number": f"I-{verdict}", "sender": "S-HOST", "channel": "api", "received_at": NOW, "complete": True}
    return writer.insert(tables.item, organisation=organisation, case_id=case, verdict=verdict, **about)


def test_while_the_police_come_first_nothing_that_a_suspect_notices_leaves() -> None:
    planned = follows("illegal_baseline", replace(ALL, police_first=True), consequences.table().rows)
    assert Planned("remove_local", "drafted") in planned
    assert Planned("preserve", "queued") in planned


def test_a_corrected_outcome_withdraws_what_was_listed() -> None:
    planned = follows("not_illegal", replace(ALL, listed=True), consequences.table().rows)
    assert Planned("withdraw_from_list", "queued") in planned


def test_an_unknown_kind_in_the_table_is_told() -> None:
    rows = "".join(f'[{one}]\nqueued = ["shout"]\ndrafted = []\n' for one in OUTCOMES)
    with pytest.raises(ValueError, match="shout"):
        consequences.table_of('version = "1"\npreserve_days = 1\n' + rows)


def test_a_final_decision_is_carried_out_once(room: Room, desk: Desk, case: int) -> None:
    room.judge(room.ada, case)
    (effect,) = relayed(room)
    review.finish(desk, effect)
    assert actions(room, case) == {
        "remove_local": "queued",
        "add_to_list": "fulfilled",
        "preserve": "fulfilled",
        "notify_reporter": "fulfilled",
        "report_police": "drafted",
        "statement_of_reasons": "drafted",
    }
    assert own_list.holds(desk.lists, "desk", own_list.ref_of(case, 1))
    with room.database.reading() as reader:
        (notice,) = notices.notices_of_case(reader, room.organisation, case)
    assert (notice["state"], notice["outcome"]) == ("outcome_sent", "illegal_baseline")
    with pytest.raises(Conflict):
        review.finish(desk, effect)
    assert desk.lists.show("desk").facts.entries == 1


def test_a_worker_that_dies_in_between_does_nothing_twice(
    room: Room, desk: Desk, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    room.judge(room.ada, case)
    (effect,) = relayed(room)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(acting, "finish", die)
    with pytest.raises(KeyboardInterrupt):
        review.finish(desk, effect)
    monkeypatch.undo()
    review.finish(desk, effect)
    assert len(actions(room, case)) == 6
    assert actions(room, case)["add_to_list"] == "fulfilled"
    assert desk.lists.show("desk").facts.entries == 1
    assert room.verbs(case).count("case.acted") == 1


def test_a_decision_that_the_case_does_not_stand_by_any_more_is_not_carried_out(
    room: Room, desk: Desk, case: int
) -> None:
    room.judge(room.ada, case)
    (effect,) = relayed(room)
    with room.database.writing() as writer:  # as a release before this one let a senior do
        columns = {"state": "triaged", "outcome": None, "decided_at": None, "final_at": None}
        cases.record(
            writer, room.sam, case, "case.reopened", {"reason": "mistake", "state": "triaged"}, room.now, **columns
        )
    review.finish(desk, effect)
    assert actions(room, case) == {}
    assert not own_list.holds(desk.lists, "desk", own_list.ref_of(case, 1))
    with room.database.reading() as reader:
        (notice,) = notices.notices_of_case(reader, room.organisation, case)
    assert (notice["state"], notice["outcome"]) == ("linked", None)


def test_who_gave_notice_hears_of_the_decision_before_its_case_is_closed(room: Room, desk: Desk, case: int) -> None:
    room.judge(room.ada, case)
    with pytest.raises(Conflict, match="being carried out"), room.database.writing() as writer:
        closing.close(writer, room.sam, case, closing.DONE, room.now)
    (effect,) = relayed(room)
    review.finish(desk, effect)
    with room.database.writing() as writer:
        closing.close(writer, room.sam, case, closing.DONE, room.now)
        (notice,) = notices.notices_of_case(writer, room.organisation, case)
    assert (notice["state"], notice["outcome"]) == ("outcome_sent", "illegal_baseline")


def test_a_second_case_is_appended_to_the_list(room: Room, desk: Desk, case: int) -> None:
    other = room.make(make_case, room.organisation)
    room.make(make_media, desk.fields, room.organisation, other, seed=2)
    for one in (case, other):
        room.judge(room.ada, one)
    for effect in relayed(room):
        review.finish(desk, effect)
    assert desk.lists.show("desk").facts.entries == 2


def test_members_of_a_cluster_have_their_own_consequences(room: Room, desk: Desk) -> None:
    room.second_review = "never"
    leader, member, other = room.make(make_cluster, room.organisation, 3)
    room.judge(room.ada, leader, excepted=[other])
    for effect in relayed(room):
        review.finish(desk, effect)
    assert actions(room, leader)["remove_local"] == actions(room, member)["remove_local"] == "queued"
    assert actions(room, other) == {}


def test_hosts_fetch_and_answer(room: Room, desk: Desk, case: int) -> None:
    room.judge(room.ada, case)
    review.finish(desk, relayed(room)[0])
    host = make_actor(room.organisation, "S-HOST", None, ("actions",))
    with room.database.writing() as writer:
        (action,) = acting.for_hosts(writer, room.organisation, "queued", 0)
        assert action["kind"] == "remove_local"
        assert acting.for_hosts(writer, room.organisation, "queued", action["id"]) == []
        done = acting.report_back(writer, host, action["id"], "fulfilled", "", room.now)
        assert done["state"] == "fulfilled"
        assert acting.report_back(writer, host, action["id"], "fulfilled", "", room.now)["state"] == "fulfilled"
        with pytest.raises(Conflict):
            acting.report_back(writer, host, action["id"], "refused", "changed my mind", room.now)
        with pytest.raises(UserMistake):
            acting.report_back(writer, host, action["id"], "lost", "", room.now)
    assert room.verbs(case).count("case.action_fulfilled") == 1


def test_another_organisations_actions_do_not_exist(room: Room, desk: Desk, case: int) -> None:
    room.judge(room.ada, case)
    review.finish(desk, relayed(room)[0])
    with room.database.writing() as writer:
        stranger = make_actor(make_organisation(writer, "other"), "S-EVE", None, ("actions",))
        assert acting.for_hosts(writer, stranger.organisation, "queued", 0) == []
        with pytest.raises(NotFound):
            acting.report_back(writer, stranger, 1, "fulfilled", "", room.now)


def test_a_senior_approves_or_drops_what_is_drafted(room: Room, desk: Desk, case: int) -> None:
    room.judge(room.ada, case)
    review.finish(desk, relayed(room)[0])

    def of(writer: Writer, kind: str) -> int:
        rows = acting.decisions.actions_of_case(writer, room.organisation, case)
        return next(int(row["id"]) for row in rows if row["kind"] == kind)

    with room.database.writing() as writer:
        with pytest.raises(NotAllowed):
            acting.approve(writer, room.ada, of(writer, "report_police"), room.now)
        acting.approve(writer, room.sam, of(writer, "report_police"), room.now)
        acting.approve(writer, room.sam, of(writer, "statement_of_reasons"), room.now)
        with pytest.raises(Conflict):
            acting.drop(writer, room.sam, of(writer, "report_police"), room.now)
    assert actions(room, case)["report_police"] == "approved"
    assert actions(room, case)["statement_of_reasons"] == "queued"


def test_the_reporter_hears_once_a_senior_agrees_while_the_police_come_first(room: Room, desk: Desk, case: int) -> None:
    room.claim(room.ada, case)
    with room.database.writing() as writer:
        flags.set_police_first(writer, room.ada, case, "possible_new_victim", room.now)
    room.decide(room.ada, case)
    room.wait(30)
    review.finish(desk, relayed(room)[0])
    assert actions(room, case)["notify_reporter"] == "drafted"
    with room.database.writing() as writer:
        rows = acting.decisions.actions_of_case(writer, room.organisation, case)
        acting.approve(writer, room.sam, next(r["id"] for r in rows if r["kind"] == "notify_reporter"), room.now)
        (notice,) = notices.notices_of_case(writer, room.organisation, case)
    assert notice["outcome"] == "illegal_baseline"
