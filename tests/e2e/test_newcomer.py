"""A newcomer at `make serve`: from a public notice to an appeal that is won, by keyboard alone, in both languages.

The pictures of every page stand in `build/e2e/` afterwards, to be looked at.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from rempart.cases import tables
from rempart.settings import Settings
from rempart.testing import browsing
from rempart.testing.browsing import Findings, Somebody
from rempart.testing.demo_desk.accounts import ACCOUNTS, PASSWORD
from rempart.testing.desk import picture_bytes
from rempart.testing.faults.load import CODE, NUMBER
from rempart.testing.serving import Served, served
from rempart.wiring.desk import Desk, open_records

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not browsing.CHROMIUM, reason="no Chromium is installed; `.ci/install` installs it"),
]
PICTURES = Path(os.environ.get("REMPART_E2E_FOLDER", "build/e2e"))
UNDO_SECONDS = 2
PATIENCE_SECONDS = 60
APPEAL_NUMBER = "A-"
# What the pages say, to be found on them in either language.
WORDS = {
    "en": {
        "urgent": "who sent it marked it urgent",
        "received": "Your notice has been received",
        "overturned": "overturned",
        "grounds": "My dragon is violet. The policy speaks of purple.",
        "answer": "You are right, it is violet. It comes back.",
        "told": "There is a purple dragon on the roof of the town hall.",
    },
    "fr": {
        "urgent": "l’expéditeur l’a signalé comme urgent",
        "received": "",
        "overturned": "",
        "grounds": "Mon dragon est mauve. La règle parle de violet.",
        "answer": "Vous avez raison, il est mauve. Il revient en ligne.",
        "told": "Un dragon violet est assis sur le toit de la mairie.",
    },
}


@dataclass
class Newcomers:
    """The served demo, its records, and those who come to it."""

    served: Served
    desk: Desk
    language: str
    findings: Findings
    somebody: Callable[[], Somebody]

    def case_of(self, number: str) -> int:
        """The case that a notice opened: its reporter is not told."""
        with self.desk.database.reading() as reader:
            joined = tables.notice.join(tables.notice_case)
            found = select(tables.notice_case.c.case_id).select_from(joined).where(tables.notice.c.number == number)
            return int(reader.value(found))

    def await_row(self, statement: Any, true: Callable[[Any], bool]) -> None:
        """Nothing; the worker has come so far."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            with self.desk.database.reading() as reader:
                if true(reader.value(statement)):
                    return
            assert time.monotonic() < until
            time.sleep(0.1)

    def sign_in(self, login: str) -> Somebody:
        """A person of the demo, signed in, reading in this language."""
        account = next(one for one in ACCOUNTS if one.login.startswith(f"{login}@"))
        one = self.somebody()
        one.open("/", "home")
        one.follow("a[href='/sign-in']", "sign-in")
        one.write("#login", account.login)
        one.write("#password", PASSWORD)
        one.reach("button.primary")
        with one.page.expect_navigation():
            one.key("Enter")
        code = account.code(self.desk.clock())
        if code:
            one.look("sign-in-code", account.language)
            one.write("#code", code)
            one.reach("button.primary")
            with one.page.expect_navigation():
                one.key("Enter")
        one.speak()
        one.look(f"home-{account.role}")
        return one


@pytest.fixture(params=["en", "fr"])
def newcomers(request: pytest.FixtureRequest, demo_desk: Settings, tmp_path: Path) -> Iterator[Newcomers]:
    """What `make serve` starts, in a process of its own, on a copy of the demo."""
    folder = tmp_path / "desk"
    shutil.copytree(demo_desk.data_folder, folder)
    findings = Findings(PICTURES)
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        settings = demo_desk.model_copy(update={"data_folder": folder, "memory_folder": Path(memory) / "memory"})
        more = {"REMPART_DESK__UNDO_SECONDS": str(UNDO_SECONDS), "REMPART_WORKERS": "1"}
        with (
            served(settings, more=more) as one,
            open_records(settings) as desk,
            browsing.chromium() as browser,
            browsing.people(browser, one.url, request.param, findings) as somebody,
        ):
            yield Newcomers(one, desk, request.param, findings, somebody)


