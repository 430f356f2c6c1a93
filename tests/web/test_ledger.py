"""The ledger page: pages, filters, files; of one organisation only."""

import csv
import io
import json

import pytest
from fastapi import FastAPI

from rempart.audit.queries import append, keep_checkpoint
from rempart.facts.people import Actor, Role
from rempart.people.queries import add_organisation
from rempart.testing.desk import NOW, make_case
from rempart.testing.desk_web import signed_in
from rempart.web.pages.ledger import safe
from rempart.wiring.desk import Desk


def fill(desk: Desk, number: int = 3) -> list[int]:
    with desk.database.writing() as writer:
        return [make_case(writer, 1) for _ in range(number)]


@pytest.mark.parametrize("role", ["supervisor", "auditor", "admin"])
def test_who_audits_reads_the_ledger(app: FastAPI, desk: Desk, role: Role) -> None:
    fill(desk)
    answer = signed_in(app, desk, role).get("/ledger")
    assert answer.status_code == 200
    assert answer.text.count("<td>case.opened</td>") == 3
    assert "No checkpoint has been signed yet" in answer.text


@pytest.mark.parametrize("path", ["/ledger", "/ledger/entries.csv", "/ledger/entries.json"])
def test_who_reviews_does_not(app: FastAPI, desk: Desk, path: str) -> None:
    assert signed_in(app, desk, "reviewer").get(path).status_code == 403
    assert signed_in(app, desk, "senior").get(path).status_code == 403


def test_entries_are_found_by_what_they_are_about(app: FastAPI, desk: Desk) -> None:
    made = fill(desk)
    browser = signed_in(app, desk, "auditor")
    assert browser.get(f"/ledger?about=case&about_id={made[1]}").text.count("<td>case.opened</td>") == 1
    assert browser.get("/ledger?verb=case.").text.count("<td>case.opened</td>") == 3
    assert browser.get("/ledger?verb=case.closed").text.count("<td>case.opened</td>") == 0
    assert browser.get("/ledger?actor=public").text.count("<td>case.opened</td>") == 3
    assert browser.get("/ledger?verb=case%25").text.count("<td>case.opened</td>") == 0
    assert browser.get("/ledger?until=2026-11-21&verb=case.").text.count("<td>case.opened</td>") == 0
    assert browser.get("/ledger?since=soon").status_code == 400


def test_pages_follow_each_other(app: FastAPI, desk: Desk) -> None:
    fill(desk, 60)
    browser = signed_in(app, desk, "auditor")
    first = browser.get("/ledger?verb=case.")
    assert first.text.count("<td>case.opened</td>") == 50
    older = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert older.startswith("/ledger?")
    assert browser.get(older).text.count("<td>case.opened</td>") == 10


def test_the_files_hold_every_entry_and_taking_them_is_kept(app: FastAPI, desk: Desk) -> None:
    fill(desk, 5)
    browser = signed_in(app, desk, "auditor")
    answer = browser.get("/ledger/entries.csv?verb=case.")
    rows = list(csv.DictReader(io.StringIO(answer.text, newline="")))
    assert len(rows) == 5
    assert json.loads(rows[0]["data"])["kind"] == "media"
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "\r\n" in answer.text
    record = browser.get("/ledger/entries.json").json()
    assert record["version"] == 1
    assert [entry["verb"] for entry in record["entries"]].count("ledger.taken") == 2
    assert browser.get("/ledger/entries.xml").status_code == 422


def test_another_organisation_is_not_in_it(app: FastAPI, desk: Desk) -> None:
    fill(desk)
    with desk.database.writing() as writer:
        theirs = add_organisation(writer, "theirs", "Theirs", NOW)
    browser = signed_in(app, desk, "auditor", theirs)
    assert "case.opened" not in browser.get("/ledger?verb=case.").text.split("<tbody>")[-1]
    assert "case.opened" not in browser.get("/ledger/entries.json").text


def test_a_checkpoint_is_told(app: FastAPI, desk: Desk) -> None:
    fill(desk)
    with desk.database.writing() as writer:
        keep_checkpoint(writer, 1, 3, b"statement", NOW)
    text = signed_in(app, desk, "admin").get("/ledger").text
    assert "Signed up to entry 3, on 2026-11-22 09:00 UTC." in text


def test_a_hostile_entry_is_shown_as_text(app: FastAPI, desk: Desk) -> None:
    with desk.database.writing() as writer:
        append(
            writer, Actor(1, "operator"), "case", 1, "case.noted", {"<b>": "<script>x</script>", "n": [1, None]}, NOW
        )
    text = signed_in(app, desk, "auditor").get("/ledger").text
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
    assert safe("=1+1") == "'=1+1"
    assert safe("case") == "case"
