"""Sheets for people to copy: what stands on them, what never does, and what keeps them back."""

import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.errors import Conflict
from rempart.facts.report import ReportedView
from rempart.reporting import drafting, queries
from rempart.reporting.drafting import Reporting
from rempart.reporting.recipient import Draft, Recipient
from rempart.reporting.recipients import RECIPIENTS
from rempart.reporting.sheets import stating
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW, make_actor, make_organisation
from rempart.testing.desk_reporting import make_decided, senior
from rempart.testing.sample_case import DECIDED, OPTIONS, sample_case

SHEETS = {name: RECIPIENTS[name] for name in ("pharos", "nca", "police", "article-18", "correction")}
REGISTERED = {
    **OPTIONS,
    "organisation_reference": "ORG-1",
    "administrator": "Eve Purple",
    "replacement": "Bob Purple",
    "second_minutes": 60,
    "third_minutes": 120,
}
ANSWERS = {
    "correction": {"language": "en", "means": "withdraw"},
    "article-18": {
        "threat": "somebody wrote that the dragon is hungry",
        "state_victim": "FR",
        "authority": "Europol",
        "accounts": "no",
    },
    "pharos": {"danger_now": "no", "contact": "organisation", "article": "227-23"},
    "nca": {
        "danger_now": "no",
        "priority": "2",
        "uk_link": "the account says that it is in Wales",
        "detected": "a report of a user",
        "accounts": "yes",
    },
    "police": {"danger_now": "no", "authority": "Kantonspolizei", "language": "en", "accounts": "no"},
}
DOCS = Path(__file__).parents[3] / "docs/reference/recipients"


CORRECTED = replace(
    sample_case(),
    outcome="not_illegal",
    code="not-illegal",
    reported=(
        ReportedView("pharos", "finished", "P-7", DECIDED - timedelta(days=3)),
        ReportedView("police", "draft"),
    ),
)


def built(name: str, case: Any = None, options: Any = None, **answers: str) -> Draft:
    """The draft of the sample case."""
    return SHEETS[name].build(
        case or (CORRECTED if name == "correction" else sample_case()),
        {**ANSWERS[name], **answers},
        options or REGISTERED,
    )


def blocks(draft: Draft) -> dict[str, str]:
    return {one["name"]: one["text"] for one in draft["blocks"]}


def says(name: str, draft: Draft, options: Any = None) -> list[str]:
    """The fields that have problems."""
    return [one.field for one in SHEETS[name].problems(draft, options or REGISTERED, DECIDED)]


@pytest.mark.parametrize("name", SHEETS)
def test_the_page_of_the_recipient_shows_the_exact_bytes(name: str) -> None:
    shown = SHEETS[name].render(built(name), DECIDED).content.decode()
    page = DOCS / f"{name}.md"
    fresh = re.sub(r"```text\n.*?```", lambda _: f"```text\n{shown}```", page.read_text(), count=1, flags=re.DOTALL)
    if os.environ.get("REMPART_GOLDEN") == "write":
        page.write_text(fresh)
    assert page.read_text() == fresh, f"{name} changed; if you meant it, run `make golden` and read the diff"


@pytest.mark.parametrize("name", SHEETS)
def test_a_complete_sheet_has_no_problem_and_names_no_internal_person(name: str) -> None:
    draft = built(name)
    assert says(name, draft) == []
    text = SHEETS[name].render(draft, DECIDED).content.decode()
    assert "R-ADA" not in text
    assert "RMP-7" not in text


@pytest.mark.parametrize("name", SHEETS)
def test_what_nobody_answered_stands_nowhere(name: str) -> None:
    draft = SHEETS[name].build(replace(sample_case(), answers={}), {}, {})
    for gone in ("article", "basis", "priority", "uk_link", "accounts", "contact", "authority"):
        assert gone not in blocks(draft)
    text = SHEETS[name].render(draft, DECIDED).content.decode()
    assert "decided says" not in text
    assert "a décidé, le contenu" not in text


@pytest.mark.parametrize("name", SHEETS)
def test_every_legally_loaded_question_is_asked_and_none_has_an_answer_of_ours(name: str) -> None:
    loaded = {
        "danger_now",
        "accounts",
        "priority",
        "article",
        "basis",
        "uk_link",
        "contact",
        "public",
        "threat",
        "means",
        "state_victim",
    }
    asked = {one.name for one in SHEETS[name].questions}
    assert asked & loaded
    without = SHEETS[name].build(sample_case(), {}, REGISTERED)
    assert not {"article", "basis", "priority", "uk_link", "accounts"} & blocks(without).keys()


def test_pharos_takes_public_content_with_an_address_only() -> None:
    private = replace(sample_case(), answers={"public": False})
    assert says("pharos", built("pharos", private)) == ["public"]
    assert says("pharos", built("pharos", replace(sample_case(), answers={}))) == ["public"]
    assert says("pharos", built("pharos", replace(sample_case(), answers={}), public="yes")) == []
    assert says("pharos", built("pharos", replace(sample_case(), places=()))) == ["address"]


