"""What the API says of itself is true: made-up calls, valid and not, get an answer that its description knows."""

import json

import pytest

from rempart.testing import api_campaign
from rempart.web.registry import ROUTERS

EXAMPLES = 8
CALLS = 5_000


def test_no_made_up_call_is_answered_with_a_server_error_or_in_a_way_that_is_not_described() -> None:
    outcome = api_campaign.run(EXAMPLES, seed=7)
    assert outcome.server_errors == []
    assert not outcome.odd
    assert outcome.whole
    described = {
        (method, route.path)
        for router in ROUTERS
        for route in router.routes
        for method in route.methods  # type: ignore[attr-defined]
        if router.include_in_schema and route.include_in_schema  # type: ignore[attr-defined]
    }
    assert outcome.operations == len(described)
    assert {200, 400, 401, 403, 404, 422} <= set(outcome.statuses)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_no_server_error_in_five_thousand_calls() -> None:
    told: list[str] = []
    assert api_campaign.main(["--calls", str(CALLS)], told.append) == 0, told
    assert json.loads(told[-1])["calls"] >= CALLS


def test_a_server_error_or_an_answer_of_another_shape_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = api_campaign.Outcome(calls=1)
    assert outcome.whole
    outcome.server_errors.append("GET /v1/items: 500")
    assert not outcome.whole
    monkeypatch.setattr(api_campaign, "run", lambda examples, seed: outcome)
    told: list[str] = []
    assert api_campaign.main(["--calls", "1"], told.append) == 1
    assert told[0] == "GET /v1/items: 500"
