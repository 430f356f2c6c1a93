"""Hazards of the file system: what a folder can hold beside ordinary files."""

import os
from dataclasses import dataclass
from pathlib import Path

from rempart.facts import reasons


@dataclass(frozen=True, slots=True)
class Hazard:
    """One entry that was laid.

    reason: the code with which it ends as not examined; None when it is an ordinary file under a strange name.
    bites_root: False when the administrator's rights undo it, as with the permissions of a file.
    """

    path: Path
    reason: str | None
    bites_root: bool = True


def lay_hazards(folder: Path, picture: bytes) -> tuple[Hazard, ...]:
    """What was laid in the (existing) folder: unreadable, dangling, looping, blocking and strangely named entries.

    picture: the benign bytes of the ordinary files. File systems that refuse a name leave that one out.
    """
    return (*_locked(folder, picture), *_links(folder), *_names(folder, picture))


def unlock(folder: Path) -> None:
    """Nothing: the locked entries may be read and removed again."""
    for name, mode in (("locked.jpg", 0o600), ("locked-folder", 0o700)):
        (folder / name).chmod(mode)


def _locked(folder: Path, picture: bytes) -> list[Hazard]:
    file, inner = folder / "locked.jpg", folder / "locked-folder"
    file.write_bytes(picture)
    file.chmod(0)
    inner.mkdir()
    (inner / "inside.jpg").write_bytes(picture)
    inner.chmod(0)
    return [Hazard(file, reasons.UNREADABLE, bites_root=False), Hazard(inner, reasons.UNREADABLE, bites_root=False)]


def _links(folder: Path) -> list[Hazard]:
    dangling, loop, up, pipe = (folder / name for name in ("dangling.jpg", "loop.jpg", "loop-folder", "pipe.jpg"))
    dangling.symlink_to(folder / "nothing-here.jpg")
    loop.symlink_to(loop)
    up.symlink_to(folder, target_is_directory=True)
    os.mkfifo(pipe)
    return [*(Hazard(path, reasons.LINK) for path in (dangling, loop, up)), Hazard(pipe, reasons.NOT_A_FILE)]


def _names(folder: Path, picture: bytes) -> list[Hazard]:
    names = [
        b"x" * 240 + b".jpg",
        b"not-utf-8-\xff\xfe.jpg",
        b"line\nbreak.jpg",
        b"terminal-\x1b[31mred\x07.jpg",
        b"-starts-with-a-dash.jpg",
        "pré‮gpj.exe.jpg".encode(),
        b" leading and trailing .jpg ",
    ]
    laid = []
    for name in names:
        path = folder / os.fsdecode(name)
        try:
            path.write_bytes(picture)
        except OSError:  # some file systems take UTF-8 names only
            continue
        laid.append(Hazard(path, None))
    return laid
