"""What hosts send: fingerprints are checked to the bit, and nothing of them stands in an error."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.cases.intake.submitted import (
    MOST_FINGERPRINTS,
    About,
    Answer,
    Submission,
    examination_of,
    fingerprints_of,
    lets_through,
    visibility_of,
)
from rempart.errors import UserMistake
from rempart.facts import Fingerprint, reasons

MD5 = {"kind": "md5", "value": "ab" * 16}
PDQ = {"kind": "pdq", "value": "cd" * 32, "quality": 80}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=70),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["kind", "value", "quality", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)
ALMOST = st.fixed_dictionaries(
    {"kind": st.sampled_from(["pdq", "md5", "sha1", "sha256", "PDQ", "", None])},
    optional={"value": st.text("0123456789abcdefABCDEFx ", max_size=70) | JSON, "quality": st.integers(-5, 200) | JSON},
)


def test_fingerprints_are_read_as_they_were_sent() -> None:
    assert fingerprints_of([MD5, PDQ]) == (Fingerprint("md5", b"\xab" * 16), Fingerprint("pdq", b"\xcd" * 32, 80))
    assert fingerprints_of([{"kind": "sha256", "value": "AB" * 32}])[0].value == b"\xab" * 32


@settings(max_examples=600, deadline=None)
@given(JSON | st.lists(ALMOST, max_size=4))
def test_whatever_is_sent_is_read_or_refused_without_being_quoted(said: Any) -> None:
    words, found = "", ()
    try:
        found = fingerprints_of(said)
    except UserMistake as mistake:
        words = str(mistake)
    values = [one.get("value") for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    assert not any(isinstance(one, str) and len(one) > 12 and one in words for one in values)
    assert words or 0 < len(found) <= MOST_FINGERPRINTS
    assert not found or examination_of(found)


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        "ab" * 16,
        [MD5] * (MOST_FINGERPRINTS + 1),
        [{"kind": "md5"}],
        [{"kind": "md5", "value": ""}],
        [{"kind": "md5", "value": "ab" * 15}],
        [{"kind": "md5", "value": "ab" * 17}],
        [{"kind": "md5", "value": "a b" * 11}],
        [{"kind": "md5", "value": "ａｂ" * 16}],
        [{"kind": "md5", "value": ["ab" * 16]}],
        [{"kind": ["md5"], "value": "ab" * 16}],
        [{"kind": "photodna", "value": "ab" * 144}],
        [MD5 | {"note": "x"}],
        [{"kind": "pdq", "value": "cd" * 32}],
        [PDQ | {"quality": True}],
        [PDQ | {"quality": -1}],
        [PDQ | {"quality": 101}],
        [PDQ | {"quality": 80.5}],
        [PDQ | {"quality": "80"}],
        [MD5, None],
    ],
)
def test_a_fingerprint_that_is_none_is_refused(said: Any) -> None:
    with pytest.raises(UserMistake):
        fingerprints_of(said)


def test_a_picture_too_plain_to_compare_is_said_to_be_so() -> None:
    seen = examination_of(fingerprints_of([PDQ | {"quality": 10}, MD5]))
    assert (seen.variants, seen.gaps) == ((), (reasons.LOW_QUALITY,))
    assert [one.kind for one in seen.digests] == ["md5"]


@pytest.mark.parametrize("word", ["direct", "Direct-Message", "MESSAGE", "chat", "e2ee", " private_message "])
def test_messages_between_people_are_never_screened(word: str) -> None:
    with pytest.raises(UserMistake, match="private messages are not screened"):
        visibility_of(word)


@pytest.mark.parametrize(
    ("word", "meant"), [("", None), ("public", "public"), ("Unlisted", "public"), ("private", "private")]
)
def test_how_it_was_shared_is_never_guessed(word: str, meant: str | None) -> None:
    assert visibility_of(word) == meant
    with pytest.raises(UserMistake):
        visibility_of("dragons")


def test_what_no_machine_could_decide_goes_as_the_settings_say() -> None:
    words = ("allow", "review", "unscreened", "block")
    assert [lets_through(one, "open") for one in words] == [True, True, True, False]
    assert [lets_through(one, "closed") for one in words] == [True, False, False, False]


def test_an_item_is_the_same_item_in_whatever_order_its_fingerprints_come() -> None:
    about = About()
    one, other = fingerprints_of([MD5, PDQ]), fingerprints_of([PDQ, MD5])
    assert Submission(None, one, about).identity == Submission(None, other, about).identity
    assert Submission(None, one[:1], about).identity != Submission(None, one, about).identity
    assert Submission(b"x", (), about, b"s" * 32).identity == b"s" * 32


def test_nothing_that_a_host_says_stands_in_a_repr() -> None:
    about = About("purple.png", "dragon-7", "https://dragon.example")
    shown = repr(Submission(b"purple", fingerprints_of([MD5]), about, b"s" * 32))
    assert not any(word in shown for word in ("purple", "dragon", "abab", "ssss"))
    assert set(Answer("I-1", "allow", None, True, "", True).to_json()) == {
        "version",
        "item",
        "verdict",
        "case",
        "complete",
        "reason",
        "let_through",
    }
