import os
from pathlib import Path

import pytest

from rempart.storage import KeyRing
from rempart.storage.atomic import make_folder, shred, write_atomically, written_atomically


def test_a_failed_write_leaves_the_old_content_and_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_atomically(tmp_path / "a", b"old")

    def no_room(_: int) -> None:
        raise OSError("no room")

    monkeypatch.setattr(os, "fsync", no_room)
    with pytest.raises(OSError, match="no room"):
        write_atomically(tmp_path / "a", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_bytes() == b"old"


def test_files_and_folders_are_for_their_owner_only(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "deep" / "folder")
    write_atomically(folder / "a", b"")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "a").stat().st_mode & 0o777 == 0o600


def test_a_shredded_file_cannot_be_opened_even_by_who_kept_the_blocks(tmp_path: Path) -> None:
    keys = KeyRing.generate()
    path, kept = tmp_path / "a.age", tmp_path / "blocks"
    write_atomically(path, keys.seal(b"x" * 100_000))
    kept.hardlink_to(path)
    shred(path)
    assert not path.exists()
    with pytest.raises(Exception, match="cannot be opened"):
        keys.unseal(kept.read_bytes(), "it")


def test_shredding_what_is_gone_already_is_fine(tmp_path: Path) -> None:
    shred(tmp_path / "nothing")


def test_a_stream_that_breaks_off_leaves_the_old_content_and_no_rubbish(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a", b"old")

    def break_off() -> None:
        with written_atomically(tmp_path / "a") as stream:
            stream.write(b"half")
            assert (tmp_path / "a").read_bytes() == b"old"
            raise KeyError

    with pytest.raises(KeyError):
        break_off()
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    with written_atomically(tmp_path / "a", mode=0o640) as stream:
        stream.write(b"new")
    assert (tmp_path / "a").read_bytes() == b"new"
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o640
