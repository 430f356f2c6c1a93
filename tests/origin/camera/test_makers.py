"""Makers are known by name, their notes by form; a bare directory is nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.origin.camera.makers import MAKERS, maker_of, note_form

DIRECTORY = b"\x01\0" + b"\x01\0\x07\0\x04\0\0\x000100" + bytes(4)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        ("NIKON CORPORATION", "Nikon"),
        ("Apple", "Apple"),
        (" SONY ", "Sony"),
        ("RICOH IMAGING COMPANY, LTD.", "Pentax"),
        ("RICOH", "Ricoh"),
        ("samsung", "Samsung"),
        ("Applebee", None),
        ("workflow:{}", None),
        ("", None),
    ],
)
def test_a_maker_is_known_by_the_words_it_begins_with(make: str, name: str | None) -> None:
    found = maker_of(make)
    assert (found.name if found else None) == name


@pytest.mark.parametrize(
    ("make", "note", "form"),
    [
        ("Nikon", b"Nikon\0\x02", "its maker's"),
        ("Canon", b"Nikon\0\x02", "another maker's"),
        ("Canon", DIRECTORY, "its maker's"),
        ("Apple", DIRECTORY, "unknown"),
        ("Canon", b"purple dragon soup", "unknown"),
        ("Honor", b"HUAWEI\0\0", "its maker's"),
    ],
)
def test_a_note_has_the_form_of_its_maker_of_another_or_of_none(make: str, note: bytes, form: str) -> None:
    maker = maker_of(make)
    assert maker is not None
    assert note_form(maker, note) == form


@given(st.sampled_from(MAKERS), st.binary(max_size=60))
def test_any_note_has_a_form(maker, note) -> None:  # type: ignore[no-untyped-def]
    assert note_form(maker, note) in ("its maker's", "another maker's", "unknown")
