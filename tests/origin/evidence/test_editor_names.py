"""Editors are named only where a program is named."""

import pytest

from rempart.origin.camera.editors import editor
from rempart.origin.evidence.editor_names import SOURCE
from rempart.origin.verdict import judge
from rempart.testing.carriers import subject_of
from rempart.testing.carriers_placing import png_text, with_exif, with_xmp
from rempart.testing.carriers_words import attribute, packet


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Adobe Photoshop 25.0 (Windows)", "Adobe Photoshop"),
        ("Adobe Photoshop Lightroom Classic 13.1", "Adobe Lightroom"),
        ("GIMP 2.10.34", "GIMP"),
        ("Snapseed 2.0", "Snapseed"),
        ("Adobe Firefly 3.0", ""),
        ("Ver.1.03", ""),
        ("Snowflake Camera", ""),
        ("made with Photoshop", ""),
        ("GIMP " * 100, ""),
        ("", ""),
    ],
)
def test_an_editor_is_known_by_how_its_name_begins(value: str, name: str) -> None:
    assert editor(value) == name


def test_every_place_that_names_a_program_is_looked_at() -> None:
    files = {
        "image/jpeg": with_exif("jpeg", {0x0131: "GIMP 2.10"}),
        "image/png": png_text("tEXt", "Software", b"GIMP 2.10"),
        "image/webp": with_xmp("webp", packet(attributes=attribute("xmp:CreatorTool", "GIMP 2.10"))),
    }
    for media_type, data in files.items():
        (one,) = SOURCE.observe(subject_of(data, media_type))
        assert (one.claim, one.tool, one.strength) == ("edited", "GIMP", "hint")
        assert judge([one]).verdict == "edited"


def test_a_caption_that_mentions_an_editor_is_no_editor() -> None:
    data = with_exif("jpeg", {0x010E: "GIMP 2.10"})
    assert list(SOURCE.observe(subject_of(data, "image/jpeg"))) == []
