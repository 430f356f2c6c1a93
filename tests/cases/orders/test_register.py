"""The register of orders: a clock from receipt to effect, each step a human act that stands in the ledger."""

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest

from rempart.audit.queries import append, story
from rempart.cases.intake.notices import Intake, receive
from rempart.cases.intake.queries import cases
from rempart.cases.intake.urls import normalise
from rempart.cases.orders import queries, register
from rempart.cases.orders.records import Order, Sent
from rempart.cases.overview import queries as overview
from rempart.cases.story import heard
from rempart.cases.triage import queue
from rempart.errors import Conflict, NotAllowed, NotFound, RempartError, UserMistake
from rempart.facts.people import Actor, operator
from rempart.migrations.schema import METADATA
from rempart.testing.desk import NOW, make_actor, make_organisation
from rempart.testing.desk_intake import make_told
from rempart.testing.desk_orders import make_order
from rempart.wiring.desk import Desk

EFFECT = "one file removed"


def add(desk: Desk, intake: Intake, actor: Actor, sent: Sent, now: datetime = NOW) -> Order:
    with desk.database.writing() as writer:
        return register.add(writer, intake, actor, sent, now).order


def step(desk: Desk, do: Any, actor: Actor, number: str, *given: Any, now: datetime = NOW) -> Order:
    with desk.database.writing() as writer:
        order: Order = do(writer, desk.fields, actor, number, *given, now)
    return order


def authenticated(desk: Desk, intake: Intake, actor: Actor, sent: Sent) -> Order:
    order = add(desk, intake, actor, sent)
    return step(desk, register.authenticate, actor, order.number, "call_back", "desk of OFAC")


def due_of(desk: Desk, case_id: int) -> datetime | None:
    with desk.database.reading() as reader:
        row = cases.case_row(reader, 1, case_id)
    assert row is not None
    due: datetime | None = row["due_at"]
    return due


def verbs(desk: Desk, order: Order) -> list[str]:
    with desk.database.reading() as reader:
        return [entry.verb for entry in story(reader, 1, "order", order.number)]


def test_an_order_opens_a_case_that_is_due_when_the_law_says(desk: Desk, intake: Intake, sam: Actor) -> None:
    order = add(desk, intake, sam, make_order())
    assert order.due_at == NOW + timedelta(hours=23)
    assert due_of(desk, order.cases[0]) == order.due_at
    assert (order.state, order.authentication) == ("received", None)
    assert verbs(desk, order) == ["order.received"]


def test_the_due_lane_shows_an_order_whatever_its_tier(desk: Desk, intake: Intake, sam: Actor) -> None:
    with desk.database.writing() as writer:
        receive(writer, intake, sam, make_told("https://other.example/", urgent=True), NOW)
    order = add(desk, intake, sam, make_order(kind="tco_removal", received_at=NOW))
    with desk.database.reading() as reader:
        found = queue.next_case(reader, 1, NOW, desk.rules.sampling)
    assert found == (order.cases[0], "due")


def test_a_step_that_skips_the_verification_of_the_sender_is_refused(desk: Desk, intake: Intake, sam: Actor) -> None:
    order = add(desk, intake, sam, make_order())
    with pytest.raises(Conflict):
        step(desk, register.execute, sam, order.number, EFFECT, NOW)


@pytest.mark.parametrize("method", ["", "trusted", "call_back "])
def test_how_the_sender_was_verified_is_never_filled_in(desk: Desk, intake: Intake, sam: Actor, method: str) -> None:
    order = add(desk, intake, sam, make_order())
    with pytest.raises(UserMistake):
        step(desk, register.authenticate, sam, order.number, method, "")


