"""Plots as inline SVG: no script, no font, no colour alone (every bar carries its number)."""

from collections.abc import Mapping, Sequence
from html import escape

_WIDTH, _ROW, _LABEL = 560, 24, 300
_MOST_LETTERS = 36
_PLOT_HEIGHT = 140


def bars(counts: Mapping[str, int], css_classes: Mapping[str, str] | None = None) -> str:
    """Horizontal bars, one per label, longest first as given; empty text when there is nothing to draw."""
    if not counts:
        return ""
    most = max(counts.values()) or 1
    rows = [
        _bar(index, label, count, most, (css_classes or {}).get(label, "bar"))
        for index, (label, count) in enumerate(counts.items())
    ]
    return _svg(_WIDTH, _ROW * len(counts), "".join(rows), ", ".join(f"{label}: {n}" for label, n in counts.items()))


def histogram(counts: Mapping[int, int], last: int) -> str:
    """Columns for the values 0..last, with the axis marked every 8."""
    if not counts:
        return ""
    most, step = max(counts.values()), _WIDTH / (last + 1)
    columns = [_column(value, counts[value], most, step) for value in sorted(counts) if value <= last]
    marks = [
        f'<text class="axis" x="{(value + 0.5) * step:.1f}" y="{_PLOT_HEIGHT + 16}" text-anchor="middle">{value}</text>'
        for value in range(0, last + 1, 8)
    ]
    return _svg(_WIDTH, _PLOT_HEIGHT + 20, "".join(columns + marks), _spoken(counts))


def line(points: Sequence[tuple[float, float]]) -> str:
    """A line through (seconds, value) points, with the highest value and the last second written out."""
    if len(points) < 2:
        return ""
    last, most = max(x for x, _ in points) or 1.0, max(y for _, y in points) or 1.0
    path = " ".join(f"{x / last * _WIDTH:.1f},{_PLOT_HEIGHT - y / most * (_PLOT_HEIGHT - 18):.1f}" for x, y in points)
    texts = (
        f'<text class="axis" x="4" y="12">{most:.0f}/s</text>'
        f'<text class="axis" x="{_WIDTH}" y="{_PLOT_HEIGHT + 16}" text-anchor="end">{last:.0f} s</text>'
    )
    return _svg(_WIDTH, _PLOT_HEIGHT + 20, f'<polyline class="line" points="{path}"/>{texts}', f"up to {most:.0f}/s")


def _bar(index: int, label: str, count: int, most: int, css_class: str) -> str:
    short = label if len(label) <= _MOST_LETTERS else f"{label[: _MOST_LETTERS - 1]}…"
    top, width = index * _ROW, max(2.0, count / most * (_WIDTH - _LABEL - 50))
    return (
        f'<text class="label" x="{_LABEL - 10}" y="{top + 17}" text-anchor="end">{escape(short)}</text>'
        f'<rect class="{css_class}" x="{_LABEL}" y="{top + 4}" width="{width:.1f}" height="{_ROW - 8}" rx="2"/>'
        f'<text class="number" x="{_LABEL + width + 8:.1f}" y="{top + 17}">{count}</text>'
    )


def _column(value: int, count: int, most: int, step: float) -> str:
    height = max(2.0, count / most * (_PLOT_HEIGHT - 16))
    x, top = value * step + 1, _PLOT_HEIGHT - height
    return (
        f'<rect class="bar" x="{x:.1f}" y="{top:.1f}" width="{max(1.0, step - 2):.1f}" height="{height:.1f}">'
        f"<title>{value}: {count}</title></rect>"
        f'<text class="tiny" x="{x + step / 2 - 1:.1f}" y="{top - 3:.1f}" text-anchor="middle">{count}</text>'
    )


def _spoken(counts: Mapping[int, int]) -> str:
    return ", ".join(f"{value}: {counts[value]}" for value in sorted(counts))


def _svg(width: int, height: int, body: str, label: str) -> str:
    return f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{escape(label, quote=True)}">{body}</svg>'
