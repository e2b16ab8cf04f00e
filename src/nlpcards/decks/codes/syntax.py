"""Text that is not YAML, or not the YAML that was meant."""

from nlpcards.decks.codes.model import HEAD, ONE, Code, answer, field, whole

CODES = (
    answer(
        "D101",
        "a colon and a space in a text without quotes",
        "YAML takes what stands before `: ` for a key, so the text would be read as something else or not at all.",
        "Because: it is.",
        "|-\n    Because: it is.",
    ),
    answer(
        "D102",
        "a text that begins with a character that YAML uses",
        "`@`, a backtick, `%`, `*`, `|`, `>`, `{`, `[` and some others mean something at the beginning of a value.",
        "@user",
        "'@user'",
    ),
    Code(
        "D103",
        "a tab in the indentation",
        "YAML indents by spaces only, since a tab is as wide as each editor likes.",
        "- id: one\n\tq: What is it?\n  a: This.",
        "- id: one\n  q: What is it?\n  a: This.",
    ),
    answer(
        "D104",
        "a backslash in double quotes",
        "Between double quotes a backslash begins an escape, so TeX cannot stand there.",
        '"$\\sigma$"',
        "'$\\sigma$'",
    ),
    Code(
        "D105",
        "a line that is indented wrongly",
        "Indentation says what belongs to what: a key a little further in is read as more of the text above it.",
        "- id: one\n  q: What is it?\n    a: This.",
        "- id: one\n  q: What is it?\n  a: This.",
    ),
    Code(
        "D106",
        "a note without a dash",
        "Without its `- ` a note is read as more keys of the one above it, of which each may stand only once.",
        "- id: one\n  q: What is it?\n  a: This.\n\n  id: two\n  q: And that?\n  a: That.",
        "- id: one\n  q: What is it?\n  a: This.\n\n- id: two\n  q: And that?\n  a: That.",
    ),
    answer(
        "D107",
        "a quote that is not closed",
        "All that follows, to the next quote or the end of the file, would be a part of the text.",
        '"This.',
        '"This."',
    ),
    answer(
        "D108",
        "text after the closing quote",
        "A text that begins with a quote ends at the next one, so quoted words at its beginning need quotes around "
        "all.",
        '"This" and that.',
        "'\"This\" and that.'",
    ),
    Code(
        "D109",
        "no colon after a key, or no space after it",
        "`q:What` is one word to YAML; only a colon with a space after it ends a key.",
        "- id: one\n  q:What?\n  a: This.",
        "- id: one\n  q: What?\n  a: This.",
    ),
    field(
        "D110",
        "a bracket that is not closed",
        "All that follows would be read as a part of the list.",
        "tags: [one, other",
        "tags: [one, other]",
    ),
    field(
        "D112",
        "more than 12 levels of lists and mappings",
        "A deck has five levels. Far deeper nesting crashes YAML's parser, so it is refused early.",
        f"tags: {'[' * 13}{']' * 13}",
        "tags: [one]",
    ),
    whole(
        "D113",
        "several documents",
        "After a line `---` YAML begins another document, which no program that wants one would ever read.",
        f"{HEAD}---\n{ONE}",
        f"---\n{HEAD}{ONE}",
    ),
    answer(
        "D114",
        "a text of more than 20,000 characters",
        "That is ten printed pages: mostly a quote that was never closed.",
        "word " * 4001,
        "word " * 4000,
    ),
)
"""Codes D101 to D114."""
