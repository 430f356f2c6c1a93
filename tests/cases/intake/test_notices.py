"""Receiving notices: kept whole and sealed, linked, acknowledged; duplicates are counted and never lost."""

import json
from datetime import timedelta
from typing import Any

import pytest

from rempart.audit.queries import entries, story
from rempart.cases.intake.notices import code_of_request, receive, received_before
from rempart.cases.intake.numbers import hash_of_code
from rempart.cases.intake.queries import cases, notices
from rempart.cases.intake.told import Received, Told
from rempart.errors import Conflict, Unavailable
from rempart.facts.people import Actor, public
from rempart.settings import Settings
from rempart.storage import outbox
from rempart.testing.desk import NOW, make_organisation
from rempart.testing.desk_intake import intake_desk, make_attachment, make_told
from rempart.wiring.desk import Desk

ELSEWHERE = "https://meadow.example/green"


def take(desk: Desk, actor: Actor, told: Told | None = None, *, days: float = 0, **named: Any) -> Received:
    with desk.database.writing() as writer:
        return receive(writer, desk.intake, actor, told or make_told(), NOW + timedelta(days=days), **named)


def row_of(desk: Desk, actor: Actor, received: Received) -> notices.Row:
    with desk.database.reading() as reader:
        found = notices.notice_row(reader, actor.organisation, received.notice)
    assert found is not None
    return found


def case_of(desk: Desk, actor: Actor, received: Received) -> cases.Row:
    with desk.database.reading() as reader:
        found = cases.case_row(reader, actor.organisation, received.case)
    assert found is not None
    return found


def judged(desk: Desk, actor: Actor, received: Received) -> None:
    with desk.database.writing() as writer:
        cases.update_case(writer, actor.organisation, received.case, state="decided", outcome="not_illegal")


def test_what_was_told_is_kept_whole_and_sealed(desk: Desk, actor: Actor) -> None:
    received = take(desk, actor)
    row = row_of(desk, actor, received)
    told = json.loads(desk.fields.unseal_text("notice", row["content_sealed"]))
    assert (told["text"], told["urls"]) == ("a purple dragon sits on the page", ["https://dragon.example/purple"])
    assert not any("dragon" in str(value) for value in row.values())
    assert row["code_hash"] == hash_of_code(received.number, received.code)
    assert received.code not in repr(received)


def test_the_story_tells_what_came_and_nothing_of_its_content(desk: Desk, actor: Actor) -> None:
    received = take(desk, actor)
    with desk.database.reading() as reader:
        told = story(reader, actor.organisation, "notice", received.notice)
        everything = "".join(str(entry) for entry in entries(reader))
    assert [entry.verb for entry in told] == ["notice.received", "notice.acknowledged", "notice.linked"]
    assert "dragon" not in everything
    assert received.code not in everything


@pytest.mark.parametrize(
    ("rule", "by_url", "by_content"),
    [
        ("never", False, False),
        ("same_url", True, False),
        ("same_content", False, True),
        ("same_url_or_content", True, True),
    ],
)
def test_what_counts_as_a_duplicate_is_what_the_rule_says(
    settings: Settings, database_url: str, rule: str, by_url: bool, by_content: bool
) -> None:
    with intake_desk(settings, database_url, duplicates=rule) as desk:
        with desk.database.writing() as writer:
            actor = public(make_organisation(writer))
        first = take(desk, actor, make_told(attachments=[make_attachment(desk, b"purple dragon")]))
        other = make_told("https://meadow.example/1", attachments=[make_attachment(desk, b"a green dragon")])
        same_url = take(desk, actor, make_told("http://www.dragon.example/purple/?utm_source=x#top"))
        same_content = take(desk, actor, make_told(ELSEWHERE, attachments=[make_attachment(desk, b"purple dragon")]))
        assert (same_url.duplicate, same_url.case == first.case) == (by_url, by_url)
        assert (same_content.duplicate, same_content.case == first.case) == (by_content, by_content)
        assert not take(desk, actor, other).duplicate


def test_a_duplicate_is_a_notice_of_its_own_and_teaches_the_case(desk: Desk, actor: Actor) -> None:
    first = take(desk, actor)
    again = take(desk, actor, make_told(self_report=True), days=1)
    row, case = row_of(desk, actor, again), case_of(desk, actor, first)
    assert (again.case, again.duplicate, row["state"], row["duplicate_of"]) == (
        first.case,
        True,
        "duplicate",
        first.notice,
    )
    assert again.number != first.number
    told = {name: value for name, value, *_ in case["features"]}
    assert told["submissions"] == 2
    assert told["victim_self_report"] is True
    assert case["tier"] == 0


def test_how_often_it_was_reported_is_counted_once(desk: Desk, actor: Actor) -> None:
    received = [take(desk, actor) for _ in range(5)]
    counted = [one for one in case_of(desk, actor, received[0])["features"] if one[0] == "submissions"]
    assert [value for _, value, *_ in counted] == [5]


