"""Stable JSON of evidence and verdicts. What comes from a sandboxed child is checked word by word."""

from dataclasses import asdict
from typing import Any, get_args

from rempart.facts.evidence import (
    NOTICE,
    AddCost,
    Claim,
    Evidence,
    EvidenceKind,
    Integrity,
    IntegrityState,
    LikelihoodRatio,
    Origin,
    OriginVerdict,
    Signer,
    Strength,
    StripCost,
    Survives,
    Verdict,
)

ORIGIN_VERSION = 1
MOST_EVIDENCE = 1000
_LONGEST_TEXT = 500
_WORDS: dict[str, tuple[str, ...]] = {
    "kind": get_args(EvidenceKind),
    "claim": get_args(Claim),
    "strength": get_args(Strength),
    "add_cost": get_args(AddCost),
    "strip_cost": get_args(StripCost),
    "asserted": ("created", "gathered", ""),
}


def origin_to_json(origin: Origin) -> dict[str, Any]:
    """Verdict and evidence as plain JSON values, keys in a fixed order, the notice always with them."""
    return {
        "version": ORIGIN_VERSION,
        **{key: list(value) if isinstance(value, tuple) else value for key, value in asdict(origin.verdict).items()},
        "evidence": [evidence_to_json(one) for one in origin.evidence],
    }


def evidence_to_json(one: Evidence) -> dict[str, Any]:
    """One piece of evidence as plain JSON values."""
    record: dict[str, Any] = _listed(asdict(one))
    return record


def _listed(value: Any) -> Any:
    """The same with lists for tuples, as JSON has them."""
    if isinstance(value, dict):
        return {key: _listed(inner) for key, inner in value.items()}
    return [_listed(inner) for inner in value] if isinstance(value, (list, tuple)) else value


def origin_from_json(record: dict[str, Any]) -> Origin:
    """Verdict and evidence. Raises ValueError, KeyError or TypeError for anything that is not them."""
    if record["version"] != ORIGIN_VERSION or len(record["evidence"]) > MOST_EVIDENCE:
        raise ValueError("not an origin record of this version")
    if record["verdict"] not in get_args(Verdict) or record["urgency"] not in (0, 1) or record["notice"] != NOTICE:
        raise ValueError("unknown verdict")
    verdict = OriginVerdict(
        verdict=record["verdict"],
        rules=_texts(record["rules"]),
        urgency=record["urgency"],
        not_checked=_texts(record["not_checked"]),
        rules_version=_text(record["rules_version"]),
    )
    return Origin(verdict, tuple(evidence_from_json(one) for one in record["evidence"]))


def evidence_from_json(record: dict[str, Any]) -> Evidence:
    """One piece of evidence. Raises ValueError, KeyError or TypeError for anything that is not one."""
    for key, words in _WORDS.items():
        if record[key] not in words:
            raise ValueError(f"unknown {key}")
    return Evidence(
        **{key: record[key] for key in _WORDS},
        source=_text(record["source"]),
        locator=_text(record["locator"]),
        tool=_text(record["tool"]),
        fields=_texts(record["fields"]),
        scope=_text(record["scope"]),
        signer=None if record["signer"] is None else _signer(record["signer"]),
        integrity=None if record["integrity"] is None else _integrity(record["integrity"]),
        derived=_truth(record["derived"]),
        survives=Survives(**{key: _truth(value) for key, value in record["survives"].items()}),
        ratio=None if record["ratio"] is None else _ratio(record["ratio"]),
        raw_sha256=_text(record["raw_sha256"]),
        contains_prompt=_truth(record["contains_prompt"]),
        reason=_text(record["reason"]),
    )


def _signer(record: dict[str, Any]) -> Signer:
    level, allowed = record["assurance_level"], record["product_allowed"]
    return Signer(
        name=_text(record["name"]),
        cert_sha256=_text(record["cert_sha256"]),
        trust_store=_text(record["trust_store"]),
        assurance_level=None if level is None else _whole(level),
        product_record=_text(record["product_record"]),
        product_allowed=None if allowed is None else _truth(allowed),
        denied=_truth(record["denied"]),
    )


def _integrity(record: dict[str, Any]) -> Integrity:
    if record["state"] not in get_args(IntegrityState):
        raise ValueError("unknown integrity")
    binding = record["hard_binding"]
    return Integrity(
        state=record["state"],
        codes=_texts(record["codes"]),
        hard_binding=None if binding is None else _truth(binding),
        time_source=_text(record["time_source"]),
    )


def _ratio(record: dict[str, Any]) -> LikelihoodRatio:
    numbers = {key: float(record[key]) for key in ("low", "high", "cap")}
    return LikelihoodRatio(**numbers, calibration=_text(record["calibration"]))


def _texts(values: Any) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise TypeError("not a list")
    return tuple(_text(value) for value in values)


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise TypeError("not a short text")
    return value


def _truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError("not true or false")
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError("not a whole number")
    return value
