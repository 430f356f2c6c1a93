"""Files of another server's folder: no address leads out of it."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from rempart.wiring import served_folders
from rempart.wiring.served_folders import NotServed, Remembered, look_at, read, steps_of


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.png").write_bytes(b"outside")
    media = tmp_path / "media"
    (media / "a").mkdir(parents=True)
    (media / "a" / "purple dragon.png").write_bytes(b"inside")
    (media / "a" / "%41.png").write_bytes(b"escaped")
    (media / "a" / "link.png").symlink_to(tmp_path / "secret.png")
    (media / "link").symlink_to(tmp_path)
    os.mkfifo(media / "pipe")
    return media


def test_a_file_is_read_by_its_address(folder: Path) -> None:
    found = read(folder, "/media/", b"/media/a/purple%20dragon.png?width=3#x", 100)
    assert (found.content, found.name) == (b"inside", "purple dragon.png")
    assert look_at(folder, "/media/", b"/media/a/purple%20dragon.png").version == found.version
    assert read(folder, "/media/", b"/media/a/%2541.png", 100).content == b"escaped"


@pytest.mark.parametrize(
    "uri",
    [
        b"/media/../secret.png",
        b"/media/a/../../secret.png",
        b"/media/%2e%2e/secret.png",
        b"/media/a/%2E%2E/%2e%2e/secret.png",
        b"/media//a/purple%20dragon.png",
        b"/media/./a/purple%20dragon.png",
        b"/media/a/purple%20dragon.png/",
        b"/media/a/link.png",
        b"/media/link/secret.png",
        b"/media/a",
        b"/media/pipe",
        b"/media/a/%00",
        b"/media/",
        b"/media",
        b"",
        b"/other/a/purple%20dragon.png",
        b"media/a/purple%20dragon.png",
        b"http://x/media/a/purple%20dragon.png",
        b"/media/" + b"a/" * 3000,
        b"/media/" + b"x" * 300,
        b"/media/a/missing.png",
    ],
)
def test_no_odd_address_reads_anything(folder: Path, uri: bytes) -> None:
    with pytest.raises(NotServed):
        read(folder, "/media/", uri, 100)


def test_a_file_that_is_too_large_is_not_read(folder: Path) -> None:
    with pytest.raises(NotServed, match="too large"):
        read(folder, "/media/", b"/media/a/purple%20dragon.png", 5)


def test_a_changed_file_has_another_version(folder: Path) -> None:
    before = look_at(folder, "/media/", b"/media/a/purple%20dragon.png").version
    (folder / "a" / "purple dragon.png").write_bytes(b"changed")
    assert look_at(folder, "/media/", b"/media/a/purple%20dragon.png").version != before


def test_what_was_said_is_remembered_and_the_longest_unused_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(served_folders, "MOST_REMEMBERED", 2)
    said = Remembered()
    said.keep("a", True)
    said.keep("b", False)
    assert said.get("a") is True
    said.keep("c", True)
    assert (said.get("a"), said.get("b"), said.get("c")) == (True, None, True)


@hypothesis_settings(
    max_examples=400, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    uri=st.binary(max_size=40)
    | st.lists(st.sampled_from([b"/", b"..", b"%2e", b"%2F", b"a", b"link", b".", b"secret.png", b"\\", b"%00"])).map(
        b"".join
    )
)
def test_whatever_is_asked_for_nothing_outside_is_read(folder: Path, uri: bytes) -> None:
    for asked in (uri, b"/media/" + uri, b"/media/a/" + uri):
        try:
            found = read(folder, "/media/", asked, 100)
        except NotServed:
            continue
        assert found.content != b"outside"
        assert all(step not in (b"", b".", b"..") for step in steps_of(asked, "/media/"))
