"""Plots as inline SVG: colours come from CSS classes `s0`, `s1`, …; every number also stands in a table beside them."""

from collections.abc import Sequence
from html import escape

BAR_WIDTH, BAR_HEIGHT = 200, 12
COLUMNS_WIDTH, COLUMNS_HEIGHT, AXIS_HEIGHT = 420, 120, 20
GAP = 1


def bar(parts: Sequence[int], most: int, label: str) -> str:
    """One horizontal bar of stacked parts, as long as its share of `most`; empty text when there is nothing to draw."""
    if most <= 0 or not any(parts):
        return ""
    drawn, left = [], 0.0
    for series, part in enumerate(parts):
        width = part / most * BAR_WIDTH
        if part:
            shown = max(1.0, width - GAP)
            drawn.append(f'<rect class="s{series}" x="{left:.1f}" y="0" width="{shown:.1f}" height="{BAR_HEIGHT}"/>')
        left += width
    return _svg(BAR_WIDTH, BAR_HEIGHT, "".join(drawn), label, "bar", stretch=True)


def columns(days: Sequence[str], series: Sequence[Sequence[int]], label: str) -> str:
    """One column a day, the series stacked; the first and the last day and the highest total are written out."""
    totals = [sum(parts) for parts in zip(*series, strict=True)]
    if not days or not any(totals):
        return ""
    most, step = max(totals), COLUMNS_WIDTH / len(days)
    drawn = [
        _column(day, [one[number] for one in series], number * step, step, most) for number, day in enumerate(days)
    ]
    floor = COLUMNS_HEIGHT + 15
    texts = (
        f'<line class="axis" x1="0" y1="{COLUMNS_HEIGHT}" x2="{COLUMNS_WIDTH}" y2="{COLUMNS_HEIGHT}"/>'
        f'<text x="0" y="10">{most}</text><text x="0" y="{floor}">{escape(days[0])}</text>'
        f'<text x="{COLUMNS_WIDTH}" y="{floor}" text-anchor="end">{escape(days[-1])}</text>'
    )
    return _svg(COLUMNS_WIDTH, COLUMNS_HEIGHT + AXIS_HEIGHT, "".join(drawn) + texts, label, "columns")


def sparkline(values: Sequence[int], label: str) -> str:
    """A line through the values, the last one marked; empty text for fewer than two."""
    if len(values) < 2:
        return ""
    most, step = max(values) or 1, (BAR_WIDTH - 8) / (len(values) - 1)
    points = [(4 + number * step, 28 - value / most * 24) for number, value in enumerate(values)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    end = f'<circle class="s0" cx="{points[-1][0]:.1f}" cy="{points[-1][1]:.1f}" r="3"/>'
    return _svg(BAR_WIDTH, 32, f'<polyline class="line" points="{path}"/>{end}', label, "sparkline")


def interval(low: float, middle: float, high: float, label: str) -> str:
    """A share (0 to 1) as a dot on the line from its lower to its upper bound."""
    x = [max(0.0, min(1.0, share)) * (BAR_WIDTH - 12) + 6 for share in (low, middle, high)]
    drawn = (
        f'<line class="axis" x1="6" y1="10" x2="{BAR_WIDTH - 6}" y2="10"/>'
        f'<line class="range" x1="{x[0]:.1f}" y1="10" x2="{x[2]:.1f}" y2="10"/>'
        f'<line class="end" x1="{x[0]:.1f}" y1="4" x2="{x[0]:.1f}" y2="16"/>'
        f'<line class="end" x1="{x[2]:.1f}" y1="4" x2="{x[2]:.1f}" y2="16"/>'
        f'<circle class="s0" cx="{x[1]:.1f}" cy="10" r="5"/>'
    )
    return _svg(BAR_WIDTH, 20, drawn, label, "interval")


def _column(day: str, parts: Sequence[int], left: float, step: float, most: int) -> str:
    drawn, floor = [], float(COLUMNS_HEIGHT)
    for series, part in enumerate(parts):
        height = part / most * (COLUMNS_HEIGHT - 14)
        floor -= height
        if part:
            size = f'width="{max(1.0, step - 2):.1f}" height="{max(1.0, height - GAP / 2):.1f}"'
            drawn.append(f'<rect class="s{series}" x="{left + 1:.1f}" y="{floor:.1f}" {size}/>')
    return f"<g><title>{escape(day)}: {sum(parts)}</title>{''.join(drawn)}</g>" if drawn else ""


def _svg(width: int, height: int, body: str, label: str, kind: str, *, stretch: bool = False) -> str:
    how = ' preserveAspectRatio="none"' if stretch else ""
    spoken = escape(label, quote=True)
    return (
        f'<svg class="plot {kind}" viewBox="0 0 {width} {height}"{how} role="img" aria-label="{spoken}">'
        f"<desc>{spoken}</desc>{body}</svg>"
    )
