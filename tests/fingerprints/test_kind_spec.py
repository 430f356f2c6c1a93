import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.facts import BYTES_OF_KIND
from rempart.fingerprints import KINDS, NotAFingerprint

NAMES = sorted(KINDS)


def test_every_kind_of_the_facts_is_registered_under_its_name_and_size() -> None:
    assert {name: (kind.name, kind.size_bytes) for name, kind in KINDS.items()} == {
        name: (name, size) for name, size in BYTES_OF_KIND.items()
    }


@given(name=st.sampled_from(NAMES), data=st.data())
def test_hexadecimal_of_either_case_with_blanks_around_is_read_back(name: str, data: st.DataObject) -> None:
    value = data.draw(st.binary(min_size=BYTES_OF_KIND[name], max_size=BYTES_OF_KIND[name]))
    for text in (value.hex(), value.hex().upper(), f" \t{value.hex()}\r\n"):
        assert KINDS[name].parse(text).value == value


@given(name=st.sampled_from(NAMES), data=st.data())
def test_any_other_text_is_refused_without_being_repeated(name: str, data: st.DataObject) -> None:
    digits = 2 * BYTES_OF_KIND[name]
    text = data.draw(
        st.text(max_size=130).filter(lambda t: len(t.strip()) != digits)
        | st.text("0123456789abcdefg -_\u0660", min_size=digits, max_size=digits).filter(
            lambda t: not all(letter in "0123456789abcdef" for letter in t.strip()) or len(t.strip()) != digits
        )
    )
    with pytest.raises(NotAFingerprint) as raised:
        KINDS[name].parse(text)
    assert len(text.strip()) < 8 or text.strip() not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__ or raised.value.__context__ is None


@pytest.mark.parametrize("name", NAMES)
def test_one_digit_too_few_or_too_many_is_refused_with_both_lengths(name: str) -> None:
    digits = 2 * BYTES_OF_KIND[name]
    for length in (digits - 1, digits + 1):
        with pytest.raises(NotAFingerprint, match=rf"{digits} hexadecimal digits, this one has {length}"):
            KINDS[name].parse("a" * length)
