"""The search: what finds what, page after page, never across tenants, and what the ledger keeps of it."""

from datetime import timedelta
from hashlib import sha256

import pytest
from fastapi import FastAPI

from rempart.audit.browsing.queries import Wanted, page
from rempart.cases.intake.opening import Tie, add_places, keys_of
from rempart.cases.intake.urls import normalise
from rempart.cases.triage.queries.clusters import add_links
from rempart.facts.people import public
from rempart.people.queries import add_organisation
from rempart.testing.desk import NOW, make_case, make_media, make_notice
from rempart.testing.desk_web import SignedIn, signed_in
from rempart.wiring.desk import Desk

URL = "https://dragons.example/purple?utm_source=x"


def fill(desk: Desk, organisation: int = 1) -> tuple[int, str]:
    """(case, SHA-256 in hex) of a case that everything finds."""
    with desk.database.writing() as writer:
        made = make_case(writer, organisation, tier=1, assignee="R-ADA")
        media = make_media(writer, desk.fields, organisation, made)
        make_notice(writer, desk.fields, organisation, made, number=f"N-7KQ2-M4XT-90F{organisation}")
        add_places(writer, desk.fields, public(organisation), made, [normalise(URL)], NOW)
        add_links(writer, organisation, made, keys_of(desk.fields, [], [Tie("actor", b"dragonfan")]))
    return made, sha256(media.content).hexdigest()


def found(browser: SignedIn, **asked: str) -> list[int]:
    answer = browser.post("/search", data=asked)
    assert answer.status_code == 200, answer.text
    return [int(part.split('"')[0]) for part in answer.text.split('href="/cases/')[1:]]


@pytest.mark.parametrize(
    "text",
    [
        "#{case}",
        "n-7kq2 m4xt 90f1",
        "N7KQ2M4XT90F1",
        "http://www.dragons.example/purple/",
        "dragons.example",
        "{content}",
        "dragonfan",
        "R-ADA",
        "dragons[.]example",
    ],
)
def test_a_case_is_found_by(app: FastAPI, desk: Desk, text: str) -> None:
    made, content = fill(desk)
    with desk.database.writing() as writer:
        make_case(writer, 1, tier=1)
    browser = signed_in(app, desk, "reviewer")
    assert found(browser, q=text.format(case=made, content=content)) == [made]


def test_filters_narrow_what_is_found(app: FastAPI, desk: Desk) -> None:
    made, _ = fill(desk)
    with desk.database.writing() as writer:
        decided = make_case(writer, 1, tier=4, state="decided", outcome="not_illegal", decided_at=NOW)
    browser = signed_in(app, desk, "senior")
    assert found(browser) == [decided, made]
    assert found(browser, state="decided") == [decided]
    assert found(browser, tier="1") == [made]
    assert found(browser, outcome="not_illegal") == [decided]
    assert found(browser, since="2026-11-22", until="2026-11-22") == [decided, made]
    assert found(browser, until="2026-11-21") == []


def test_pages_follow_each_other_without_a_gap(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        made = [make_case(writer, 1) for _ in range(30)]
    browser = signed_in(app, desk)
    first = found(browser)
    assert first == made[:4:-1]
    assert found(browser, before=str(first[-1])) == made[4::-1]


def test_another_organisation_finds_nothing_of_it(app: FastAPI, desk: Desk) -> None:
    made, content = fill(desk)
    with desk.database.writing() as writer:
        theirs = add_organisation(writer, "theirs", "Theirs", NOW)
    browser = signed_in(app, desk, "supervisor", theirs)
    for text in (f"#{made}", "N-7KQ2-M4XT-90F1", URL, "dragons.example", content, "dragonfan", "R-ADA", ""):
        assert found(browser, q=text) == []


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "abc", "kind": "content"},
        {"q": "abc", "kind": "case"},
        {"q": "ftp ://", "kind": "url"},
        {"tier": "x"},
        {"tier": "²"},
        {"state": "gone"},
        {"since": "yesterday"},
        {"until": "9999-12-31"},
        {"before": "-1"},
    ],
)
def test_a_mistake_is_told_and_nothing_is_lost(app: FastAPI, desk: Desk, asked: dict[str, str]) -> None:
    answer = signed_in(app, desk).post("/search", data=asked)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert 'name="q"' in answer.text


def test_the_ledger_keeps_the_kind_of_a_question_and_nothing_of_what_was_asked(app: FastAPI, desk: Desk) -> None:
    fill(desk)
    browser = signed_in(app, desk)
    found(browser, q="dragonfan", state="triaged")
    with desk.database.reading() as reader:
        entry = page(reader, 1, Wanted(verb="search.made"))[0]
    assert entry.data == {"kind": "account", "filters": ["state"]}
    assert entry.actor == entry.about_id == browser.person.pid
    assert "dragonfan" not in repr(entry)


def test_results_carry_no_picture(app: FastAPI, desk: Desk) -> None:
    fill(desk)
    text = signed_in(app, desk).post("/search", data={}).text
    assert "<img" not in text
    assert "purple-dragon" not in text


def test_what_was_judged_a_moment_ago_does_not_tell_how(app: FastAPI, desk: Desk) -> None:
    for final_at, shown in ((NOW + timedelta(seconds=1), False), (NOW, True)):
        with desk.database.writing() as writer:
            made = make_case(writer, 1, state="disputed", outcome="not_illegal", final_at=final_at)
        reviewer = signed_in(app, desk)
        text = reviewer.post("/search", data={"q": f"#{made}"}).text
        assert ("disputed: not illegal" in text.split("<h2")[1]) is shown
        assert ("judged a moment ago" in text) is not shown
        assert (made in found(reviewer, state="disputed")) is shown
        assert (made in found(reviewer, outcome="not_illegal")) is shown


def test_the_search_is_closed_to_who_reviews_nothing(app: FastAPI, desk: Desk) -> None:
    assert signed_in(app, desk, "auditor").get("/search").status_code == 403
    assert signed_in(app, desk, "admin").post("/search", data={}).status_code == 403
    assert signed_in(app, desk, "reviewer").get("/search").status_code == 200


def test_a_form_without_its_key_is_refused(app: FastAPI, desk: Desk) -> None:
    browser = signed_in(app, desk)
    del browser.headers["X-Form-Key"]
    assert browser.post("/search", data={"q": "1"}).status_code == 403
