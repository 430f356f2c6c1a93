"""A report at a real browser, from the card of a decided case to the number that the (emulated) authority gave."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from tests.e2e.test_demo_report import sign_in
from tests.e2e.test_newcomer import PICTURES

from rempart.clock import utc_now
from rempart.reporting.cybertip.grammar import INCIDENT_TYPES
from rempart.settings import Settings
from rempart.testing import browsing
from rempart.testing.browsing import Findings, Somebody
from rempart.testing.demo_desk import accounts
from rempart.testing.desk import Hands, make_organisation
from rempart.testing.desk_reporting import make_decided, reporting_to, variables_of
from rempart.testing.emulators.cybertip import CyberTipline, cybertipline
from rempart.testing.serving import Served, served_from
from rempart.web.words import say
from rempart.wiring.desk import open_records

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.timeout(300),
    pytest.mark.skipif(not browsing.CHROMIUM, reason="no Chromium is installed; `.ci/install` installs it"),
]
MOST_LOOKS = 60
LOOK_MS = 500


@dataclass(frozen=True)
class Scene:
    """A served desk with a decided case, and the authority that it reports to."""

    served: Served
    authority: CyberTipline
    case: int


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The desk, its worker, and the authority on loopback."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory, cybertipline() as (address, authority):
        folder = tmp_path_factory.mktemp("report") / "desk"
        settings = reporting_to(Settings(data_folder=folder, memory_folder=Path(memory), workers=1), address)
        before = Hands(utc_now() - timedelta(hours=1))  # the codes of that time were used up when accounts were made
        with open_records(settings, before) as desk:
            with desk.database.writing() as writer:
                mine = make_organisation(writer, now=before.now)
                case = make_decided(writer, desk.fields, mine, vault=desk.vault, media=2, now=before.now)
            accounts.enter(desk, mine)
        with served_from(variables_of(settings) | {"REMPART_WORKERS": "1"}) as one:
            yield Scene(one, authority, case)


def test_a_decided_case_is_reported_by_hand_and_keyboard(scene: Scene) -> None:
    findings = Findings(PICTURES)
    with browsing.chromium() as browser, browsing.people(browser, scene.served.url, "en", findings) as somebody:
        one = somebody()
        sign_in(one)
        one.speak()
        number = drafted(one, scene.case)
        approved(one)
        assert "on its way" in one.page.inner_text("main") or finished(one)
        for _ in range(MOST_LOOKS):
            if finished(one):
                break
            one.page.wait_for_timeout(LOOK_MS)
            one.page.reload()
        [report] = scene.authority.finished()
        assert len(report.files) == 2
        for language in ("en", "fr"):
            one.language = language
            one.schemes = ("light", "dark") if language == "fr" else ("light",)
            one.speak()
            one.open(f"/reports/{number}", "report-finished")
            assert str(report.report_id) in one.page.inner_text("main")
            one.open("/reports", "reports")
            row = one.page.locator(f"tr:has(a[href='/reports/{number}'])").inner_text()
            assert str(report.report_id) in row
            assert say(language, "reports.state.finished") in row
            one.open(f"/cases/{scene.case}", "report-on-the-card")
            mine = one.page.locator(f"li:has(a[href='/reports/{number}'])").first.inner_text()
            assert say(language, "reports.state.finished") in mine
    assert findings.wrong == []


def drafted(one: Somebody, case: int) -> int:
    """The number of the draft: the recipient that the case asks for is chosen on its card."""
    one.open(f"/cases/{case}", "report-card")
    one.reach("section[aria-labelledby=reports] summary")
    one.key("Enter")
    one.select("#report-recipient", "cybertip")
    one.follow(f"form[action='/cases/{case}/reports'] button", "report-drafted")
    return int(one.page.url.split("#")[0].partition("?")[0].rpartition("/")[2])


def approved(one: Somebody) -> None:
    """The question that has to be answered is, the exact bytes are read, and somebody answers for them."""
    assert one.page.locator("form[action$='/approve']").count() == 0
    one.select("#q-incident_type", INCIDENT_TYPES[0])
    one.follow("form[action$='/answers'] button.primary", "report-answered")
    shown = one.page.inner_text("pre.bytes")
    assert "POST submit" in shown
    assert "fileViewedByEsp" not in shown  # nobody looked
    one.follow("form[action$='/approve'] button", "report-approved")


def finished(one: Somebody) -> bool:
    return say("en", "reports.state.finished") in one.page.locator("main .badge").first.inner_text()
