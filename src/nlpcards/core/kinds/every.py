"""Every note kind: what a body may be, and what each takes."""

from __future__ import annotations

from collections.abc import Mapping

from nlpcards.core.kinds import basic, cloze, contrast, drill, explain, steps, term, typed
from nlpcards.core.kinds.shape import Kind

Body = (
    basic.Basic
    | cloze.ClozeText
    | term.Term
    | typed.Typed
    | contrast.Contrast
    | steps.Steps
    | drill.Drill
    | explain.Explain
)
"""What a note of any kind holds."""

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        basic.KIND,
        term.KIND,
        cloze.KIND,
        typed.KIND,
        contrast.KIND,
        steps.KIND,
        drill.KIND,
        explain.KIND,
    )
}
"""Every kind by its name, in the order in which they are best learned."""
