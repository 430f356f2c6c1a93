"""The status page: how far a notice has come, and nothing else."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import event

from rempart.cases.intake.notices import receive
from rempart.cases.intake.queries import notices
from rempart.cases.intake.told import Received
from rempart.cases.review.claim import claim
from rempart.facts.people import public
from rempart.settings import Settings
from rempart.testing.desk import NOW, Hands, make_actor
from rempart.testing.desk_intake import intake_desk, make_told
from rempart.testing.desk_web import TestClient, browser, web_app
from rempart.wiring.desk import Desk
from rempart.worker.performing import perform_due


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    with intake_desk(settings, database_url) as made:
        yield made


@pytest.fixture
def somebody(desk: Desk) -> TestClient:
    client = browser(web_app(desk))
    client.headers.update({"Accept": "text/html", "Accept-Language": "en"})
    return client


@pytest.fixture
def received(desk: Desk, somebody: TestClient) -> Received:
    with desk.database.writing() as writer:
        return receive(writer, desk.intake, public(1), make_told(), NOW)


def ask(client: TestClient, number: str, code: str) -> str:
    return client.post("/notice/status", data={"number": number, "code": code}).text


def change(desk: Desk, received: Received, **columns: object) -> None:
    with desk.database.writing() as writer:
        notices.update_notice(writer, 1, received.notice, **columns)


def test_a_notice_that_nobody_looked_at_is_received(somebody: TestClient, received: Received) -> None:
    shown = ask(somebody, received.number, received.code)
    assert received.number in shown
    assert "Received. It waits" in shown
    assert "/appeal" not in shown


def test_number_and_code_are_read_as_people_type_them(somebody: TestClient, received: Received) -> None:
    spoken = received.code.replace("-", " ").lower().replace("0", "o").replace("1", "i")
    assert "Received. It waits" in ask(somebody, f"  {received.number.lower()} ", spoken)


def test_a_notice_whose_case_somebody_holds_is_being_reviewed(
    desk: Desk, somebody: TestClient, received: Received
) -> None:
    with desk.database.writing() as writer:
        claim(writer, make_actor(1), received.case, lease_minutes=10, now=NOW + timedelta(minutes=1))
    assert "A person looks at it" in ask(somebody, received.number, received.code)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("illegal_baseline", "found to be illegal"),
        ("illegal_national", "found to be illegal"),
        ("policy_violation", "against the rules"),
        ("not_illegal", "not to be illegal"),
        ("not_assessable", "could not be assessed"),
    ],
)
def test_a_closed_notice_has_an_outcome_and_a_way_to_appeal(
    desk: Desk, somebody: TestClient, received: Received, outcome: str, said: str
) -> None:
    change(desk, received, state="outcome_sent", outcome=outcome, outcome_at=NOW)
    shown = ask(somebody, received.number, received.code)
    assert "Closed" in shown
    assert said in shown
    assert 'href="/appeal"' in shown
    assert "baseline" not in shown


def test_after_the_time_for_appeals_no_appeal_is_offered(desk: Desk, somebody: TestClient, received: Received) -> None:
    change(desk, received, state="closed", outcome="not_illegal", outcome_at=NOW)
    assert isinstance(desk.clock, Hands)
    desk.clock.now += timedelta(days=desk.settings.desk.appeal_days, seconds=1)
    shown = ask(somebody, received.number, received.code)
    assert "/appeal" not in shown
    assert "court" in shown


def test_neither_a_match_nor_an_urgency_changes_a_word_of_the_page(desk: Desk, somebody: TestClient) -> None:
    def shown(name: bytes, *, urgent: bool) -> str:
        files = [("files", ("a.png", name))]
        data = {"category": "abuse_material", "description": "a", "good_faith": "yes"} | (
            {"urgent": "yes"} if urgent else {}
        )
        sent = somebody.post("/notice", data=data, files=files).text
        number, code = re.findall(r"<dd[^>]*>([^<]+)</dd>", sent)
        perform_due(desk)
        page = ask(somebody, number, code)
        return (sent + page).replace(number, "").replace(code, "")

    without_tokens = [
        re.sub(r'value="[^"]*"', "", one)
        for one in (shown(b"purple dragon", urgent=True), shown(b"green meadow", urgent=False))
    ]
    assert without_tokens[0] == without_tokens[1]


def test_a_wrong_number_and_a_wrong_code_are_answered_alike_after_the_same_work(
    desk: Desk, somebody: TestClient, received: Received
) -> None:
    asked: list[str] = []
    somebody.get("/notice/status")
    event.listen(desk.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    wrong_code = somebody.post("/notice/status", data={"number": received.number, "code": "0000-0000-0000-0000"})
    after_code, asked[:] = list(asked), []
    wrong_number = somebody.post("/notice/status", data={"number": "N-0000-0000-0000", "code": received.code})
    assert asked == after_code
    assert asked
    assert (wrong_code.status_code, wrong_code.content) == (wrong_number.status_code, wrong_number.content)
    assert wrong_code.status_code == 404
    assert received.number not in wrong_code.text


@pytest.mark.parametrize("nothing", ["", " ", "N", "\0", "N-" + "0" * 10_000, "Ⅻ", "'; --", "-" * 50])
def test_what_is_no_number_is_just_unknown(somebody: TestClient, received: Received, nothing: str) -> None:
    for number, code in ((nothing, received.code), (received.number, nothing)):
        answer = somebody.post("/notice/status", data={"number": number, "code": code})
        assert answer.status_code == 404


def test_a_lost_database_is_told_with_when_to_come_back(
    desk: Desk, somebody: TestClient, received: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost() -> None:
        from rempart.errors import Unavailable

        raise Unavailable("the database cannot be used now; nothing was kept", 5)

    somebody.get("/")
    monkeypatch.setattr(desk.database, "reading", lost)
    answer = somebody.post("/notice/status", data={"number": received.number, "code": received.code})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
