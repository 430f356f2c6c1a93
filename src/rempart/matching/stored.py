"""Segments on disk: one folder of .npy files for each segment and one small JSON that names them."""

import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeGuard
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from rempart.errors import Broken, NotFound
from rempart.matching.segment import Segment

VERSION = 1
KIND = "hamming"
DESCRIPTION = "index.json"
OURS = re.compile(r"[0-9a-f]{32}|withdrawn-[0-9a-f]{32}\.npy")
ATTEMPTS = 5
DTYPES = {
    "rows": "<u8",
    "ids32": "<u4",
    "ids64": "<i8",
    "repeats": "<u4",
    "bitmap": "<u8",
    "ranks": "<u4",
    "heads": "<u4",
    "runs": "<u4",
}


def save_segments(folder: Path, segments: Sequence[Segment]) -> None:
    """Nothing; writes what is new, then replaces the description, then removes what it no longer names."""
    make_folder(folder)
    parts = [_save(folder, segment) for segment in segments]
    write_description(folder, {"version": VERSION, "kind": KIND, "segments": parts})
    sweep(folder, {name for part in parts for name in (part["name"], part["withdrawn_file"])})


def open_segments(folder: Path) -> tuple[Segment, ...]:
    """The segments saved there, mapped.

    A writer may sweep old files while we read, so when one is missing and the description changed we start again.
    """
    for _ in range(ATTEMPTS):
        described = read_description(folder, KIND)
        try:
            return tuple(_open(folder, part) for part in _parts(folder, described))
        except FileNotFoundError as missing:
            if read_description(folder, KIND) == described:
                raise Broken(f"a file of index `{folder}` is missing; build the index again") from missing
    raise Broken(f"index `{folder}` changed {ATTEMPTS} times while it was opened; let one process write to it")


def _save(folder: Path, segment: Segment) -> dict[str, Any]:
    """The description of a segment whose files are now on disk."""
    if not (folder / segment.name).is_dir():
        fresh = write_arrays(folder, segment.arrays())
        (folder / fresh).replace(folder / segment.name)
    withdrawn_file = f"withdrawn-{uuid4().hex}.npy" if len(segment.withdrawn) else ""
    if withdrawn_file:
        write_array(folder / withdrawn_file, segment.withdrawn)
    return {
        "name": segment.name,
        "arrays": {name: list(array.shape) for name, array in segment.arrays().items()},
        "withdrawn": len(segment.withdrawn),
        "withdrawn_file": withdrawn_file,
    }


def sweep(folder: Path, named: set[str]) -> None:
    """Nothing; removes the files of this room that no description names. Those who mapped them keep them."""
    for path in folder.iterdir():
        if path.name in named or not OURS.fullmatch(path.name):
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def read_array(path: Path, dtype: str, shape: tuple[int, ...]) -> NDArray[Any]:
    """The array in a file, mapped read-only; Broken unless it has this type and shape."""
    try:
        array = np.load(path, mmap_mode="r" if 0 not in shape else None, allow_pickle=False)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, EOFError, SyntaxError, TypeError) as damage:
        raise Broken(f"index file `{path}` is damaged; build the index again") from damage
    if array.dtype != np.dtype(dtype) or array.shape != shape or not array.flags.c_contiguous:
        raise Broken(f"index file `{path}` does not hold what its description says; build the index again")
    plain = np.asarray(array).view(np.ndarray)
    plain.flags.writeable = False
    return plain


def write_array(path: Path, array: NDArray[Any]) -> None:
    """Nothing; writes one array, complete or not at all under its name, readable by its owner only."""
    fresh = path.with_name(uuid4().hex)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        np.save(file, array, allow_pickle=False)
    fresh.replace(path)


def write_arrays(folder: Path, arrays: dict[str, NDArray[Any]]) -> str:
    """The name of a new folder inside `folder` that holds these arrays."""
    make_folder(folder)
    name = uuid4().hex
    (folder / name).mkdir(mode=0o700)
    for part, array in arrays.items():
        write_array(folder / name / f"{part}.npy", array)
    return name


def make_folder(folder: Path) -> None:
    """Nothing; the folder stands afterwards, closed to other users when we made it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def read_description(folder: Path, kind: str) -> dict[str, Any]:
    """The description of the index saved there. Raises NotFound, or Broken when it is not of this kind and version."""
    try:
        text = (folder / DESCRIPTION).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as missing:
        raise NotFound(f"no index in `{folder}`; build it first") from missing
    except (OSError, UnicodeDecodeError) as damage:
        raise Broken(f"the description of index `{folder}` cannot be read; build the index again") from damage
    try:
        described = json.loads(text)
    except ValueError as damage:
        raise Broken(f"the description of index `{folder}` is damaged; build the index again") from damage
    if not isinstance(described, dict) or described.get("version") != VERSION or described.get("kind") != kind:
        raise Broken(f"index `{folder}` is not a {kind} index of version {VERSION}; build the index again")
    return described


def write_description(folder: Path, described: dict[str, Any]) -> None:
    """Nothing; replaces the description in one step."""
    fresh = folder / uuid4().hex
    fresh.write_text(json.dumps(described, indent=1, sort_keys=True), encoding="utf-8")
    fresh.replace(folder / DESCRIPTION)


def _parts(folder: Path, described: dict[str, Any]) -> list[dict[str, Any]]:
    parts = described.get("segments")
    if not isinstance(parts, list) or not all(_well_formed(part) for part in parts):
        raise Broken(f"the description of index `{folder}` is damaged; build the index again")
    return parts


def _well_formed(part: Any) -> bool:
    """Whether a segment's description has the fields it must have; names may not lead out of the folder."""
    if not isinstance(part, dict) or not isinstance(part.get("arrays"), dict):
        return False
    names = (part.get("name"), part.get("withdrawn_file"))
    if not is_name(names[0]) or not (names[1] == "" or is_name(names[1])):
        return False
    return is_count(part.get("withdrawn")) and all(
        isinstance(shape, list) and len(shape) <= 2 and all(is_count(size) for size in shape)
        for shape in part["arrays"].values()
    )


def is_name(value: Any) -> TypeGuard[str]:
    """Whether this is a name that we give: it cannot lead out of the folder."""
    return isinstance(value, str) and OURS.fullmatch(value) is not None


def is_count(value: Any) -> TypeGuard[int]:
    """Whether this is a plausible number of entries."""
    return type(value) is int and 0 <= value < 2**40


def _open(folder: Path, part: dict[str, Any]) -> Segment:
    arrays = {
        name: read_array(folder / part["name"] / f"{name}.npy", DTYPES[name], tuple(shape))
        for name, shape in part["arrays"].items()
        if name in DTYPES
    }
    withdrawn = np.empty(0, np.int64)
    if part["withdrawn_file"]:
        withdrawn = read_array(folder / part["withdrawn_file"], "<i8", (part["withdrawn"],))
    try:
        return Segment.restored(part["name"], arrays, withdrawn)
    except ValueError as contradiction:
        raise Broken(f"the files of index `{folder}` contradict each other; build the index again") from contradiction
