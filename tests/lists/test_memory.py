from pathlib import Path

import pytest

from rempart.errors import NotAllowed, UserMistake
from rempart.lists.memory import Memory, is_memory_backed


@pytest.fixture
def mounts(tmp_path: Path) -> Path:
    """A mount table in which `tmp_path/ram disk` is memory, but for `disk` inside it."""
    real = tmp_path.resolve()
    spaced = f"{real}/ram\\040disk"
    (tmp_path / "mounts").write_text(
        f"/dev/sda1 / ext4 rw 0 0\ntmpfs {spaced} tmpfs rw 0 0\n/dev/sdb {spaced}/disk xfs rw 0 0\nbroken line\n\n"
    )
    return tmp_path / "mounts"


def test_the_nearest_mount_point_decides(tmp_path: Path, mounts: Path) -> None:
    assert is_memory_backed(tmp_path / "ram disk" / "not" / "made yet", mounts)
    assert not is_memory_backed(tmp_path / "ram disk" / "disk" / "x", mounts)
    assert not is_memory_backed(tmp_path / "ram disks", mounts)
    assert not is_memory_backed(tmp_path, mounts)


def test_a_link_out_of_memory_does_not_count_as_memory(tmp_path: Path, mounts: Path) -> None:
    (tmp_path / "ram disk").mkdir()
    (tmp_path / "plain").mkdir()
    (tmp_path / "ram disk" / "link").symlink_to(tmp_path / "plain")
    assert not is_memory_backed(tmp_path / "ram disk" / "link", mounts)


def test_without_a_mount_table_nothing_counts_as_memory(tmp_path: Path) -> None:
    assert not is_memory_backed(tmp_path, tmp_path / "no table")


def test_a_folder_on_disk_is_refused_with_what_to_do(tmp_path: Path, mounts: Path) -> None:
    with pytest.raises(UserMistake, match="must not reach a disk; set REMPART_MEMORY_FOLDER"):
        Memory(tmp_path / "plain", mounts)
    assert not (tmp_path / "plain").exists()


def test_a_memory_folder_open_to_others_is_refused(tmp_path: Path, mounts: Path) -> None:
    folder = tmp_path / "ram disk" / "mine"
    Memory(folder, mounts)
    assert folder.stat().st_mode & 0o777 == 0o700
    folder.chmod(0o755)
    with pytest.raises(NotAllowed, match="chmod 700"):
        Memory(folder, mounts)
