"""Small secrets in rows: only the key opens them, and only where they belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.errors import Broken
from rempart.storage.fields import BLIND_HEX, Fields
from rempart.storage.keys import KeyRing

KEYS = KeyRing.generate()
FIELDS = Fields(KEYS)
PURPOSES = st.sampled_from(["url", "account", "contact", "name"])


@given(PURPOSES, st.binary(max_size=200))
def test_what_was_sealed_opens_again(purpose: str, plain: bytes) -> None:
    sealed = FIELDS.seal(purpose, plain)
    assert Fields(KEYS).unseal(purpose, sealed) == plain
    assert sealed != FIELDS.seal(purpose, plain)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_texts_open_again(plain: str) -> None:
    assert FIELDS.unseal_text("name", FIELDS.seal_text("name", plain)) == plain


@given(st.binary(min_size=1, max_size=40), st.data())
def test_any_changed_byte_is_told(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(FIELDS.seal("url", plain))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Broken, match="cannot be opened"):
        FIELDS.unseal("url", bytes(sealed))


@pytest.mark.parametrize("short", [0, 5, 12, 20])
def test_a_cut_field_is_told(short: int) -> None:
    with pytest.raises(Broken):
        FIELDS.unseal("url", FIELDS.seal("url", b"https://dragon.example")[:short])


def test_a_field_moved_to_another_column_does_not_open() -> None:
    with pytest.raises(Broken):
        FIELDS.unseal("account", FIELDS.seal("url", b"purple"))


def test_another_installation_cannot_open_or_compare() -> None:
    other = Fields(KeyRing.generate())
    with pytest.raises(Broken):
        other.unseal("url", FIELDS.seal("url", b"purple"))
    assert other.blind("url", b"purple") != FIELDS.blind("url", b"purple")


@given(PURPOSES, st.binary(max_size=50), PURPOSES, st.binary(max_size=50))
def test_blind_values_are_equal_only_for_equal_values_of_one_purpose(
    purpose: str, value: bytes, other_purpose: str, other: bytes
) -> None:
    same = FIELDS.blind(purpose, value) == FIELDS.blind(other_purpose, other)
    assert same == ((purpose, value) == (other_purpose, other))
    assert len(FIELDS.blind(purpose, value)) == BLIND_HEX


def test_nothing_of_the_key_is_shown() -> None:
    assert repr(FIELDS) == "Fields(***)"
