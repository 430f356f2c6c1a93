"""What notices by mail say, what keeps them back, and what never stands in them."""

import csv
import io
import json
import os
import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import xarf
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.errors import Conflict
from rempart.facts.report import CaseView, ReportedView
from rempart.reporting.letters import composing, xarf_part
from rempart.reporting.letters.addresses import common_contact, inert, is_plain
from rempart.reporting.recipient import Draft
from rempart.reporting.recipients import RECIPIENTS
from rempart.testing.sample_case import DECIDED, OPTIONS, sample_case

NAMES = ("host-notice", "site-owner-notice", "registrar-notice")
DOCS = Path(__file__).parents[3] / "docs/reference/recipients"
CHOSEN: dict[str, Any] = {
    **OPTIONS,
    "environment": "production",
    "sender": "notices@dragon.example",
    "notices": {"production_allowed": True, "language": "en", "test_address": "tests@dragon.example"},
    "contacts": {"pictures.dragon.example": "abuse@host.example"},
}
FAITH = {"good_faith": "yes"}


def built(name: str = "host-notice", case: CaseView | None = None, options: Any = None, **answers: str) -> Draft:
    return RECIPIENTS[name].build(case or sample_case(), {**FAITH, **answers}, options or CHOSEN)


def wrong(draft: Draft, name: str = "host-notice", options: Any = None) -> list[str]:
    return [one.field for one in RECIPIENTS[name].problems(draft, options or CHOSEN, DECIDED)]


def mail_of(*drafts: Draft) -> EmailMessage:
    read = message_from_bytes(composing.compose(drafts).as_bytes(), policy=default)
    assert isinstance(read, EmailMessage)
    return read


def text_of(*drafts: Draft) -> str:
    body = mail_of(*drafts).get_body()
    assert body is not None
    return str(body.get_content())


def parts_of(*drafts: Draft) -> dict[str, bytes]:
    return {str(one.get_filename()): one.get_payload(decode=True) for one in mail_of(*drafts).iter_attachments()}  # type: ignore[misc]


@pytest.mark.parametrize("name", NAMES)
def test_the_page_of_the_recipient_shows_the_exact_bytes(name: str) -> None:
    content = RECIPIENTS[name].render(built(name, explain="a purple dragon"), DECIDED).content
    shown = content.decode().replace("\r\n", "\n")
    page = DOCS / f"{name}.md"
    fresh = re.sub(r"```text\n.*?```", lambda _: f"```text\n{shown}```", page.read_text(), count=1, flags=re.DOTALL)
    if os.environ.get("REMPART_GOLDEN") == "write":
        page.write_text(fresh)
    assert page.read_text() == fresh, f"{name} changed; if you meant it, run `make golden` and read the diff"


@pytest.mark.parametrize("name", NAMES)
def test_a_complete_notice_has_no_problem_and_names_no_internal_person(name: str) -> None:
    draft = built(name)
    assert wrong(draft, name) == []
    content = RECIPIENTS[name].render(draft, DECIDED).content.decode()
    for hidden in ("R-ADA", "RMP-7", "dragon.png", "198.51.100.9", "verdict"):
        assert hidden not in content


@pytest.mark.parametrize("name", NAMES)
def test_nobody_states_good_faith_for_a_person(name: str) -> None:
    draft = RECIPIENTS[name].build(sample_case(), {}, CHOSEN)
    assert wrong(draft, name) == ["good_faith"]
    assert "good faith" not in text_of(draft)


def test_only_the_host_is_told_digests() -> None:
    digest = "ab" * 32
    for name in NAMES:
        assert (digest in RECIPIENTS[name].render(built(name), DECIDED).content.decode()) == (name == "host-notice")


def test_there_is_never_media_in_a_notice() -> None:
    kinds = {one.get_content_type() for one in mail_of(built()).walk()}
    assert kinds == {"multipart/mixed", "text/plain", "text/csv", "application/json"}


def test_the_addresses_in_the_text_open_nothing_and_the_table_has_the_exact_ones() -> None:
    draft = built()
    assert "https://" not in text_of(draft)
    assert "hxxps://pictures[.]dragon[.]example/purple.png" in text_of(draft)
    [head, row] = csv.reader(io.StringIO(parts_of(draft)["addresses.csv"].decode()), delimiter=";")
    assert head == ["url", "IP", "firstseen", "lastseen", "note"]
    seen = "2026-11-22T08:30:00Z"
    assert row == ["https://pictures.dragon.example/purple.png", "192.0.2.7", seen, seen, "reference 12"]


