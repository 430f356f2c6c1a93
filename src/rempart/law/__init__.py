"""Law as data: what starts a clock, how long it runs, what stops it, where that is written."""

from rempart.law.rules import Law, laws, rule

__all__ = ["Law", "laws", "rule"]
