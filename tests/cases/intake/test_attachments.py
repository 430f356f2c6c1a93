"""Attachments: once screened, their media and their case know what was found; doing it again changes nothing."""

import json
from hashlib import sha256

import pytest

from rempart.audit.queries import story
from rempart.cases.intake.attachments import settle_attachment
from rempart.cases.intake.judging import Seen
from rempart.cases.intake.notices import receive
from rempart.cases.intake.queries import cases
from rempart.cases.intake.told import Received
from rempart.cases.triage.queries.clusters import links_of
from rempart.facts import Examination, Finding, NotExamined
from rempart.facts.people import Actor
from rempart.testing.desk import NOW
from rempart.testing.desk_intake import make_attachment, make_print, make_seen, make_told
from rempart.wiring.desk import Desk

CONTENT = b"purple dragon"


@pytest.fixture
def received(desk: Desk, actor: Actor) -> Received:
    with desk.database.writing() as writer:
        return receive(writer, desk.intake, actor, make_told(attachments=[make_attachment(desk, CONTENT)]), NOW)


def settle(desk: Desk, actor: Actor, media_id: int, one: Seen) -> None:
    with desk.database.writing() as writer:
        settle_attachment(writer, desk.intake, actor, media_id, one, (), NOW)


def media_of(desk: Desk, actor: Actor, received: Received) -> cases.Row:
    with desk.database.reading() as reader:
        (media,) = cases.media_of_case(reader, actor.organisation, received.case)
    return media


def case_of(desk: Desk, actor: Actor, received: Received) -> cases.Row:
    with desk.database.reading() as reader:
        found = cases.case_row(reader, actor.organisation, received.case)
    assert found is not None
    return found


def test_a_match_is_kept_with_the_media_and_learnt_by_the_case(desk: Desk, actor: Actor, received: Received) -> None:
    settle(
        desk, actor, media_of(desk, actor, received)["id"], make_seen(make_print(1), content=CONTENT, hit="dragon-1")
    )
    media = media_of(desk, actor, received)
    assert (media["outcome"], media["media_type"], media["width_pixels"]) == ("match", "image/png", 320)
    assert json.loads(desk.fields.unseal_text("finding", media["finding_sealed"]))["outcome"]
    told = {(name, value) for name, value, *_ in case_of(desk, actor, received)["features"]}
    assert ("novelty", "near") in told
    with desk.database.reading() as reader:
        kinds = [kind for kind, _ in links_of(reader, actor.organisation, received.case)]
        (verb,) = [entry.verb for entry in story(reader, actor.organisation, "media", media["id"])]
    assert sorted(kinds) == ["exact", "perceptual", "perceptual", "url"]
    assert verb == "media.screened"


def test_the_exact_tie_is_there_from_the_beginning_and_only_once(desk: Desk, actor: Actor, received: Received) -> None:
    settle(desk, actor, media_of(desk, actor, received)["id"], make_seen(content=CONTENT))
    with desk.database.reading() as reader:
        exact = [value for kind, value in links_of(reader, actor.organisation, received.case) if kind == "exact"]
    assert exact == [desk.fields.blind("content", sha256(CONTENT).digest())]


@pytest.mark.parametrize(
    "one",
    [
        Seen(Finding("item", NotExamined("damaged"), gaps=("damaged",)), whole=False, reason="damaged"),
        Seen(Finding("item", NotExamined("empty")), whole=False, examination=Examination("x", 0)),
    ],
)
def test_what_could_not_be_examined_is_said_to_be_so_and_stays_a_case(
    desk: Desk, actor: Actor, received: Received, one: Seen
) -> None:
    settle(desk, actor, media_of(desk, actor, received)["id"], one)
    assert media_of(desk, actor, received)["outcome"] == "not_examined"
    case = case_of(desk, actor, received)
    assert case["state"] == "triaged"
    assert ("novelty", "unexamined") in {(name, value) for name, value, *_ in case["features"]}


def test_screened_twice_the_second_changes_nothing(desk: Desk, actor: Actor, received: Received) -> None:
    media_id = media_of(desk, actor, received)["id"]
    settle(desk, actor, media_id, make_seen(content=CONTENT))
    before = media_of(desk, actor, received), case_of(desk, actor, received)
    settle(desk, actor, media_id, make_seen(content=CONTENT, hit="dragon-1"))
    assert (media_of(desk, actor, received), case_of(desk, actor, received)) == before


def test_media_of_nobody_or_of_somebody_else_are_left_alone(desk: Desk, actor: Actor, received: Received) -> None:
    media_id = media_of(desk, actor, received)["id"]
    settle(desk, actor, media_id + 1, make_seen())
    settle(desk, Actor(actor.organisation + 1, "worker", None), media_id, make_seen())
    assert media_of(desk, actor, received)["outcome"] == "waiting"


def test_a_judged_case_learns_and_stays_judged(desk: Desk, actor: Actor, received: Received) -> None:
    with desk.database.writing() as writer:
        cases.update_case(writer, actor.organisation, received.case, state="decided", outcome="not_illegal")
    settle(desk, actor, media_of(desk, actor, received)["id"], make_seen(content=CONTENT, hit="dragon-1"))
    assert case_of(desk, actor, received)["state"] == "decided"