def test_an_executed_order_stops_its_clock_and_says_who_when_and_what(desk: Desk, intake: Intake, sam: Actor) -> None:
    order = authenticated(desk, intake, sam, make_order())
    done = step(desk, register.execute, sam, order.number, EFFECT, NOW, now=NOW + timedelta(minutes=5))
    assert (done.state, done.effect, done.effect_at, done.ended_by) == ("executed", EFFECT, NOW, "R-SAM")
    assert (done.authentication, done.authenticated_by) == ("call_back: desk of OFAC", "R-SAM")
    assert due_of(desk, order.cases[0]) is None
    assert verbs(desk, done) == ["order.received", "order.authenticated", "order.executed"]
    with desk.database.reading() as reader:
        told = [entry for entry in story(reader, 1, "case", order.cases[0]) if entry.verb == "case.clock"]
        data = [entry.data for entry in story(reader, 1, "order", order.number)]
    assert [entry.data for entry in told] == [{"due_at": None}]
    assert EFFECT not in str(data)
    assert done.late_by is None


def test_effect_after_the_time_is_said_to_be_late(desk: Desk, intake: Intake, sam: Actor) -> None:
    order = authenticated(desk, intake, sam, make_order(kind="tco_removal", received_at=NOW - timedelta(hours=3)))
    done = step(desk, register.execute, sam, order.number, EFFECT, NOW)
    assert done.late_by == timedelta(hours=2)
    with desk.database.reading() as reader:
        assert story(reader, 1, "order", order.number)[-1].data["late"] is True


@pytest.mark.parametrize("hours", [-2, 1])
def test_effect_is_given_between_receipt_and_now(desk: Desk, intake: Intake, sam: Actor, hours: int) -> None:
    order = authenticated(desk, intake, sam, make_order())
    with pytest.raises(UserMistake):
        step(desk, register.execute, sam, order.number, EFFECT, NOW + timedelta(hours=hours))


def test_two_orders_on_one_case_leave_the_clock_of_the_other(desk: Desk, intake: Intake, sam: Actor) -> None:
    first = authenticated(desk, intake, sam, make_order())
    hour = authenticated(desk, intake, sam, make_order("T-1", kind="tco_removal", received_at=NOW))
    assert first.cases == hour.cases
    assert due_of(desk, first.cases[0]) == hour.due_at
    step(desk, register.execute, sam, hour.number, EFFECT, NOW)
    assert due_of(desk, first.cases[0]) == first.due_at


def test_a_challenged_order_keeps_its_clock_and_can_still_be_carried_out(
    desk: Desk, intake: Intake, sam: Actor
) -> None:
    order = authenticated(desk, intake, sam, make_order())
    contested = step(desk, register.challenge, sam, order.number, "brought to the court")
    assert (contested.state, contested.runs) == ("challenged", True)
    assert due_of(desk, order.cases[0]) == order.due_at
    done = step(desk, register.execute, sam, order.number, EFFECT, NOW)
    assert (done.state, done.challenge) == ("executed", "brought to the court")


def test_an_order_contested_before_its_sender_was_verified_can_be_verified(
    desk: Desk, intake: Intake, sam: Actor
) -> None:
    order = add(desk, intake, sam, make_order())
    step(desk, register.challenge, sam, order.number, "unclear")
    again = step(desk, register.authenticate, sam, order.number, "signature", "")
    assert (again.state, again.authentication) == ("challenged", "signature")


def test_what_was_impossible_begins_anew_where_the_law_says_so(desk: Desk, intake: Intake, sam: Actor) -> None:
    order = authenticated(desk, intake, sam, make_order())
    stopped = step(desk, register.impossible, sam, order.number, "unclear", "the address lacks its end")
    assert (stopped.state, due_of(desk, order.cases[0])) == ("impossible", None)
    later = NOW + timedelta(hours=40)
    resumed = step(desk, register.resume, sam, order.number, later, now=later)
    assert (resumed.state, resumed.due_at) == ("authenticated", later + timedelta(hours=24))
    assert due_of(desk, order.cases[0]) == resumed.due_at


def test_where_it_does_not_begin_anew_the_old_time_stands(desk: Desk, intake: Intake, sam: Actor) -> None:
    order = authenticated(desk, intake, sam, make_order(kind="dsa_9"))
    step(desk, register.impossible, sam, order.number, "not_found", "nothing is there")
    assert step(desk, register.resume, sam, order.number, NOW).due_at == order.due_at


