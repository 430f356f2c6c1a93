"""Numbers and codes: typed as people type, never guessed, never compared in a way that tells."""

import hmac
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.cases.intake import numbers
from rempart.cases.intake.numbers import ALPHABET, code_from, hash_of_code, new_code, new_dice, new_number, read_number


@given(st.integers(0, 2**32))
def test_a_number_is_read_however_it_is_typed(seed: int) -> None:
    number = new_number("N", Random(seed))
    typed = (number, number.lower(), number.replace("-", " "), number.replace("-", ""), f"  {number}. ")
    assert {read_number(one) for one in typed} == {number}


def test_letters_that_look_like_digits_are_read_as_these() -> None:
    assert read_number("N-0OiI-lL1l-uUvV") == "N-0011-1111-VVVV"
    assert hash_of_code("N", "O0lI-1111-1111-1111") == hash_of_code("N", "0011-1111-1111-1111")


@given(st.text(max_size=300))
def test_whatever_is_typed_is_read_as_some_number_that_can_be_stored(text: str) -> None:
    found = read_number(text)
    assert found.isascii()
    assert "\0" not in found
    assert len(found) < 140
    assert hash_of_code(found, text) == hash_of_code(found, text.upper()) or not text.isascii()


def test_a_code_belongs_to_its_number() -> None:
    code = new_code(Random(1))
    assert hash_of_code("N-1", code) != hash_of_code("N-2", code)
    assert hash_of_code("N-1", code) == hash_of_code("N-1", code.lower().replace("-", " "))
    assert code not in hash_of_code("N-1", code)


def test_numbers_and_codes_are_long_enough_not_to_be_tried_out() -> None:
    assert len(ALPHABET) == 32
    assert len(new_number("N").replace("-", "")) == 1 + 12
    assert len(new_code().replace("-", "")) == 16
    assert len({new_code() for _ in range(1000)}) == 1000


def test_a_code_from_a_secret_is_always_the_same_and_uses_all_of_it() -> None:
    digits = "0123456789abcdef0123"
    assert code_from(digits) == code_from(digits)
    changed = [digits[:at] + ("0" if digits[at] != "0" else "1") + digits[at + 1 :] for at in range(20)]
    assert len({code_from(one) for one in [digits, *changed]}) == 21


def test_hashes_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []
    monkeypatch.setattr(hmac, "compare_digest", lambda *both: compared.append(both) or both[0] == both[1])
    assert numbers.same_hash("a", "a")
    assert not numbers.same_hash("a", "b")
    assert compared == [("a", "a"), ("a", "b")]


def test_dice_fit_their_column() -> None:
    assert all(0 <= new_dice() < 2**31 for _ in range(200))
