"""Web addresses in one form: what is one place is recognised, and nothing that is typed breaks anything."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.cases.intake.urls import MOST_CHARACTERS, Url, normalise
from rempart.errors import UserMistake

HOSTS = st.sampled_from(["dragon.example", "www.dragon.example", "drächen.example", "DRAGON.example", "192.0.2.7"])
STEPS = st.lists(st.sampled_from(["a", "%7Eb", "..", ".", "", "ü", "c d", "%2F", "100%", "e+f"]), max_size=5)
QUERIES = st.lists(st.sampled_from(["b=2", "a=1", "utm_source=x", "fbclid=y", "", "q=%C3%A4", "x"]), max_size=4)
SCHEMES = st.sampled_from(["http://", "https://", "hxxp://", "HTTPS://", "", "//"])


def written(scheme: str, host: str, steps: list[str], query: list[str], fragment: str) -> str:
    path = "/".join(["", *steps]).replace(" ", "%20")
    return f"{scheme}{host}{path}" + (f"?{'&'.join(query)}" if query else "") + fragment


ADDRESSES = st.builds(written, SCHEMES, HOSTS, STEPS, QUERIES, st.sampled_from(["", "#part", "#!/app", "#/app"]))


@settings(max_examples=400, deadline=None)
@given(ADDRESSES)
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once.text) == once
    assert normalise(once.identity).identity == once.identity


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=200) | st.text(st.sampled_from("http:/[]@?#%.ex\\ \n\0"), max_size=60))
def test_whatever_is_typed_is_an_address_or_a_mistake_that_does_not_quote_it(text: str) -> None:
    said, found = "", None
    try:
        found = normalise(text)
    except UserMistake as mistake:
        said = str(mistake)
    assert len(text.strip()) < 12 or text.strip() not in said
    if found is not None:
        assert found.text.isascii()
        assert found.host in found.text
        assert normalise(found.text) == found


@pytest.mark.parametrize(
    "text",
    [
        "http://dragon.example/a",
        "https://dragon.example/a/",
        "HTTPS://DRAGON.EXAMPLE:443/a",
        "https://www.dragon.example./a",
        "dragon.example/a",
        "//dragon.example/a",
        "hxxps://dragon[.]example/a",
        "https://dragon(.)example/./b/../a",
        "https://dragon.example/%61",
        "https://dragon.example/a?utm_source=mail&fbclid=1",
        "https://dragon.example/a#comments",
        "  https://dragon.example/a\n",
        "https://ada:secret@dragon.example/a",
    ],
)
def test_one_place_written_in_many_ways_is_one_place(text: str) -> None:
    assert normalise(text).identity == normalise("https://dragon.example/a").identity


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://dragon.example/a", "https://dragon.example/b"),
        ("https://dragon.example/a?id=1", "https://dragon.example/a?id=2"),
        ("https://dragon.example/A", "https://dragon.example/a"),
        ("https://dragon.example/a", "https://other.example/a"),
        ("https://dragon.example:8443/a", "https://dragon.example/a"),
        ("https://dragon.example/#!/one", "https://dragon.example/#!/two"),
        ("https://dragon.example/a%2Fb", "https://dragon.example/a/b"),
    ],
)
def test_different_places_stay_different(one: str, other: str) -> None:
    assert normalise(one).identity != normalise(other).identity


def test_the_order_of_a_query_does_not_matter() -> None:
    first, second = normalise("https://dragon.example/?b=2&a=1"), normalise("https://dragon.example/?a=1&b=2")
    assert first.identity == second.identity
    assert first.text != second.text


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "dragon",
        "javascript:alert(1)",
        "mailto:a@dragon.example",
        "data:text/html,x",
        "file:///etc/passwd",
        "https://",
        "https:///a",
        "https://dragon..example",
        "https://-dragon.example",
        "https://dragon.example:99999/",
        "https://dragon.example:abc/",
        "https://[::1",
        "https://[zz]/",
        "https://dragon.example/a b",
        "https://dragon.example/\u202ea",
        "https://dragon.example/\0",
        "https://" + "a" * 64 + ".example",
        "https://" + "a." * 130 + "example",
        "https://dragon.example/" + "a" * MOST_CHARACTERS,
        "https://dragon.example/" + "ä" * (MOST_CHARACTERS // 4),
    ],
)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    with pytest.raises(UserMistake, match="write the whole address"):
        normalise(text)


def test_a_name_and_password_in_an_address_are_not_kept() -> None:
    assert "secret" not in normalise("https://ada:secret@dragon.example/a").text


def test_addresses_of_machines_have_one_form() -> None:
    assert normalise("http://[2001:DB8:0:0::1]/a").host == "2001:db8::1"
    assert normalise("http://192.0.2.7/a").host == "192.0.2.7"


def test_an_address_shows_nothing_of_itself_in_a_log() -> None:
    assert "dragon" not in repr(normalise("https://dragon.example/a"))
    assert isinstance(normalise("xn--drchen-bua.example"), Url)
