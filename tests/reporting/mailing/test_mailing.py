"""Notices by mail: gathered for each address, repeated while the content is there, with one number at every try."""

from datetime import timedelta
from email import message_from_bytes
from random import Random
from typing import Any

import pytest
from tests.reporting.mailing.conftest import ANSWERS, Post

from rempart.audit.queries import story
from rempart.facts.case import Feature
from rempart.migrations.schema import METADATA
from rempart.net.answers import Answer, NoAnswer, NotSent
from rempart.net.mail import Refused
from rempart.net.outbound import Outbound
from rempart.reporting import drafting, sending
from rempart.reporting.mailing import delivering, queries
from rempart.reporting.mailing.checking import looked, together
from rempart.reporting.mailing.gathering import address_key
from rempart.storage import outbox
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW
from rempart.testing.desk_reporting import senior
from rempart.wiring.reporting import reporting_of
from rempart.worker import performing
from rempart.worker.effects import mailing as effect
from rempart.worker.mailing import gather
from rempart.worker.performing import perform_due

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def verbs(post: Post, report: int) -> list[str]:
    with post.desk.database.reading() as reader:
        return [one.verb for one in story(reader, post.mine, "report", report)]


def round_of(post: Post, report: int) -> Any:
    with post.desk.database.reading() as reader:
        return queries.round_of(reader, post.mine, report)


