"""The demo of reports at a real browser: the case page tells the same story as the timeline, in both languages."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.test_newcomer import PICTURES

from rempart.clock import utc_now
from rempart.settings import Settings
from rempart.testing import browsing
from rempart.testing.browsing import Findings, Somebody
from rempart.testing.demo_desk.accounts import ACCOUNTS, PASSWORD
from rempart.testing.demo_report.telling import Told, tell
from rempart.testing.serving import Served, served
from rempart.web.words import say

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not browsing.CHROMIUM, reason="no Chromium is installed; `.ci/install` installs it"),
]
REPORTS = ("cybertip", "referral", "host-notice", "statement")
# What the history of the case says of each leg.
WORDS = {
    "en": {
        "cybertip": "told: NCMEC’s CyberTipline",
        "referral": "told: the hotline abroad",
        "host-notice": "told: the host",
        "statement": "told: the user (statement of reasons)",
        "monitor": "the content is down",
        "hold": "preserved",
    },
    "fr": {
        "cybertip": "prévenu : la CyberTipline du NCMEC",
        "referral": "prévenu : le point de contact à l’étranger",
        "host-notice": "prévenu : l’hébergeur",
        "statement": "prévenu : l’utilisateur (exposé des motifs)",
        "monitor": "le contenu est hors ligne",
        "hold": "conservation engagée",
    },
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Told, Served]]:
    """What the demo told, and its desk, served as `rempart serve` does."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        folder = tmp_path_factory.mktemp("report") / "desk"
        settings = Settings(data_folder=folder, memory_folder=Path(memory) / "memory", workers=1)
        story = tell(settings)
        with served(settings, "--no-worker", more={"REMPART_WORKERS": "1"}) as one:
            yield story, one


def test_the_case_page_tells_every_leg_of_the_timeline(told: tuple[Told, Served]) -> None:
    story, one = told
    findings = Findings(PICTURES)
    with browsing.chromium() as browser, browsing.people(browser, one.url, "en", findings) as somebody:
        supervisor = somebody()
        sign_in(supervisor)
        for language, words in WORDS.items():
            supervisor.language = language
            supervisor.speak()
            supervisor.page.goto(f"{one.url}/cases/{story.case_id}")
            supervisor.page.locator("details.panel > summary").last.click()  # the history
            supervisor.look("report-case")
            said = supervisor.page.inner_text("main").replace("\N{NO-BREAK SPACE}", " ")
            assert {moment.leg for moment in story.timeline} == set(words)
            assert [leg for leg, text in words.items() if text not in said] == []
            supervisor.open("/reports", "report-list")
            finished = say(language, "reports.state.finished")
            assert supervisor.page.locator(f"td:has(.badge:text-is('{finished}'))").count() == len(REPORTS)
    assert findings.wrong == []


def sign_in(one: Somebody) -> None:
    """Nothing; the supervisor of the demo is signed in, and reads in this person's language."""
    account = next(each for each in ACCOUNTS if each.role == "supervisor")
    one.page.goto(f"{one.url}/sign-in")
    one.page.fill("#login", account.login)
    one.page.fill("#password", PASSWORD)
    one.page.click("button.primary")
    one.page.fill("#code", account.code(utc_now()) or "")
    one.page.click("button.primary")
    one.page.wait_for_selector("form[action='/sign-out']")
