"""Digests in the parent end in time, whatever the file or the file system does."""

import errno
import hashlib
import os
import time

import pytest

from rempart.facts import Limits
from rempart.screening.hashing import hashed

LIMITS = Limits(max_bytes=10_000_000, max_archive_bytes=20_000_000)
DATA = bytes(range(256)) * 20_000


@pytest.fixture
def file(tmp_path):
    (tmp_path / "it").write_bytes(DATA)
    descriptor = os.open(tmp_path / "it", os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def test_the_digests_are_those_of_the_bytes(file):
    digests, gaps = hashed(file, len(DATA), LIMITS)
    assert gaps == ()
    assert {each.kind: each.value for each in digests} == {
        kind: hashlib.new(kind, DATA, usedforsecurity=False).digest() for kind in ("sha256", "sha1", "md5")
    }


def test_more_than_an_archive_may_have_is_not_hashed(file):
    assert hashed(file, 20_000_001, LIMITS) == ((), ("limit: bytes",))


def test_a_file_that_shrinks_has_vanished(file):
    assert hashed(file, len(DATA) + 1, LIMITS) == ((), ("vanished",))


@pytest.mark.parametrize(
    ("code", "reason"), [(errno.EIO, "unreadable: input/output error"), (errno.ESTALE, "vanished"), (1, "unreadable")]
)
def test_an_error_of_the_file_system_is_a_gap(file, monkeypatch, code, reason):
    def fail(*_):
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "pread", fail)
    assert hashed(file, len(DATA), LIMITS) == ((), (reason,))


def test_a_file_that_is_read_too_slowly_is_given_up(file, monkeypatch):
    clock = iter(range(0, 10_000, 20))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    assert hashed(file, len(DATA), LIMITS) == ((), ("timeout",))


def test_a_larger_file_has_more_time(monkeypatch, file):
    clock = iter(range(0, 10_000, 20))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    patient = Limits(max_seconds=1000)
    assert hashed(file, len(DATA), patient)[1] == ()


def test_a_stop_request_is_noticed_between_two_reads(file):
    asked = iter([False, False, True])
    assert hashed(file, len(DATA), LIMITS, lambda: next(asked)) == ((), ("timeout",))
