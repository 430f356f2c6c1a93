"""The keys of the console: no two do the same thing twice, none is taken from the browser, each stands on a control."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from rempart.cases.review.taxonomy import profiles
from rempart.testing.desk import make_case, make_cluster, make_media
from rempart.testing.desk_web import SignedIn, signed_in
from rempart.web import keys
from rempart.web.app import STATIC
from rempart.web.keys import KEYS, TAKEN, Keys, Page
from rempart.web.words import known
from rempart.wiring.desk import Desk

PAGES: tuple[Page, ...] = ("queue", "case")
SCRIPTS = sorted(Path(STATIC).glob("review*.js"))


@pytest.mark.parametrize("page", PAGES)
def test_no_two_actions_of_a_page_have_the_same_key_and_no_action_has_two(page: Page) -> None:
    found = Keys(page).all
    assert len({one.key for one in found}) == len(found)
    assert len({one.action for one in found}) == len(found)


def test_no_key_is_one_that_the_browser_or_a_screen_reader_needs() -> None:
    assert not {one.key for one in KEYS} & TAKEN
    plain = re.compile(r"[a-z0-9?]|Enter|(Shift\+)?Space")
    assert all(plain.fullmatch(one.key) for one in KEYS), "a key with Ctrl, Alt or Meta belongs to the browser"


def test_the_same_action_has_the_same_key_on_every_page() -> None:
    assert len({one.action for one in KEYS}) == len(KEYS)


def test_every_key_is_told_in_words() -> None:
    assert all(known(one.text) for one in KEYS)


def test_every_digit_that_a_profile_may_use_is_a_key() -> None:
    digits = {one.key for one in keys.CODES}
    assert all(str(code.key) in digits for profile in profiles() for code in profile.taxonomy.codes)


def test_a_page_names_no_action_that_it_has_not() -> None:
    with pytest.raises(KeyError):
        Keys("queue").mark("skip")


def marked(text: str) -> set[str]:
    """The keys that controls of the page are marked with."""
    found = set(re.findall(r'data-key="([^"]+)"', text))
    assert found == set(re.findall(r'aria-keyshortcuts="([^"]+)"', text))
    return found


def on_case(browser: SignedIn, case: int) -> set[str]:
    return marked(browser.get(f"/cases/{case}").text)


def test_every_key_stands_on_a_control_that_can_be_seen(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        leader, _ = make_cluster(writer, 1, 2)
        make_media(writer, desk.fields, 1, leader, vault=desk.vault)
        other = make_case(writer, 1)
    browser = signed_in(app, desk)
    moving = {"j", "k"}  # they go from row to row, which are links or stand under a heading of their own
    queue = marked(browser.get("/queue").text)
    free = on_case(browser, leader)
    browser.post(f"/cases/{leader}/claim")
    held = on_case(browser, leader)
    browser.post(f"/cases/{leader}/decide", data={"code": "not-illegal", "confirmed": "yes"})
    assert "u" in marked(browser.get("/queue").text)
    decided = on_case(browser, other)
    codes = {str(code.key) for code in desk.taxonomy.codes}
    unused = {one.key for one in keys.CODES} - codes
    assert {one.key for one in Keys("queue").all} - moving - {"u"} == queue
    assert {one.key for one in Keys("case").all} - moving - unused == free | held | decided


def test_no_key_stands_on_two_controls_of_a_page(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        leader, _ = make_cluster(writer, 1, 2)
        for seed in (1, 2):
            make_media(writer, desk.fields, 1, leader, vault=desk.vault, seed=seed)
    browser = signed_in(app, desk, "supervisor")
    for _ in range(2):
        found = re.findall(r'data-key="([^"]+)"', browser.get(f"/cases/{leader}").text)
        assert len(found) == len(set(found))
        browser.post(f"/cases/{leader}/claim")


def test_the_help_names_every_key_of_the_page(app: FastAPI, desk: Desk) -> None:
    text = signed_in(app, desk).get("/queue").text
    help_ = text[text.index('id="key-help"') :]
    assert all(f"<kbd>{one.key}</kbd>" in help_ for one in Keys("queue").all)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_load_nothing_foreign_and_write_no_markup(script: Path) -> None:
    text = script.read_text()
    assert not re.findall(r"https?://", text)
    assert not re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", text)
    assert all(name.startswith("./review-") for name in re.findall(r'from "([^"]+)"', text))
