"""Every forgery lands on its verdict, is believed for nothing it invented, and makes no case less urgent."""

import pytest

from rempart.origin.examining import examine
from rempart.testing.forgeries import FORGERIES, Forged, stage


def looked_at(forged: Forged, data: bytes):
    return examine(data, forged.media_type, trust=forged.trust, pixels=forged.pixels)


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_lands_on_its_verdict(name):
    forged = FORGERIES[name].make()
    found = looked_at(forged, forged.after)
    assert found.verdict.verdict == FORGERIES[name].verdict


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_never_lowers_the_urgency_of_the_file(name):
    forged = FORGERIES[name].make()
    before, after = looked_at(forged, forged.before), looked_at(forged, forged.after)
    assert after.verdict.urgency >= before.verdict.urgency


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_trusted_only_where_somebody_believed_signed(name):
    forged = FORGERIES[name].make()
    trusted = {
        one.scope
        for one in looked_at(forged, forged.after).evidence
        if one.integrity is not None and one.integrity.state == "trusted"
    }
    assert trusted <= FORGERIES[name].honest_scopes


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_never_met_with_silence(name):
    forged = FORGERIES[name].make()
    assert looked_at(forged, forged.after).evidence


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_on_a_camera_file_never_lowers_its_urgency(name, monkeypatch):
    monkeypatch.setattr(stage(), "plain", stage().photo)
    forged = FORGERIES[name].make()
    before, after = looked_at(forged, forged.before), looked_at(forged, forged.after)
    assert after.verdict.urgency >= before.verdict.urgency
    assert after.verdict.verdict not in ("ai.signed.full", "ai.declared") or before.verdict.verdict == "unknown"