def test_from_a_notice_to_an_appeal_that_is_won_with_the_keyboard_alone(newcomers: Newcomers, tmp_path: Path) -> None:
    number, code = give_notice(newcomers, tmp_path)
    case = newcomers.case_of(number)
    media = tables.media.c
    newcomers.await_row(select(media.outcome).where(media.case_id == case), lambda outcome: outcome != "waiting")
    first_review(newcomers, case)
    second_review(newcomers, case)
    table = tables.notice.c
    newcomers.await_row(select(table.outcome).where(table.number == number), bool)
    follow_notice(newcomers, number, code)
    appeal, secret = appeal_of_the_user(newcomers, case)
    overturn(newcomers, appeal)
    follow_appeal(newcomers, appeal, secret)
    assert "\n".join(sorted(set(newcomers.findings.wrong))) == ""
    assert len(newcomers.findings.pages) > 20
    assert "whole" in newcomers.served.rempart("audit", "verify")
    newcomers.served.rempart("vault", "verify")


def give_notice(newcomers: Newcomers, folder: Path) -> tuple[str, str]:
    """Number and code of a notice with a picture, marked urgent."""
    file, words = folder / "dragon.png", WORDS[newcomers.language]
    file.write_bytes(picture_bytes(4_711))
    one = newcomers.somebody()
    one.open("/")
    one.follow("a[href='/notice']", "notice")
    one.reach("button.primary")  # sent empty: the browser, or the page, says what is missing
    one.key("Enter")
    one.page.goto(one.url + "/notice")
    one.pick("input[name=category]", "abuse_material")
    one.write("#urls", "https://town-hall.example/roof")
    one.write("#description", words["told"])
    one.reach("#urgent")
    one.key("Space")
    one.reach("#files")
    one.page.set_input_files("#files", file)  # what the dialog of the operating system would do
    one.reach("#good_faith")
    one.key("Space")
    one.photograph("notice-filled")
    one.follow("button.primary", "notice-received")
    text = one.page.inner_text("main")
    found, code = NUMBER.search(text), CODE.search(text)
    assert found
    assert code
    return found[0], code[0]


def first_review(newcomers: Newcomers, case: int) -> None:
    """The notice stands in the queue with its reason; it is claimed, looked at, and judged."""
    one = newcomers.sign_in("reviewer")
    one.follow("nav a[href='/queue']", "queue")
    line = one.page.locator(f"li.line:has(a[href='/cases/{case}'])").first
    assert WORDS[newcomers.language]["urgent"] in line.inner_text()
    walk_to(one, case)
    one.turn("Enter", "case")
    one.turn("c", "case-claimed")
    preview(one)
    judge(one, "case-confirm")
    one.page.wait_for_selector(".undo-bar")
    one.look("queue-undo")


def second_review(newcomers: Newcomers, case: int) -> None:
    """Somebody else judges it without knowing what the first said; the first cannot."""
    one = newcomers.sign_in("reviewer2")
    one.follow("nav a[href='/queue']", "queue-of-the-second")
    one.follow("a[href='/queue?lane=second']", "queue-second")
    walk_to(one, case)
    one.turn("Enter", "case-second")
    assert not one.page.locator("section[aria-labelledby=judged]").count()
    time.sleep(UNDO_SECONDS)  # the first can take it back until then
    one.turn("c", "case-second-claimed")
    preview(one)
    judge(one, "case-second-confirm")
    with one.page.expect_navigation():
        one.reach("form[action='/sign-out'] button", back=True)
        one.key("Enter")
    one.look("signed-out")


def walk_to(one: Somebody, case: int) -> None:
    """The rows are walked down until the focus is on the case."""
    one.page.evaluate("document.activeElement.blur()")
    for _ in range(60):
        one.key("j")
        if one.page.evaluate("document.activeElement.getAttribute('href')") == f"/cases/{case}":
            return
    raise AssertionError(f"case {case} is not on {one.page.url}")


def preview(one: Somebody) -> None:
    """No picture is there until it is asked for; it stays as long as the key is held."""
    one.page.wait_for_selector("html.scripted #lease")
    one.page.evaluate("document.activeElement.blur()")
    assert one.page.locator(".picture img").count() == 0
    one.page.keyboard.down("Space")
    expect(one.page.locator(".picture img")).to_have_count(1)
    picture = one.page.locator(".picture img")
    assert 0 < picture.evaluate("(picture) => picture.decode().then(() => picture.naturalWidth)") <= 96
    one.photograph("case-preview")
    one.page.keyboard.up("Space")
    expect(one.page.locator(".picture img")).to_have_count(0)


def judge(one: Somebody, name: str) -> None:
    """The first code, by its key; what follows is read and confirmed."""
    one.page.evaluate("document.activeElement.blur()")
    one.key("1", "Enter")
    one.page.wait_for_selector("dialog[open] #confirm")
    one.look(name)
    one.reach("dialog[open] button[value=stop]")
    with one.page.expect_navigation():
        one.key("Enter")
    one.page.wait_for_selector("html.scripted")


