import os
import socket
import stat
from pathlib import Path

import pytest

from rempart.media import NotExaminable
from rempart.media.sandbox import Blob
from rempart.media.sandbox.source import opened

MAX_BYTES = 1000


def reason_of(source):
    with pytest.raises(NotExaminable) as caught, opened(source, MAX_BYTES):
        pass
    return caught.value.reason


def make_link(folder):
    (folder / "target").write_bytes(b"x")
    (folder / "it").symlink_to("target")


def make_socket(folder):
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "it"))


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: None, "vanished"),
        (make_link, "link not followed"),
        (lambda folder: (folder / "it").symlink_to("it"), "link not followed"),
        (lambda folder: os.mkfifo(folder / "it"), "not a regular file"),
        (make_socket, "not a regular file"),
        (lambda folder: (folder / "it").mkdir(), "not a regular file"),
        (lambda folder: (folder / "it").write_bytes(b""), "empty"),
        (lambda folder: (folder / "it").write_bytes(bytes(1001)), "limit: bytes"),
    ],
    ids=["nothing", "link", "loop", "pipe", "socket", "folder", "empty", "large"],
)
def test_what_cannot_be_opened_is_a_reason(tmp_path, make, reason):
    make(tmp_path)
    assert reason_of(tmp_path / "it") == reason


def test_a_device_is_no_file():
    assert reason_of(Path(os.devnull)) == "not a regular file"


def test_a_file_without_permission_is_a_reason(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "denied")

    monkeypatch.setattr(os, "open", refuse)
    assert reason_of(tmp_path / "it") == "unreadable: permission"


def test_a_name_with_a_null_byte_or_too_long_is_a_reason(tmp_path):
    assert reason_of(tmp_path / "a\0b") == "vanished"
    assert reason_of(tmp_path / ("x" * 300)) == "unreadable: name too long"


def test_a_file_of_the_largest_size_is_opened_and_closed_again(tmp_path):
    (tmp_path / "it").write_bytes(bytes(1000))
    with opened(tmp_path / "it", MAX_BYTES) as (descriptor, size):
        assert size == 1000
        assert stat.S_ISREG(os.fstat(descriptor).st_mode)
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_bytes_are_held_in_memory():
    with opened(b"hello", MAX_BYTES) as (descriptor, size):
        assert (size, os.pread(descriptor, 9, 0)) == (5, b"hello")
    assert reason_of(b"") == "empty"
    assert reason_of(bytes(1001)) == "limit: bytes"


def test_a_blob_stays_open_until_it_is_closed():
    blob = Blob.of(b"hello")
    for _ in range(2):
        with opened(blob, MAX_BYTES) as (_, size):
            assert size == blob.size_bytes == 5
    blob.close()
    blob.close()
    assert blob.descriptor == -1