def test_what_is_removed_under_the_hour_is_preserved(desk: Desk, intake: Intake, sam: Actor) -> None:
    order = authenticated(desk, intake, sam, make_order(kind="tco_removal", received_at=NOW))
    step(desk, register.execute, sam, order.number, EFFECT, NOW)
    with desk.database.reading() as reader:
        (hold,) = reader.rows(METADATA.tables["hold"].select())
    assert (hold["case_id"], hold["basis"]) == (order.cases[0], "order:tco_removal")
    assert hold["ends_at"] == NOW + timedelta(days=183)


def test_the_user_is_not_told_before_the_authority_allows_it(desk: Desk, intake: Intake, sam: Actor) -> None:
    wait = NOW + timedelta(hours=2)
    order = authenticated(desk, intake, sam, make_order(user_wait_until=wait))
    with pytest.raises(Conflict):
        step(desk, register.user_told, sam, order.number, NOW)
    assert step(desk, register.user_told, sam, order.number, wait, now=wait).user_told_at == wait


def test_the_same_order_sent_again_is_one_order_and_keeps_its_first_clock(
    desk: Desk, intake: Intake, sam: Actor
) -> None:
    first = add(desk, intake, sam, make_order())
    with desk.database.writing() as writer:
        again = register.add(writer, intake, sam, make_order(received_at=NOW), NOW)
    assert (again.again, again.order.number, again.order.due_at) == (True, first.number, first.due_at)
    assert verbs(desk, first) == ["order.received"]


def test_another_content_under_the_same_reference_is_never_swallowed(desk: Desk, intake: Intake, sam: Actor) -> None:
    add(desk, intake, sam, make_order())
    with pytest.raises(Conflict, match="tells them apart"):
        add(desk, intake, sam, make_order(urls=(normalise("https://dragon.example/green"),)))
    with pytest.raises(Conflict):
        add(desk, intake, sam, make_order(received_at=NOW - timedelta(days=2)))


def test_an_order_for_information_names_accounts(desk: Desk, intake: Intake, sam: Actor) -> None:
    order = add(desk, intake, sam, make_order(kind="dsa_10", urls=(), accounts=("dragon-7",)))
    with desk.database.reading() as reader:
        row = cases.case_row(reader, 1, order.cases[0])
        assert register.get(reader, desk.fields, 1, order.number).accounts == ("dragon-7",)
    assert row is not None
    assert row["kind"] == "account"


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "purple"},
        {"urls": ()},
        {"kind": "dsa_10", "urls": ()},
        {"authority": ""},
        {"authority": " OFAC"},
        {"reference": "x" * 121},
        {"legal_basis": "a\nb"},
        {"received_at": NOW + timedelta(hours=1)},
        {"received_at": NOW - timedelta(days=400)},
        {"stated_due_at": NOW - timedelta(hours=2)},
        {"urls": tuple(normalise(f"https://dragon.example/{n}") for n in range(501))},
        {"reasons": "x" * 2001},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(
    desk: Desk, intake: Intake, sam: Actor, changes: dict[str, Any]
) -> None:
    with pytest.raises(UserMistake):
        add(desk, intake, sam, make_order(**changes))
    with desk.database.reading() as reader:
        assert queries.counts(reader, 1) == {}


def test_a_programme_may_bring_an_order_and_do_nothing_with_it(desk: Desk, intake: Intake, sam: Actor) -> None:
    gateway = make_actor(1, "S-GATE", None, ("orders",))
    order = add(desk, intake, gateway, make_order())
    with pytest.raises(NotAllowed):
        step(desk, register.authenticate, gateway, order.number, "portal", "")
    with pytest.raises(NotAllowed):
        add(desk, intake, make_actor(1, "S-OTHER", None, ("items",)), make_order("R-2"))
    with pytest.raises(NotAllowed):
        add(desk, intake, make_actor(1, "R-ADA"), make_order("R-3"))
    step(desk, register.authenticate, operator(1), order.number, "portal", "")


