"""A saved index opens as it was, or is refused; it never leads a kernel astray."""

import json
import stat
from pathlib import Path

import numpy as np
import pytest

from rempart.errors import Broken, NotFound
from rempart.matching import HammingIndex, segment, stored

from .makers import clustered_values, flipped, listed, random_values


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(segment, "DIRECTORY_FROM", 100)
    near = flipped(random_values(100), np.full(100, 2))
    values = np.concatenate([random_values(300), random_values(10), near])
    HammingIndex.build(values, np.arange(410)).append(random_values(5, 1), range(500, 505)).withdraw([3]).save(tmp_path)
    return tmp_path


def array_file(folder: Path, name: str) -> Path:
    """The file of that array in the segment that has a directory."""
    return next(path.parent / name for path in folder.glob("*/bitmap.npy"))


def search_or_refuse(index: HammingIndex) -> None:
    """Nothing; whatever is found of a damaged index is at least near."""
    try:
        hits = index.search(random_values(300), 31)
    except Broken:
        return
    assert hits.distance.max(initial=0) <= 31


@pytest.mark.parametrize("count", [1, 2])
def test_one_entry_or_one_hash_twice_works_after_opening(tmp_path: Path, count: int) -> None:
    """Defect D5 of the reference library: its index of one entry cannot be queried after a round trip."""
    value = random_values(1)
    HammingIndex.build(np.repeat(value, count, axis=0), range(count)).save(tmp_path)
    index = HammingIndex.open(tmp_path)
    assert index.search(value, 31).id.tolist() == list(range(count))
    assert index.append(value, [7]).search(value, 31).id.tolist() == [*range(count), 7]


@pytest.mark.parametrize("values", [clustered_values(2000, 3), random_values(0)])
def test_an_opened_index_gives_the_same_hits(
    tmp_path: Path, values: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment, "DIRECTORY_FROM", 100)
    ids = np.arange(len(values)) + 2**33
    index = HammingIndex.build(values, ids).withdraw(ids[:50])
    index.save(tmp_path)
    opened = HammingIndex.open(tmp_path)
    assert listed(opened.search(values, 31)) == listed(index.search(values, 31))
    assert (len(opened), opened.nbytes) == (len(index), index.nbytes)


def test_saving_again_writes_only_what_is_new(saved: Path) -> None:
    index = HammingIndex.open(saved)
    before = {path: path.stat().st_mtime_ns for path in saved.glob("*/rows.npy")}
    index.append(random_values(1, 5), [900]).save(saved)
    after = {path: path.stat().st_mtime_ns for path in saved.glob("*/rows.npy")}
    assert before.items() <= after.items()
    assert len(after) == len(before) + 1
    assert HammingIndex.open(saved).search(random_values(1, 5), 0).id.tolist() == [900]


def test_saving_removes_what_is_no_longer_used_and_nothing_else(saved: Path) -> None:
    (saved / "note.txt").write_text("mine")
    HammingIndex.open(saved).compact().save(saved)
    assert len(list(saved.glob("*/rows.npy"))) == 1
    assert not list(saved.glob("withdrawn-*"))
    assert (saved / "note.txt").exists()


def test_an_index_that_is_open_survives_the_removal_of_its_files(saved: Path) -> None:
    index = HammingIndex.open(saved)
    expected = listed(index.search(random_values(300), 31))
    HammingIndex().save(saved)
    assert listed(index.search(random_values(300), 31)) == expected


def test_the_files_are_closed_to_other_users(tmp_path: Path) -> None:
    HammingIndex.build(random_values(3), range(3)).save(tmp_path / "index")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "index").rglob("*.npy")]
    assert stat.S_IMODE((tmp_path / "index").stat().st_mode) == 0o700
    assert set(modes) == {0o600}


def test_opening_where_nothing_was_saved_says_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="build it first"):
        HammingIndex.open(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["rows", "ids32", "repeats", "bitmap", "ranks", "heads", "runs"])
@pytest.mark.parametrize("damage", ["cut", "empty", "noise", "gone", "shape", "dtype", "pickle", "fortran"])
def test_a_damaged_file_is_refused(saved: Path, name: str, damage: str) -> None:
    path = array_file(saved, f"{name}.npy")
    array = np.load(path)
    match damage:
        case "cut":
            path.write_bytes(path.read_bytes()[:-9])
        case "empty":
            path.write_bytes(b"")
        case "noise":
            path.write_bytes(random_values(4).tobytes())
        case "gone":
            path.unlink()
        case "shape":
            np.save(path, array[:-1])
        case "dtype":
            np.save(path, array.astype(np.float32))
        case "pickle":
            np.save(path, array.astype(object), allow_pickle=True)
        case "fortran":
            np.save(path, np.asfortranarray(np.stack([array, array])))
    with pytest.raises(Broken):
        HammingIndex.open(saved)


@pytest.mark.parametrize("name", ["ranks", "heads", "runs"])
@pytest.mark.parametrize("value", [0, 2**31, 2**32 - 1])
def test_numbers_that_lead_out_of_the_index_are_refused_or_harmless(saved: Path, name: str, value: int) -> None:
    path = array_file(saved, f"{name}.npy")
    np.save(path, np.full_like(np.load(path), value))
    index = HammingIndex.open(saved)
    if value == 2**32 - 1:
        with pytest.raises(Broken):
            index.search(random_values(300), 31)
    else:
        search_or_refuse(index)


@pytest.mark.parametrize("seed", range(20))
def test_random_numbers_in_the_directory_never_read_out_of_bounds(saved: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    for name in ("bitmap", "ranks", "heads", "runs"):
        path = array_file(saved, f"{name}.npy")
        array = np.load(path)
        chosen = random.random(len(array)) < random.choice([0, 0.001, 0.5])
        array[chosen] = random.integers(0, np.iinfo(array.dtype).max, int(chosen.sum()), dtype=array.dtype)
        np.save(path, array)
    search_or_refuse(HammingIndex.open(saved))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 99},
        {"kind": "exact"},
        {"segments": None},
        {"segments": [{}]},
        {"segments": ["x"]},
        {"segments": [{"name": "../x", "withdrawn_file": "", "withdrawn": 0, "arrays": {}}]},
        {"segments": [{"name": "0" * 32, "withdrawn_file": "../x", "withdrawn": 0, "arrays": {}}]},
        {"segments": [{"name": "0" * 32, "withdrawn_file": "", "withdrawn": -1, "arrays": {}}]},
        {"segments": [{"name": "0" * 32, "withdrawn_file": "", "withdrawn": 0, "arrays": {"rows": [-1, 4]}}]},
        {"segments": [{"name": "0" * 32, "withdrawn_file": "", "withdrawn": 0, "arrays": {}}]},
        {"segments": [{"name": "0" * 32, "withdrawn_file": "", "withdrawn": 0, "arrays": {"rows": [1, 4]}}]},
    ],
)
def test_a_description_that_cannot_be_true_is_refused(saved: Path, change: dict[str, object]) -> None:
    path = saved / stored.DESCRIPTION
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(Broken):
        HammingIndex.open(saved)


@pytest.mark.parametrize("text", ["", "{", "[]", "1", "\ufffe"])
def test_a_description_that_is_no_description_is_refused(saved: Path, text: str) -> None:
    (saved / stored.DESCRIPTION).write_text(text, encoding="utf-16")
    with pytest.raises(Broken):
        HammingIndex.open(saved)
