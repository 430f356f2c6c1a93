from hypothesis import given
from hypothesis import strategies as st

from rempart.media.naming import Names, showable


@given(st.lists(st.text(max_size=12), max_size=30))
def test_names_are_unique_and_safe_to_show(raw):
    names = Names()
    shown = [names.of(each) for each in raw]
    assert len(set(shown)) == len(shown)
    assert all(name and (name.isprintable() or "\u3000" in name or "\xa0" in name) for name in shown)


def test_a_name_that_was_taken_by_a_numbered_one_gets_another():
    names = Names()
    assert [names.of(each) for each in ("a", "a (2)", "a", "a")] == ["a", "a (2)", "a (2) (2)", "a (3)"]


def test_control_and_direction_characters_are_replaced():
    assert Names().of("a\n\x1b[31m\u202egnp.exe\ud800") == "a\ufffd\ufffd[31m\ufffdgnp.exe\ufffd"


def test_a_very_long_name_is_cut():
    assert len(Names().of("x" * 70_000)) == 1024


def test_very_long_names_that_begin_alike_are_numbered():
    names = Names()
    found = [names.of("x" * 70_000 + str(number)) for number in range(20)]
    assert len(set(found)) == 20
    assert {len(name) for name in found} == {1024}


def test_a_name_that_is_safe_to_show_stays_as_it_is():
    assert showable("写真 \u3000 (2).jpg") == "写真 \u3000 (2).jpg"
    assert showable("a\x1b\u202e\ud800" + "x" * 2000) == "a\ufffd\ufffd\ufffd" + "x" * 1020
    assert showable("") == "unnamed"
