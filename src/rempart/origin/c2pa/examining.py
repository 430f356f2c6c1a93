"""From a file to what its manifests tell: each one by itself, with who says so and whether that is believed."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from rempart.facts import reasons
from rempart.facts.evidence import Claim, Evidence, Integrity, IntegrityState, Signer
from rempart.origin.c2pa import checks as checking
from rempart.origin.c2pa import reading
from rempart.origin.c2pa.certificates import Leaf, Unreadable, leaf_of
from rempart.origin.c2pa.chains import store_of
from rempart.origin.c2pa.checks import Checks
from rempart.origin.c2pa.jumbf import Box, Malformed, parsed, store_in
from rempart.origin.c2pa.signers import doubts, signer_of
from rempart.origin.c2pa.statements import Statement, statements, tool_of
from rempart.origin.subject import Subject
from rempart.origin.trust import Trust, TrustStore

SOURCE_NAME: Final = "c2pa"
MOST_MANIFESTS: Final = 100
CERTIFICATE_UNREAD: Final = "rempart.certificate.unread"
MANIFEST_UNREADABLE: Final = "rempart.manifest.unreadable"
UNREFERENCED: Final = "rempart.manifest.unreferenced"
STALE: Final = "rempart.store.stale"
OUT_OF_PLACE: Final = reasons.reason(reasons.DAMAGED, "manifest out of place")
_BOX_OF_C2PA: Final = b"jumdc2"  # the description of a box, and the types of C2PA, which all begin like this
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_OF_BOUNDS: Final = ("size", "depth", "number of boxes")


def examine(subject: Subject) -> Iterator[Evidence]:
    """Evidence for every manifest, or one piece that says why there is none; nothing where there is no sign of any."""
    carrier = _carried(subject)
    if carrier.beyond:
        yield _unread(carrier, "not_examined", reasons.reason(reasons.LIMIT, f"manifest {carrier.beyond}"))
        return
    told = reading.read(subject.data, subject.media_type, subject.trust)
    if isinstance(told, reading.Store):
        yield from _of_store(told, carrier, subject.trust)
    elif isinstance(told, reading.Trouble) and (carrier.is_visible or told.reason == reading.REMOTE):
        yield _troubled(told, carrier)
    elif told is None and carrier.is_visible:
        yield _unread(carrier, "not_examined", OUT_OF_PLACE)


@dataclass(frozen=True, slots=True)
class _Carrier:
    """The manifest store as our own reader finds it. beyond: the bound that it passes; signatures by manifest label."""

    locator: str
    store: bytes = field(default=b"", repr=False)
    signatures: dict[str, bytes] = field(default_factory=dict, repr=False)
    beyond: str = ""
    is_visible: bool = False

    @property
    def sha256(self) -> str:
        """Of the store; empty when it was not found."""
        return hashlib.sha256(self.store).hexdigest() if self.store else ""


def _carried(subject: Subject) -> _Carrier:
    store, locator = store_in(subject.segments)
    visible = bool(store) or _BOX_OF_C2PA in subject.data
    locator = locator or "C2PA manifest store"
    if not store:
        return _Carrier(locator, is_visible=visible)
    try:
        return _Carrier(locator, store, _signatures(parsed(store)), is_visible=True)
    except Malformed as malformed:
        beyond = str(malformed) if str(malformed) in _OF_BOUNDS else ""
        return _Carrier(locator, store, beyond=beyond, is_visible=True)


def _signatures(store: Box) -> dict[str, bytes]:
    return {
        manifest.label: signature.cbor()
        for manifest in store.children
        for signature in manifest.named("c2pa.signature")
    }


def _of_store(store: reading.Store, carrier: _Carrier, trust: Trust) -> Iterator[Evidence]:
    """The active manifest first, then the others in the order of the SDK."""
    checks = checking.checks_of(store)
    labels = [store.active, *(label for label in store.manifests if label != store.active)]
    for number, label in enumerate(labels[:MOST_MANIFESTS]):
        manifest = store.manifests.get(label)
        if isinstance(manifest, dict):
            yield from _Manifest(manifest, label, number, checks[label], carrier, trust).evidence()
    if len(labels) > MOST_MANIFESTS:
        yield _unread(carrier, "not_examined", reasons.reason(reasons.LIMIT, "manifests"))


class _Manifest:
    """One manifest under examination. Number 0 is the active one."""

    def __init__(
        self, manifest: dict[str, Any], label: str, number: int, checks: Checks, carrier: _Carrier, trust: Trust
    ) -> None:
        self._manifest, self._label, self._number, self._checks = manifest, label, number, checks
        self._carrier, self._trust = carrier, trust
        self._at = checking.signed_at(manifest, checks)
        self._leaf = self._read_leaf()
        self._store = self._find_store()

    def evidence(self) -> Iterator[Evidence]:
        """One piece for each different claim of the manifest."""
        for statement in statements(self._manifest):
            yield self._piece(statement)

    def _piece(self, statement: Statement) -> Evidence:
        state = self._checks.state(is_active=not self._number, store_named=self._store is not None)
        return Evidence(
            source=SOURCE_NAME,
            kind="c2pa",
            locator=self._carrier.locator,
            claim=statement.claim,
            strength="crypto" if state == "trusted" else "structural" if state == "valid" else "hint",
            add_cost="needs_key" if state == "trusted" else "trivial",
            strip_cost="trivial",
            tool=tool_of(self._manifest),
            fields=(statement.field,) if statement.field else (),
            scope=self._scope(),
            signer=self._signer(statement.claim, state),
            integrity=self._integrity(state),
            asserted=statement.asserted,
            derived=statement.derived,
            raw_sha256=self._carrier.sha256,
        )

    def _scope(self) -> str:
        """Whole for the active manifest; for another one its number if its label holds no plain identifier."""
        if not self._number:
            return "whole"
        match = _UUID.search(self._label)
        return f"ingredient:{match[0].lower() if match else self._number}"

    def _signer(self, claim: Claim, state: IntegrityState) -> Signer | None:
        if self._leaf is None:
            return None
        named = self._store.name if self._store is not None and state == "trusted" else ""
        revoked = checking.REVOKED in self._checks.failed
        return signer_of(self._leaf, self._trust, named, claim, at=self._at, revoked=revoked)

    def _integrity(self, state: IntegrityState) -> Integrity:
        own = () if self._leaf is None else doubts(self._leaf, self._trust)
        unread = (CERTIFICATE_UNREAD,) if self._leaf is None else ()
        stale = (STALE,) if self._store is not None and self._store.stale_since else ()
        unreferenced = () if self._checks.reached else (UNREFERENCED,)
        return Integrity(
            state=state,
            codes=(*self._checks.codes(), *own, *unread, *stale, *unreferenced),
            hard_binding=None if self._number else self._checks.hard_binding,
            time_source=self._checks.time_source,
        )

    def _read_leaf(self) -> Leaf | None:
        """The certificate in our own reading, when it is the one that the SDK looked at."""
        try:
            leaf = leaf_of(self._carrier.signatures.get(self._label, b""))
        except Unreadable:
            return None
        info = self._manifest.get("signature_info")
        seen = info.get("cert_serial_number") if isinstance(info, dict) else None
        return leaf if seen == leaf.serial else None

    def _find_store(self) -> TrustStore | None:
        """The store that vouches for the leaf when it signed, or, if nobody stamped the time, when it was issued."""
        return None if self._leaf is None else store_of(self._leaf, self._trust, self._at or self._leaf.since)


def _troubled(trouble: reading.Trouble, carrier: _Carrier) -> Evidence:
    """A store that is there and cannot be read is broken, unless it is the file around it that cannot be read."""
    is_broken = bool(carrier.store) and trouble.reason.startswith(reasons.DAMAGED)
    return _unread(carrier, "broken" if is_broken else "not_examined", "" if is_broken else trouble.reason)


def _unread(carrier: _Carrier, state: IntegrityState, reason: str) -> Evidence:
    return Evidence(
        source=SOURCE_NAME,
        kind="c2pa",
        locator=carrier.locator,
        claim="noStatement",
        strength="hint",
        add_cost="trivial",
        strip_cost="trivial",
        integrity=Integrity(state, codes=(MANIFEST_UNREADABLE,) if state == "broken" else (reason,)),
        raw_sha256=carrier.sha256,
        reason=reason,
    )
