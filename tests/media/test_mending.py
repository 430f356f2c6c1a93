from rempart.media.boxes import announced_bytes, boxes_fit
from rempart.media.mending import filled_up


def box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def test_what_is_missing_is_filled_up():
    assert filled_up(b"abc", 5) == b"abc\0\0"


def test_a_hostile_length_is_not_filled_up():
    assert filled_up(b"abc", 2**40) == b"abc"


def test_boxes_announce_their_end():
    file = box(b"ftyp", b"avif") + box(b"mdat", bytes(100))
    assert announced_bytes(file) == announced_bytes(file[:-50]) == len(file)
    assert boxes_fit(file)
    assert boxes_fit(file + bytes(20))
    assert not boxes_fit(file[:-1])
    assert not boxes_fit(file[:15])


def test_a_box_to_the_end_of_the_file_fits():
    assert boxes_fit(box(b"ftyp", b"avif") + b"\0\0\0\0mdat" + bytes(9))


def test_a_box_of_more_than_four_gigabytes_is_announced():
    assert announced_bytes(b"\0\0\0\x01mdat" + (2**40).to_bytes(8, "big")) == 2**40
