"""Passwords: what may be chosen, how it is stored, and that nothing is learnt from how long an answer takes."""

import pytest

from rempart.errors import UserMistake
from rempart.people import passwords

GOOD = "purple dragons rarely sleep"


def test_a_password_is_stored_as_argon2id_and_never_twice_the_same() -> None:
    one, other = passwords.hashed(GOOD), passwords.hashed(GOOD)
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert one != other
    assert GOOD not in one
    assert passwords.holds(one, GOOD)
    assert not passwords.holds(one, GOOD + " ")


@pytest.mark.parametrize(
    ("password", "why"),
    [("purple", "shorter than 12"), ("x" * 257, "longer than 256"), ("ADA@desk.example", "same as the login")],
)
def test_a_password_that_is_easily_guessed_may_not_be_chosen(password: str, why: str) -> None:
    with pytest.raises(UserMistake, match=why) as caught:
        passwords.check_rules(password, "ada@desk.example")
    assert password not in str(caught.value)


def test_a_long_password_of_any_letters_may_be_chosen() -> None:
    for password in (GOOD, "x" * 12, "é" * 256, "🐉" * 12):
        passwords.check_rules(password, "ada")
        assert passwords.holds(passwords.hashed(password), password)


def test_the_same_letters_are_the_same_password_however_the_keyboard_puts_them_together() -> None:
    assert passwords.holds(passwords.hashed("un été à la mer du nord"), "un e\u0301te\u0301 a\u0300 la mer du nord")


@pytest.mark.parametrize("stored", [None, "", "$argon2id$broken", "plain"])
def test_nobody_has_a_password_that_was_never_set(stored: str | None) -> None:
    assert not passwords.holds(stored, "")
    assert not passwords.holds(stored, "nobody has this password")


def test_somebody_who_does_not_exist_costs_as_much_as_somebody_who_does(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []
    verify = type(passwords._HASHER).verify

    class Counting:
        def verify(self, stored: str, given: bytes) -> bool:
            checked.append(stored.split("$")[3])
            return verify(hasher, stored, given)

    hasher, known = passwords._HASHER, passwords.hashed(GOOD)
    passwords.holds(None, GOOD)
    monkeypatch.setattr(passwords, "_HASHER", Counting())
    passwords.holds(None, GOOD)
    passwords.holds(known, GOOD)
    assert checked == ["m=65536,t=3,p=4"] * 2


def test_text_that_is_no_text_is_only_a_wrong_password() -> None:
    known = passwords.hashed(GOOD)
    for given in ("\ud800", "\0", "x" * 1_000_000):
        assert not passwords.holds(known, given)


def test_a_password_stored_in_an_older_way_is_known_to_be() -> None:
    assert not passwords.is_old(passwords.hashed(GOOD))
    assert passwords.is_old("$argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$VGVzdFRlc3RUZXN0VGVzdA")