def test_another_organisation_sees_and_changes_nothing(desk: Desk, intake: Intake, sam: Actor) -> None:
    order = add(desk, intake, sam, make_order())
    with desk.database.writing() as writer:
        other = make_organisation(writer, "other")
    stranger = make_actor(other, "R-EVE", "supervisor")
    with pytest.raises(NotFound):
        step(desk, register.authenticate, stranger, order.number, "call_back", "")
    with desk.database.reading() as reader:
        assert register.running(reader, desk.fields, other) == ([], None)


def test_the_register_shows_what_is_due_first_first_page_by_page(desk: Desk, intake: Intake, sam: Actor) -> None:
    for number in range(5):
        received = NOW - timedelta(hours=number)
        add(desk, intake, sam, make_order(f"R-{number}", received_at=received))
    seen: list[str] = []
    place = None
    for _ in range(3):
        with desk.database.reading() as reader:
            orders, place = register.running(reader, desk.fields, 1, place, 2)
        seen += [one.reference for one in orders]
    assert seen == ["R-4", "R-3", "R-2", "R-1", "R-0"]
    assert place is None


def test_an_order_on_a_decided_case_opens_a_new_one_with_its_clock(desk: Desk, intake: Intake, sam: Actor) -> None:
    with desk.database.writing() as writer:
        first = receive(writer, intake, sam, make_told(), NOW)
        cases.update_case(writer, 1, first.case, state="decided", outcome="not_illegal", decided_at=NOW)
    order = add(desk, intake, sam, make_order())
    assert order.cases != (first.case,)
    assert due_of(desk, order.cases[0]) == order.due_at


def test_the_story_of_a_clock_can_be_read_back(desk: Desk, intake: Intake, sam: Actor) -> None:
    order = add(desk, intake, sam, make_order())
    with desk.database.reading() as reader:
        (entry,) = story(reader, 1, "order", order.number)
    assert heard(entry.data["due_at"]) == order.due_at
    assert "dragon" not in str(entry.data)


def test_a_step_locks_the_cases_before_it_writes_to_the_ledger(
    desk: Desk, intake: Intake, sam: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = authenticated(desk, intake, sam, make_order())
    went: list[str] = []
    lock, tell = queries.lock_cases, register.append
    monkeypatch.setattr(queries, "lock_cases", lambda *given: (went.append("case"), lock(*given))[1])
    monkeypatch.setattr(register, "append", lambda *given: (went.append("ledger"), tell(*given))[1])
    step(desk, register.execute, sam, order.number, EFFECT, NOW)
    assert went[:2] == ["case", "ledger"]
    assert "ledger" not in went[2:]


def test_who_judges_a_case_and_who_carries_out_its_order_never_wait_for_each_other(
    desk: Desk, intake: Intake, sam: Actor
) -> None:
    order = authenticated(desk, intake, sam, make_order())
    (case_id,) = order.cases
    held, problems = threading.Event(), list[Exception]()

    def execute() -> None:
        held.wait(10)
        try:
            step(desk, register.execute, sam, order.number, EFFECT, NOW)
        except RempartError as error:
            problems.append(error)

    other = threading.Thread(target=execute)
    other.start()
    with desk.database.writing() as writer:
        cases.case_row(writer, 1, case_id, lock=True)
        held.set()
        other.join(0.3)
        append(writer, sam, "case", case_id, "case.noted", {}, NOW)
    other.join(10)
    assert problems == []


def test_a_contested_order_is_counted_on_the_overview_as_it_still_has_to_be_carried_out(
    desk: Desk, intake: Intake, sam: Actor
) -> None:
    order = authenticated(desk, intake, sam, make_order())
    step(desk, register.challenge, sam, order.number, "it names a dragon")
    with desk.database.reading() as reader:
        assert overview.orders(reader, 1, NOW + timedelta(days=2)) == (1, 1)
    step(desk, register.execute, sam, order.number, EFFECT, NOW)
    with desk.database.reading() as reader:
        assert overview.orders(reader, 1, NOW + timedelta(days=2)) == (0, 0)