def test_the_first_notice_leaves_at_once_and_is_proven(anywhere: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    anywhere.sees(monkeypatch, 200)
    made = anywhere.approved()
    assert anywhere.row(made)["state"] == "approved"
    assert anywhere.goes_round() == 1
    message = anywhere.sink.taken[0].message
    assert (message["To"], message["Reply-To"]) == ("abuse@host.example", "ada@dragon.example")
    assert anywhere.sink.taken[0].recipients == ("abuse@host.example",)
    row = anywhere.row(made)
    assert (row["state"], row["external_id"]) == ("finished", message["Message-ID"])
    with anywhere.desk.database.reading() as reader:
        [(receipt, content)] = sending.receipts_of(reader, anywhere.desk.fields, anywhere.mine, made)
    assert (receipt["kind"], receipt["request_id"]) == ("mailed", message["Message-ID"])
    kept = message_from_bytes(content.partition(b"\r\n\r\n")[2])
    assert kept.as_bytes() == message_from_bytes(anywhere.sink.taken[0].content).as_bytes()
    assert verbs(anywhere, made) == ["report.drafted", "report.approved", "report.receipt", "report.finished"]


def test_what_leaves_says_word_for_word_what_was_approved(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    made = post.approved()
    approved = drafting.frozen_payload(post.desk.fields, post.row(made)).content
    post.goes_round()
    left = post.sink.taken[0].content
    heads, _, body = approved.partition(b"\r\n\r\n")
    new_heads, _, new_body = left.partition(b"\r\n\r\n")
    assert new_body.strip() == body.strip()
    added = {line.split(b":")[0] for line in new_heads.splitlines()} - {
        line.split(b":")[0] for line in heads.splitlines()
    }
    assert {one for one in added if not one.startswith(b" ")} <= {b"Date", b"Message-ID", b"X-Peer"}


def test_later_notices_to_the_same_address_wait_a_day_and_leave_together(
    anywhere: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    anywhere.sees(monkeypatch, 200)
    anywhere.approved()
    assert anywhere.goes_round() == 1
    later = [anywhere.approved(url=f"https://dragon.example/{number}") for number in (2, 3)]
    assert anywhere.goes_round(hours=1) == 1
    assert anywhere.goes_round(hours=22, minutes=59) == 1
    assert anywhere.goes_round(minutes=2) == 2
    message = anywhere.sink.taken[1].message
    assert message["Subject"] == "Notice of illegal content (1, 2, 3)"  # the first one is repeated with them
    table = next(part for part in message.iter_attachments() if part.get_filename() == "addresses.csv")
    assert len(table.get_content().splitlines()) == 4
    assert {anywhere.row(one)["state"] for one in later} == {"finished"}


def test_another_address_waits_for_nobody(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    post.approved()
    post.approved(answers={"to": "abuse@other.example"})
    assert post.goes_round() == 2
    assert sorted(one.recipients[0] for one in post.sink.taken) == ["abuse@host.example", "abuse@other.example"]


@pytest.mark.parametrize("notices", [{"office_hours": "11:00-12:00"}])
def test_an_urgent_notice_waits_for_nothing(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    post.approved()
    assert post.goes_round() == 0
    urgent = post.approved(features=[Feature("urgent", value=True, source="reporter", at=NOW)])
    assert post.goes_round() == 1
    assert post.row(urgent)["state"] == "finished"
    assert post.sink.taken[0].message["Subject"].startswith("Urgent: ")


@pytest.mark.parametrize(("recipient", "days"), [("host-notice", 1), ("site-owner-notice", 3), ("registrar-notice", 6)])
def test_a_notice_is_repeated_in_its_own_time_while_the_content_is_there(
    post: Post, monkeypatch: pytest.MonkeyPatch, recipient: str, days: int
) -> None:
    post.sees(monkeypatch, 200)
    made = post.approved(recipient)
    for number in range(3):
        assert post.goes_round() == number + 1
        assert post.goes_round(days=days, minutes=-1) == number + 1
        post.clock.now += timedelta(minutes=2)
    assert verbs(post, made).count("report.repeated") == 2
    assert len(set(post.sink.numbers)) == 3


def test_it_is_not_repeated_while_nobody_knows_whether_it_is_there(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 503)
    made = post.approved()
    assert post.goes_round() == 1
    assert post.goes_round(days=1, minutes=1) == 1
    assert round_of(post, made)["because"] == "not_known"
    post.sees(monkeypatch, 200)
    assert post.goes_round(days=1, minutes=1) == 2


def test_what_is_gone_is_withdrawn_only_after_three_looks_over_two_hours(
    anywhere: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    anywhere.sees(monkeypatch, 404)
    made = anywhere.approved()
    assert anywhere.goes_round() == 0
    assert anywhere.goes_round(hours=1) == 0
    assert (anywhere.row(made)["state"], round_of(anywhere, made)["misses"]) == ("approved", 2)
    assert anywhere.goes_round(hours=1) == 0
    assert anywhere.row(made)["state"] == "withdrawn"
    assert "not there any more" in anywhere.row(made)["problem"]
    assert verbs(anywhere, made)[-1] == "report.withdrawn"


def test_one_missed_look_is_forgotten_when_it_is_there_again(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 404, 200)
    made = post.approved()
    assert post.goes_round() == 0
    assert post.goes_round(hours=1) == 1
    assert round_of(post, made)["misses"] == 0


def test_what_the_monitor_holds_for_gone_is_not_looked_at(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    made = post.approved()
    with post.desk.database.writing() as writer:
        place = writer.value(METADATA.tables["location"].select())
        row = {
            "case_id": post.row(made)["case_id"],
            "location": place,
            "state": "down",
            "missed_by": [],
            "changed_at": NOW,
        }
        writer.insert(METADATA.tables["watch"], organisation=post.mine, **row)
    assert post.goes_round() == 0
    assert post.row(made)["state"] == "withdrawn"


def test_a_case_that_was_decided_anew_ends_its_notice(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    first, second = post.approved(), post.approved(answers={"to": "abuse@other.example"})
    assert post.goes_round() == 2
    third = post.approved()
    table = METADATA.tables["case_file"]
    with post.desk.database.writing() as writer:
        ids = [post.row(one)["case_id"] for one in (second, third)]
        writer.run(table.update().where(table.c.id.in_(ids)).values(outcome="not_illegal"))
    assert post.goes_round(days=1, minutes=1) == 3
    assert post.row(third)["state"] == "withdrawn"
    assert round_of(post, second)["because"] == "decided_anew"
    assert round_of(post, first)["times"] == 2


def test_a_host_is_not_told_of_what_moved_away(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    table = METADATA.tables["location"]
    made = post.approved()
    case_id = post.row(made)["case_id"]
    with post.desk.database.writing() as writer:
        writer.run(table.update().values(asn=64500, provider="Host"))
        reporting, answers = reporting_of(post.desk), {**ANSWERS, "to": "abuse@other.example"}
        later = drafting.draft(writer, reporting, senior(post.mine), case_id, "host-notice", NOW, answers=answers)
        drafting.approve(writer, reporting, senior(post.mine), later, NOW)
        writer.run(table.update().values(asn=64501))
    assert post.goes_round() == 1
    assert (post.row(later)["state"], round_of(post, later)["because"]) == ("withdrawn", "moved")


def test_a_withdrawn_notice_does_not_leave(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    post.approved()
    assert post.goes_round() == 1
    made = post.approved()
    gather(post.desk)
    with post.desk.database.writing() as writer:
        drafting.withdraw(writer, senior(post.mine), made, "not ours", post.clock())
    post.goes_round(days=1, minutes=1)
    assert all("2" not in one.message["Subject"].partition("(")[2] for one in post.sink.taken)


@pytest.mark.parametrize("notices", [{"most_repeats": 2}])
def test_a_host_that_never_does_anything_is_left_to_people(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    made = post.approved()
    for _ in range(5):
        post.goes_round(days=1, minutes=1)
    assert len(post.sink.taken) == 3
    assert (round_of(post, made)["state"], round_of(post, made)["because"]) == ("over", "unheeded")
    with post.desk.database.reading() as reader:
        told = [
            one
            for one in story(reader, post.mine, "case", post.row(made)["case_id"])
            if one.verb == "case.notice_ended"
        ]
    assert [one.data["because"] for one in told] == ["unheeded"]


OFFICE = {"office_hours": "11:00-18:00", "office_days": (1, 2, 3, 4, 5), "zone": "Europe/Paris", "holidays": ("FR",)}


@pytest.mark.parametrize("notices", [OFFICE])
def test_notices_leave_in_office_hours(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    post.approved()  # a Sunday, at 10 in Paris
    assert post.goes_round() == 0
    assert post.goes_round(hours=24, minutes=59) == 0
    assert post.goes_round(minutes=2) == 1


def test_what_nobody_got_is_tried_again_with_the_same_number(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    post.sink.will("rcpt", "later")
    post.sink.will("content", "later", "drop")
    made = post.approved()
    for _ in range(4):
        post.goes_round(seconds=30)
    assert len(post.sink.numbers) == 1
    assert post.row(made)["state"] == "finished"


def test_a_mail_that_nobody_got_for_an_hour_is_made_anew(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    post.sink.will("mail", *["later"] * 3)
    made = post.approved()
    post.goes_round()
    post.sees(monkeypatch, 404)
    post.goes_round(hours=1, minutes=1)
    assert post.row(made)["state"] == "approved"
    for _ in range(3):
        post.goes_round(hours=1)
    assert post.row(made)["state"] == "withdrawn"
    assert post.sink.taken == []


def test_when_nobody_knows_it_is_handed_over_again_and_can_be_told_by_its_number(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.sees(monkeypatch, 200)
    post.sink.will("content", "drop-after")
    made = post.approved()
    post.goes_round()
    post.goes_round(minutes=1)
    assert post.sink.numbers == [post.row(made)["external_id"]] * 2
    assert post.sink.taken[0].content == post.sink.taken[1].content
    with post.desk.database.reading() as reader:
        [(_, content)] = sending.receipts_of(reader, post.desk.fields, post.mine, made)
    assert b'"perhaps_before": 1' in content


def test_three_doubts_are_for_a_person_and_go_on_hands_over_the_same_mail(
    anywhere: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    anywhere.sees(monkeypatch, 200)
    anywhere.sink.will("content", "drop-after", "drop-after", "drop-after")
    made = anywhere.approved()
    for _ in range(5):
        anywhere.goes_round(minutes=2)
    row = anywhere.row(made)
    assert (row["state"], len(anywhere.sink.taken)) == ("needs_people", 3)
    assert "go on" in row["problem"]
    with anywhere.desk.database.writing() as writer:
        sending.order(writer, senior(anywhere.mine), made, "go_on", anywhere.clock())
    anywhere.goes_round(minutes=2)
    assert anywhere.row(made)["state"] == "finished"
    assert len(set(anywhere.sink.numbers)) == 1


def test_a_refused_mail_is_for_a_person(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    post.sink.will("rcpt", "refuse")
    made = post.approved()
    post.goes_round()
    assert post.row(made)["state"] == "needs_people"
    assert "550" in post.row(made)["problem"]
    with post.desk.database.writing() as writer:
        sending.order(writer, senior(post.mine), made, "begin_again", post.clock())
    perform_due(post.desk)
    post.goes_round(minutes=2)
    assert post.row(made)["state"] == "finished"


def test_what_may_have_left_is_not_taken_back_by_mail(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    post.sink.will("content", *["drop-after"] * 3)
    perhaps = post.approved()
    for _ in range(3):
        post.goes_round(minutes=2)
    post.sink.will("rcpt", "refuse")
    never = post.approved(answers={"to": "abuse@third.example"})
    post.goes_round(minutes=2)
    assert {post.row(one)["state"] for one in (perhaps, never)} == {"needs_people"}
    with post.desk.database.writing() as writer:
        for one in (perhaps, never):
            sending.order(writer, senior(post.mine), one, "retract", post.clock())
    perform_due(post.desk)
    assert "correction" in post.row(perhaps)["problem"]
    assert post.row(never)["state"] == "withdrawn"


class Dies(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_death_around_the_relay_loses_nothing(post: Post, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """Before: nobody got it. After: the relay has it and nothing was kept; the same number comes again."""
    post.sees(monkeypatch, 200)
    real = effect.send_mail
    deaths = [1]

    def dies(*args: Any) -> None:
        if where == "after" or not deaths:
            real(*args)
        if deaths:
            deaths.pop()
            raise Dies

    monkeypatch.setattr(effect, "send_mail", dies)
    made = post.approved()
    with pytest.raises(Dies):
        post.goes_round()
    with post.desk.database.writing() as writer:  # the next process finds it unfinished
        for lost in outbox.unfinished(writer, post.clock() + timedelta(minutes=1)):
            outbox.put_back(writer, lost, "", post.clock())
    post.goes_round(minutes=1)
    assert post.row(made)["state"] == "finished"
    assert len(post.sink.taken) == (2 if where == "after" else 1)
    assert len(set(post.sink.numbers)) == 1


def test_done_twice_a_mail_leaves_once(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    post.approved()
    gather(post.desk)
    with post.desk.database.writing() as writer:
        [waiting] = outbox.due(writer, post.clock())
        found = outbox.relay(writer, waiting, post.clock())
    assert found is not None
    effect.send(post.desk, found)
    performing.perform(post.desk, found.id, 0)
    gather(post.desk)
    perform_due(post.desk)
    assert len(post.sink.taken) == 1


def test_emulated_notices_go_to_no_real_relay(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    post.sees(monkeypatch, 200)
    made = post.approved()
    monkeypatch.setattr("rempart.net.outbound.Outbound.addresses_of", lambda *_: [_Public()])
    post.goes_round()
    assert (post.row(made)["state"], post.sink.taken) == ("sending", [])


class _Public:
    is_loopback = False


def test_a_notice_is_taken_back_while_its_mail_waits_and_the_others_leave(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    post.sees(monkeypatch, 200)
    back, other = post.approved(), post.approved()
    gather(post.desk)
    with post.desk.database.writing() as writer:
        sending.order(writer, senior(post.mine), back, "retract", post.clock())
        for waiting in outbox.due(writer, post.clock()):  # the order is obeyed before the mail leaves
            found = outbox.relay(writer, waiting, post.clock())
            assert found is not None
            if found.kind == "mailing.send":
                outbox.put_back(writer, found, "", post.clock() + timedelta(seconds=5))
            else:
                ordered = found
    performing.perform(post.desk, ordered.id, 0)
    post.goes_round(seconds=10)
    assert (post.row(back)["state"], post.row(other)["state"]) == ("withdrawn", "finished")
    [taken] = post.sink.taken
    assert taken.message["Subject"].endswith(f"({post.row(other)['case_id']})")


def test_tests_meant_for_different_hosts_are_no_one_mail(fields: Fields) -> None:
    row: Any = {"recipient": "host-notice", "environment": "test"}
    draft = {
        "letter": "notice",
        "languages": ["en"],
        "from": "notices@dragon.example",
        "from_name": "Dragon Watch",
        "reply_to": "ada@dragon.example",
        "contact": "",
        "to": "tests@dragon.example",
        "meant_for": "abuse@host.example",
    }
    same = {**draft, "to": "Tests@Dragon.Example"}
    other = {**draft, "meant_for": "abuse@other.example"}
    keys = [address_key(fields, row, one) for one in (draft, same, other)]
    assert keys[0] == keys[1] != keys[2]


def test_one_look_that_finds_something_is_enough_and_what_was_not_looked_at_is_open() -> None:
    asked: list[str] = []

    class Looking(Outbound):
        def head(self, url: str, **_: Any) -> Answer:
            asked.append(url)
            return Answer(200 if url.endswith("/3") else 404, {})

    def of(*numbers: int) -> dict[str, Any]:
        return {"places": [{"location": one, "url": f"https://dragon.example/{one}"} for one in numbers]}

    drafts = {1: of(1, 2, 3, 4, 5), 2: of(1, 2), 3: of(*range(10, 40)), 4: of(6, 7)}
    found = looked(Looking(looks=True), drafts, {6: "down", 7: "down"})
    assert found == {1: "up", 2: "missing", 3: "unknown", 4: "down"}
    assert len(asked) == 3 + 2 + 20


@pytest.mark.parametrize("seen", [("up", "down"), ("unknown", "missing"), ("missing", "down"), ("down", "down")])
def test_what_is_there_outweighs_what_is_gone(seen: tuple[Any, Any]) -> None:
    assert together(seen) == together(seen[::-1]) == seen[0]


FAULTS = ("", "", "not_sent", "doubt", "doubt_taken", "refused", "death", "death_taken")


class Erratic:
    """A relay and a process that do what chance says. taken: number -> the different mails that it took."""

    def __init__(self, seed: int) -> None:
        self.draw, self.taken = Random(seed), dict[str, set[bytes]]()

    def send_mail(self, _outbound: object, _relay: object, message: Any) -> None:
        fault = self.draw.choice(FAULTS)
        if fault in ("", "doubt_taken", "death_taken"):
            self.taken.setdefault(str(message["Message-ID"]), set()).add(message.as_bytes())
        if fault:
            raise {"not_sent": NotSent("later"), "refused": Refused("no")}.get(
                fault, Dies() if fault.startswith("death") else NoAnswer("silence")
            )

    def arrived(self, *args: Any) -> None:
        if self.draw.random() < 0.2:
            raise Dies
        ARRIVED(*args)


ARRIVED = delivering.arrived


def lives_on(post: Post) -> None:
    """Nothing; another process found what the dead one had begun."""
    with post.desk.database.writing() as writer:
        for lost in outbox.unfinished(writer, post.clock() + timedelta(minutes=1)):
            outbox.put_back(writer, lost, "", post.clock())


@pytest.mark.parametrize("seed", range(8))
def test_whatever_the_relay_does_no_notice_is_lost_and_no_number_stands_for_two_mails(
    post: Post, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Random faults and deaths: in the end each notice was taken, or a person knows what to do."""
    post.sees(monkeypatch, 200)
    erratic = Erratic(seed)
    monkeypatch.setattr(effect, "send_mail", erratic.send_mail)
    monkeypatch.setattr(delivering, "arrived", erratic.arrived)
    made = [post.approved(answers={"to": f"abuse@host{number % 2}.example"}) for number in range(4)]
    for _ in range(40):
        try:
            post.goes_round(minutes=erratic.draw.choice([1, 5, 70]))
        except Dies:
            lives_on(post)
    rows = [post.row(one) for one in made]
    assert {row["state"] for row in rows} <= {"finished", "needs_people"}
    assert all(len(mails) == 1 for mails in erratic.taken.values())
    assert all(row["external_id"] in erratic.taken for row in rows if row["state"] == "finished")
    assert all(row["problem"] for row in rows if row["state"] == "needs_people")
    assert all(verbs(post, one).count("report.finished") <= 1 for one in made)
