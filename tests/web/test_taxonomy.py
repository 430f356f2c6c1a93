"""The page of codes: the active profile first, the others with what a source says they mean elsewhere."""

import re

import pytest
from fastapi import FastAPI

from rempart.cases.review.taxonomy import NAMES, load_taxonomy, profiles
from rempart.errors import UserMistake
from rempart.testing.desk_web import browser, signed_in
from rempart.wiring.desk import Desk


def test_every_profile_that_ships_is_on_the_page_with_its_codes_and_mappings(app: FastAPI, desk: Desk) -> None:
    text = signed_in(app, desk).get("/taxonomy").text
    shown = re.findall(r'id="profile-([a-z-]+)"', text)
    assert shown[0] == desk.taxonomy.name
    assert set(shown) == set(NAMES)
    for profile in profiles():
        for code in profile.taxonomy.codes:
            assert f'<code class="soft">{code.name}</code>' in text
            assert all(f"<code>{word}</code>" in text for word in code.elsewhere.values())
    assert text.count("active here") == 1


def test_a_profile_that_needs_the_operators_word_says_so_and_may_be_read_about(app: FastAPI, desk: Desk) -> None:
    needy = [one for one in profiles() if one.needs]
    assert needy
    text = signed_in(app, desk, "auditor").get("/taxonomy").text
    for one in needy:
        assert f"{one.taxonomy.name}:{one.needs}" in text
        with pytest.raises(UserMistake):
            load_taxonomy(one.taxonomy.name)


def test_the_page_is_for_people_who_read_decisions(app: FastAPI, desk: Desk) -> None:
    for role, status in (("reviewer", 200), ("senior", 200), ("supervisor", 200), ("auditor", 200), ("admin", 403)):
        assert signed_in(app, desk, role).get("/taxonomy").status_code == status  # type: ignore[arg-type]
    assert browser(app).get("/taxonomy").status_code == 401


def test_it_speaks_french(app: FastAPI, desk: Desk) -> None:
    reviewer = signed_in(app, desk)
    reviewer.post("/language", data={"language": "fr"})
    text = reviewer.get("/taxonomy").text
    assert "Illégal : socle international" in text
    assert "actif ici" in text