def test_the_part_for_machines_is_valid_xarf_and_the_same_at_every_repeat() -> None:
    [first, second] = [json.loads(parts_of(built())["xarf-12-1.json"]) for _ in range(2)]
    assert first == second
    result = xarf.parse(first)
    assert (result.errors, result.warnings) == ([], [])
    assert isinstance(result.report, xarf.CsamReport)
    assert (result.report.category, result.report.type, result.report.classification) == ("content", "csam", "baseline")


def test_the_classification_for_machines_is_never_guessed() -> None:
    national = replace(sample_case(), outcome="illegal_national", code="national")
    draft = built(case=national)
    assert (draft["xarf"], wrong(draft)) == ([], ["classification"])
    assert built(case=national, classification="B1")["xarf"][0]["classification"] == "B1"
    assert wrong(built(case=national, classification="none")) == []
    industry = replace(sample_case(), taxonomy="industry@1", code="A2")
    assert built(case=industry)["xarf"][0]["classification"] == "A2"
    iwf = replace(sample_case(), taxonomy="iwf@1", code="A1")
    assert wrong(built(case=iwf)) == ["classification"]


def test_how_it_was_detected_is_never_guessed() -> None:
    unknown = replace(sample_case(), notices=())
    assert wrong(built(case=unknown)) == ["detection"]
    assert built(case=unknown, detection="hash_match")["xarf"][0]["detection_method"] == "hash_match"


def test_several_files_are_listed_by_their_digests() -> None:
    other = replace(sample_case().files[0], media_id=4, digests={"sha256": "ef" * 32}, media_type="video/mp4")
    draft = built(case=replace(sample_case(), files=(*sample_case().files, other)))
    [one] = draft["xarf"]
    assert ("hash_values" in one, one["media_type"]) == (False, "mixed")
    assert wrong(draft) == []


def test_the_police_come_first_until_somebody_says_otherwise() -> None:
    held = replace(sample_case(), police_first=True)
    assert wrong(built(case=held)) == ["police_told"]
    assert wrong(built(case=held, police_told="no")) == ["police_told"]
    assert wrong(built(case=held, police_told="yes")) == []


def test_only_the_addresses_of_the_host_are_in_its_notice() -> None:
    other = replace(sample_case().places[0], location_id=6, url="https://elsewhere.example/1", host="elsewhere.example")
    case = replace(sample_case(), places=(*sample_case().places, other))
    assert [one["location"] for one in built(case=case)["places"]] == [5, 6]
    assert [one["location"] for one in built(case=case, host="dragon.example")["places"]] == [5]
    assert wrong(built(case=case, host="nowhere.example", to="a@host.example")) == ["host"]


def test_nobody_is_given_notice_of_our_own_platform_or_an_onion_address() -> None:
    for kind in ("own", "onion"):
        places = (replace(sample_case().places[0], kind=kind),)
        assert "host" in wrong(built(case=replace(sample_case(), places=places), to="a@b.example"))


def test_the_address_comes_from_the_settings_unless_somebody_answers() -> None:
    assert built()["to"] == "abuse@host.example"
    assert built(to="other@host.example")["to"] == "other@host.example"
    places = sample_case().places
    assert common_contact(places, {"AS64500 Example Hosting": "noc@host.example"}) == "noc@host.example"
    assert common_contact(places, {"dragon.example": "up@host.example"}) == "up@host.example"
    elsewhere = replace(places[0], host="elsewhere.example", provider="")
    assert (
        common_contact((*places, elsewhere), {"dragon.example": "a@b.example", "elsewhere.example": "c@d.example"})
        == ""
    )


def test_nothing_goes_to_a_real_host_without_its_own_permission() -> None:
    held = {**CHOSEN, "notices": {"language": "en"}}
    assert wrong(built(options=held), options=held) == ["environment"]


def test_a_test_goes_to_an_address_of_ours_and_says_so() -> None:
    test = {**CHOSEN, "environment": "test"}
    draft = built(options=test)
    assert (draft["to"], draft["meant_for"]) == ("tests@dragon.example", "abuse@host.example")
    assert "THIS IS A TEST" in text_of(draft)
    assert mail_of(draft)["Subject"].startswith("[TEST] ")
    nowhere = {**test, "notices": {"language": "en"}}
    assert wrong(built(options=nowhere), options=nowhere) == ["to"]


