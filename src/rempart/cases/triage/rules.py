"""The triage rules from TOML, checked word by word. What ships stands in `rules.toml` beside this file."""

import re
import tomllib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, NoReturn

from rempart.cases.triage.ruleset import BUILT_IN, TIERS, Ageing, Condition, Rule, Rules, Sampling, Test
from rempart.cases.triage.vocabulary import check_value, word
from rempart.errors import UserMistake
from rempart.facts.case import FeatureValue

__all__ = ["Rules", "load_rules", "rules_of"]

SHIPPED = Path(__file__).with_name("rules.toml")
_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,23}")
_SECTIONS = {"name", "otherwise", "names", "ageing", "sampling", "tier", "score", "tie"}
_RULE_WORDS = {"id", "tier", "points", "en", "fr", "all", "any", "none"}
_TESTS: dict[str, Test] = {
    "is": "is",
    "in": "in",
    "at_least": "at_least",
    "at_most": "at_most",
    "within_hours": "within_hours",
    "known": "known",
}
_MOST_POINTS = 1000
_MOST_BYTES = 256 * 1024


def load_rules(path: Path | None = None) -> Rules:
    """The rules of this file, or those that ship. Raises UserMistake that names the rule and what is wrong with it."""
    try:
        text = (path or SHIPPED).read_bytes()
    except OSError as error:
        raise UserMistake(f"triage rules `{path}` cannot be read ({error.strerror}); check the path") from error
    try:
        return rules_of(text)
    except UserMistake as mistake:
        raise UserMistake(f"triage rules `{path or SHIPPED.name}`: {mistake}") from None


def rules_of(text: bytes) -> Rules:
    """The rules of this TOML. version: their name, `@`, and twelve digits of the SHA-256 of the text."""
    if len(text) > _MOST_BYTES:
        _refuse(f"it is longer than {_MOST_BYTES} bytes", "rules are short; check that this is the right file")
    try:
        tree = tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserMistake(f"this is no TOML ({error}); correct it") from None
    except (ValueError, RecursionError):  # numbers of thousands of digits, brackets in thousands of brackets
        raise UserMistake("this is no TOML that can be read; correct it") from None
    _only("the file", tree, _SECTIONS)
    name = tree.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        _refuse("`name` is missing or no name", "give 1 to 24 of a-z, 0-9 and `-`")
    rules = Rules(
        version=f"{name}@{sha256(text).hexdigest()[:12]}",
        tiers=_rules(tree, "tier"),
        scores=_rules(tree, "score"),
        ties=_rules(tree, "tie"),
        otherwise=_whole("otherwise", tree.get("otherwise"), TIERS[0], TIERS[-1]),
        ageing=_ageing(_table(tree, "ageing")),
        sampling=_sampling(_table(tree, "sampling")),
        names=_names(_table(tree, "names")),
    )
    _check_order(rules)
    return rules


def _rules(tree: Mapping[str, Any], section: str) -> tuple[Rule, ...]:
    tables = tree.get(section, [])
    if not isinstance(tables, list) or not all(isinstance(one, dict) for one in tables):
        _refuse(f"`{section}` is no list of tables", f"write [[{section}]] above each rule")
    return tuple(_rule(table, section) for table in tables)


def _rule(table: Mapping[str, Any], section: str) -> Rule:
    name = table.get("id")
    if not isinstance(name, str) or not _ID.fullmatch(name):
        _refuse(f"a [[{section}]] has no `id`, or none that can be used", "give 1 to 40 of a-z, 0-9 and `-`")
    about = f"rule `{name}`"
    _only(about, table, _RULE_WORDS - ({"points"} if section == "tier" else {"tier"}))
    if section == "tier":
        number = _whole(f"{about}: tier", table.get("tier"), TIERS[0], TIERS[-1])
    else:
        number = _whole(f"{about}: points", table.get("points"), -_MOST_POINTS, _MOST_POINTS)
    sentences = [table.get(language) for language in ("en", "fr")]
    if not all(isinstance(one, str) and one.strip() for one in sentences):
        _refuse(f"{about} has no sentence in English and French", "give `en` and `fr`")
    parts = [_conditions(about, table.get(part, []), section) for part in ("all", "any", "none")]
    if not any(parts):
        _refuse(f"{about} asks for nothing", "give conditions in `all`, `any` or `none`")
    rule = Rule(name, number, str(sentences[0]), str(sentences[1]), *parts)
    if section == "tier" or (section == "score" and number > 0):
        _only_raised_by(about, (*rule.needs, *rule.one_of), rule.unless)
    elif section == "score":
        _only_raised_by(about, (), (*rule.needs, *rule.one_of, *rule.unless))
    return rule


def _only_raised_by(about: str, asked: tuple[Condition, ...], others: tuple[Condition, ...]) -> None:
    """Nothing. Raises UserMistake when AI evidence, through a feature that it is a part of, could take points away."""
    for one in asked:
        if word(one.feature).raises and not (one.wanted is True and one.test in ("is", "known") and not one.every):
            _refuse(f"{about}: `{one.feature}` may only bring a case forward", "ask whether it is true")
    for one in others:
        if word(one.feature).raises:
            _refuse(f"{about}: `{one.feature}` may only bring a case forward", "use it where points or a tier are won")


