"""Nothing turns the words of a stranger around, or hides in them."""

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cases.review.conftest import Room

from rempart.cases.review.card import card
from rempart.cases.review.visible import visible
from rempart.testing.desk import make_case, make_notice
from rempart.wiring.desk import Desk

TURNING = [chr(one) for one in (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))]


def test_what_turns_a_line_around_stands_there_as_its_number() -> None:
    assert visible("a\u202egpj.exe\u202c \u2066b\u2069") == "a⟦U+202E⟧gpj.exe⟦U+202C⟧ ⟦U+2066⟧b⟦U+2069⟧"
    assert not any(one in visible("".join(TURNING)) for one in TURNING)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters() | st.sampled_from(TURNING), max_size=60))
def test_everything_else_stays_as_it_was(text: str) -> None:
    shown = visible(text)
    assert not set(shown) & set(TURNING)
    plain = "".join(one for one in text if unicodedata.category(one) != "Cf")
    assert visible(plain) == plain


def test_the_card_shows_the_words_of_a_notice_so(room: Room, desk: Desk) -> None:
    case = room.make(make_case, room.organisation)
    room.make(make_notice, desk.fields, room.organisation, case, text="a \u202enogard\u202c and a שלום")
    with room.database.reading() as reader:
        (told,) = card(reader, desk.fields, room.ada, case, room.now).notices
    assert told.words == "a ⟦U+202E⟧nogard⟦U+202C⟧ and a שלום"
