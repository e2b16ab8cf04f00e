"""What notes and decks say of each other."""

from nlpcards.decks.codes.model import Code, field

CODES = (
    field(
        "D501",
        "an id that no note of the deck has",
        "A prerequisite that is not there counts as met, so the note would come too early.",
        "needs: [two]",
        "needs: []",
    ),
    field(
        "D502",
        "notes that need each other in a circle",
        "Each would wait for the others, so none would ever be shown.",
        "needs: [one]",
        "needs: []",
    ),
    Code(
        "D503",
        "an id that no note of the other decks has",
        "Until there is such a note, the prerequisite counts as met.",
        mend="Mend the id, or add the deck that it is in.",
        is_advice=True,
    ),
    Code(
        "D504",
        "notes of several decks that need each other in a circle",
        "Each would wait for the others, so none would ever be shown.",
        mend="Remove one of them from a note's `needs`.",
    ),
    Code(
        "D505",
        "a former id that two notes claim, or that is another's present one",
        "The history under an old id can go to one note only.",
        "- id: one\n  was: [two]\n  q: What is it?\n  a: This.\n- id: two\n  q: And that?\n  a: That.",
        "- id: one\n  was: [old]\n  q: What is it?\n  a: This.\n- id: two\n  q: And that?\n  a: That.",
    ),
    Code(
        "D506",
        "a note that has expired",
        "Its author said until when it can be trusted, and that day has passed.",
        mend="See whether it is still true, then write a later date under `expires`, or mend the note.",
        is_advice=True,
    ),
    Code(
        "D507",
        "a deck that replaces one of the same id from another place",
        "That is how one changes a deck, and also what happens where two authors chose one id.",
        mend="If that is not meant, give it another id.",
        is_advice=True,
    ),
    Code(
        "D508",
        "two decks of the same id in one place",
        "Only one of the two can be used, and which one would depend on the names of their files.",
        mend="Give one of the two another id, or remove one.",
    ),
    Code(
        "D509",
        "a file that extends a deck which is not there",
        "What it changes has nothing to stand in, so none of its notes is asked.",
        mend="Mend the id under `extends`, or add the deck.",
    ),
    Code(
        "D510",
        "an id under `drop` that no note of the extended deck has",
        "The note that was to be left out is asked all the same, under another id.",
        mend="Mend the id, or remove it from `drop`.",
    ),
    Code(
        "D511",
        "a note that is left out though another needs it",
        "What a note needs counts as met where it is missing, so the other note may come too early.",
        mend="Leave out the other note too, or replace it by one that does not need it.",
        is_advice=True,
    ),
)
"""Codes D501 to D511."""
