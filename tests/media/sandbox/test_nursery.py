"""The nursery lives on when the machine has no room for one more process."""

import errno
import os
import socket

import pytest

from rempart.errors import Unavailable
from rempart.facts import Limits
from rempart.media.sandbox import nursery, wire
from rempart.media.sandbox.processes import Nursery, Order

FULL = {"full": os.strerror(errno.EAGAIN)}


def test_no_room_for_a_process_is_told_and_not_fatal(monkeypatch):
    def refuse():
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    monkeypatch.setattr(os, "fork", refuse)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        nursery._fork(theirs, os.open(os.devnull, os.O_RDONLY), lambda: 0)
        assert wire.receive(ours) == (FULL, None)


def test_no_room_for_a_process_is_a_clear_error_and_ends_no_other_child(monkeypatch):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        full = Nursery(Order("task", (), (), Limits()))
        monkeypatch.setattr(full, "_start", lambda: ours)
        monkeypatch.setattr(full, "_stop", lambda: pytest.fail("the nursery was ended"))
        full._ready = True
        wire.send(theirs, FULL)
        with pytest.raises(Unavailable, match="fewer workers"):
            full.fork()
