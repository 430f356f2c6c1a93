"""What answers of the Transparency Database mean: each statement of a request has exactly one fate."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.net import Answer
from rempart.reporting.dsa.replies import Verdict, of_batch, of_question, retry_after

PUIDS = ("a", "b", "c", "d")


def answer(status: int, said: Any = None, **headers: str) -> Answer:
    return Answer(status, headers, b"" if said is None else json.dumps(said).encode())


def fates(verdict: Verdict) -> list[str]:
    """Every number once for each fate that it has."""
    every = (verdict.published, verdict.refused, verdict.taken, verdict.doubtful, verdict.again, verdict.halved)
    return sorted([one for part in (*every, verdict.held) for one in part])


def stored(*puids: str) -> dict[str, Any]:
    return {"statements": [{"puid": one, "uuid": f"u-{one}"} for one in puids]}


def test_what_the_answer_does_not_name_is_doubtful() -> None:
    verdict = of_batch(answer(201, stored("a", "b", "d", "x")), PUIDS)
    assert set(verdict.published) == {"a", "b", "d"}
    assert verdict.doubtful == {"c"}


def test_who_is_named_is_refused_and_the_others_go_again() -> None:
    errors = {"statement_1": {"category": ["is \x00 invalid"]}, "statement_9": {"puid": ["?"]}}
    verdict = of_batch(answer(422, {"errors": errors}), PUIDS)
    assert verdict.refused == {"b": "category: is invalid"}
    assert verdict.again == ("a", "c", "d")


def test_a_number_that_is_taken_is_neither_refused_nor_published() -> None:
    verdict = of_batch(answer(422, {"errors": {"puid": ["not unique"], "existing_puids": ["c", "z", 7]}}), PUIDS)
    assert verdict.taken == {"c"}
    assert verdict.again == ("a", "b", "d")
    assert of_batch(answer(422, {"errors": {"puid": ["not unique"]}}), ["c"]).taken == {"c"}


@pytest.mark.parametrize(
    "said", [None, {}, {"errors": []}, {"errors": {"statements": ["too many"]}}, {"errors": {"puid": ["?"]}}]
)
def test_where_nobody_is_named_the_batch_is_halved_until_one_is_left(said: Any) -> None:
    assert of_batch(answer(422, said), PUIDS).halved == PUIDS
    if said != {"errors": {"puid": ["?"]}}:
        assert set(of_batch(answer(422, said), ["a"]).refused) == {"a"}


@pytest.mark.parametrize("status", [301, 302, 307, 401, 403, 404, 405, 429])
def test_what_certainly_was_not_stored_waits(status: int) -> None:
    verdict = of_batch(answer(status), PUIDS)
    assert verdict.held == set(PUIDS)
    assert bool(verdict.problem) == (status != 429)


@pytest.mark.parametrize("status", [100, 202, 204, 408, 500, 502, 503, 599])
def test_what_may_have_been_stored_is_asked_for(status: int) -> None:
    assert of_batch(answer(status), PUIDS).doubtful == set(PUIDS)


def test_only_a_302_with_the_number_says_that_it_is_there() -> None:
    assert of_question(answer(302, {"message": "found", "puid": "a"}), "a") == "there"
    assert of_question(answer(302, {"puid": "b"}), "a") == "unknown"
    assert of_question(answer(302), "a") == "unknown"
    assert of_question(answer(404), "a") == "not_there"
    assert [of_question(answer(one), "a") for one in (200, 401, 429, 500)] == ["unknown"] * 4


def test_how_long_to_wait_is_bounded() -> None:
    said = [retry_after(answer(429, None, **{"retry-after": one})) for one in ("0", "90", "999999", "soon", "")]
    assert said == [60.0, 90.0, 3600.0, 60.0, 60.0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([*PUIDS, "uuid"]),
    lambda one: (
        st.lists(one, max_size=4)
        | st.dictionaries(
            st.sampled_from(["errors", "statements", "existing_puids", "puid", "uuid", "statement_0", "statement_3"]),
            one,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=100)
@given(st.sampled_from([200, 201, 302, 400, 401, 422, 429, 500]), JSON | st.binary(max_size=20))
def test_whatever_comes_back_each_statement_has_one_fate(status: int, said: Any) -> None:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    assert fates(of_batch(Answer(status, {}, body), PUIDS)) == sorted(PUIDS)
    of_question(Answer(status, {}, body), "a")
