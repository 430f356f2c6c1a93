"""Free texts that are published: nothing that was recognised is left, and what is doubtful does not leave."""

import string
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.reporting.dsa.scrubbing import GONE, doubts, known_of, scrubbed
from rempart.testing.sample_case import sample_case

KNOWN = ("Ada Lovelace", "Lovelace", "ada_l", "Ada", "198.51.100.9")
PLAIN = st.text(alphabet=string.ascii_letters + " .,;()'éà", max_size=60)
LETTERS = st.text(alphabet=string.ascii_lowercase, min_size=3, max_size=10)
DIGITS = st.text(alphabet=string.digits, min_size=8, max_size=14)
SECRETS = st.one_of(
    st.builds("{}@{}.example".format, LETTERS, LETTERS),
    st.builds("{}.{}+x@{}.{}.example".format, LETTERS, LETTERS, LETTERS, LETTERS),
    st.builds("https://{}.example/{}?q={}".format, LETTERS, LETTERS, LETTERS),
    st.builds("www.{}.example".format, LETTERS),
    st.builds("hxxps://{}.example".format, LETTERS),
    st.builds("{}.example".format, LETTERS),
    st.builds("+33 {}".format, DIGITS),
    st.builds(lambda text: " ".join(text[at : at + 2] for at in range(0, len(text), 2)), DIGITS),
    st.builds("({}) {}-{}".format, st.just("555"), st.just("010"), st.just("4477")),
    st.ip_addresses(v=4).map(str),
    st.builds("@{}".format, LETTERS),
    st.builds("u/{}".format, LETTERS),
    st.sampled_from(KNOWN),
    st.sampled_from(
        ["ADA LOVELACE", "ada\u200blovelace", "A d a  L o v e l a c e", "Ａｄａ Ｌｏｖｅｌａｃｅ", "Adá Lovelàce"]
    ),
    st.just("ada (at) dragon (dot) example"),
    st.just("ada at dragon dot example"),
    st.just("ada [arobase] dragon [point] example"),
)


@settings(max_examples=200)
@given(PLAIN, SECRETS, PLAIN)
def test_what_is_personal_is_taken_out_or_keeps_the_text_back(before: str, secret: str, after: str) -> None:
    text, _ = scrubbed(f"{before} {secret} {after}", KNOWN)
    found = doubts(text, KNOWN)
    assert found or secret.casefold() not in text.casefold().replace(GONE.casefold(), "\n")
    assert found or "@" not in text


@settings(max_examples=150)
@given(st.text(max_size=200))
def test_scrubbing_what_is_scrubbed_changes_nothing(text: str) -> None:
    once, _ = scrubbed(text, KNOWN)
    assert scrubbed(once, KNOWN)[0] == once


@pytest.mark.parametrize(
    "text",
    [
        "The picture shows a winged beast, which clause 4 forbids.",
        "Article 227-23 of the criminal code; Directive 2011/93/EU; Regulation (EU) 2022/2065, article 17.",
        "L’image montre une bête ailée, e.g. un dragon. C’est l’article 4 des conditions.",
        "Judged in 2026 by 2 people, after 3 days.",
    ],
)
def test_a_text_about_nobody_stays_as_it_is(text: str) -> None:
    assert scrubbed(text, KNOWN) == (text, ())
    assert doubts(text, KNOWN) == ()


@pytest.mark.parametrize("text", ["call 06 2022/2065 12", "2022/2065-123456", "12022/2065 1"])
def test_a_number_that_looks_like_a_law_among_digits_is_none(text: str) -> None:
    assert doubts(text, ()) or "2022" not in scrubbed(text, ())[0]
    assert "2022/2065" not in scrubbed(text, ())[0]


def test_what_was_taken_out_is_said() -> None:
    text, kinds = scrubbed("Ada wrote to eve@dragon.example from 198.51.100.9.", KNOWN)
    assert text == f"{GONE} wrote to {GONE} from {GONE}."
    assert kinds == ("mail address", "IP address, too", "name known from the case")


def test_the_case_knows_names_places_and_files() -> None:
    told = {
        "role": "reported",
        "service": "Dragon Pictures",
        "display_name": "Ada von Lovelace",
        "emails": ["countess@dragon.example"],
        "profile_bio": "I like looms, and " + "very " * 20 + "long walks",
        "id": 4711,
        "told_at": "2026-11-22T08:00:00+00:00",
    }
    known = known_of(replace(sample_case(), accounts=(told,)))
    assert {"Lovelace", "countess", "4711", "pictures.dragon.example", "dragon.png", "R-ADA", "RMP-7"} <= set(known)
    assert not {"reported", "von", "walks", "2026-11-22T08:00:00+00:00"} & set(known)


def test_a_hostile_text_takes_no_time() -> None:
    for text in (
        "a" * 5000,
        "1 " * 2500,
        "a." * 2500,
        "a-" * 2500,
        ":" * 5000,
        "@" * 5000,
        "a:" * 2500,
        "[...] " * 800,
    ):
        scrubbed(text, KNOWN)
        doubts(text, KNOWN)
