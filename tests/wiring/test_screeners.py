"""Screening for a server: callers share children, and none waits longer than it said."""

import threading
from collections.abc import Iterator

import pytest
from PIL import Image

from rempart.errors import Unavailable
from rempart.facts import NoMatch
from rempart.media import NotExaminable
from rempart.settings import Settings
from rempart.testing.encoders import saved
from rempart.testing.pictures import photo_like
from rempart.wiring import open_house
from rempart.wiring.screeners import Screeners


def _png() -> bytes:
    return saved(Image.fromarray(photo_like(3, 320, 240)), "PNG")


@pytest.fixture
def screeners(settings: Settings) -> Iterator[Screeners]:
    with open_house(settings=settings) as house:
        made = Screeners(lambda: house.opener(preview=True), house.lists.snapshot, 1)
        yield made
        made.close()


def test_an_item_is_screened_with_its_fingerprints_and_preview(screeners: Screeners) -> None:
    done = screeners.screen("dragon.png", _png(), wait_seconds=5)
    assert isinstance(done.finding.outcome, NoMatch)
    assert done.examination is not None
    assert done.examination.variants
    assert (done.examination.preview or b"").startswith(b"\x89PNG")


def test_who_cannot_have_a_child_in_time_is_told_when_to_come_back(screeners: Screeners) -> None:
    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with screeners._opener(5):
            taken.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(30)
    with pytest.raises(Unavailable, match="busy") as told:
        screeners.screen("dragon.png", _png(), wait_seconds=0.01)
    done.set()
    holder.join()
    assert told.value.retry_after_seconds
    assert screeners.screen("dragon.png", _png(), wait_seconds=5).examination


def test_what_a_person_sees_was_encoded_anew(screeners: Screeners) -> None:
    shown = screeners.render(_png(), wait_seconds=5)
    assert shown.startswith(b"\xff\xd8")


def test_what_is_no_picture_is_not_rendered(screeners: Screeners) -> None:
    with pytest.raises(NotExaminable):
        screeners.render(b"no picture at all", wait_seconds=5)
