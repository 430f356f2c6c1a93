"""The overview page: who may see it, what it shows, in both languages."""

from datetime import timedelta

import pytest
from fastapi import FastAPI

from rempart.facts.people import Role
from rempart.migrations.schema import METADATA
from rempart.testing.desk import NOW, make_case, make_media, make_notice
from rempart.testing.desk_web import make_person, signed_in
from rempart.web.words import overview as words
from rempart.wiring.desk import Desk


def fill(desk: Desk) -> None:
    """A notice, open cases, one that is decided, looks, tallies."""
    with desk.database.writing() as writer:
        late = make_case(writer, 1, tier=0, due_at=NOW - timedelta(hours=1))
        make_notice(writer, desk.fields, 1, late)
        made = make_case(
            writer, 1, state="decided", outcome="illegal_baseline", decided_at=NOW, now=NOW - timedelta(days=2)
        )
        media = make_media(writer, desk.fields, 1, made).id
        for person in ("R-SOMEONE1", "R-SOMEONE2"):
            seen = {"case_id": made, "media_id": media, "person": person, "purpose": "assess", "at": NOW}
            writer.insert(METADATA.tables["reveal"], organisation=1, level="preview", seconds=90, **seen)
        tally = METADATA.tables["screening_tally"]
        for outcome, number in (("match: block", 3), ("no_match", 40), ("not_examined: too_large", 2)):
            values = {"day": NOW.date(), "channel": "api", "outcome": outcome, "items": number}
            writer.run(tally.insert().values(organisation=1, **values))


@pytest.mark.parametrize("role", ["senior", "supervisor", "auditor", "admin"])
def test_who_answers_for_the_desk_sees_the_overview(app: FastAPI, desk: Desk, role: Role) -> None:
    fill(desk)
    answer = signed_in(app, desk, role).get("/overview")
    assert answer.status_code == 200
    assert "Open cases by tier and age" in answer.text
    assert "illegal, baseline" in answer.text
    assert 'class="tile bad"' in answer.text


def test_a_reviewer_does_not(app: FastAPI, desk: Desk) -> None:
    assert signed_in(app, desk, "reviewer").get("/overview").status_code == 403


def test_exposure_is_told_as_a_total_and_names_nobody(app: FastAPI, desk: Desk) -> None:
    fill(desk)
    text = signed_in(app, desk, "supervisor").get("/overview").text
    assert "R-SOMEONE" not in text
    assert '<td class="num">3</td>' in text  # two looks of 90 seconds are 3 minutes


def test_an_empty_desk_has_an_overview_in_french(app: FastAPI, desk: Desk) -> None:
    person = make_person(desk, "admin", language="fr")
    answer = signed_in(app, desk, person=person).get("/overview")
    assert answer.status_code == 200
    assert "Vue d’ensemble" in answer.text
    assert "Aucun signalement pendant cette période." in answer.text


def test_the_page_needs_no_inline_style_and_no_script(app: FastAPI, desk: Desk) -> None:
    fill(desk)
    text = signed_in(app, desk, "admin").get("/overview").text
    assert "style=" not in text
    assert "<script" not in text
    assert text.count("<h1") == 1


def test_every_text_says_something_in_both_languages() -> None:
    for key, texts in words.WORDS.items():
        english, french = texts
        assert english.strip(), key
        assert french.strip(), key
        assert english.count("{") == french.count("{"), key