def test_after_the_days_of_the_rule_nothing_is_a_duplicate(desk: Desk, actor: Actor) -> None:
    first = take(desk, actor)
    days = desk.settings.intake.duplicate_days
    assert take(desk, actor, days=days).case == first.case
    assert not take(desk, actor, days=days + 0.01).duplicate


def test_another_organisation_has_no_part_in_it(desk: Desk, actor: Actor) -> None:
    take(desk, actor)
    with desk.database.writing() as writer:
        other = public(make_organisation(writer, "other"))
    assert not take(desk, other).duplicate


def test_a_duplicate_of_a_judged_case_changes_nothing_there(desk: Desk, actor: Actor) -> None:
    first = take(desk, actor)
    judged(desk, actor, first)
    again = take(desk, actor)
    assert (again.case, again.duplicate) == (first.case, True)
    assert case_of(desk, actor, first)["state"] == "decided"


@pytest.mark.parametrize("why", [{"urgent": True}, {"self_report": True}])
def test_somebody_in_danger_is_looked_at_anew_although_the_case_was_judged(
    desk: Desk, actor: Actor, why: dict[str, bool]
) -> None:
    first = take(desk, actor)
    judged(desk, actor, first)
    again = take(desk, actor, make_told(**why))
    assert again.case != first.case
    assert not again.duplicate
    assert (case_of(desk, actor, again)["state"], case_of(desk, actor, again)["leads"]) == ("triaged", True)
    assert case_of(desk, actor, again)["cluster"] == case_of(desk, actor, first)["cluster"] is not None


def test_a_clock_opens_a_judged_case_anew_and_shortens_that_of_a_waiting_one(desk: Desk, actor: Actor) -> None:
    first = take(desk, actor)
    soon, later = NOW + timedelta(hours=24), NOW + timedelta(days=9)
    assert take(desk, actor, due_at=soon).case == first.case
    assert take(desk, actor, due_at=later).case == first.case
    assert case_of(desk, actor, first)["due_at"] == soon
    judged(desk, actor, first)
    assert take(desk, actor, due_at=soon).case != first.case


def test_sent_twice_it_is_one_notice_with_the_same_number_and_code(desk: Desk, actor: Actor) -> None:
    first, again = (take(desk, actor, make_told(request_key="k-1")) for _ in range(2))
    assert first == again
    other = take(desk, actor, make_told(request_key="k-2"))
    assert (other.number, other.code) != (first.number, first.code)
    assert other.case == first.case
    assert code_of_request(desk.fields, "k-1") == first.code
    with desk.database.reading() as reader:
        assert received_before(reader, desk.intake, actor, "k-1") == first
        assert received_before(reader, desk.intake, actor, None) is None
        assert received_before(reader, desk.intake, actor, "k-3") is None


def test_the_same_request_at_once_is_told_as_a_conflict_and_kept_once(desk: Desk, actor: Actor) -> None:
    first = take(desk, actor, make_told(request_key="k-1"))
    case = first.case
    with pytest.raises(Conflict), desk.database.writing() as writer:
        notices.insert_notice(
            writer,
            case,
            **{name: value for name, value in row_of(desk, actor, first).items() if name not in ("id", "number")},
            number="N-0000-0000-0000",
        )


def test_attachments_wait_for_their_screening(desk: Desk, actor: Actor) -> None:
    files = [make_attachment(desk, b"purple dragon"), make_attachment(desk, b"green dragon", "green.png")]
    received = take(desk, actor, make_told(attachments=files))
    with desk.database.reading() as reader:
        media = cases.media_of_case(reader, actor.organisation, received.case)
        waiting = outbox.counts(reader)
    assert [one["outcome"] for one in media] == ["waiting", "waiting"]
    assert [desk.fields.unseal_text("name", one["name_sealed"]) for one in media] == ["dragon.png", "green.png"]
    assert waiting == {"pending": 2}


def test_when_the_unit_of_work_fails_nothing_is_half_kept(
    desk: Desk, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*given: object, **named: object) -> None:
        raise Unavailable("the database went away; nothing was kept", 5)

    with desk.database.reading() as reader:
        before = len(list(entries(reader)))
    for place in ("cases.insert_media", "outbox.put", "append"):
        with monkeypatch.context() as broken:
            broken.setattr(f"rempart.cases.intake.notices.{place}", lost)
            with pytest.raises(Unavailable):
                take(desk, actor, make_told(attachments=[make_attachment(desk, b"purple dragon")]))
        with desk.database.reading() as reader:
            assert len(list(entries(reader))) == before
            assert cases.case_row(reader, actor.organisation, 1) is None
            assert outbox.counts(reader) == {}
