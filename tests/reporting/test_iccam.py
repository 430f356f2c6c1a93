"""Referrals to hotlines abroad: the file, its exact bytes, and the order in which a member's client acts."""

import csv
import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.errors import Unavailable
from rempart.facts.report import ReportedView
from rempart.reporting.iccam.member import ORDER, Call, calls, refer
from rempart.reporting.recipients import RECIPIENTS
from rempart.testing.sample_case import DECIDED, OPTIONS, sample_case

ICCAM = RECIPIENTS["iccam"]
ANSWERS = {"format": "json", "content_type": "image", "commerciality": "non_commercial"}
PAGE = Path(__file__).parents[2] / "docs/reference/recipients/iccam.md"


def built(case: Any = None, **answers: str) -> dict[str, Any]:
    return ICCAM.build(case or sample_case(), {**ANSWERS, **answers}, OPTIONS)


def rendered(case: Any = None, **answers: str) -> str:
    return ICCAM.render(built(case, **answers), DECIDED).content.decode()


def says(case: Any) -> list[str]:
    return [one.field for one in ICCAM.problems(built(case), OPTIONS, DECIDED)]


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_the_page_shows_the_exact_bytes(kind: str) -> None:
    shown = rendered(format=kind).replace("\r\n", "\n").rstrip("\n")
    page = PAGE.read_text()
    fresh = re.sub(rf"```{kind}\n.*?```", lambda _: f"```{kind}\n{shown}\n```", page, count=1, flags=re.DOTALL)
    if os.environ.get("REMPART_GOLDEN") == "write":
        PAGE.write_text(fresh)
    assert PAGE.read_text() == fresh, "iccam changed; if you meant it, run `make golden` and read the diff"


def test_nothing_that_nobody_said_stands_in_it() -> None:
    [content] = ICCAM.build(sample_case(), {}, OPTIONS)["contents"]
    unknown = {"age", "gender", "isVirtual", "contentType", "commerciality", "memo"}
    assert {
        key for part in content.values() if isinstance(part, dict) for key, one in part.items() if one is None
    } >= unknown
    assert ICCAM.render(built(), DECIDED).file_name == "iccam-12.json"


def test_only_places_that_are_known_to_be_abroad_are_referred() -> None:
    place = sample_case().places[0]
    at_home, proxied, nowhere = replace(place, country="FR"), replace(place, via_proxy=True), replace(place, country="")
    assert says(sample_case()) == []
    for one in (at_home, proxied, nowhere):
        assert says(replace(sample_case(), places=(one,))) == ["contents"]
    assert says(replace(sample_case(), outcome="policy_violation")) == ["assessment"]


def test_what_is_finished_is_told_and_nothing_else() -> None:
    reported = (ReportedView("pharos", "finished", "P-1", DECIDED), ReportedView("host-notice", "draft"))
    [content] = built(replace(sample_case(), reported=reported))["contents"]
    assert content["action"]["actions"] == [{"action": 1, "at": "2026-11-22T09:30:00Z"}]


@given(st.text(max_size=60), st.text(max_size=60))
def test_the_csv_reads_back_and_holds_no_formula(url: str, note: str) -> None:
    case = replace(sample_case(), places=(replace(sample_case().places[0], url=url),))
    [row] = csv.DictReader(io.StringIO(rendered(case, format="csv", note=note)))
    assert all(not value.startswith(("=", "+", "-", "@")) for value in row.values())
    assert row["country"] == "NL"


class Recorder:
    """A member's client that writes down what it is asked, and fails where told."""

    def __init__(self, fails_at: int = -1) -> None:
        self.asked: list[Call] = []
        self.fails_at = fails_at

    def perform(self, call: Call) -> str:
        if len(self.asked) == self.fails_at:
            raise Unavailable("the other side is gone; try again")
        self.asked.append(call)
        return "R-1" if call.step == "report" else ""


def test_a_members_client_reports_assesses_sets_fields_and_then_acts() -> None:
    referral = json.loads(rendered(replace(sample_case(), reported=(ReportedView("police", "finished", "", DECIDED),))))
    member = Recorder()
    assert refer(referral, member) == {"case-12-place-5": "R-1"}
    assert tuple(one.step for one in member.asked) == ORDER
    assert all(value is not None for one in member.asked for value in one.body.values())
    with pytest.raises(Unavailable):
        refer(referral, Recorder(fails_at=2))


def test_an_unknown_step_is_left_out() -> None:
    assert [one.step for one in calls(json.loads(rendered()))] == ["report", "assessment", "hosting"]
