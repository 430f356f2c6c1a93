"""From an address to who is told: every row of the table, and nothing that is only guessed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.net.dns import Lookup
from rempart.reporting.hosting.databases import ranges_of
from rempart.reporting.hosting.proxies import Proxies
from rempart.reporting.hosting.resolving import Hosting, Resolver
from rempart.reporting.routing import TABLE, Policy, Where, route, where
from rempart.testing.desk import NOW

ROWS = [
    "network,asn,organisation,country",
    "192.0.2.0/24,64500,Home Hosting,FR",
    "198.51.100.0/24,64501,Far Hosting,NL",
    "203.0.113.0/24,64502,Shield,US",
]
NAMES = {"home.example": "192.0.2.7", "far.example": "198.51.100.7", "shield.example": "203.0.113.7"}


def ask(name: str) -> Iterable[Lookup]:
    if name not in NAMES:
        return [Lookup("unavailable"), Lookup("no_such_name")]
    return [Lookup("unavailable"), Lookup("found", (ip_address(NAMES[name]),))]


RESOLVER = Resolver(ask, [ranges_of(ROWS, "made-up.csv")], Proxies(frozenset({64502})), frozenset({"ours.example"}))
POLICY = Policy("FR", members=("NL", "FR"))


@pytest.mark.parametrize(
    ("url", "kind", "address", "country", "via_proxy"),
    [
        ("https://home.example/a", "web", "192.0.2.7", "FR", False),
        ("http://FAR.example.:8080/a?b", "web", "198.51.100.7", "NL", False),
        ("https://shield.example/", "web", "203.0.113.7", "", True),
        ("https://192.0.2.9/a", "web", "192.0.2.9", "FR", False),
        ("https://[2001:db8::1]/a", "web", "2001:db8::1", "", None),
        ("https://ours.example/a", "own", "", "", None),
        ("https://pictures.ours.example/a", "own", "", "", None),
        ("https://notours.example/a", "unknown", "", "", None),
        ("http://abc.onion/a", "onion", "", "", None),
        ("https://gone.example/a", "unknown", "", "", None),
        ("http://[broken", "unknown", "", "", None),
        ("", "unknown", "", "", None),
    ],
)
def test_where_something_is_hosted(url: str, kind: str, address: str, country: str, via_proxy: bool | None) -> None:
    found = RESOLVER.hosting_of(url)
    assert (found.kind, found.address, found.country, found.via_proxy) == (kind, address, country, via_proxy)


@given(st.text(max_size=80))
def test_any_text_is_somewhere_or_unknown(url: str) -> None:
    assert RESOLVER.hosting_of(url).kind in ("web", "own", "onion", "unknown")


def hosted(country: str = "", **known: object) -> Hosting:
    return replace(Hosting("web", "x.example", country=country, via_proxy=False), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("place", "policy", "row", "recipients"),
    [
        (hosted("FR"), POLICY, "home", ["pharos", "host-notice"]),
        (hosted("GB"), replace(POLICY, country="GB"), "home", ["nca", "host-notice"]),
        (hosted("DE"), replace(POLICY, country="DE"), "home", ["police", "host-notice"]),
        (hosted("NL"), POLICY, "abroad_member", ["iccam"]),
        (hosted("BR"), POLICY, "abroad_alone", ["pharos"]),
        (hosted("BR"), replace(POLICY, notices_abroad=True), "abroad_alone", ["pharos", "host-notice"]),
        (hosted("NL", via_proxy=True), POLICY, "unknown", ["pharos"]),
        (hosted(), POLICY, "unknown", ["pharos"]),
        (hosted("FR"), replace(POLICY, country=""), "unknown", ["police"]),
        (Hosting("onion", "abc.onion"), POLICY, "onion", ["pharos"]),
        (Hosting("unknown", ""), POLICY, "unknown", ["pharos"]),
        (Hosting("own", "ours.example"), POLICY, "own", ["pharos", "statement"]),
        (Hosting("own", "ours.example"), replace(POLICY, us_provider=True), "own", ["pharos", "cybertip", "statement"]),
        (
            Hosting("own", "ours.example"),
            replace(POLICY, us_provider=True, country="GB"),
            "own",
            ["cybertip", "statement"],
        ),
    ],
)
def test_who_is_told(place: Hosting, policy: Policy, row: Where, recipients: list[str]) -> None:
    assert where(place, policy) == row
    planned = route(place, policy, NOW, police_first=False)
    assert [one.recipient for one in planned] == recipients
    assert all(one.reason == row and one.not_before is None for one in planned)


def test_when_police_come_first_they_are_told_and_everybody_else_waits() -> None:
    abroad = route(hosted("NL"), POLICY, NOW, police_first=True)
    assert [one.recipient for one in abroad] == ["pharos", "iccam"]
    assert abroad[0].not_before is None
    assert abroad[1].not_before == NOW + timedelta(hours=24)
    home = route(hosted("FR"), replace(POLICY, hold_hours=48), NOW, police_first=True)
    assert home[1].not_before == NOW + timedelta(hours=48)


@given(
    st.builds(
        Hosting,
        st.sampled_from(["web", "own", "onion", "unknown"]),
        st.just("x.example"),
        country=st.sampled_from(["", "FR", "NL", "GB", "BR"]),
        via_proxy=st.sampled_from([None, True, False]),
    ),
    st.builds(
        Policy,
        st.sampled_from(["", "FR", "GB", "BR"]),
        st.just(("NL", "FR")),
        st.booleans(),
        st.booleans(),
    ),
    st.booleans(),
)
def test_somebody_is_always_told(place: Hosting, policy: Policy, police_first: bool) -> None:
    planned = route(place, policy, NOW, police_first=police_first)
    assert planned
    assert len({one.recipient for one in planned}) == len(planned)
    assert set(TABLE) >= {one.reason for one in planned}
