"""What the official SDK says of a file, offline and bounded, as plain JSON values."""

import io
import json
from dataclasses import dataclass, field
from typing import Any, Final

import c2pa
from cryptography.hazmat.backends.openssl.backend import backend

from rempart.facts import reasons
from rempart.origin.c2pa.chains import SIGNING_USAGES
from rempart.origin.c2pa.keeping import kept
from rempart.origin.subject import Subject
from rempart.origin.trust import Trust

REMOTE: Final = reasons.reason(reasons.UNSUPPORTED, "remote manifest declared, not fetched")
INTERIM: Final = "interim"
_STORE, _ADDRESS = b"jumb", b"provenance"  # the type of every store's box; the XMP property that names a remote one
_WARMED: list[object] = []


@dataclass(frozen=True, slots=True)
class Trouble:
    """No manifest could be read. kind: the SDK's own word for it, such as `Verify`. reason: in our vocabulary."""

    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Store:
    """The manifest store of a file as the SDK reads it: the label of the active manifest, all of them, the checks."""

    active: str
    manifests: dict[str, Any] = field(repr=False)
    checks: dict[str, Any] = field(repr=False)


def may_hold_a_manifest(subject: Subject) -> bool:
    """Whether it is worth asking the SDK. Cost: one search through the bytes; two where they could not be walked."""
    if _STORE in subject.data or any(_ADDRESS in segment.data for segment in subject.segments if "XMP" in segment.name):
        return True
    return bool(subject.gaps) and _ADDRESS in subject.data


def read(data: bytes, media_type: str, trust: Trust) -> Store | Trouble | None:
    """The manifests of the file, why there are none to be read, or None where there is no sign of any."""
    try:
        reader = c2pa.Reader.try_create(media_type, io.BytesIO(data), context=_context(trust))
        if reader is None:
            return None
        with reader:
            return _understood(json.loads(reader.json()))
    except c2pa.C2paError as error:
        return _trouble(str(error))
    except (ValueError, RecursionError):
        return Trouble("Json", reasons.reason(reasons.DAMAGED, "manifest"))


def warm() -> None:
    """Nothing: called before the sandbox closes, so that what a confined child may not get any more is there.

    A callback from C needs executable memory, which the child cannot make. The pool of it stays as long as one
    callback lives, and has room for hundreds. Keys load a module when they are first used.
    """
    _WARMED.append(c2pa.Stream(io.BytesIO()))
    _WARMED.append(backend)
    read(b"\xff\xd8\xff\xd9", "image/jpeg", Trust())


def _understood(told: Any) -> Store | Trouble:
    if isinstance(told, dict) and isinstance(told.get("manifests"), dict):
        checks = told.get("validation_results")
        return Store(str(told.get("active_manifest")), told["manifests"], checks if isinstance(checks, dict) else {})
    return Trouble("Json", reasons.reason(reasons.DAMAGED, "manifest"))


def _trouble(message: str) -> Trouble:
    """The kind of an error; its text may hold content of the file and is left where it is."""
    kind = message.partition(":")[0].strip()
    kind = kind if kind.isidentifier() and len(kind) <= 30 else "Other"
    if kind in ("Remote", "RemoteManifest"):
        return Trouble(kind, REMOTE)
    if kind == "NotSupported":
        return Trouble(kind, reasons.reason(reasons.UNSUPPORTED, "manifest in this type"))
    return Trouble(kind, reasons.reason(reasons.DAMAGED, "manifest"))


@kept
def _context(trust: Trust) -> c2pa.Context:
    return c2pa.Context.from_dict(_settings(trust))


def _settings(trust: Trust) -> dict[str, Any]:
    """Offline; every usage a signer may have; each store by its name.

    Since 0.91 the SDK drops a loose `allowed_list` without a word and keeps authorities of timestamps apart, so each
    list is an entry of its own kind. The usages are read from the top only.
    """
    named = [
        {"trust_uri": store.name, "trust_kind": "manifest", "trust_anchors": store.anchors_pem}
        | ({"allowed_list": store.allowed_pem} if store.allowed_pem.strip() else {})
        for store in trust.stores
    ]
    clocks = {"trust_kind": "tsa", "trust_anchors": _timestamp_anchors(trust)}
    return {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
        "core": {"allowed_network_hosts": []},
        "trust": {"trust_config": "\n".join((*SIGNING_USAGES, "")), "anchors": [*named, clocks]},
    }


def _timestamp_anchors(trust: Trust) -> str:
    """The authorities of timestamps; where none were imported, the frozen interim list, which was made for both."""
    interim = (store.anchors_pem for store in trust.stores if store.name == INTERIM)
    return trust.timestamp_anchors_pem or "\n".join(interim)
