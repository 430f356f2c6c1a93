"""Whether the origin examiner keeps its promises here: every carrier found, no false AI, no forgery believed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rempart.facts.evidence import AI_CLAIMS, Origin
from rempart.origin import examine
from rempart.testing.carriers import CARRIERS, Carrier
from rempart.testing.forgeries import FORGERIES, Forged, Forgery
from rempart.testing.origin_survival import run as survival

Examine = Callable[[bytes], Origin]


@dataclass(slots=True)
class OriginRecall:
    """What was found. missed, false_ai, lowered, trusted: names, empty when all promises hold."""

    carriers: int = 0
    missed: list[str] = field(default_factory=list)
    false_ai: list[str] = field(default_factory=list)
    forgeries: int = 0
    lowered: list[str] = field(default_factory=list)
    trusted: list[str] = field(default_factory=list)
    off_verdict: list[str] = field(default_factory=list)
    survival: dict[str, dict[str, bool]] = field(default_factory=dict)

    @property
    def broken_promises(self) -> list[str]:
        """What did not come out as promised, in words."""
        named = {
            "carrier not found": self.missed,
            "false AI": self.false_ai,
            "urgency lowered by": self.lowered,
            "falsely trusted": self.trusted,
            "not the verdict of the rules": self.off_verdict,
        }
        return [f"{what}: {name}" for what, names in named.items() for name in names]

    def to_json(self) -> dict[str, Any]:
        """The stable JSON of `rempart origin selftest --json`."""
        ai = sum(carrier.is_ai for carrier in CARRIERS.values())
        return {
            "version": 1,
            "carriers": {"total": ai, "found": ai - len(self.missed), "false_ai": len(self.false_ai)},
            "forgeries": {
                "total": self.forgeries,
                "lowered_urgency": len(self.lowered),
                "false_trusted": len(self.trusted),
            },
            "survival": self.survival,
            "broken": self.broken_promises,
        }


def run(through_sandbox: Examine, progress: Callable[[int, int], None] = lambda *_: None) -> OriginRecall:
    """What the examiner says of every carrier, trap and forgery, and what survives which edit.

    through_sandbox: examines bytes as the product does. Forgeries bring their own trust, so they are examined here.
    """
    result, total = OriginRecall(), len(CARRIERS) + len(FORGERIES)
    for done, (name, carrier) in enumerate(CARRIERS.items(), 1):
        _judge_carrier(result, name, carrier, through_sandbox(carrier.build()))
        progress(done, total)
    for done, (name, forgery) in enumerate(FORGERIES.items(), len(CARRIERS) + 1):
        _judge_forgery(result, name, forgery)
        progress(done, total)
    result.survival = survival()
    return result


def _judge_carrier(result: OriginRecall, name: str, carrier: Carrier, origin: Origin) -> None:
    claims = {one.claim for one in origin.evidence}
    result.carriers += 1
    says_ai = bool(claims & AI_CLAIMS)
    if says_ai and not carrier.is_ai:
        result.false_ai.append(name)
    if carrier.is_ai and not (says_ai and set(carrier.claims) <= claims):
        result.missed.append(name)


def _judge_forgery(result: OriginRecall, name: str, forgery: Forgery) -> None:
    forged = forgery.make()
    before, after = _looked_at(forged, forged.before), _looked_at(forged, forged.after)
    result.forgeries += 1
    if after.verdict.urgency < before.verdict.urgency:
        result.lowered.append(name)
    states = {one.scope for one in after.evidence if one.integrity is not None and one.integrity.state == "trusted"}
    if not states <= forgery.honest_scopes:
        result.trusted.append(name)
    if after.verdict.verdict != forgery.verdict:
        result.off_verdict.append(name)


def _looked_at(forged: Forged, data: bytes) -> Origin:
    return examine(data, forged.media_type, trust=forged.trust, pixels=forged.pixels)
