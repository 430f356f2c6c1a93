"""Camera fields indicate a camera when they fit together, hint when they do not, and never prove."""

from typing import Any

import pytest

from rempart.facts.evidence import Evidence
from rempart.origin.evidence.camera_exif import SOURCE
from rempart.origin.verdict import judge
from rempart.testing.carriers import CARRIERS, subject_of
from rempart.testing.carriers_placing import EXIF_CONTAINERS, MEDIA_TYPES, with_exif
from rempart.testing.mutations import mutate

MAIN: dict[int, Any] = {0x010F: "NIKON CORPORATION", 0x0110: "NIKON D70", 0x0131: "Ver.1.03"}
CAMERA: dict[int, Any] = {
    0x829A: (1, 125), 0x829D: (56, 10), 0x8827: 200, 0x9003: "2026:03:01 12:00:00", 0x9291: "40",
    0xA002: 96, 0xA003: 72, 0x927C: b"Nikon\0\x02\x10\0\0II*\0\x08\0\0\0\0\0\0\0\0\0",
}  # fmt: skip


def _observed(main: dict[int, Any], camera: dict[int, Any], container: str = "jpeg") -> list[Evidence]:
    return list(SOURCE.observe(subject_of(with_exif(container, main, camera), MEDIA_TYPES[container])))


@pytest.mark.parametrize("container", EXIF_CONTAINERS)
def test_fields_that_fit_are_structural_in_every_container(container: str) -> None:
    (one,) = _observed(MAIN, CAMERA, container)
    assert (one.claim, one.strength, one.tool) == ("cameraTraits", "structural", "Nikon")
    assert {"MakerNote", "ExposureTime", "SubSecTime"} <= set(one.fields)
    assert (one.add_cost, judge([one]).verdict) == ("trivial", "captured.indicated")


@pytest.mark.parametrize(
    ("change", "against"),
    [
        ({0x0131: "Adobe Photoshop 25.0 (Windows)"}, "Software names an editor"),
        ({0x010F: "Canon", 0x0110: "Canon EOS R5"}, "MakerNote of another maker"),
    ],
)
def test_what_speaks_against_a_camera_leaves_a_hint(change: dict[int, Any], against: str) -> None:
    (one,) = _observed(MAIN | change, CAMERA)
    assert (one.claim, one.strength) == ("cameraTraits", "hint")
    assert against in one.fields


def test_a_picture_of_another_size_than_stated_leaves_a_hint() -> None:
    (one,) = _observed(MAIN, CAMERA | {0xA002: 3008, 0xA003: 2000})
    assert (one.strength, one.fields[-1]) == ("hint", "PixelXDimension differs from the picture")


def test_a_turned_picture_still_has_its_size() -> None:
    (one,) = _observed(MAIN, CAMERA | {0xA002: 72, 0xA003: 96})
    assert one.strength == "structural"


def test_without_a_note_there_is_only_a_hint() -> None:
    (one,) = _observed(MAIN, {tag: value for tag, value in CAMERA.items() if tag != 0x927C})
    assert one.strength == "hint"


@pytest.mark.parametrize(
    ("main", "camera"),
    [
        ({}, CAMERA),
        ({0x010F: "NIKON CORPORATION"}, CAMERA),
        ({0x010F: "EPSON", 0x0110: "Perfection V39"}, CAMERA),
        (MAIN, {0x8827: 200}),
        ({0x010F: 'workflow:{"nodes": []}', 0x0110: 'prompt:{"1": {}}'}, CAMERA),
        ({0x010F: "Canonical Ltd", 0x0110: "x"}, CAMERA),
        ({0x010F: "Applebee", 0x0110: "x"}, CAMERA),
    ],
)
def test_what_no_camera_wrote_says_nothing(main: dict[int, Any], camera: dict[int, Any]) -> None:
    assert _observed(main, camera) == []


def test_no_picture_of_a_generator_and_no_trap_shows_camera_traits() -> None:
    for carrier in CARRIERS.values():
        found = list(SOURCE.observe(subject_of(carrier.build(), carrier.media_type)))
        assert bool(found) == (carrier.convention == "camera"), carrier.name


def test_no_value_of_the_file_is_shown() -> None:
    (one,) = _observed(MAIN | {0x0110: "purple dragon"}, CAMERA)
    assert "dragon" not in repr(one)
    assert "Ver.1.03" not in repr(one)


def test_damaged_files_never_raise() -> None:
    data = with_exif("jpeg", MAIN, CAMERA)
    for seed in range(300):
        list(SOURCE.observe(subject_of(mutate(data, seed), "image/jpeg")))
