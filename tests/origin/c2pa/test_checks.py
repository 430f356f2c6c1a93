"""Each manifest's own checks: what the SDK found, what was recorded earlier, and which state that makes."""

from datetime import UTC, datetime

import pytest

from rempart.origin.c2pa.checks import Checks, checks_of, signed_at
from rempart.origin.c2pa.reading import Store

OUTER, INNER = "urn:c2pa:outer", "urn:c2pa:inner"
GOOD = ("signingCredential.trusted", "claimSignature.validated", "assertion.dataHash.match")


def statuses(label: str, *codes: str) -> list[dict[str, str]]:
    return [{"code": code, "url": f"self#jumbf=/c2pa/{label}/c2pa.signature"} for code in codes]


def store(recorded: dict[str, object], *deltas: dict[str, object]) -> Store:
    ingredient = {"active_manifest": INNER, "validation_results": {"activeManifest": recorded}}
    manifests = {OUTER: {"ingredients": [ingredient]}, INNER: {}}
    told = {"success": statuses(OUTER, *GOOD)}
    return Store(
        OUTER, manifests, {"activeManifest": told, "ingredientDeltas": [{"validationDeltas": d} for d in deltas]}
    )


def test_the_active_manifest_is_trusted_when_the_sdk_and_our_own_chain_check_agree():
    checks = checks_of(store({}))[OUTER]
    assert checks.state(is_active=True, store_named=True) == "trusted"
    assert checks.state(is_active=True, store_named=False) == "valid"


@pytest.mark.parametrize("missing", GOOD)
def test_without_a_check_nothing_is_trusted(missing):
    checks = Checks(passed=set(GOOD) - {missing}, reached=True)
    assert checks.state(is_active=True, store_named=True) != "trusted"


@pytest.mark.parametrize(
    "code", ["assertion.dataHash.mismatch", "claimSignature.mismatch", "assertion.missing", "new.code"]
)
def test_any_failure_about_the_bytes_breaks_it(code):
    assert Checks(passed=set(GOOD), failed={code}, reached=True).state(is_active=True, store_named=True) == "broken"


@pytest.mark.parametrize(
    "code", ["signingCredential.expired", "signingCredential.invalid", "signingCredential.untrusted"]
)
def test_a_failure_about_the_signer_makes_the_signer_unknown(code):
    assert Checks(passed=set(GOOD), failed={code}, reached=True).state(is_active=True, store_named=True) == "valid"


@pytest.mark.parametrize("code", ["cawg.x509.credential.untrusted", "timeStamp.untrusted"])
def test_a_failure_of_what_is_not_the_signer_is_tolerated(code):
    assert Checks(passed=set(GOOD), failed={code}, reached=True).state(is_active=True, store_named=True) == "trusted"


def test_an_ingredient_is_what_was_recorded_and_what_differs_today():
    recorded = {
        "success": statuses(INNER, "claimSignature.validated"),
        "failure": statuses(INNER, "signingCredential.untrusted"),
    }
    delta = {"success": statuses(INNER, "signingCredential.trusted")}
    checks = checks_of(store(recorded, delta))[INNER]
    assert checks.state(is_active=False, store_named=True) == "trusted"
    assert checks.codes() == ()


def test_a_recorded_trust_that_does_not_hold_today_is_gone():
    recorded = {"success": statuses(INNER, *GOOD)}
    delta = {"failure": statuses(INNER, "signingCredential.untrusted")}
    assert checks_of(store(recorded, delta))[INNER].state(is_active=False, store_named=True) == "valid"


def test_an_ingredient_that_nobody_vouched_for_is_not_trusted():
    assert checks_of(store({}))[INNER].state(is_active=False, store_named=True) == "valid"


def test_a_manifest_that_no_other_names_is_not_examined():
    found = checks_of(Store(OUTER, {OUTER: {}, "urn:c2pa:loose": {}}, {"activeManifest": {}}))
    assert found["urn:c2pa:loose"].state(is_active=False, store_named=True) == "not_examined"


def test_a_failure_in_the_first_form_of_records_counts():
    ingredient = {"active_manifest": INNER, "validation_status": statuses(INNER, "claimSignature.mismatch")}
    found = checks_of(Store(OUTER, {OUTER: {"ingredients": [ingredient]}, INNER: {}}, {}))
    assert found[INNER].is_broken


@pytest.mark.parametrize(
    "strange", [None, 3, "x", [3], {"success": 3}, {"failure": [{"code": "a b\n<script>", "url": None}]}]
)
def test_strange_values_are_passed_over(strange):
    checks = checks_of(store(strange, strange if isinstance(strange, dict) else {}))
    assert checks[INNER].codes() == ()


def test_only_a_trusted_timestamp_tells_the_time():
    manifest = {"signature_info": {"time": "2025-08-20T10:00:00+00:00"}}
    assert signed_at(manifest, Checks(passed={"timeStamp.trusted"})) == datetime(2025, 8, 20, 10, tzinfo=UTC)
    assert signed_at(manifest, Checks(passed={"timeStamp.validated"})) is None
    assert signed_at({"signature_info": {"time": "soon"}}, Checks(passed={"timeStamp.trusted"})) is None
    assert signed_at({}, Checks(passed={"timeStamp.trusted"})) is None


@pytest.mark.parametrize(
    ("passed", "source"),
    [
        ({"timeStamp.trusted"}, "trusted timestamp"),
        ({"timeStamp.validated"}, "timestamp of an unknown authority"),
        (set(), "no timestamp"),
    ],
)
def test_the_source_of_the_time_is_named(passed, source):
    assert Checks(passed=passed).time_source == source
