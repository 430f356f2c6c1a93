"""Signed webhooks: whose, how old, which media; messages between people are never looked at."""

import hmac
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rempart.cases.intake.webhooks import MOST_LINKS, Event, event_of, signature_holds
from rempart.errors import NotAllowed, UserMistake
from rempart.testing.desk import NOW

DAY = timedelta(days=1)


def status(**changes: Any) -> dict[str, Any]:
    """An event as Mastodon sends it, with the fields that matter and some that do not."""
    said = {
        "id": "109",
        "created_at": "2026-11-22T08:59:58.123Z",
        "visibility": "public",
        "url": "https://social.example/@dragon/109",
        "account": {"id": "7", "acct": "dragon", "followers_count": 3},
        "media_attachments": [
            {"id": "1", "type": "image", "url": "https://files.social.example/a/purple.png", "remote_url": None}
        ],
    } | changes
    return {"event": "status.created", "created_at": "2026-11-22T08:59:59.001Z", "object": said}


def read(said: dict[str, Any]) -> Event:
    return event_of(said, NOW, DAY)


def test_a_status_names_its_media_its_account_and_where_it_stands() -> None:
    (link,) = read(status()).links
    assert link.url == "https://files.social.example/a/purple.png"
    assert (link.about.name, link.about.account, link.about.visibility) == ("purple.png", "dragon", "public")
    assert link.about.url == "https://social.example/@dragon/109"
    assert "dragon" not in repr(link)


def test_a_single_media_of_another_program_is_read_too() -> None:
    said = {"url": "https://files.social.example/b.png", "visibility": "unlisted", "account": "dragon-7"}
    (link,) = read({"event": "media.created", "created_at": "2026-11-22T09:00:00Z", "object": said}).links
    assert (link.about.account, link.about.visibility, link.about.url) == ("dragon-7", "public", said["url"])


@pytest.mark.parametrize("visibility", ["direct", "Direct", "limited", "mutuals", " direct "])
def test_messages_between_people_are_refused_and_nothing_of_them_is_taken(visibility: str) -> None:
    assert read(status(visibility=visibility)) == Event(refused=("private message",))


@pytest.mark.parametrize("visibility", [None, "", 3])
def test_what_does_not_say_how_it_was_shared_is_refused(visibility: object) -> None:
    assert read(status(visibility=visibility)) == Event(refused=("its visibility is not said",))


def test_other_events_name_nothing() -> None:
    assert read(status() | {"event": "account.created"}) == Event()
    assert read(status(media_attachments=[])) == Event()


@pytest.mark.parametrize("at", ["2026-11-21T08:59:59Z", "2026-11-22T09:05:01Z", "2020-01-01T00:00:00Z"])
def test_an_event_that_was_kept_and_sent_again_later_is_refused(at: str) -> None:
    with pytest.raises(NotAllowed):
        read(status() | {"created_at": at})


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"event": 1, "object": {}, "created_at": "2026-11-22T09:00:00Z"},
        {"event": "status.created", "object": [], "created_at": "2026-11-22T09:00:00Z"},
        status() | {"created_at": None},
        status() | {"created_at": "2026-11-22T09:00:00"},
        status(media_attachments={"a": 1}),
        status(media_attachments=["x"]),
        status(url="a\0b"),
    ],
)
def test_an_event_that_cannot_be_understood_is_refused(said: dict[str, Any]) -> None:
    with pytest.raises(UserMistake):
        read(said)


def test_media_without_an_address_and_too_many_of_them_are_said() -> None:
    media = [{"type": "image", "url": f"https://files.social.example/{n}"} for n in range(MOST_LINKS + 1)]
    event = read(status(media_attachments=[{"type": "unknown", "url": None}, *media]))
    assert len(event.links) == MOST_LINKS - 1
    assert event.refused == ("no address", f"more than {MOST_LINKS} media in one event")


def test_a_signature_holds_for_these_bytes_and_this_secret_only() -> None:
    body, secret = b'{"a": 1}', b"a secret of the house"
    right = "sha256=" + hmac.new(secret, body, "sha256").hexdigest()
    assert signature_holds(secret, body, right)
    assert signature_holds(secret, body, right.upper())
    for wrong in ("", "sha256=", right[:-1], right.removeprefix("sha256="), right + "0", "sha1=" + right[7:], "é"):
        assert not signature_holds(secret, body, wrong)
    assert not signature_holds(secret, body + b" ", right)
    assert not signature_holds(b"another secret here", body, right)
    assert not signature_holds(b"", body, "sha256=" + hmac.new(b"", body, "sha256").hexdigest())


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["event", "object", "created_at", "visibility", "media_attachments", "url", "account"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)


@hypothesis_settings(max_examples=400, derandomize=True, deadline=None)
@given(said=st.dictionaries(st.sampled_from(["event", "object", "created_at"]), _JSON), inside=_JSON)
def test_whatever_an_event_says_it_is_read_or_refused(said: dict[str, Any], inside: Any) -> None:
    for one in (said, status() | said, status(media_attachments=inside), status(account=inside, url=inside)):
        try:
            found = read(one)
        except (NotAllowed, UserMistake):
            continue
        assert isinstance(found, Event)
