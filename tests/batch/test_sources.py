"""Everything the operator names becomes a row or a refused row with its reason; nothing disappears."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rempart.batch.sources import from_file_list, from_manifest, from_paths, shown
from rempart.errors import UserMistake


def lay(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
    return folder


def test_a_folder_gives_its_files_in_a_stable_order(tmp_path: Path) -> None:
    lay(tmp_path, "b.jpg", "a/z.png", "a/c.png")
    names = [row.name for row in from_paths([str(tmp_path)])]
    assert names == [str(tmp_path / name) for name in ("a/c.png", "a/z.png", "b.jpg")]


def test_links_and_loops_are_counted_and_not_followed(tmp_path: Path) -> None:
    lay(tmp_path, "a.jpg")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling").symlink_to("nowhere")
    refused = {Path(row.name).name: row.refused for row in from_paths([str(tmp_path)]) if row.refused}
    assert refused == {"loop": "link not followed", "dangling": "link not followed"}


def test_a_pipe_is_counted_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert [row.refused for row in from_paths([str(tmp_path)])] == ["not a regular file"]


def test_a_missing_path_is_one_refused_row(tmp_path: Path) -> None:
    assert [row.refused for row in from_paths([str(tmp_path / "gone")])] == ["unreadable: missing"]


def test_a_folder_that_cannot_be_listed_is_one_refused_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, "shut/a.jpg", "open/b.jpg")
    listing = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "no")
        return listing(path)

    monkeypatch.setattr(os, "scandir", refuse)
    rows = {Path(row.name).name: row.refused for row in from_paths([str(tmp_path)])}
    assert rows == {"b.jpg": None, "shut": "unreadable: permission"}


def test_names_are_shown_without_control_characters_but_opened_as_they_are(tmp_path: Path) -> None:
    odd = os.fsdecode(b"a\x1b[31m\n\xff.jpg")
    (tmp_path / odd).write_bytes(b"x")
    (row,) = from_paths([str(tmp_path)])
    assert row.name.endswith("a\\x1b[31m\\x0a\\xff.jpg")
    assert row.path is not None
    assert Path(row.path).exists()


@given(st.text(st.characters(exclude_categories=[])))
def test_a_shown_name_is_printable_and_can_be_stored(text: str) -> None:
    try:
        os.fsencode(text)
    except UnicodeEncodeError:
        return  # no file system gives such a name
    name = shown(text)
    assert name.isprintable()
    assert name.encode("utf-8").decode("utf-8") == name


def test_a_manifest_gives_paths_and_known_digests(tmp_path: Path) -> None:
    lines = [
        {"path": "a.jpg", "sha256": "AB" * 32},
        {"url": "https://example.org/b.jpg", "md5": "cd" * 16},
        {"url": "https://example.org/c.jpg"},
    ]
    manifest = tmp_path / "m.ndjson"
    manifest.write_text("\n".join(json.dumps(line) for line in lines))
    first, second, third = from_manifest(manifest)
    assert first.path == str(tmp_path / "a.jpg")
    assert [print_.value.hex() for print_ in first.fingerprints()] == ["ab" * 32]
    assert second.path is None
    assert second.name == "https://example.org/b.jpg"
    assert third.refused == "no usable fingerprint"


@pytest.mark.parametrize(
    "line",
    [b"{", b"[]", b"1", b'{"sha256": "ab"}', b'{"path": 3}', b'{"path": "a", "md5": "xyz"}', b"\xff\xfe", b"[" * 9999],
)
def test_a_bad_manifest_line_is_one_refused_row(tmp_path: Path, line: bytes) -> None:
    manifest = tmp_path / "m.ndjson"
    manifest.write_bytes(line + b'\n{"path": "good.jpg"}\n')
    bad, good = from_manifest(manifest)
    assert bad.refused == "bad row"
    assert good.path == str(tmp_path / "good.jpg")


def test_a_file_list_names_files_and_folders(tmp_path: Path) -> None:
    lay(tmp_path / "in", "a.jpg", "b.jpg")
    listing = tmp_path / "list.txt"
    listing.write_text(f"{tmp_path}/in/a.jpg\r\n\n{tmp_path}/in\n{tmp_path}/none\n")
    assert [row.refused for row in from_file_list(listing)] == [None, None, None, "unreadable: missing"]


def test_a_file_list_that_is_not_there_is_a_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserMistake, match="cannot be read"):
        list(from_file_list(tmp_path / "none"))
    with pytest.raises(UserMistake, match="cannot be read"):
        list(from_manifest(tmp_path / "none"))


def test_a_name_says_without_doubt_which_path_it_was() -> None:
    names = ["a\u202eb", "a\\u202eb", "a\\x20", "a ", os.fsdecode(b"\x80"), "\x80", "\\x80"]
    assert len({shown(name) for name in names}) == len(names)
    assert shown("a\u202eb") == "a\\u202eb"


def test_a_folder_of_any_depth_is_walked(tmp_path: Path) -> None:
    here, depth = Path.cwd(), 1200
    os.chdir(tmp_path)
    try:
        for _ in range(depth):
            Path("d").mkdir()
            os.chdir("d")
        Path("x.png").write_bytes(b"x")
        os.chdir(tmp_path)
        (row,) = from_paths(["."])
    finally:
        os.chdir(here)
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)  # Python's own clean-up recurses
    assert row.name == "./" + "d/" * depth + "x.png"
    assert row.path is not None


def test_the_folder_of_the_job_is_left_out(tmp_path: Path) -> None:
    lay(tmp_path, "a.jpg", "out/findings.jsonl", "b/out/c.jpg")
    rows = from_paths([str(tmp_path)], leave_out=tmp_path / "out")
    assert [row.name for row in rows] == [str(tmp_path / "a.jpg"), str(tmp_path / "b/out/c.jpg")]
