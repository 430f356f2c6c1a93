import io
import os
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from rempart.facts import reasons
from rempart.testing.hazards import lay_hazards, unlock
from rempart.testing.hostile import HOSTILE, TRUNCATED_FORMATS
from rempart.testing.hostile_archives import BOMB_BYTES

SLOW = ("zip-of-bombs",)


@pytest.mark.parametrize("name", [name for name in HOSTILE if name not in SLOW])
def test_a_hostile_file_is_built_small_and_says_what_is_wrong_with_it(name: str) -> None:
    hostile = HOSTILE[name]
    data = hostile.build()
    assert len(data) < 5_000_000
    assert (data == b"") == (name == "empty")
    assert hostile.why
    assert hostile.name == name


@pytest.mark.parametrize("name", ["jpeg-broken-exif", "zip-duplicate-names", "tar-links", "apng-frame-lie"])
def test_a_hostile_file_is_the_same_each_time(name: str) -> None:
    assert HOSTILE[name].build() == HOSTILE[name].build()


def test_every_cut_format_is_cut_at_three_places() -> None:
    cut = [name for name in HOSTILE if "-cut-at-" in name]
    assert len(cut) == 3 * len(TRUNCATED_FORMATS)


@pytest.mark.parametrize(
    ("name", "offset", "layout"),
    [("huge-png", 16, ">II"), ("huge-gif", 6, "<HH"), ("huge-bmp", 18, "<ii")],
)
def test_huge_headers_claim_sixty_thousand_pixels_a_side(name: str, offset: int, layout: str) -> None:
    assert struct.unpack_from(layout, HOSTILE[name].build(), offset) == (60_000, 60_000)


def test_the_bomb_is_small_outside_and_large_inside() -> None:
    data = HOSTILE["zip-bomb"].build()
    assert len(data) < 300_000
    assert zipfile.ZipFile(io.BytesIO(data)).infolist()[0].file_size == BOMB_BYTES


def test_the_hostile_archives_have_the_faults_of_their_names() -> None:
    def listing(name: str) -> list[zipfile.ZipInfo]:
        return zipfile.ZipFile(io.BytesIO(HOSTILE[name].build())).infolist()

    assert all(info.flag_bits & 1 for info in listing("zip-encrypted"))
    assert [info.filename for info in listing("zip-duplicate-names")] == ["aa.jpg", "aa.jpg"]
    assert any(info.filename.startswith("..") for info in listing("zip-climbing-names"))
    assert len(listing("zip-many-members")) == 12_000
    assert listing("zip-lying-sizes")[0].file_size == 1
    assert b"a\0b.jpg" in HOSTILE["zip-nul-name"].build()


def test_the_overlapping_bombs_share_one_body() -> None:
    archive = zipfile.ZipFile(io.BytesIO(HOSTILE["zip-of-bombs"].build()))
    assert [info.header_offset for info in archive.infolist()] == [0] * 5


def test_the_hazards_of_a_file_system_are_what_they_say(tmp_path: Path) -> None:
    laid = lay_hazards(tmp_path, b"benign")
    by_reason = {hazard.reason for hazard in laid}
    assert by_reason == {reasons.UNREADABLE, reasons.LINK, reasons.NOT_A_FILE, None}
    assert sum(hazard.path.is_symlink() for hazard in laid) == 3
    assert sum(stat.S_ISFIFO(hazard.path.lstat().st_mode) for hazard in laid) == 1
    assert all(os.fsencode(hazard.path) and hazard.path.read_bytes() for hazard in laid if hazard.reason is None)
    assert any(b"\n" in os.fsencode(hazard.path.name) for hazard in laid)
    assert all(stat.S_IMODE(hazard.path.lstat().st_mode) == 0 for hazard in laid if not hazard.bites_root)
    unlock(tmp_path)
    assert (tmp_path / "locked-folder" / "inside.jpg").read_bytes() == b"benign"
