"""Duties to preserve what belongs to a case: begun by law, by an order or by hand; extended, released, over."""

from rempart.cases.holding.holds import (
    CONTENT,
    REFERENCE,
    Hold,
    begin,
    extend,
    keeps,
    legal_hold,
    of_case,
    release,
)

__all__ = ["CONTENT", "REFERENCE", "Hold", "begin", "extend", "keeps", "legal_hold", "of_case", "release"]
