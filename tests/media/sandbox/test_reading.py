import io
import os

import pytest

from rempart.facts import Limits
from rempart.media import NotExaminable
from rempart.media.archives import members
from rempart.media.sandbox.reading import read_whole, stream_of
from rempart.testing.archives import zipped

DATA = bytes(range(256)) * 4000


@pytest.fixture
def descriptor(tmp_path):
    (tmp_path / "it").write_bytes(DATA)
    with (tmp_path / "it").open("r+b") as file:
        yield file.fileno()


def test_every_byte_is_read(descriptor):
    assert read_whole(descriptor, len(DATA), Limits()) == DATA
    with pytest.raises(NotExaminable, match="limit: bytes"):
        read_whole(descriptor, len(DATA), Limits(max_bytes=len(DATA) - 1))


def test_a_stream_reads_and_seeks_like_a_file(descriptor):
    stream = stream_of(descriptor, len(DATA))
    assert stream.read(300) == DATA[:300]
    assert stream.seek(-10, io.SEEK_END) == len(DATA) - 10
    assert stream.read() == DATA[-10:]
    stream.seek(5000)
    assert stream.seek(-1000, io.SEEK_CUR) == 4000
    assert stream.read(600_000) == DATA[4000:604_000]
    with pytest.raises(OSError, match="before the start"):
        stream.seek(-1)


def test_a_zip_of_nothing_is_a_zip(tmp_path):
    (tmp_path / "it").write_bytes(zipped({}))
    with (tmp_path / "it").open("rb") as file:
        assert list(members(stream_of(file.fileno(), 22), Limits())) == []


def test_what_is_added_after_the_measuring_is_not_read(descriptor):
    os.pwrite(descriptor, b"more", len(DATA))
    assert stream_of(descriptor, len(DATA)).read() == DATA


def test_a_file_that_shrinks_has_vanished(descriptor):
    stream = stream_of(descriptor, len(DATA))
    os.ftruncate(descriptor, 1000)
    with pytest.raises(NotExaminable, match="vanished"):
        stream.read()
    with pytest.raises(NotExaminable, match="vanished"):
        read_whole(descriptor, len(DATA), Limits())


def test_a_file_that_cannot_be_read_is_a_reason(tmp_path):
    (tmp_path / "it").write_bytes(DATA)
    with (tmp_path / "it").open("ab") as file, pytest.raises(NotExaminable, match="unreadable"):
        read_whole(file.fileno(), 10, Limits())
