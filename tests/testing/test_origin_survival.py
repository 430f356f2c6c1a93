"""The survival table: everything is there before, and hardly anything after."""

import pytest

from rempart.testing.carriers import CARRIERS
from rempart.testing.origin_survival import EDITS, UNEDITED, run, samples


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, bool]]:
    return run()


def test_every_carrier_is_there_before_any_edit(table: dict[str, dict[str, bool]]) -> None:
    assert [name for name, there in table[UNEDITED].items() if not there] == []


def test_every_picture_convention_has_its_row_for_every_edit(table: dict[str, dict[str, bool]]) -> None:
    pictures = {one.convention for one in CARRIERS.values() if one.is_ai and one.media_type.startswith("image/")}
    assert set(table) == {UNEDITED, *EDITS}
    for row in table.values():
        assert pictures | {"camera", "watermark SDXL", "signed digitalCapture"} <= set(row)


def test_no_signature_and_no_text_survives_any_new_saving(table: dict[str, dict[str, bool]]) -> None:
    for edit in EDITS:
        left = {name for name, there in table[edit].items() if there}
        assert not any(name.startswith("signed") for name in left)
        assert all("exif" in name or "stealth" in name or "watermark" in name for name in left) or "EXIF" in edit


def test_nothing_survives_a_jpeg_a_resize_or_a_screenshot(table: dict[str, dict[str, bool]]) -> None:
    for edit in ("re-save JPEG", "resize to 75 %", "screenshot"):
        assert not any(table[edit].values()), edit


def test_a_camera_and_an_exif_label_survive_a_program_that_copies_exif(table: dict[str, dict[str, bool]]) -> None:
    assert table["re-save JPEG, EXIF kept"]["camera"]
    assert table["re-save JPEG, EXIF kept"]["tc260-exif"]


def test_a_mark_survives_a_lossless_copy_only(table: dict[str, dict[str, bool]]) -> None:
    assert table["re-save PNG"]["watermark SDXL"]
    assert not table["re-save WebP"]["watermark SDXL"]


def test_samples_are_not_shown(table: dict[str, dict[str, bool]]) -> None:
    assert "data" not in repr(next(samples()))
