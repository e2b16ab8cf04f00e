"""The drawing of the map of prerequisites: it fits, shows what is chosen, and every line leads somewhere."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nlpcards.tui.map_drawing import LEADS, MIDDLE, NEEDS, Node, drawn


def nodes(count: int, sign: str = "○") -> list[Node]:
    return [Node(f"t{at}", sign, f"Topic {at}") for at in range(count)]


def test_a_topic_stands_between_what_it_needs_and_what_it_leads_to() -> None:
    found = drawn(nodes(3), Node("m", "✓", "The middle", "known"), nodes(2), (NEEDS, 1), 80, 12)
    assert found.lines == (
        "",
        "  ○ Topic 0 ────────────┐  ┌────────────────────────┐  ┌─   ○ Topic 0",
        "▸ ○ Topic 1 ────────────┼─▸│ ✓ The middle           │──┴─   ○ Topic 1",
        "  ○ Topic 2 ────────────┘  │ known                  │",
        "                           └────────────────────────┘",
    )


@given(
    needs=st.integers(0, 40),
    leads=st.integers(0, 40),
    column=st.sampled_from((NEEDS, MIDDLE, LEADS)),
    at=st.integers(0, 39),
    width=st.integers(56, 140),
    height=st.integers(5, 40),
)
@settings(max_examples=60, deadline=None)
def test_it_fits_and_the_chosen_topic_is_always_in_sight(
    needs: int, leads: int, column: int, at: int, width: int, height: int
) -> None:
    size = {NEEDS: needs, MIDDLE: 1, LEADS: leads}[column]
    if size == 0:
        return
    at = min(at, size - 1)
    found = drawn(
        nodes(needs), Node("m", "×", "In the middle of all", "closed"), nodes(leads), (column, at), width, height
    )
    assert len(found.lines) <= height
    assert max(map(len, found.lines)) <= width
    text = "\n".join(found.lines)
    assert text.count("▸ ") - text.count("▸ │") == 1, "one arrow before a topic"
    assert any(spot.column == column and spot.at == at for spot in found.spots)
    for spot in found.spots:
        if spot.column != MIDDLE:
            shown = found.lines[spot.y][spot.x : spot.x + spot.width]
            assert f"Topic {spot.at}" in shown or " more" in shown