def _conditions(about: str, tables: object, section: str) -> tuple[Condition, ...]:
    if not isinstance(tables, list):
        _refuse(f"{about}: conditions are a list", 'write such as [{feature = "urgent", is = true}]')
    return tuple(_condition(about, table, section) for table in tables)


def _condition(about: str, table: object, section: str) -> Condition:
    if not isinstance(table, dict) or not isinstance(table.get("feature"), str):
        _refuse(f"{about}: a condition names no feature", 'write such as {feature = "urgent", is = true}')
    _only(about, table, {"feature", "every", *_TESTS})
    try:
        meant = word(table["feature"])
    except UserMistake as mistake:
        raise UserMistake(f"{about}: {mistake}") from None
    if meant.ai and section != "tie":
        _refuse(f"{about}: AI evidence never changes a tier or a score", "use it in a [[tie]], or take it out")
    asked = [key for key in _TESTS if key in table]
    if len(asked) != 1:
        _refuse(f"{about}: `{meant.name}` needs one test, not {len(asked)}", f"choose of {', '.join(_TESTS)}")
    every = table.get("every", False)
    if not isinstance(every, bool):
        _refuse(f"{about}: `every` is true or false", "correct it")
    wanted = _wanted(f"{about}: `{meant.name}`", meant.name, _TESTS[asked[0]], table[asked[0]])
    return Condition(meant.name, _TESTS[asked[0]], wanted, every)


def _wanted(about: str, name: str, test: Test, value: Any) -> FeatureValue | tuple[FeatureValue, ...]:
    """What the feature is compared with, checked against what it can be at all."""
    meant = word(name)
    if test == "known":
        if not isinstance(value, bool):
            _refuse(f"{about}: `known` is true or false", "correct it")
        return bool(value)
    if test in ("at_least", "at_most", "within_hours"):
        wanted_type = "moment" if test == "within_hours" else "count"
        if meant.type != wanted_type:
            _refuse(f"{about} cannot be asked `{test}`", "ask `is`, `in` or `known`")
        return _whole(f"{about} {test}", value, 0, 2**53)
    values = value if test == "in" else [value]
    if not isinstance(values, list) or not values:
        _refuse(f"{about}: `in` is a list", "write such as [1, 2]")
    for one in values:
        try:
            check_value(meant, one)
        except UserMistake as mistake:
            raise UserMistake(f"{about}: {mistake}") from None
    return tuple(values) if test == "in" else values[0]


def _check_order(rules: Rules) -> None:
    tiers = [rule.number for rule in rules.tiers]
    if not tiers or tiers != sorted(tiers):
        _refuse("[[tier]] rules are missing or out of order", "write tier 0 first: the first true one wins")
    for rule in rules.tiers:
        if rule.number > rules.otherwise and any(word(one.feature).raises for one in (*rule.needs, *rule.one_of)):
            _refuse(f"rule `{rule.id}`: AI evidence could move a case behind `otherwise`", "give it a tier before that")
    names = [rule.id for rule in (*rules.tiers, *rules.scores, *rules.ties)]
    for name in names:
        if names.count(name) > 1:
            _refuse(f"two rules are called `{name}`", "rename one")
        if name in BUILT_IN:
            _refuse(f"`{name}` is the name of a reason that is built in", "rename the rule")


def _ageing(table: Mapping[str, Any]) -> Ageing:
    _only("[ageing]", table, {"points", "every_hours"})
    points = _whole("[ageing] points", table.get("points"), 1, _MOST_POINTS)
    return Ageing(points, _whole("[ageing] every_hours", table.get("every_hours"), 1, 8760))


def _sampling(table: Mapping[str, Any]) -> Sampling:
    _only("[sampling]", table, {"tiers", "daily_percent"})
    tiers = table.get("tiers")
    if not isinstance(tiers, list) or not tiers or not all(type(one) is int and one in TIERS for one in tiers):
        _refuse("[sampling] tiers is no list of tiers", "write such as [3, 4, 5]")
    percent = _whole("[sampling] daily_percent", table.get("daily_percent"), 5, 100)
    return Sampling(tuple(sorted(set(tiers))), percent / 100)


def _names(table: Mapping[str, Any]) -> dict[int, tuple[str, str]]:
    """Tier -> what it is called in English and French."""
    named = {}
    for tier in TIERS:
        both = table.get(str(tier))
        if not isinstance(both, list) or len(both) != 2 or not all(isinstance(one, str) and one for one in both):
            _refuse(f"[names] does not say what tier {tier} is called", f'write {tier} = ["English", "French"]')
        named[tier] = (both[0], both[1])
    return named


def _table(tree: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = tree.get(name)
    if not isinstance(table, dict):
        _refuse(f"[{name}] is missing", "add it; `rempart triage rules` prints the rules that ship")
    return dict(table)


def _whole(about: str, value: object, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        _refuse(f"{about} is no whole number from {least} to {most}", "correct it")
    return value


def _only(about: str, table: Mapping[str, Any], known: set[str]) -> None:
    for key in table:
        if key not in known:
            _refuse(f"{about} has `{key}`, which means nothing", f"use {', '.join(sorted(known))}")


def _refuse(what: str, help_: str) -> NoReturn:
    raise UserMistake(f"{what}; {help_}")