def test_without_a_relay_or_a_name_nothing_leaves() -> None:
    assert wrong(built(options={**CHOSEN, "sender": ""})) == ["from"]
    assert wrong(built(options={**CHOSEN, "desk": {}})) == ["contact"]


def test_only_what_was_judged_illegal_is_given_notice_of() -> None:
    assert wrong(built(case=replace(sample_case(), outcome="policy_violation"))) == ["outcome", "outcome"]


def test_what_was_judged_anew_is_taken_back_by_the_same_way() -> None:
    anew = replace(sample_case(), outcome="not_illegal", code="not-illegal", prior=("<1@dragon.example>",))
    draft = RECIPIENTS["host-notice"].build(anew, {}, CHOSEN)
    assert wrong(draft) == []
    assert "takes back" in text_of(draft)
    assert set(parts_of(draft)) == {"addresses.csv"}
    assert wrong(RECIPIENTS["host-notice"].build(replace(anew, prior=()), {}, CHOSEN)) == ["outcome"]


def test_the_owner_learns_when_the_host_was_told_but_not_when_it_is_only_meant_to_be() -> None:
    told = ReportedView("host-notice", "finished", "<1@dragon.example>", DECIDED + timedelta(days=1))
    open_ = ReportedView("host-notice", "draft")
    assert "The host was told on 2026-11-23" in text_of(
        built("site-owner-notice", replace(sample_case(), reported=(told,)))
    )
    assert "host was told" not in text_of(built("site-owner-notice", replace(sample_case(), reported=(open_,))))


def test_several_notices_in_one_mail_each_say_what_they_said_alone() -> None:
    other = built(case=replace(sample_case(), case_id=13))
    together = text_of(built(), other)
    for one in (built(), other):
        assert one["sections"]["en"] in together.replace("\r\n", "\n")
    assert mail_of(built(), other)["Subject"] == "Notice of illegal content (12, 13)"
    assert set(parts_of(built(), other)) == {"addresses.csv", "xarf-12-1.json", "xarf-13-1.json"}


def test_both_languages_stand_in_one_mail() -> None:
    draft = built(language="both")
    assert text_of(draft).index("version française") < text_of(draft).index("To the abuse desk")
    assert "À l’attention du service des abus" in text_of(draft)


def test_a_notice_is_never_sent_alone() -> None:
    sending: Any = type("Sending", (), {"report_id": 1})
    with pytest.raises(Conflict, match="with others"):
        RECIPIENTS["host-notice"].send(sending)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=40))
def test_what_strangers_wrote_makes_no_line_or_header_of_its_own(path: str, explain: str, provider: str) -> None:
    place = replace(sample_case().places[0], url=f"https://dragon.example/{path}", provider=provider)
    draft = built(
        case=replace(sample_case(), places=(place,)), explain=explain, classification="none", to="a@b.example"
    )
    plain = built(classification="none", explain="x" if draft["sections"]["en"].count("Why:") else "", to="a@b.example")
    assert len(draft["sections"]["en"].splitlines()) == len(plain["sections"]["en"].splitlines())
    message = mail_of(draft)
    assert [str(one) for one in message.get_all("To", [])] == ["a@b.example"]
    rows = list(csv.reader(io.StringIO(parts_of(draft)["addresses.csv"].decode(), newline=""), delimiter=";"))
    assert [len(one) for one in rows] == [5, 5]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_no_address_smuggles_another(text: str) -> None:
    if is_plain(text):
        assert not set(text) & set(' ,;<>"\r\n\t')
        assert text.count("@") == 1
    assert not is_plain(f"a@b.example{text}\r\nBcc: c@d.example")


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"https?://[a-z.]{1,30}/[ -~]{0,30}", fullmatch=True))
def test_an_inert_address_opens_nothing(url: str) -> None:
    assert not re.search(r"https?://", inert(url).partition("/")[0] + "//")
    assert "." not in inert(url).split("/")[2].replace("[.]", "")


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80), st.text(max_size=30), st.text(max_size=3))
def test_the_part_for_machines_is_valid_or_keeps_the_notice_back(url: str, provider: str, country: str) -> None:
    place = replace(sample_case().places[0], url=url, provider=provider, country=country)
    draft = built(case=replace(sample_case(), places=(place,)), to="a@b.example")
    for one in draft["xarf"]:
        assert not xarf.parse(one).errors or wrong(draft) == ["classification"]
        assert isinstance(xarf_part.wrong_in(one), str)
