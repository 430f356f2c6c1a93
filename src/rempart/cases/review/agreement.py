"""How often two people who judged independently said the same."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rempart.cases.review.queries import decisions
from rempart.storage.database import Reader

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs of independent judgements.

    rate: share that are equal; None without pairs. kappa: Cohen's kappa, agreement beyond what chance would bring;
    None without pairs or when everybody always says the same one thing. by_code: code -> share of the pairs naming
    it in which both did.
    """

    pairs: int
    agreed: int
    rate: float | None
    kappa: float | None
    by_code: Mapping[str, float] = field(default_factory=dict)


def agreement(
    reader: Reader, organisation: int, since: datetime | None = None, until: datetime | None = None
) -> Agreement:
    """The agreement of first and second judgements made in this time; undone and followed ones do not count."""
    cases: dict[int, dict[str, str]] = defaultdict(dict)
    for row in decisions.standing(reader, organisation, since, until):
        cases[row["case_id"]][row["round"]] = f"{row['taxonomy']}:{row['code']}"
    return agreement_of((one["first"], one["second"]) for one in cases.values() if len(one) == 2)


def agreement_of(pairs: Iterable[Pair]) -> Agreement:
    """The agreement of these pairs."""
    counted = Counter(pairs)
    total = counted.total()
    if not total:
        return Agreement(0, 0, None, None)
    agreed = sum(n for (first, second), n in counted.items() if first == second)
    rate = agreed / total
    return Agreement(total, agreed, rate, _kappa(counted, total, rate), _by_code(counted))


def _kappa(counted: Counter[Pair], total: int, rate: float) -> float | None:
    firsts, seconds = Counter[str](), Counter[str]()
    for (first, second), n in counted.items():
        firsts[first] += n
        seconds[second] += n
    chance = sum(firsts[code] * seconds[code] for code in firsts) / total**2
    return None if chance == 1 else (rate - chance) / (1 - chance)


def _by_code(counted: Counter[Pair]) -> dict[str, float]:
    codes = sorted({code for pair in counted for code in pair})
    named = {code: sum(n for pair, n in counted.items() if code in pair) for code in codes}
    return {code: counted[code, code] / named[code] for code in codes}
