"""Clusters: one card stands for what belongs together, and what is new about it surfaces alone."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from rempart.audit.queries import story
from rempart.cases.intake.attachments import settle_attachment
from rempart.cases.intake.judging import Seen
from rempart.cases.intake.notices import receive
from rempart.cases.intake.opening import Tie, open_case
from rempart.cases.intake.queries import cases
from rempart.cases.intake.told import Received
from rempart.cases.intake.urls import normalise
from rempart.cases.review import claim as claiming
from rempart.cases.triage import queue
from rempart.cases.triage.nearest import Nearest
from rempart.cases.triage.vocabulary import feature
from rempart.errors import Conflict
from rempart.facts.case import Feature
from rempart.facts.people import Actor
from rempart.settings import Settings
from rempart.testing.desk import NOW, make_actor, make_organisation
from rempart.testing.desk_intake import intake_desk, make_attachment, make_print, make_seen, make_told
from rempart.wiring.desk import Desk

DRAGON = Tie("exact", b"purple dragon")
HIT = feature("novelty", "exact", "list:dragons@1", NOW)
NO_HIT = feature("novelty", "none", "finding", NOW)


def opened(
    desk: Desk,
    actor: Actor,
    *features: Feature,
    ties: Sequence[Tie] = (DRAGON,),
    url: str = "https://dragon.example/purple",
) -> int:
    urls = [normalise(url)] if url else []
    with desk.database.writing() as writer:
        return open_case(
            writer, desk.fields, actor, "media", features or [HIT], desk.rules, now=NOW, urls=urls, ties=ties
        )


def row_of(desk: Desk, actor: Actor, case_id: int) -> cases.Row:
    with desk.database.reading() as reader:
        found = cases.case_row(reader, actor.organisation, case_id)
    assert found is not None
    return found


def cards(desk: Desk, actor: Actor) -> list[int]:
    with desk.database.reading() as reader:
        return [one.id for one in queue.page(reader, actor.organisation).rows]


def apart(desk: Desk, actor: Actor, case_id: int) -> list[str]:
    with desk.database.reading() as reader:
        entries = story(reader, actor.organisation, "case", case_id)
    return [name for entry in entries if entry.verb == "case.joined" for name in entry.data["apart"]]


def test_many_reports_of_one_thing_are_one_card(desk: Desk, actor: Actor) -> None:
    made = [opened(desk, actor) for _ in range(40)]
    assert cards(desk, actor) == made[:1]
    assert {row_of(desk, actor, one)["cluster"] for one in made} == {row_of(desk, actor, made[0])["cluster"]}
    with desk.database.reading() as reader:
        assert queue.page(reader, actor.organisation).rows[0].members == 40


def test_a_case_that_shares_nothing_stands_alone(desk: Desk, actor: Actor) -> None:
    first = opened(desk, actor)
    other = opened(desk, actor, ties=[Tie("exact", b"green dragon")], url="https://meadow.example/green")
    assert sorted(cards(desk, actor)) == [first, other]
    assert row_of(desk, actor, first)["cluster"] is None


def test_the_same_content_at_a_new_place_surfaces(desk: Desk, actor: Actor) -> None:
    opened(desk, actor)
    elsewhere = opened(desk, actor, url="https://meadow.example/purple")
    assert elsewhere in cards(desk, actor)
    assert apart(desk, actor, elsewhere) == ["place"]
    assert ["new_place", True] in [one[:2] for one in row_of(desk, actor, elsewhere)["features"]]


def test_the_same_content_from_a_new_account_surfaces(desk: Desk, actor: Actor) -> None:
    opened(desk, actor, ties=[DRAGON, Tie("actor", b"dragon-7")])
    again = opened(desk, actor, ties=[DRAGON, Tie("actor", b"dragon-7")])
    other = opened(desk, actor, ties=[DRAGON, Tie("actor", b"dragon-8")])
    assert again not in cards(desk, actor)
    assert other in cards(desk, actor)
    assert apart(desk, actor, other) == ["actor"]


def test_a_cameras_own_file_among_copies_surfaces(desk: Desk, actor: Actor) -> None:
    opened(desk, actor)
    original = opened(desk, actor, HIT, feature("first_generation", True, "exif", NOW))
    assert original in cards(desk, actor)
    assert apart(desk, actor, original) == ["first_generation"]


def test_unknown_content_of_a_known_account_surfaces(desk: Desk, actor: Actor) -> None:
    account = Tie("actor", b"dragon-7")
    opened(desk, actor, HIT, ties=[DRAGON, account])
    unknown = opened(desk, actor, NO_HIT, ties=[Tie("exact", b"green dragon"), account])
    assert unknown in cards(desk, actor)
    assert apart(desk, actor, unknown) == ["no_hit"]


def test_the_strongest_tie_decides_where_a_case_belongs(desk: Desk, actor: Actor) -> None:
    by_account = opened(desk, actor, ties=[Tie("actor", b"dragon-7")], url="https://one.example/a")
    by_content = opened(desk, actor, ties=[DRAGON], url="https://two.example/b")
    both = opened(desk, actor, ties=[Tie("actor", b"dragon-7"), DRAGON], url="https://two.example/b")
    assert row_of(desk, actor, both)["cluster"] == row_of(desk, actor, by_content)["cluster"] is not None
    assert row_of(desk, actor, by_account)["cluster"] is None


def test_a_member_that_is_more_urgent_takes_the_lead(desk: Desk, actor: Actor) -> None:
    first = opened(desk, actor)
    urgent = opened(desk, actor, HIT, feature("urgent", True, "reporter", NOW))
    assert cards(desk, actor) == [urgent]
    with desk.database.reading() as reader:
        verbs = [entry.verb for entry in story(reader, actor.organisation, "case", first)]
    assert verbs[-1] == "case.stepped_back"


def test_a_leader_that_somebody_holds_is_not_taken_from_them(desk: Desk, actor: Actor) -> None:
    first = opened(desk, actor)
    with desk.database.writing() as writer:
        reviewer = make_actor(actor.organisation)
        claiming.claim(writer, reviewer, first, lease_minutes=10, now=NOW)
    urgent = opened(desk, actor, HIT, feature("urgent", True, "reporter", NOW))
    assert cards(desk, actor) == [urgent]
    assert (row_of(desk, actor, first)["leads"], row_of(desk, actor, first)["assignee"]) == (True, reviewer.pid)


def test_what_comes_after_the_decision_surfaces_and_says_so(desk: Desk, actor: Actor) -> None:
    first = opened(desk, actor)
    with desk.database.writing() as writer:
        cases.update_case(writer, actor.organisation, first, state="decided", outcome="not_illegal", decided_at=NOW)
    later = opened(desk, actor)
    assert cards(desk, actor) == [later]
    assert ["decided_before", "not_illegal"] in [one[:2] for one in row_of(desk, actor, later)["features"]]


def test_another_organisation_shares_nothing(desk: Desk, actor: Actor) -> None:
    opened(desk, actor)
    with desk.database.writing() as writer:
        other = make_actor(make_organisation(writer, "other"))
    alone = opened(desk, other)
    assert row_of(desk, other, alone)["cluster"] is None


# Media that are screened later


def noticed(desk: Desk, actor: Actor, content: bytes, url: str = "https://dragon.example/purple") -> Received:
    told = make_told(url, attachments=[make_attachment(desk, content)])
    with desk.database.writing() as writer:
        return receive(writer, desk.intake, actor, told, NOW)


def settled(desk: Desk, actor: Actor, received: Received, one: Seen) -> None:
    with desk.database.writing() as writer:
        (media,) = cases.media_of_case(writer, actor.organisation, received.case)
        settle_attachment(writer, desk.intake, actor, media["id"], one, (), NOW)


@pytest.fixture
def lone_desk(settings: Settings, database_url: str) -> object:
    """A desk where every notice has a case of its own."""
    with intake_desk(settings, database_url, duplicates="never") as made:
        yield made


def test_near_pictures_find_each_other_once_they_are_screened(lone_desk: Desk) -> None:
    desk = lone_desk
    with desk.database.writing() as writer:
        actor = make_actor(make_organisation(writer))
    places = [f"https://dragon.example/{number}" for number in range(3)]
    first, near, far = (noticed(desk, actor, url.encode(), url) for url in places)
    assert len(cards(desk, actor)) == 3
    settled(desk, actor, first, make_seen(make_print(1)))
    settled(desk, actor, near, make_seen(make_print(1, flipped=12)))
    settled(desk, actor, far, make_seen(make_print(2)))
    assert row_of(desk, actor, near.case)["cluster"] == row_of(desk, actor, first.case)["cluster"] is not None
    assert row_of(desk, actor, far.case)["cluster"] is None
    assert sorted(cards(desk, actor)) == [first.case, far.case]


def test_what_screening_shows_of_a_member_surfaces_it(lone_desk: Desk) -> None:
    desk = lone_desk
    with desk.database.writing() as writer:
        actor = make_actor(make_organisation(writer))
    first, second = noticed(desk, actor, b"purple dragon"), noticed(desk, actor, b"purple dragon")
    assert cards(desk, actor) == [first.case]
    settled(desk, actor, first, make_seen(make_print(1), hit="dragon-1"))
    settled(desk, actor, second, make_seen(make_print(1)))
    assert second.case in cards(desk, actor)
    assert "no_hit" in apart(desk, actor, second.case)


def test_screened_anew_after_a_crash_nothing_changes(lone_desk: Desk) -> None:
    desk = lone_desk
    with desk.database.writing() as writer:
        actor = make_actor(make_organisation(writer))
    received = noticed(desk, actor, b"purple dragon")
    settled(desk, actor, received, make_seen(make_print(1), content=b"purple dragon", hit="dragon-1"))
    before = dict(row_of(desk, actor, received.case))
    settled(desk, actor, received, make_seen(make_print(2)))
    assert dict(row_of(desk, actor, received.case)) == before


def test_a_new_process_finds_the_same_founders(lone_desk: Desk) -> None:
    desk = lone_desk
    with desk.database.writing() as writer:
        actor = make_actor(make_organisation(writer))
    settled(desk, actor, noticed(desk, actor, b"a", "https://dragon.example/1"), make_seen(make_print(1)))
    with desk.database.reading() as reader:
        known = desk.nearest.key(reader, actor.organisation, [make_print(1, flipped=9)])
        fresh = Nearest(desk.fields)
        assert fresh.refresh(reader) == 1
        assert fresh.refresh(reader) == 0
        assert fresh.key(reader, actor.organisation, [make_print(1, flipped=9)]) == known
        assert fresh.key(reader, actor.organisation + 1, [make_print(1, flipped=9)]) != known


def test_a_picture_screened_long_after_it_came_is_still_found(lone_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rempart.cases.triage.nearest.OVERLAP", 0)
    desk = lone_desk
    with desk.database.writing() as writer:
        actor = make_actor(make_organisation(writer))
    places = [f"https://dragon.example/{number}" for number in range(3)]
    late, soon, near = (noticed(desk, actor, url.encode(), url) for url in places)
    settled(desk, actor, soon, make_seen(make_print(2)))
    settled(desk, actor, late, make_seen(make_print(1)))
    settled(desk, actor, near, make_seen(make_print(1, flipped=5)))
    assert row_of(desk, actor, near.case)["cluster"] == row_of(desk, actor, late.case)["cluster"] is not None


def settled_and_lost(desk: Desk, actor: Actor, received: Received) -> None:
    with desk.database.writing() as writer:
        (media,) = cases.media_of_case(writer, actor.organisation, received.case)
        settle_attachment(writer, desk.intake, actor, media["id"], make_seen(make_print(1)), (), NOW)
        desk.nearest.refresh(writer)
        raise Conflict("somebody else was first; nothing was kept")


def test_what_was_rolled_back_keeps_no_picture_from_founding(lone_desk: Desk) -> None:
    desk = lone_desk
    with desk.database.writing() as writer:
        actor = make_actor(make_organisation(writer))
    first = noticed(desk, actor, b"a", "https://dragon.example/1")
    with pytest.raises(Conflict):
        settled_and_lost(desk, actor, first)
    settled(desk, actor, first, make_seen(make_print(3)))
    near = noticed(desk, actor, b"b", "https://dragon.example/2")
    settled(desk, actor, near, make_seen(make_print(3, flipped=7)))
    assert row_of(desk, actor, near.case)["cluster"] == row_of(desk, actor, first.case)["cluster"] is not None


# Several at once


def test_opened_at_once_they_are_one_cluster_with_one_card(desk: Desk, actor: Actor) -> None:
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: opened(desk, actor), range(18)))
    clusters = {row_of(desk, actor, one)["cluster"] for one in made}
    assert len(clusters) == 1
    assert None not in clusters
    assert len(cards(desk, actor)) == 1
    with desk.database.reading() as reader:
        assert queue.page(reader, actor.organisation).rows[0].members == 18


def test_intake_and_review_never_wait_for_each_other_for_ever(desk: Desk, actor: Actor) -> None:
    """Both lock cases first and the ledger last: no deadlock, which PostgreSQL would end by failing one of them."""
    leader = opened(desk, actor)
    people = [make_actor(actor.organisation, f"R-{number}") for number in range(3)]

    def review(person: Actor) -> int:
        held = 0
        for _ in range(8):
            with desk.database.writing() as writer:
                held += (
                    claiming.claim_next(
                        writer,
                        person,
                        lease_minutes=10,
                        now=NOW,
                        sampling=desk.rules.sampling,
                        sample_share=0.0,
                        due_soon=timedelta(0),
                    )
                    is not None
                )
            with desk.database.writing() as writer:
                for one in cases_held(writer, person):
                    claiming.release(writer, person, one, NOW)
        return held

    def cases_held(writer: object, person: Actor) -> list[int]:
        from rempart.cases.review.queries import cases as reviewed

        return [row["id"] for row in reviewed.held_by(writer, actor.organisation, person.pid)]  # type: ignore[arg-type]

    def take_in(number: int) -> int:
        return opened(desk, actor, HIT, feature("submissions", number, "reporter", NOW))

    with ThreadPoolExecutor(6) as pool:
        reviews = [pool.submit(review, person) for person in people]
        made = list(pool.map(take_in, range(18)))
        assert sum(one.result() for one in reviews) >= 0
    assert {row_of(desk, actor, one)["cluster"] for one in made} == {row_of(desk, actor, leader)["cluster"]}
