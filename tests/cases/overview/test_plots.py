"""Plots: numbers are drawn to scale, named aloud, and escaped."""

from xml.etree import ElementTree

import pytest

from rempart.cases.overview import plots


def drawn(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 - our own text


def test_a_bar_is_as_long_as_its_share() -> None:
    first, second = drawn(plots.bar([50, 25], 100, "tier 1: 75")).findall("rect")
    assert float(first.attrib["width"]) == 99
    assert float(second.attrib["x"]) == 100
    assert first.attrib["class"] == "s0"


@pytest.mark.parametrize(("parts", "most"), [([], 10), ([0, 0], 10), ([1], 0)])
def test_nothing_is_drawn_of_nothing(parts: list[int], most: int) -> None:
    assert plots.bar(parts, most, "x") == ""
    assert plots.columns([], [], "x") == ""
    assert plots.columns(["a"], [[0]], "x") == ""
    assert plots.sparkline([3], "x") == ""


def test_every_plot_has_a_name_and_escapes_it() -> None:
    label = 'tier <1> & "2"'
    every = (
        plots.bar([1], 1, label),
        plots.columns(["2026-11-22<"], [[1], [2]], label),
        plots.sparkline([0, 0, 3], label),
        plots.interval(0.1, 0.2, 0.9, label),
    )
    for svg in every:
        root = drawn(svg)
        assert root.attrib["aria-label"] == label
        assert root.attrib["role"] == "img"
        assert root.findtext("desc") == label
        assert "style" not in svg


def test_columns_stack_to_the_highest_day() -> None:
    root = drawn(plots.columns(["2026-11-21", "2026-11-22"], [[1, 2], [1, 6]], "days"))
    titles = [element.findtext("title") for element in root.findall("g")]
    assert titles == ["2026-11-21: 2", "2026-11-22: 8"]
    assert [text.text for text in root.findall("text")] == ["8", "2026-11-21", "2026-11-22"]


def test_an_interval_stays_inside_its_picture() -> None:
    circle = drawn(plots.interval(-1, 2, 3, "x")).find("circle")
    assert circle is not None
    assert 0 < float(circle.attrib["cx"]) < plots.BAR_WIDTH
