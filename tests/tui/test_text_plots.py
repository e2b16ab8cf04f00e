"""Plots of text keep to their width, and a little is never nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlpcards.tui.plots import AXIS, barred, figured, lying, standing, year

VALUES = st.lists(st.floats(0, 1e7), max_size=120)
WIDTHS = st.integers(40, 130)


@given(VALUES, WIDTHS, st.integers(1, 9))
def test_standing_bars_keep_to_their_width_and_show_every_value_above_zero(
    values: list[float], width: int, height: int
) -> None:
    lines = standing(values, ["10 Nov"] * len(values), width=width, height=height)
    assert all(len(line.plain) <= width for line in lines)
    if values:
        assert len(lines) == height + 1
        shown = values[-(width - AXIS) :]
        cell = max(1, min(6, (width - AXIS) // len(shown)))
        foot = lines[-2].plain[AXIS:].ljust(width)
        assert [foot[index * cell] != " " for index in range(len(shown))] == [value > 0 for value in shown]


@given(st.lists(st.floats(0, 1e7), min_size=1, max_size=30), WIDTHS)
def test_lying_bars_keep_to_their_width_and_grow_with_their_values(values: list[float], width: int) -> None:
    lines = [line.plain for line in lying([("a label", value, "123") for value in values], width=width)]
    assert all(len(line) <= width for line in lines)
    bars = [len(line) for line in lines]
    assert [bar for _, bar in sorted(zip(values, bars, strict=True))] == sorted(bars)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12), WIDTHS)
def test_bars_beside_a_table_begin_in_one_column(values: list[float], width: int) -> None:
    rows = [((f"{number} Nov", f"{value:.1%}"), value) for number, value in enumerate(values)]
    lines = [line.plain for line in barred(("", "all"), rows, width=width, most=1.0)]
    assert all(len(line) <= width for line in lines)
    assert len({line.index("▏") for line in lines}) == 1
    assert lines[0].endswith("▕")


@given(st.lists(st.integers(0, 4), min_size=1, max_size=371), st.integers(20, 130))
def test_a_year_has_a_sign_for_every_day_there_is_room_for(levels: list[int], width: int) -> None:
    lines = [line.plain for line in year(levels, [(0, "Nov")], width=width)]
    assert len(lines) == 8
    assert all(len(line) <= width for line in lines)
    weeks = -(-len(levels) // 7)
    signs = sum(len(line[5:]) for line in lines[1:])
    assert signs == len(levels) - 7 * max(0, weeks - (width - 5))


@given(st.floats(0, 9_999_000))
def test_a_figure_fits_beside_the_axis(value: float) -> None:
    assert len(figured(value)) <= AXIS - 2
