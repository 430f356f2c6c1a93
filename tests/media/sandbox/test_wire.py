import json
import os
import socket
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rempart.media.sandbox import wire


def open_descriptors():
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


@pytest.fixture
def pair():
    left, right = socket.socketpair()
    with left, right:
        yield left, right


def test_a_message_and_its_descriptor_arrive(pair):
    left, right = pair
    reader, writer = os.pipe()
    wire.send(left, {"a": [1, "é"]}, writer)
    message, descriptor = wire.receive(right)
    os.close(writer)
    os.write(descriptor, b"hello")
    os.close(descriptor)
    assert message == {"a": [1, "é"]}
    assert os.read(reader, 9) == b"hello"
    os.close(reader)


def test_messages_keep_their_borders(pair):
    left, right = pair
    for number in range(3):
        wire.send(left, {"number": number})
    assert [wire.receive(right) for _ in range(3)] == [({"number": number}, None) for number in range(3)]


def test_a_closed_channel_is_told(pair):
    left, right = pair
    left.close()
    with pytest.raises(wire.Closed):
        wire.receive(right)
    with pytest.raises(wire.Closed):
        wire.send(right, {})


@pytest.mark.parametrize(
    "raw",
    [
        struct.pack("!I", 3) + b"[1]",
        struct.pack("!I", 2) + b"{]",
        struct.pack("!I", 1) + b"\xff",
        struct.pack("!I", 2**24 + 1),
        struct.pack("!I", 100_000) + b"[" * 100_000,
    ],
)
def test_what_is_no_message_is_garbled(pair, raw):
    left, right = pair
    left.sendall(raw)
    with pytest.raises(wire.Garbled):
        wire.receive(right)


def test_a_message_that_is_too_long_is_not_sent(pair):
    with pytest.raises(ValueError, match="too long"):
        wire.send(pair[0], {"x": "y" * wire.MAX_MESSAGE_BYTES})


def test_a_message_that_trickles_does_not_outlive_the_deadline(pair):
    left, right = pair
    left.sendall(struct.pack("!I", 10) + b"{")
    with pytest.raises(TimeoutError):
        wire.receive(right, time.monotonic() + 0.01)


def test_surplus_descriptors_are_closed(pair):
    left, right = pair
    before = open_descriptors()
    body = json.dumps({}).encode()
    socket.send_fds(left, [struct.pack("!I", len(body)) + body], [0, 0, 0])
    _, descriptor = wire.receive(right)
    os.close(descriptor)
    assert open_descriptors() == before


def test_descriptors_of_a_garbled_message_are_closed(pair):
    left, right = pair
    before = open_descriptors()
    socket.send_fds(left, [struct.pack("!I", 1) + b"?"], [0, 0])
    with pytest.raises(wire.Garbled):
        wire.receive(right)
    assert open_descriptors() == before


@settings(max_examples=200)
@given(st.binary(max_size=64))
def test_any_bytes_end_as_message_or_error(raw):
    left, right = socket.socketpair()
    with left, right:
        left.sendall(raw)
        left.shutdown(socket.SHUT_WR)
        try:
            message, _ = wire.receive(right)
        except (wire.Closed, wire.Garbled):
            return
        assert isinstance(message, dict)
