"""From a case to a report: nothing is said that nobody said."""

from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.facts.report import CaseView, FileView, NoticeView, PlaceView
from rempart.reporting.cybertip import checks
from rempart.reporting.cybertip.accepting import problems
from rempart.reporting.cybertip.composing import QUESTIONS, compose
from rempart.reporting.cybertip.grammar import FILE_DETAILS, INCIDENT_TYPES, REPORT
from rempart.reporting.cybertip.hardened import parse
from rempart.reporting.cybertip.loaded import LOADED
from rempart.reporting.cybertip.model import FileDetails, Report
from rempart.reporting.cybertip.reader import read_file_details, read_report
from rempart.reporting.cybertip.writer import write_file_details, write_report

AT = datetime(2026, 11, 22, 8, tzinfo=UTC)
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
INCIDENT = INCIDENT_TYPES[0]
FILE = FileView(1, "vault-1", "dragon.png", "image/png", 10, AT, digests={"sha256": "ab" * 32, "md5": "cd" * 16})
BARE = CaseView(
    case_id=7,
    organisation=1,
    kind="media",
    opened_at=AT,
    decided_at=AT,
    outcome="illegal_baseline",
    taxonomy="baseline@1",
    code="baseline",
    mapping={},
    answers={},
    reason="",
    reviewer="R-ADA",
    files=(FILE,),
    places=(PlaceView(1, "https://dragon.example/purple", "dragon.example", AT),),
)


def composed(case: CaseView, options: dict[str, Any] | None = None, **answers: str) -> tuple[Report, list[FileDetails]]:
    """The report about the case, and the details of its files."""
    report, files = compose(case, {"incident_type": INCIDENT, **answers}, options or {})
    assert report is not None
    return report, [details for _, details in files]


def values_of(value: Any, owner: type[Any], name: str) -> list[Any]:
    """Every value of this field in everything that hangs on `value`."""
    found = []
    if is_dataclass(value):
        if isinstance(value, owner) and name in {one.name for one in fields(value)}:
            found.append(getattr(value, name))
        for one in fields(value):
            found += values_of(getattr(value, one.name), owner, name)
    elif isinstance(value, tuple):
        found += [inner for one in value for inner in values_of(one, owner, name)]
    return found


@pytest.mark.parametrize("loaded", LOADED, ids=lambda one: f"{one.owner.__name__}.{one.field}")
def test_a_field_with_legal_weight_is_absent_until_somebody_says_it(loaded: Any) -> None:
    if loaded.field == "incident_type":
        assert compose(BARE, {}, {})[0] is None
        return
    everything = composed(BARE, {"desk": {"name": "Desk", "contact_email": "desk@desk.example"}})
    for part in (everything[0], tuple(everything[1])):
        assert all(value in (None, ()) for value in values_of(part, loaded.owner, loaded.field))


def test_our_evidence_of_ai_is_told_and_never_becomes_the_flag() -> None:
    seen = replace(BARE, files=(replace(FILE, ai_evidence="verdict ai.signed; evidence: c2pa"),))
    _, [details] = composed(seen)
    assert details.file_annotations is None
    assert "not a judgement" in details.additional_infos[0]


def test_the_flag_of_ai_comes_from_a_person_who_said_yes() -> None:
    _, [said] = composed(replace(BARE, files=(replace(FILE, ai=True),)))
    _, [denied] = composed(replace(BARE, files=(replace(FILE, ai=False),)))
    assert said.file_annotations is not None
    assert said.file_annotations.generative_ai is True
    assert denied.file_annotations is None


@pytest.mark.parametrize("viewed", [True, None])
def test_viewed_is_what_the_reveal_ledger_says(viewed: bool | None) -> None:
    _, [details] = composed(replace(BARE, files=(replace(FILE, viewed=viewed),)))
    assert details.file_viewed_by_esp is viewed


def test_a_no_to_a_flag_stays_absent() -> None:
    report, [details] = composed(BARE, sextortion="no", file_infant="no")
    assert report.incident_summary.report_annotations is None
    assert details.file_annotations is None


def test_a_classification_is_for_those_who_signed() -> None:
    case = replace(BARE, mapping={"ncmec": "A1"})
    assert composed(case)[1][0].industry_classification is None
    assert composed(case, {"industry_hash_sharing_signed": True})[1][0].industry_classification == "A1"


def test_earlier_reports_about_the_same_account_are_cited() -> None:
    account = {"role": "reported", "id": "dragon-1", "addresses": [{"address": "192.0.2.1", "event": "upload"}]}
    report, _ = composed(replace(BARE, accounts=(account,), prior=("12", "not-a-number")))
    [reported] = report.people_reported
    assert reported.prior_ct_reports == (12,)
    assert reported.ip_capture_events[0].event_name == "Upload"
    assert "12" in (report.additional_info or "")


