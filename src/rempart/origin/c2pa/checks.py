"""The checks of each manifest by itself: the state of the whole store hides who said what."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from rempart.facts.evidence import IntegrityState
from rempart.origin.c2pa.reading import Store
from rempart.origin.c2pa.statements import ingredients_of

TRUSTED: Final = "signingCredential.trusted"
REVOKED: Final = "signingCredential.ocsp.revoked"
_SIGNED: Final = "claimSignature.validated"
_TRUSTED_TIME, _TIME = "timeStamp.trusted", "timeStamp.validated"
# Says who signed and when, not whether the bytes are whole.
_ABOUT_THE_SIGNER: Final = ("signingCredential.", "cawg.", "timeStamp.")
_BINDING: Final = re.compile(
    r"assertion\.(dataHash|bmffHash|boxesHash|collectionHash|multiAssetHash)\.(match|mismatch)"
)
_CODE: Final = re.compile(r"[A-Za-z0-9._-]{3,80}")
_MANIFEST_IN_URL: Final = re.compile(r"/c2pa/([^/]+)")
_MOST_CODES = 40


@dataclass(slots=True)
class Checks:
    """The codes of one manifest. recorded: failures its maker's successor noted; reached: something vouches for it."""

    passed: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    noted: set[str] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)
    reached: bool = False

    @property
    def hard_binding(self) -> bool | None:
        """Whether the manifest is bound to these very bytes; None where nothing was compared."""
        found = {match[2] for code in self.passed | self.failed if (match := _BINDING.fullmatch(code))}
        return None if not found else found == {"match"}

    @property
    def is_broken(self) -> bool:
        """Whether a check failed that is not only about the signer."""
        return any(not code.startswith(_ABOUT_THE_SIGNER) for code in self.failed | self.recorded)

    @property
    def credential_holds(self) -> bool:
        """Whether the SDK trusts the signer and found nothing against it."""
        return TRUSTED in self.passed and not any(code.startswith("signingCredential.") for code in self.failed)

    @property
    def time_source(self) -> str:
        """What the time of signing rests on."""
        if _TRUSTED_TIME in self.passed:
            return "trusted timestamp"
        return "timestamp of an unknown authority" if _TIME in self.passed else "no timestamp"

    def state(self, *, is_active: bool, store_named: bool) -> IntegrityState:
        """The state of this manifest, given whether our own chain check named a store."""
        if self.is_broken:
            return "broken"
        if not self.reached or (is_active and not (_SIGNED in self.passed and self.hard_binding)):
            return "not_examined"
        return "trusted" if store_named and self.credential_holds else "valid"

    def codes(self) -> tuple[str, ...]:
        """What failed and what was noted, in order; what passed is said by the state."""
        outdated = {code for code in self.recorded if code.startswith(_ABOUT_THE_SIGNER) and TRUSTED in self.passed}
        return tuple(sorted(self.failed | self.recorded - outdated | self.noted))[:_MOST_CODES]


def checks_of(store: Store) -> dict[str, Checks]:
    """The checks by the label of the manifest.

    An ingredient's checks are those that its successor recorded, and what the SDK found to differ today. A failure
    on record counts: a signer that wrote it down did not make it undone.
    """
    found = {label: Checks() for label in store.manifests}
    active = found.setdefault(store.active, Checks())
    active.reached = True
    _add(found, store.active, store.checks.get("activeManifest"), is_record=False)
    for manifest in store.manifests.values():
        for ingredient in ingredients_of(manifest) if isinstance(manifest, dict) else ():
            label = str(ingredient.get("active_manifest"))
            if label in found:
                found[label].reached = True
                _add_record(found, label, ingredient)
    for delta in _dictionaries(store.checks.get("ingredientDeltas")):
        _add(found, "", delta.get("validationDeltas"), is_record=False)
    return found


def signed_at(manifest: dict[str, Any], checks: Checks) -> datetime | None:
    """The time of signing that a trusted authority stamped; None where only the signer says it."""
    info = manifest.get("signature_info")
    if _TRUSTED_TIME not in checks.passed or not isinstance(info, dict):
        return None
    try:
        found = datetime.fromisoformat(str(info.get("time")))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _add_record(found: dict[str, Checks], label: str, ingredient: dict[str, Any]) -> None:
    """What the successor recorded when it took the ingredient in, in the present form and in the first one."""
    results = ingredient.get("validation_results")
    if isinstance(results, dict):
        _add(found, label, results.get("activeManifest"), is_record=True)
        for delta in _dictionaries(results.get("ingredientDeltas")):
            _add(found, "", delta.get("validationDeltas"), is_record=True)
    for status in _dictionaries(ingredient.get("validation_status")):
        if status.get("success") is not True:
            _put(found, label, status, "recorded")


def _add(found: dict[str, Checks], otherwise: str, results: object, *, is_record: bool) -> None:
    if not isinstance(results, dict):
        return
    # A record cannot fail a signer that is trusted today, but it can tell that the bytes were not whole.
    targets = (("success", "passed"), ("failure", "recorded" if is_record else "failed"), ("informational", "noted"))
    for name, target in targets:
        for status in _dictionaries(results.get(name)):
            _put(found, otherwise, status, target)


def _put(found: dict[str, Checks], otherwise: str, status: dict[str, Any], target: str) -> None:
    """One status, under the manifest that its address names."""
    code, match = str(status.get("code")), _MANIFEST_IN_URL.search(str(status.get("url")))
    checks = found.get(match[1] if match else otherwise) or found.get(otherwise)
    if checks is not None and _CODE.fullmatch(code) and not (target == "noted" and code.endswith("skipped")):
        getattr(checks, target).add(code)


def _dictionaries(value: object) -> Iterator[dict[str, Any]]:
    return (one for one in value if isinstance(one, dict)) if isinstance(value, Iterable) else iter(())
