import sys

import numpy as np
import pytest
import simplejpeg

from rempart.errors import Unavailable
from rempart.fingerprints import Views
from rempart.testing.benchmarks import hashing
from rempart.testing.pictures import photo_like


@pytest.fixture
def small_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "TWO_THREADS_AT", (96, 64))
    monkeypatch.setattr(hashing, "SIZES", (((96, 64), 1),))
    monkeypatch.setattr(hashing, "peers", lambda: {"threatexchange.ms": hashing.ours})


def test_a_run_gives_figures_and_ratios_under_stable_names(small_run: None) -> None:
    found = hashing.run(quick=True)
    assert set(found) == {"figures", "ratios"}
    assert set(found["figures"]) == {f"hash.96x64.{name}" for name in ("ms", "all_views.ms", "threatexchange.ms")}
    assert set(found["ratios"]) == {"hash.96x64.vs_threatexchange", "hash.96x64.threads2_speedup"}
    assert all(value > 0 for part in found.values() for value in part.values())


def test_a_missing_peer_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pdqhash", None)
    with pytest.raises(Unavailable, match="run `make bench`"):
        hashing.peers()


def test_photographs_are_enlarged_to_the_asked_size_with_grain() -> None:
    jpeg = hashing.enlarged_jpeg(photo_like(1, 80, 60), 320, 200)
    decoded = simplejpeg.decode_jpeg(jpeg, "GRAY")[:, :, 0]
    assert decoded.shape == (200, 320)
    assert np.abs(np.diff(decoded.astype(int), axis=1)).mean() > 1


def test_ours_gives_one_fingerprint_or_all_views() -> None:
    jpeg = hashing.enlarged_jpeg(photo_like(1, 80, 60), 320, 200)
    views = hashing.ours_all_views(jpeg)
    assert isinstance(views, Views)
    assert views.variants[0].fingerprint == hashing.ours(jpeg)