def test_pharos_has_the_time_with_its_zone_over_the_change_of_clocks() -> None:
    place = sample_case().places[0]
    before = replace(place, seen_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    after = replace(place, seen_at=datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
    text = blocks(built("pharos", replace(sample_case(), places=(before, after))))["when"]
    assert "02:30:00+02:00 Europe/Paris (2026-10-25T00:30:00Z)" in text
    assert "02:30:00+01:00 Europe/Paris (2026-10-25T01:30:00Z)" in text


def test_an_anonymous_report_has_no_contact() -> None:
    assert "contact" not in blocks(built("pharos", contact="anonymous"))
    assert says("pharos", built("pharos", contact="organisation", options={"desk": {"name": "Dragon Watch"}})) == [
        "contact"
    ]


@pytest.mark.parametrize(("name", "number"), [("pharos", "17"), ("nca", "999"), ("police", "112")])
def test_danger_puts_the_emergency_number_first_and_ai_evidence_never_takes_it_away(name: str, number: str) -> None:
    calm = built(name)
    assert not any(number in one for one in calm["notes"])
    for case, answers in ((sample_case(), {"danger_now": "yes"}), (replace(sample_case(), urgent=True), {})):
        claimed = replace(case, answers={**case.answers, "ai": True})
        assert number in built(name, claimed, **answers)["notes"][0]


def test_the_nca_wants_to_know_who_reports_before_the_first_report() -> None:
    draft = built("nca", options=OPTIONS)
    wanted = {"registration.organisation_reference", "registration.administrator", "registration.replacement"}
    assert wanted <= set(says("nca", draft, OPTIONS))


def test_the_nca_is_not_told_twice_of_what_ncmec_knows() -> None:
    assert says("nca", built("nca", replace(sample_case(), reported=(ReportedView("cybertip", "draft"),)))) == [
        "duplicate"
    ]


def test_a_provider_from_elsewhere_says_what_links_the_content_to_the_united_kingdom() -> None:
    assert says("nca", built("nca", uk_link="")) == ["uk_link"]
    at_home = {**REGISTERED, "desk": {**OPTIONS["desk"], "country": "GB"}}
    assert says("nca", built("nca", uk_link="", options=at_home), at_home) == []


def test_a_threat_names_the_states_concerned_or_who_is_told_instead() -> None:
    draft = built("article-18")
    assert blocks(draft)["states"] == "victim: FR"
    assert "every state" in draft["notes"][1]
    assert datetime.fromisoformat(draft["due_at"]) == DECIDED
    unknown = built("article-18", state_victim="")
    assert "states" not in blocks(unknown)
    assert "Europol" in unknown["notes"][1]
    assert says("article-18", built("article-18", state_suspect="France")) == ["state_suspect"]


@pytest.mark.parametrize(("priority", "minutes"), [("1", 0), ("2", 60), ("3", 120)])
def test_the_priority_sets_the_timer(priority: str, minutes: int) -> None:
    due = datetime.fromisoformat(built("nca", priority=priority)["due_at"])
    assert (due - DECIDED).total_seconds() == 60 * minutes


def test_a_correction_names_every_finished_report_and_what_is_asked() -> None:
    draft = built("correction")
    assert "pharos: P-7" in blocks(draft)["reports"]
    assert "police" not in blocks(draft)["reports"]
    assert says("correction", built("correction", sample_case())) == ["reports", "means"]
    still = replace(CORRECTED, outcome="illegal_baseline")
    assert says("correction", built("correction", still)) == ["means"]
    assert says("correction", built("correction", still, means="change")) == []


def test_accounts_are_handed_over_only_when_somebody_says_so() -> None:
    assert "198.51.100.9" in blocks(built("police", accounts="yes"))["accounts"]
    assert "198.51.100.9" not in SHEETS["police"].render(built("police"), DECIDED).content.decode()


def test_a_sheet_is_never_sent_by_itself() -> None:
    with pytest.raises(Conflict, match="hands it over"):
        SHEETS["police"].send(_sending())


@given(st.text(), st.text())
def test_what_strangers_wrote_makes_no_line_of_its_own(url: str, name: str) -> None:
    place = replace(sample_case().places[0], url=url)
    account = {"role": "reported", "screen_name": name}
    case = replace(sample_case(), places=(place,), accounts=(account,))
    for sheet in ("nca", "police"):
        draft = built(sheet, case, accounts="yes")
        assert len(blocks(draft)["places"].splitlines()) == 1
        assert len(blocks(draft)["accounts"].splitlines()) <= 2
    assert len(stating.addresses(case).splitlines()) <= 1


def test_an_open_report_to_ncmec_keeps_the_sheet_for_the_nca_back(database: Database, fields: Fields) -> None:
    chosen = Reporting(fields, {"nca": REGISTERED, "cybertip": OPTIONS}, "emulator")
    with database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_decided(writer, fields, mine)
        drafting.draft(writer, chosen, make_actor(mine), case_id, "cybertip", NOW)
        made = drafting.draft(writer, chosen, make_actor(mine), case_id, "nca", NOW)
        drafting.answer(writer, chosen, make_actor(mine), made, ANSWERS["nca"], NOW)
        with pytest.raises(Conflict, match="NCMEC"):
            drafting.approve(writer, chosen, senior(mine), made, NOW)
        row = queries.read(writer, mine, made)
        assert row is not None
        assert row["due_at"] > row["created_at"]


def _sending() -> Any:
    from types import SimpleNamespace

    return SimpleNamespace(report_id=1)


def test_the_sheets_are_recipients_by_the_protocol() -> None:
    for name, one in SHEETS.items():
        checked: Recipient = one
        carries = "correct_report" if name == "correction" else "report_police"
        assert (checked.name, checked.transport, checked.carries_out) == (name, "sheet", carries)
