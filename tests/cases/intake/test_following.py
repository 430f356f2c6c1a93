"""Following: what a reporter and a host are told, and what nobody is."""

import hmac
from datetime import timedelta
from hashlib import sha256

import pytest

from rempart.cases.intake.following import item_state, notice_state
from rempart.cases.intake.items import Screening, keep_item
from rempart.cases.intake.notices import receive
from rempart.cases.intake.opening import Tie, open_case
from rempart.cases.intake.queries import cases, notices
from rempart.cases.intake.submitted import About, Submission
from rempart.cases.intake.told import Received
from rempart.errors import NotFound
from rempart.facts.people import Actor
from rempart.testing.desk import NOW, make_actor
from rempart.testing.desk_intake import make_attachment, make_seen, make_told
from rempart.wiring.desk import Desk


def digest_of(content: bytes) -> bytes:
    return sha256(content).digest()


DRAGON = Tie("exact", digest_of(b"purple dragon"))


@pytest.fixture
def received(desk: Desk, actor: Actor) -> Received:
    with desk.database.writing() as writer:
        told = make_told(attachments=[make_attachment(desk, b"purple dragon")])
        return receive(writer, desk.intake, actor, told, NOW)


def step(desk: Desk, received: Received) -> str:
    with desk.database.reading() as reader:
        return notice_state(reader, received.number, received.code).step


def change(desk: Desk, actor: Actor, received: Received, **columns: object) -> None:
    with desk.database.writing() as writer:
        cases.update_case(writer, actor.organisation, received.case, **columns)


def test_the_steps_follow_the_case(desk: Desk, actor: Actor, received: Received) -> None:
    assert step(desk, received) == "received"
    change(desk, actor, received, assignee="R-ADA", claimed_at=NOW)
    assert step(desk, received) == "being_reviewed"
    change(desk, actor, received, assignee=None, state="decided", decided_at=NOW)
    assert step(desk, received) == "being_reviewed"
    with desk.database.writing() as writer:
        notices.update_notice(writer, actor.organisation, received.notice, state="outcome_sent")
    assert step(desk, received) == "closed"


@pytest.mark.parametrize(
    "before",
    [
        {"state": "decided", "outcome": "illegal_baseline", "decided_at": NOW, "final_at": NOW},
        {"assignee": "R-ADA", "claimed_at": NOW},
    ],
)
def test_a_later_notice_does_not_learn_that_its_content_was_known(
    desk: Desk, actor: Actor, received: Received, before: dict[str, object]
) -> None:
    change(desk, actor, received, **before)
    later = NOW + timedelta(days=3)

    def send(content: bytes, url: str) -> Received:
        with desk.database.writing() as writer:
            told = make_told(url, attachments=[make_attachment(desk, content)])
            return receive(writer, desk.intake, actor, told, later)

    known, fresh = send(b"purple dragon", "https://a.example/1"), send(b"green meadow", "https://b.example/2")
    assert known.case == received.case
    assert (step(desk, known), step(desk, fresh)) == ("received", "received")
    change(desk, actor, known, assignee="R-BOB", claimed_at=later)
    assert step(desk, known) == "being_reviewed"


def test_a_case_behind_its_leader_is_reviewed_when_the_leader_is(desk: Desk, actor: Actor, received: Received) -> None:
    with desk.database.writing() as writer:
        urgent = open_case(
            writer,
            desk.fields,
            actor,
            "media",
            [],
            desk.rules,
            now=NOW,
            ties=[Tie("exact", digest_of(b"purple dragon"))],
        )
        cases.update_case(writer, actor.organisation, urgent, assignee="R-ADA", claimed_at=NOW, leads=True)
        cases.update_case(writer, actor.organisation, received.case, leads=False)
    assert step(desk, received) == "being_reviewed"


def test_only_words_of_the_law_are_told_and_only_once_they_were_sent(
    desk: Desk, actor: Actor, received: Received
) -> None:
    change(desk, actor, received, state="decided", outcome="illegal_baseline", decided_at=NOW)
    with desk.database.reading() as reader:
        assert notice_state(reader, received.number, received.code).outcome is None
    with desk.database.writing() as writer:
        sent = {"state": "outcome_sent", "outcome": "illegal_baseline", "outcome_at": NOW}
        notices.update_notice(writer, actor.organisation, received.notice, **sent)
    with desk.database.reading() as reader:
        state = notice_state(reader, received.number, received.code)
    assert (state.outcome, state.outcome_at) == ("illegal", NOW)


@pytest.mark.parametrize(
    ("number", "code"), [(None, "0000-0000-0000-0000"), ("N-0000-0000-0000", None), ("", ""), (None, ""), ("\0", "\0")]
)
def test_a_wrong_number_and_a_wrong_code_are_the_same_error(
    desk: Desk, received: Received, number: str | None, code: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[int] = []
    same = hmac.compare_digest
    monkeypatch.setattr(hmac, "compare_digest", lambda *both: compared.append(len(both[0])) or same(*both))
    with desk.database.reading() as reader, pytest.raises(NotFound) as told:
        notice_state(reader, received.number if number is None else number, received.code if code is None else code)
    assert str(told.value) == "no notice has this number and this code; check both as they were given to you"
    assert compared == [64]


def test_a_notice_without_a_code_cannot_be_followed(desk: Desk, actor: Actor, received: Received) -> None:
    with desk.database.writing() as writer:
        notices.update_notice(writer, actor.organisation, received.notice, code_hash=None)
    for code in (received.code, "", "0" * 64):
        with desk.database.reading() as reader, pytest.raises(NotFound):
            notice_state(reader, received.number, code)


def test_a_host_sees_its_own_items_only_and_an_outcome_only_when_it_is_final(desk: Desk, actor: Actor) -> None:
    host, other = make_actor(actor.organisation, "S-ONE", None), make_actor(actor.organisation, "S-TWO", None)
    submission = Submission(b"purple dragon", (), About(), digest_of(b"purple dragon"))
    with desk.database.writing() as writer:
        screening = Screening(make_seen(hit="dragon-1"), sealed=desk.vault.seal(b"purple dragon"))
        answer = keep_item(writer, desk.intake, host, submission, screening, "closed", NOW)
    assert answer.case is not None
    undone = {"state": "decided", "outcome": "not_illegal", "final_at": NOW + timedelta(seconds=30)}
    with desk.database.writing() as writer:
        cases.update_case(writer, actor.organisation, answer.case, **undone)
    with desk.database.reading() as reader:
        early = item_state(reader, host, answer.item, "closed", NOW)
        late = item_state(reader, host, answer.item.lower(), "closed", NOW + timedelta(seconds=31))
        assert (early["outcome"], late["outcome"]) == (None, "not_illegal")
        with pytest.raises(NotFound):
            item_state(reader, other, answer.item, "closed", NOW)
