"""The notice form: what it asks for, and that nothing typed into it breaks anything or ties strangers together."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.cases.intake.telling import FIELDS, MOST_LETTERS, MOST_URLS, Draft, problems_of, request_key, told_from
from rempart.cases.intake.told import ABOUT_ABUSE, CATEGORIES, GOING_ON
from rempart.errors import UserMistake

FULL = Draft("abuse_material", "https://dragon.example/a", "a purple dragon", good_faith=True)
OTHER = replace(FULL, category="other", name="Ada", email="ada@dragon.example")
TEXT = st.text(max_size=60) | st.text(st.sampled_from("https://dragon.example@ \n\0\ud800"), max_size=40)
DRAFTS = st.builds(
    Draft,
    category=st.sampled_from([*CATEGORIES, "", "dragons", "OTHER"]),
    urls=TEXT,
    description=TEXT,
    seen_at=TEXT,
    urgent=st.booleans(),
    self_report=st.booleans(),
    name=TEXT,
    email=TEXT,
    good_faith=st.booleans(),
)


def wrong(draft: Draft, sizes: tuple[int, ...] = ()) -> list[str]:
    return [f"{one.name}.{one.what}" for one in problems_of(draft, sizes, most_files=2, most_bytes=1 << 20)]


@pytest.mark.parametrize("category", sorted(ABOUT_ABUSE))
def test_about_offences_against_children_nobody_has_to_say_who_they_are(category: str) -> None:
    assert wrong(replace(FULL, category=category)) == []


@pytest.mark.parametrize("field", ["urls", "description", "name", "email"])
def test_about_anything_else_the_law_asks_for_more(field: str) -> None:
    assert wrong(OTHER) == []
    assert wrong(replace(OTHER, **{field: " "})) == [f"{field}.missing"]


def test_good_faith_is_stated_and_never_assumed() -> None:
    assert not Draft().good_faith
    assert wrong(replace(FULL, good_faith=False)) == ["good_faith.missing"]


def test_an_address_or_words_or_a_file_is_enough() -> None:
    nothing = replace(FULL, urls="", description="")
    assert wrong(nothing) == ["urls.nothing"]
    assert wrong(nothing, (7,)) == wrong(replace(nothing, description="in the app")) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"category": "dragons"}, "category.missing"),
        ({"urls": "https://dragon.example/a\nthe green one"}, "urls.wrong"),
        ({"urls": "https://dragon.example/a\n" * (MOST_URLS + 1)}, "urls.many"),
        ({"email": "ada"}, "email.wrong"),
        ({"email": "ada@"}, "email.wrong"),
        ({"email": "ada lovelace@dragon.example"}, "email.wrong"),
        ({"email": "ada@dragon"}, "email.wrong"),
        *(({name: "x" * (most + 1)}, f"{name}.long") for name, most in MOST_LETTERS.items() if name != "email"),
    ],
)
def test_what_is_wrong_is_told_by_its_field(changed: dict[str, str], told: str) -> None:
    assert wrong(replace(FULL, **changed)) == [told]


def test_the_lines_that_are_no_addresses_are_numbered() -> None:
    lines = ["https://dragon.example/a", "one", "", "two", "dragon.example/b", *["x"] * 9]
    (problem,) = problems_of(replace(FULL, urls="\n".join(lines)), (), 2, 7)
    assert problem.values == {"lines": "2, 4, 6, 7, 8…"}


def test_files_are_limited_in_number_and_size() -> None:
    assert wrong(FULL, (1, 1)) == []
    assert wrong(FULL, (1, 1, 1)) == ["files.many"]
    assert wrong(FULL, ((1 << 20) + 1,)) == ["files.large"]


@settings(max_examples=500, deadline=None)
@given(DRAFTS, st.lists(st.integers(0, 1 << 22), max_size=4))
def test_whatever_is_typed_is_a_notice_or_has_a_problem_with_a_text(draft: Draft, sizes: list[int]) -> None:
    from rempart.web.words import known

    found = problems_of(draft, sizes, 2, 1 << 20)
    assert all(known(f"notice.wrong.{one.name}.{one.what}") for one in found)
    assert [one.name for one in found] == sorted((one.name for one in found), key=FIELDS.index)
    assert request_key(draft, [], "t")
    if not found:
        told = told_from(draft, (), "en", "t")
        assert told.category == draft.category
        assert told.good_faith


def test_addresses_that_are_one_place_are_one() -> None:
    told = told_from(replace(FULL, urls="https://dragon.example/a http://www.dragon.example/a/"), (), "fr", "")
    assert [url.text for url in told.urls] == ["http://www.dragon.example/a/"]
    assert (told.language, told.request_key, told.channel) == ("fr", None, "public")


def test_a_form_without_a_category_is_no_notice() -> None:
    with pytest.raises(UserMistake):
        told_from(replace(FULL, category=""), (), "en", "t")


@pytest.mark.parametrize(
    "changed",
    [
        *({name: "b"} for name in ("category", "urls", "description", "seen_at", "name", "email")),
        *({name: True} for name in ("urgent", "self_report")),
        {"good_faith": False},
    ],
)
def test_every_word_counts_for_what_is_the_same_request(changed: dict[str, Any]) -> None:
    assert request_key(FULL, [b"1"], "t") == request_key(replace(FULL), [b"1"], "t")
    assert request_key(replace(FULL, **changed), [b"1"], "t") != request_key(FULL, [b"1"], "t")
    assert request_key(FULL, [b"2"], "t") != request_key(FULL, [b"1"], "t")
    assert request_key(FULL, [b"1"], "u") != request_key(FULL, [b"1"], "t")


def test_nothing_typed_stands_in_a_repr() -> None:
    shown = (
        repr(OTHER) + repr(told_from(OTHER, (), "en", "t")) + repr(problems_of(replace(OTHER, email="ada"), (), 1, 1))
    )
    assert not any(word in shown for word in ("dragon", "Ada", "ada"))


def test_what_may_be_going_on_is_about_abuse() -> None:
    assert GOING_ON <= ABOUT_ABUSE == set(CATEGORIES) - {"other"}


@pytest.mark.parametrize("category", CATEGORIES)
def test_nobody_who_says_that_a_child_is_in_danger_is_turned_away_for_want_of_a_name(category: str) -> None:
    draft = replace(OTHER, category=category, name="", email="", urgent=True)
    assert wrong(draft) == []
    if category not in ABOUT_ABUSE:
        assert wrong(replace(draft, urgent=False)) == ["name.missing", "email.missing"]
