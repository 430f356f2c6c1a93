"""One look: what is asked, in which order, and what is made of every answer."""

from collections.abc import Mapping
from importlib.metadata import EntryPoint
from ipaddress import ip_address

import pytest

from rempart.errors import NotAllowed, Unavailable, UserMistake
from rempart.net.answers import Answer, NoAnswer, NotSent
from rempart.net.dns import Lookup
from rempart.reporting.hosting.databases import Address
from rempart.reporting.watching.apis import load
from rempart.reporting.watching.looking import HostApi, Looking
from rempart.testing.desk import NOW

URL = "https://dragon.example/purple"
FOUND = Lookup("found", (ip_address("192.0.2.7"),))
NONE = Lookup("no_such_name")
AWAY = Lookup("unavailable")
SINK = Lookup("found", (ip_address("0.0.0.0"),))  # noqa: S104 - where a name leads that was taken out of use
HERE = Lookup("found", (ip_address("127.0.0.1"),))


def looking(
    said: Mapping[str, Lookup], answer: int | Exception = 200, api: HostApi | None = None
) -> tuple[Looking, list[str]]:
    """(a look, what it asked)."""
    asked: list[str] = []

    def ask(host: str) -> Mapping[str, Lookup]:
        asked.append(f"dns {host}")
        return said

    def head(url: str) -> Answer:
        asked.append(f"head {url}")
        if isinstance(answer, Exception):
            raise answer
        return Answer(answer, {})

    def placed(_: Address) -> tuple[str, str]:
        return "FR", "AS64500"

    return Looking(ask, head, placed, {} if api is None else {"dragon.example": api}), asked


@pytest.mark.parametrize(
    ("said", "answer", "result", "agree"),
    [
        ({"a": NONE, "b": NONE}, 200, "gone", {"a", "b"}),
        ({"a": NONE, "b": AWAY}, 200, "gone", {"a"}),
        ({"a": AWAY, "b": AWAY}, 200, "unsure", set()),
        ({}, 200, "unsure", set()),
        ({"a": FOUND, "b": NONE}, 200, "there", set()),
        ({"a": SINK, "b": HERE}, 200, "gone", {"a", "b"}),
        ({"a": SINK, "b": FOUND}, 200, "there", set()),
        ({"a": FOUND, "b": FOUND}, 404, "gone", {"a", "b"}),
        ({"a": FOUND}, 410, "gone", {"a"}),
        ({"a": FOUND}, 301, "there", set()),
        ({"a": FOUND}, 403, "there", set()),
        ({"a": FOUND}, 405, "there", set()),
        ({"a": FOUND}, 503, "unreachable", set()),
        ({"a": FOUND}, NoAnswer("silence"), "unreachable", set()),
        ({"a": FOUND}, NotSent("closed"), "unreachable", set()),
        ({"a": FOUND}, NotAllowed("off"), "unsure", set()),
    ],
)
def test_what_is_made_of_every_answer(
    said: Mapping[str, Lookup], answer: int | Exception, result: str, agree: set[str]
) -> None:
    look, asked = looking(said, answer)
    seen = look.look(URL, NOW)
    assert (seen.result, seen.resolvers) == (result, agree)
    assert asked[0] == "dns dragon.example"
    assert len(asked) == (2 if FOUND in said.values() else 1)


def test_a_name_that_is_gone_is_not_asked_for_anything_else() -> None:
    look, asked = looking({"a": NONE})
    look.look(URL, NOW)
    assert asked == ["dns dragon.example"]


def test_a_hosts_own_interface_comes_before_its_web_server() -> None:
    look, asked = looking({"a": FOUND}, 200, lambda _: "gone")
    assert look.look(URL, NOW).result == "gone"
    assert asked == ["dns dragon.example"]

    def away(_: str) -> str:
        raise Unavailable("later")

    def broken(_: str) -> str:
        raise ValueError("a purple secret")

    for api in (away, broken, lambda _: "unknown", lambda _: None):
        look, asked = looking({"a": FOUND}, 200, api)  # type: ignore[arg-type]
        assert look.look(URL, NOW).result == "there"
        assert len(asked) == 2


def test_a_hosts_interface_stands_for_the_names_below_it_and_for_no_other() -> None:
    look, asked = looking({"a": FOUND}, 200, lambda _: "gone")
    assert look.look("https://pictures.dragon.example/1", NOW).result == "gone"
    assert look.look("https://notdragon.example/1", NOW).result == "there"
    assert asked[-1].startswith("head")


def test_interfaces_are_those_that_the_settings_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def plugged(group: str, name: str) -> list[EntryPoint]:
        return [EntryPoint(name, "builtins:str", group)] if name == "dragons" else []

    monkeypatch.setattr("rempart.reporting.watching.apis.entry_points", plugged)
    assert load({"Dragon.example.": "dragons"}) == {"dragon.example": str}
    with pytest.raises(UserMistake, match="`knights`"):
        load({"dragon.example": "knights"})


@pytest.mark.parametrize("url", ["", "http://[broken", "nothing"])
def test_what_is_no_address_says_nothing(url: str) -> None:
    look, asked = looking({"a": FOUND})
    assert look.look(url, NOW).result == "unsure"
    assert asked == []