def follow_notice(newcomers: Newcomers, number: str, code: str) -> None:
    """Who gave the notice reads what became of it, and nothing else."""
    one = newcomers.somebody()
    one.open("/")
    one.follow("a[href='/notice/status']", "notice-status")
    one.write("#number", number)
    one.write("#code", code)
    one.follow("button.primary", "notice-status-shown")
    assert number in one.page.inner_text("main")


def appeal_of_the_user(newcomers: Newcomers, case: int) -> tuple[str, str]:
    """A senior hands a code to the user, who contests the decision with it: number and code of the appeal."""
    senior = newcomers.sign_in("senior")
    senior.open(f"/cases/{case}", "case-decided")
    senior.follow(f"a[href='/appeals?case={case}']", "appeals-of-case")
    senior.follow(f"a[href='/appeals/code?case={case}']", "appeal-code")
    senior.follow("button.primary", "appeal-code-made")
    given = [one.inner_text() for one in senior.page.locator(".slip dd").all()]
    user = newcomers.somebody()
    user.open("/")
    user.follow("a[href='/appeal']", "appeal")
    user.write("#number", given[0])
    user.write("#code", given[1])
    user.write("#grounds", WORDS[newcomers.language]["grounds"])
    user.follow("button.primary", "appeal-received")
    kept = [one.inner_text() for one in user.page.locator(".slip dd").all()]
    return kept[0], kept[1]


def overturn(newcomers: Newcomers, appeal: str) -> None:
    """Somebody who decided nothing in the case answers, and what the decision had caused is undone."""
    one = newcomers.sign_in("supervisor")
    one.follow("nav a[href='/appeals']", "appeals")
    link = one.page.locator(f"a:text-is('{appeal}')").get_attribute("href")
    one.follow(f"main a[href='{link}']", "appeal-opened")
    one.follow(f"form[action='{link}/claim'] button", "appeal-claimed")
    one.pick("input[name=outcome]", "overturned")
    one.select("#code", "not-illegal")
    one.write("#words", WORDS[newcomers.language]["answer"])
    one.photograph("appeal-answer")
    one.follow(f"form[action='{link}/answer'] button.primary", "appeal-answered")
    table = tables.appeal.c
    newcomers.await_row(select(table.remedied_at).where(table.number == appeal), bool)


def follow_appeal(newcomers: Newcomers, number: str, code: str) -> None:
    """The user reads the answer."""
    one = newcomers.somebody()
    one.open("/appeal/status", "appeal-status")
    one.write("#number", number)
    one.write("#code", code)
    one.follow("button.primary", "appeal-status-shown")
    assert WORDS[newcomers.language]["answer"] in one.page.inner_text("main")


PAGES = {
    "reviewer": [
        "/queue?tier=4",
        "/queue?lane=due",
        "/queue?lane=sample",
        "/taxonomy",
        "/search?q=dragon",
        "/account",
        "/break",
    ],
    "senior": ["/queue?lane=disputed", "/queue?lane=escalated", "/orders", "/orders/new", "/reports", "/due"],
    "supervisor": ["/overview", "/transparency", "/exposure", "/orders", "/appeals", "/erasures"],
    "auditor": ["/overview", "/ledger", "/transparency"],
    "admin": ["/people", "/tokens", "/overview"],
}
PUBLIC = [
    "/",
    "/notice",
    "/notice/help?country=FR",
    "/notice/status",
    "/appeal",
    "/appeal/status",
    "/sign-in",
    "/nowhere",
]


def test_every_page_of_every_role_keeps_to_the_rules(newcomers: Newcomers) -> None:
    one = newcomers.somebody()
    # Light in one language, dark in the other: `test_console_in_browser` has every scheme in every language.
    schemes = ("light",) if newcomers.language == "en" else ("dark",)
    one.schemes = schemes
    for path in PUBLIC:
        one.open(path, "public-" + name_of(path))
    for role, paths in PAGES.items():
        person = newcomers.sign_in(role)
        person.schemes = schemes
        for path in paths:
            person.open(path, f"{role}-{name_of(path)}")
    expected = [problem for problem in newcomers.findings.wrong if "404" in problem and "/nowhere" in problem]
    assert "\n".join(problem for problem in newcomers.findings.wrong if problem not in expected) == ""


def name_of(path: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in path).strip("-") or "home"
