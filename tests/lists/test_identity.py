from base64 import b64encode, urlsafe_b64encode
from random import Random

import pytest

from rempart.facts import Fingerprint
from rempart.lists.identity import clean, identifier, looks_like_fingerprint, shown_ref, shown_text

LENGTHS = [16, 20, 32, 144]


@pytest.mark.parametrize("length", [16, 20, 32, 64])
@pytest.mark.parametrize("seed", range(5))
def test_what_is_as_long_as_a_digest_in_hexadecimal_is_not_shown(length: int, seed: int) -> None:
    digits = Random(seed).randbytes(length).hex()
    spaced = ":".join(digits[start : start + 2] for start in range(0, len(digits), 2))
    for text in (digits, digits.upper(), f" {digits}", f"case-7/{digits}", spaced):
        assert shown_ref(text) == ""
        assert shown_text(text) == ""
        assert identifier(text) == text.strip()


@pytest.mark.parametrize("length", LENGTHS)
@pytest.mark.parametrize("seed", range(5))
def test_what_is_as_long_as_a_fingerprint_in_base64_is_not_shown(length: int, seed: int) -> None:
    value = Random(seed).randbytes(length)
    assert looks_like_fingerprint(b64encode(value).decode())
    assert looks_like_fingerprint(urlsafe_b64encode(value).decode())


@pytest.mark.parametrize(
    "ref",
    ["17", "case-2024/000017", "550e8400-e29b-41d4-a716-446655440000", "case/550e8400-e29b-41d4-a716-446655440000",
     "a report of the second of May 2024", "0" * 31, "0ujtsYcgvSTl8PAuAdqWYSMnLOv"],
)  # fmt: skip
def test_what_sources_use_as_references_is_shown(ref: str) -> None:
    assert shown_ref(ref) == shown_text(ref) == ref


def test_a_ref_with_the_digits_of_its_own_fingerprint_inside_is_not_shown() -> None:
    one = Fingerprint("md5", bytes(range(16)))
    assert shown_ref(f"case/{one.value.hex().upper()}.jpg", [one]) == ""
    assert shown_ref(f"case/{b64encode(one.value).decode()}.jpg", [one]) == ""
    assert shown_ref("case/17.jpg", [one]) == "case/17.jpg"


def test_clean_text_has_no_control_characters_and_an_end() -> None:
    assert clean(" a\x1b[31m\u202eb ") == "a[31mb"
    assert len(clean("a" * 5000)) == 1000
