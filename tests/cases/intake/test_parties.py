"""Accounts that hosts tell about: a closed form, sealed, never quoted."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.cases.intake.parties import keep_parties, parties_of
from rempart.cases.intake.queries import parties as queries
from rempart.errors import UserMistake
from rempart.storage.database import Database
from rempart.storage.fields import Fields
from rempart.testing.desk import NOW, make_actor, make_case, make_organisation

WHOLE = {
    "role": "reported",
    "id": "dragon-1",
    "emails": ["dragon@example.org"],
    "addresses": [
        {"address": "192.0.2.1", "port": 80, "at": "2026-11-22T09:00:00Z", "event": "upload", "behind_proxy": False}
    ],
}


def test_a_whole_account_is_taken_as_it_is_told() -> None:
    [one] = parties_of([WHOLE])
    assert one["addresses"] == [{**WHOLE["addresses"][0], "at": "2026-11-22T09:00:00+00:00"}]  # type: ignore[dict-item]
    assert one["emails"] == WHOLE["emails"]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        [{}],
        [{"role": "witness"}],
        [{"role": "reported", "colour": "purple"}],
        [{"role": "reported", "id": ""}],
        [{"role": "reported", "id": "x" * 3000}],
        [{"role": "reported", "id": "a\0b"}],
        [{"role": "reported", "emails": "dragon@example.org"}],
        [{"role": "reported", "addresses": [{"port": 1}]}],
        [{"role": "reported", "addresses": [{"address": "dragon.example"}]}],
        [{"role": "reported", "addresses": [{"address": "192.0.2.1", "port": 0}]}],
        [{"role": "reported", "addresses": [{"address": "192.0.2.1", "port": True}]}],
        [{"role": "reported", "addresses": [{"address": "192.0.2.1", "at": "yesterday"}]}],
        [{"role": "reported", "addresses": [{"address": "192.0.2.1", "at": "2026-11-22T09:00:00"}]}],
        [{"role": "reported", "addresses": [{"address": "192.0.2.1", "event": "dance"}]}],
        [{"role": "reported", "addresses": [{"address": "192.0.2.1", "behind_proxy": "no"}]}],
        [{"role": "reported"}] * 21,
    ],
)
def test_what_is_not_understood_is_refused_and_not_quoted(wrong: Any) -> None:
    with pytest.raises(UserMistake) as refusal:
        parties_of(wrong)
    assert "dragon" not in str(refusal.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["role", "id", "emails", "addresses", "address", "port", "at"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(json_values)
def test_anything_is_taken_or_refused(said: Any) -> None:
    try:
        found = parties_of(said)
    except UserMistake:
        return
    assert all(one["role"] in ("reported", "recipient", "victim") for one in found)


def test_what_is_told_is_sealed(database: Database, fields: Fields) -> None:
    with database.writing() as writer:
        mine = make_organisation(writer)
        case_id = make_case(writer, mine)
        keep_parties(writer, fields, make_actor(mine), case_id, parties_of([WHOLE]), NOW)
        [row] = queries.of_case(writer, mine, case_id)
    assert row["role"] == "reported"
    assert b"dragon" not in row["told_sealed"]
