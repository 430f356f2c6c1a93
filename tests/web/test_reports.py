"""The pages of reports: questions, exact bytes, approvals, and who sees what."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from rempart.migrations.schema import METADATA
from rempart.people.queries import organisations
from rempart.reporting import drafting, queries
from rempart.settings import MailSettings, OwnSettings, ReportingSettings, Settings
from rempart.testing.desk import NOW, make_desk, make_organisation
from rempart.testing.desk_reporting import make_decided, senior
from rempart.testing.desk_web import SignedIn, signed_in, web_app
from rempart.wiring.desk import Desk
from rempart.wiring.reporting import reporting_of

OWN = OwnSettings(name="Dragon Watch", country="FR", contact_email="ada@dragon.example")
ANSWERS = {"q-authority": "Kantonspolizei", "q-language": "en", "q-danger_now": "no", "q-accounts": "no"}


@pytest.fixture
def desk(settings: Settings, database_url: str) -> Iterator[Desk]:
    mail = MailSettings(host="127.0.0.1", sender="notices@dragon.example")
    reporting = ReportingSettings(environment="emulator", desk=OWN)
    chosen = settings.model_copy(update={"reporting": reporting, "mail": mail})
    with make_desk(chosen, database_url) as made:
        yield made


@pytest.fixture
def app(desk: Desk) -> FastAPI:
    return web_app(desk)


def decided(desk: Desk) -> int:
    with desk.database.writing() as writer:
        if not organisations(writer):
            make_organisation(writer)
        return make_decided(writer, desk.fields, 1)


def drafted(desk: Desk, recipient: str = "police", **answers: str) -> int:
    case_id = decided(desk)
    with desk.database.writing() as writer:
        return drafting.draft(writer, reporting_of(desk), senior(1), case_id, recipient, NOW, answers=answers)


def state(desk: Desk, report_id: int) -> Any:
    with desk.database.reading() as reader:
        row = queries.read(reader, 1, report_id)
    assert row is not None
    return row


def test_from_the_case_to_a_sheet_that_was_handed_over(app: FastAPI, desk: Desk) -> None:
    person: SignedIn = signed_in(app, desk, "senior")
    case_id = decided(desk)
    assert "Draft a report" in person.get(f"/cases/{case_id}").text
    answer = person.post(f"/cases/{case_id}/reports", data={"recipient": "police"})
    path = answer.headers["location"]
    page = person.get(path)
    assert "nobody answered it" in page.text
    assert "Kantonspolizei" not in page.text
    person.post(f"{path}/answers", data=ANSWERS)
    page = person.get(path)
    assert "Report to the police, case" in page.text
    exact = person.get(f"{path}/payload")
    assert "Kantonspolizei" in exact.text
    assert exact.headers["content-disposition"].endswith('filename="police.txt"')
    person.post(f"{path}/approve")
    person.post(f"{path}/hand-over", data={"reference": "K-7"})
    row = state(desk, int(path.rpartition("/")[2]))
    assert (row["state"], row["external_id"]) == ("finished", "K-7")
    page = person.get(path)
    assert "<td>handed over</td>" in page.text
    assert ": questions answered" in page.text  # what happened, in words
    assert "K-7" in person.get("/reports").text
    assert path in person.get(f"/cases/{case_id}").text


def test_who_may_do_what(app: FastAPI, desk: Desk) -> None:
    made = drafted(desk, **{name.removeprefix("q-"): value for name, value in ANSWERS.items()})
    reviewer, auditor, admin = (signed_in(app, desk, role) for role in ("reviewer", "auditor", "admin"))
    assert reviewer.post(f"/reports/{made}/approve").status_code == 403
    assert "Approve" not in reviewer.get(f"/reports/{made}").text
    assert "Kantonspolizei" in reviewer.get(f"/reports/{made}").text
    page = auditor.get(f"/reports/{made}")
    assert page.status_code == 200
    assert "Kantonspolizei" not in page.text
    assert auditor.get(f"/reports/{made}/payload").status_code == 403
    assert admin.get("/reports").status_code == 403
    assert state(desk, made)["state"] == "draft"


def test_a_report_of_another_organisation_is_not_there(app: FastAPI, desk: Desk) -> None:
    made = drafted(desk)
    with desk.database.writing() as writer:
        other = make_organisation(writer, "other")
    stranger = signed_in(app, desk, "senior", other)
    for path in (f"/reports/{made}", f"/reports/{made}/payload"):
        assert stranger.get(path).status_code == 404
    assert stranger.post(f"/reports/{made}/withdraw", data={"reason": "x"}).status_code == 404


def test_a_mistake_stays_on_the_page(app: FastAPI, desk: Desk) -> None:
    made, person = drafted(desk), signed_in(app, desk, "senior")
    page = person.post(f"/reports/{made}/answers", data={"q-language": "dragonish"})
    assert (page.status_code, "Choose one" in page.text) == (400, True)
    assert person.post(f"/reports/{made}/answers", data={"q-nothing": "x"}).status_code == 400
    assert person.post(f"/reports/{made}/approve").status_code == 400


def test_what_cannot_be_undone_needs_the_number_of_the_case(app: FastAPI, desk: Desk) -> None:
    made, person = drafted(desk), signed_in(app, desk, "senior")
    row = state(desk, made)
    with desk.database.writing() as writer:
        queries.change(writer, 1, made, state="needs_people", problem="look at it", recipient="cybertip")
    assert person.post(f"/reports/{made}/order", data={"what": "begin_again", "case": "0"}).status_code == 400
    assert state(desk, made)["state"] == "needs_people"
    answer = person.post(f"/reports/{made}/order", data={"what": "begin_again", "case": str(row["case_id"])})
    assert answer.status_code == 303
    assert state(desk, made)["state"] == "sending"


def test_withdrawing(app: FastAPI, desk: Desk) -> None:
    made, person = drafted(desk), signed_in(app, desk, "senior")
    assert person.post(f"/reports/{made}/withdraw", data={"reason": "twice"}).status_code == 303
    assert state(desk, made)["state"] == "withdrawn"
    assert "Withdraw" not in person.get(f"/reports/{made}").text.split("<h1>")[1]


def test_hostile_words_are_words(app: FastAPI, desk: Desk) -> None:
    made, person = drafted(desk), signed_in(app, desk, "senior")
    person.post(f"/reports/{made}/answers", data=ANSWERS | {"q-authority": "<script>alert(1)</script>"})
    assert "<script>alert" not in person.get(f"/reports/{made}").text


def test_without_an_environment_the_pages_say_so(settings: Settings, database_url: str) -> None:
    with make_desk(settings, database_url) as desk:
        person = signed_in(web_app(desk), desk, "senior")
        case_id = decided(desk)
        assert "REMPART_REPORTING__ENVIRONMENT" in person.get("/reports").text
        assert "REMPART_REPORTING__ENVIRONMENT" in person.get(f"/cases/{case_id}").text
        assert person.post(f"/cases/{case_id}/reports", data={"recipient": "police"}).status_code == 400


def test_a_mail_is_read_before_it_is_approved_and_says_when_it_leaves(app: FastAPI, desk: Desk) -> None:
    made = drafted(desk, "host-notice", good_faith="yes", to="abuse@host.example", classification="none")
    person = signed_in(app, desk, "senior")
    draft = person.get(f"/reports/{made}").text
    assert "To the abuse desk" in draft
    assert "hxxps://dragon[.]example/purple" in draft
    assert "I answer for it" in draft
    with desk.database.writing() as writer:
        table = METADATA.tables["mail_round"]
        row = {"recipient": "host-notice", "address_key": "k", "urgent": False, "next_at": NOW, "organisation": 1}
        writer.run(table.insert().values(report=made, state="waiting", times=2, because="repeat", **row))
    assert "Sent 2 times. Sent again" in person.get(f"/reports/{made}").text
    with desk.database.writing() as writer:
        writer.run(table.update().values(state="over", because="gone"))
    assert "not again. (the content is gone)" in person.get(f"/reports/{made}").text


def test_a_statement_that_will_be_public_says_so_before_it_is_approved(app: FastAPI, desk: Desk) -> None:
    said = {
        "visibility": "removed",
        "account": "none",
        "ground": "terms",
        "reference": "clause 4, no winged beasts",
        "explanation": "The picture shows a winged beast.",
        "facts": "Write to ada@dragon.example for more.",
        "category": "protection_of_minors",
        "applied_on": NOW.date().isoformat(),
        "duration": "indefinite",
        "territory": "EU",
        "content_date": NOW.date().isoformat(),
        "source": "own_initiative",
        "detected_by_program": "no",
    }
    made, person = drafted(desk, "transparency-database", **said), signed_in(app, desk, "senior")
    page = person.get(f"/reports/{made}").text
    assert "Everybody will be able to read it" in page
    assert "Write to [...] for more." in page
    assert "restricted by age" in page
