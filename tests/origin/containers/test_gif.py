"""GIF extensions and the chains of blocks."""

from rempart.origin.containers import walk
from rempart.testing.carriers_placing import gif_comment, gif_extension, plain, with_xmp

DAMAGED = "damaged: gif container"


def test_a_comment_of_many_blocks_is_one_text() -> None:
    walked = walk(gif_comment(b"soup" * 200), "image/gif")
    assert [(one.name, one.data) for one in walked.segments] == [("comment", b"soup" * 200)]
    assert walked.gaps == ()


def test_xmp_comes_without_its_trailer() -> None:
    walked = walk(with_xmp("gif", b"<x>leek</x>"), "image/gif")
    assert [(one.name, one.data) for one in walked.segments] == [("XMP", b"<x>leek</x>")]
    assert walked.gaps == ()


def test_xmp_that_a_writer_cut_into_blocks_is_read_too() -> None:
    walked = walk(gif_extension(b"\xff\x0bXMP DataXMP\x04<x/>\0"), "image/gif")
    assert [(one.name, one.data) for one in walked.segments] == [("XMP", b"<x/>")]


def test_a_c2pa_extension_is_handed_out() -> None:
    walked = walk(gif_extension(b"\xff\x0bC2PA_GIF\x01\0\0\x04jumb\0"), "image/gif")
    assert [(one.name, one.data) for one in walked.segments] == [("C2PA", b"jumb")]


def test_what_hangs_behind_the_end_is_handed_out() -> None:
    assert walk(plain("gif") + b"more", "image/gif").segments[0].data == b"more"


def test_a_chain_that_is_not_closed_is_a_gap() -> None:
    walked = walk(plain("gif")[:-60], "image/gif")
    assert walked.gaps == (DAMAGED,)


def test_too_many_blocks_are_a_gap() -> None:
    data = b"GIF89a" + bytes(7) + b"\x21\xfe" + b"\x01a" * 1_300_000
    assert walk(data, "image/gif").gaps == ("limit: gif blocks",)
