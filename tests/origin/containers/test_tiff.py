"""TIFF files: the whole is one EXIF carrier, and other carriers stand in its first directory."""

from rempart.origin.containers import walk
from rempart.testing.carriers_placing import plain, with_xmp
from rempart.testing.hostile import HOSTILE


def test_the_file_itself_is_a_carrier_and_is_not_copied() -> None:
    data = plain("tiff")
    (whole,) = walk(data, "image/tiff").segments
    assert whole.name == "IFD"
    assert whole.data is data


def test_xmp_in_the_first_directory_is_handed_out() -> None:
    names = {one.name: one.data for one in walk(with_xmp("tiff", b"<x/>"), "image/tiff").segments}
    assert names["XMP"] == b"<x/>"


def test_directories_in_a_loop_are_a_gap() -> None:
    assert walk(HOSTILE["tiff-cyclic"].build(), "image/tiff").gaps == ("damaged: exif",)


def test_a_big_tiff_is_a_gap() -> None:
    assert walk(b"II+\0\x08\0\0\0", "image/tiff").gaps == ("unsupported: bigtiff",)


def test_a_directory_behind_the_end_is_a_gap() -> None:
    assert walk(b"II*\0\xff\xff\xff\x7f", "image/tiff").gaps == ("damaged: exif",)
