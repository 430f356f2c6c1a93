import importlib.util

import pytest

from rempart.facts import Limits
from rempart.media import NotExaminable
from rempart.media.formats import heif


def test_without_the_extra_a_heic_is_refused_as_unsupported(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(NotExaminable, match="unsupported: image/heic"):
        heif._leaf().frames(b"", Limits(), colour=False)
