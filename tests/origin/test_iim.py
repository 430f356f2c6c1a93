"""IPTC-IIM credits inside Photoshop blocks, whatever is broken around them."""

from hypothesis import given
from hypothesis import strategies as st

from rempart.origin.iim import CREDIT, photoshop_records, records

BLOCK = b"\x1c\x02\x50\0\x04Cook" + b"\x1c\x02\x6e\0\x04Soup"
PHOTOSHOP = b"8BIM\x04\x25\0\0\0\0\0\x03abc\0" + b"8BIM\x04\x04\0\0" + len(BLOCK).to_bytes(4, "big") + BLOCK


def test_a_credit_is_found_behind_other_resources() -> None:
    assert (CREDIT, "Soup") in list(photoshop_records(PHOTOSHOP))


def test_a_bare_block_is_read_too() -> None:
    assert list(records(BLOCK)) == [((2, 80), "Cook"), (CREDIT, "Soup")]


@given(st.binary(max_size=200))
def test_reading_never_raises(noise: bytes) -> None:
    assert len(list(photoshop_records(PHOTOSHOP + noise))) >= 2
    list(photoshop_records(b"8BIM" + noise))
    list(records(b"\x1c" + noise))
