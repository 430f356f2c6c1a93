"""The evidence page of one file: what was found, who says so, how hard each piece is to add and to strip."""

from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from markupsafe import Markup

from rempart import __version__
from rempart.batch import results
from rempart.batch.report.origin_words import CLAIMS, COSTS, NOT_CHECKED_FR, STATES, VERDICTS, WORDS, rule_words
from rempart.batch.report.page import template
from rempart.batch.report.words import Language, reason_words
from rempart.facts.evidence import Evidence, Origin

_MOST_NODES = 8
_NODE_WIDTH, _NODE_HEIGHT, _GAP = 380, 46, 34


def write(path: Path, item: str, origin: Origin, language: Language) -> Path:
    """Where the page is. It prints to one A4 for the usual handful of evidence."""
    with results.for_readers(path) as stream:
        stream.write(render(item, origin, language).encode())
    return path


def render(item: str, origin: Origin, language: Language) -> str:
    """The page as HTML."""
    verdict = origin.verdict
    not_checked = [NOT_CHECKED_FR.get(entry, entry) if language == "fr" else entry for entry in verdict.not_checked]
    html: str = template("origin_page.html").render(
        item=item,
        language=language,
        words=WORDS[language],
        css=Markup(files(__package__).joinpath("page.css").read_text()),  # noqa: S704 - our own file
        verdict=verdict,
        verdict_words=VERDICTS[language][verdict.verdict],
        rules=[rule_words(rule, language) for rule in verdict.rules],
        rows=[_row(one, language) for one in origin.evidence],
        chain=Markup(_chain(origin.evidence, language)),  # noqa: S704 - escaped in the making
        not_checked=not_checked,
        version=__version__,
    )
    return html


def _row(one: Evidence, language: Language) -> dict[str, Any]:
    state = one.integrity.state if one.integrity else ""
    return {
        "claim": CLAIMS[language][one.claim],
        "tool": one.tool,
        "prompt": one.contains_prompt,
        "who": _who(one, language),
        "locator": one.locator,
        "scope": one.scope,
        "fields": one.fields,
        "state": state,
        "state_words": STATES[language][state],
        "codes": one.integrity.codes if one.integrity else (),
        "reason": reason_words(one.reason, language),
        "add": COSTS[language][one.add_cost],
        "strip": COSTS[language][one.strip_cost],
    }


def _who(one: Evidence, language: Language) -> str:
    words = WORDS[language]
    if one.signer is None:
        return words["file"]
    if one.signer.trust_store:
        return f"{one.signer.name} ({one.signer.trust_store})"
    return words["calls_itself"].format(name=one.signer.name) if one.signer.name else words["unknown_signer"]


def _chain(evidence: tuple[Evidence, ...], language: Language) -> str:
    """The manifests as a small graph: ingredients first, the newest last; empty text when there is none."""
    scopes: dict[str, list[Evidence]] = {}
    for one in evidence:
        if one.kind == "c2pa":
            scopes.setdefault(one.scope, []).append(one)
    if not scopes:
        return ""
    order = [*sorted(scope for scope in scopes if scope != "whole"), *(["whole"] if "whole" in scopes else [])]
    nodes = [_node(at, scopes[scope], scope, language) for at, scope in enumerate(order[-_MOST_NODES:])]
    height = len(nodes) * (_NODE_HEIGHT + _GAP) - _GAP
    arrows = "".join(_arrow(at) for at in range(len(nodes) - 1))
    label = escape(" → ".join(order[-_MOST_NODES:]), quote=True)
    size = f'style="max-width:{_NODE_WIDTH + 20}px" viewBox="-10 -2 {_NODE_WIDTH + 20} {height + 4}"'
    return f'<svg {size} role="img" aria-label="{label}">{"".join(nodes)}{arrows}</svg>'


def _node(at: int, found: list[Evidence], scope: str, language: Language) -> str:
    top = at * (_NODE_HEIGHT + _GAP)
    state = found[0].integrity.state if found[0].integrity else ""
    title = WORDS[language]["file"] if scope == "whole" else scope
    texts = (_shortened(title), _shortened(f"{CLAIMS[language][found[0].claim]} · {STATES[language][state]}"))
    lines = "".join(
        f'<text x="12" y="{top + 19 + 17 * row}" class="{"label" if row == 0 else "tiny"}">{escape(text)}</text>'
        for row, text in enumerate(texts)
    )
    style = f'rx="4" class="node node-{state or "none"}"'
    return f'<rect x="0" y="{top}" width="{_NODE_WIDTH}" height="{_NODE_HEIGHT}" {style}/>{lines}'


def _arrow(at: int) -> str:
    start = at * (_NODE_HEIGHT + _GAP) + _NODE_HEIGHT
    middle, end = _NODE_WIDTH // 2, start + _GAP
    head = f'<path class="head" d="M{middle - 5} {end - 8} L{middle} {end} L{middle + 5} {end - 8} Z"/>'
    return f'<line class="line" x1="{middle}" y1="{start}" x2="{middle}" y2="{end - 6}"/>{head}'


def _shortened(text: str) -> str:
    return text if len(text) <= 50 else f"{text[:49]}…"