def test_when_it_happened_says_whose_statement_that_is() -> None:
    uploaded = replace(BARE, files=(replace(FILE, uploaded_at=AT.replace(hour=3)),))
    for case, answers, hour, word in (
        (BARE, {}, 8, "not known"),
        (uploaded, {}, 3, "record of the service"),
        (uploaded, {"incident_at": "2026-11-21T10:00:00+02:00"}, 8, "stated by the person"),
    ):
        summary = composed(case, **answers)[0].incident_summary
        assert summary.incident_date_time.astimezone(UTC).hour == hour
        assert word in (summary.incident_date_time_description or "")


def test_no_name_of_a_reviewer_and_no_sender_of_a_notice_is_in_it() -> None:
    report, _ = composed(replace(BARE, notices=(NoticeView("N-1", "public", "other", AT, trusted=False),)))
    text = write_report(report, NOW)
    assert b"R-ADA" not in text
    assert b"N-1" not in text


texts = st.text(max_size=40)
accounts = st.fixed_dictionaries(
    {"role": st.sampled_from(["reported", "recipient", "victim"])},
    optional={
        "id": texts,
        "screen_name": texts,
        "display_name": texts,
        "emails": st.lists(texts, max_size=2),
        "addresses": st.lists(
            st.fixed_dictionaries(
                {"address": st.ip_addresses().map(str)},
                optional={"port": st.integers(1, 65535), "event": st.sampled_from(["login", "upload"])},
            ),
            max_size=2,
        ),
    },
)
files_ = st.builds(
    FileView,
    media_id=st.integers(1, 9),
    vault_id=st.just("v"),
    name=texts,
    media_type=st.just("image/png"),
    size_bytes=st.integers(0, 99),
    received_at=st.just(AT),
    uploaded_at=st.none() | st.just(AT),
    digests=st.binary(min_size=32, max_size=32).map(lambda raw: {"sha256": raw.hex()}),
    viewed=st.sampled_from([True, None]),
    public=st.sampled_from([True, False, None]),
    ai=st.sampled_from([True, False, None]),
    ai_evidence=texts,
)
cases = st.builds(
    lambda files, accounts, prior, places: replace(
        BARE, files=tuple(files), accounts=tuple(accounts), prior=tuple(prior), places=tuple(places)
    ),
    st.lists(files_, max_size=3),
    st.lists(accounts, max_size=3),
    st.lists(st.integers(1, 10**9).map(str), max_size=3),
    st.lists(
        st.builds(PlaceView, st.just(1), texts.map(lambda text: f"https://dragon.example/{text}"), texts, st.just(AT)),
        max_size=2,
    ),
)
answers_ = st.fixed_dictionaries(
    {"incident_type": st.sampled_from(INCIDENT_TYPES)},
    optional={
        one.name: st.sampled_from(one.choices or ("yes", "no")) if one.kind in ("yesno", "choice") else texts
        for one in QUESTIONS
        if one.name != "incident_type" and one.kind != "moment"
    },
)


@settings(max_examples=150, deadline=None)
@given(cases, answers_)
def test_whatever_the_case_says_either_our_checks_object_or_the_grammar_accepts_it(
    case: CaseView, answers: dict[str, str]
) -> None:
    report, parts = compose(case, answers, {})
    assert report is not None
    listed = [(one.digests["sha256"], details) for one, details in parts]
    if checks.problems_of(report, listed, NOW, industry_hash_sharing_signed=False):
        return
    assert problems(parse(write_report(report, NOW), 1 << 20), REPORT, NOW) == []
    for _, details in listed:
        numbered = replace(details, report_id=1, file_id="0")
        assert problems(parse(write_file_details(numbered, NOW), 1 << 20), FILE_DETAILS, NOW) == []


@settings(max_examples=100, deadline=None)
@given(cases, answers_)
def test_what_is_written_is_read_back_whole(case: CaseView, answers: dict[str, str]) -> None:
    report, parts = compose(case, answers, {})
    assert report is not None
    listed = [(one.digests["sha256"], details) for one, details in parts]
    if checks.problems_of(report, listed, NOW, industry_hash_sharing_signed=False):
        return
    text = write_report(report, NOW)
    assert write_report(read_report(text), NOW) == text
    for _, details in listed:
        written = write_file_details(replace(details, report_id=1, file_id="0"), NOW)
        assert write_file_details(read_file_details(written), NOW) == written
