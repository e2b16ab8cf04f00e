"""Problems of the keys of notes and of what stands under them."""

from nlpcards.decks.codes.model import Code, answer, field

_STEPS = "- id: one\n  steps:\n    title: Training\n    of:"
_TABLE = (
    "- id: one\n  contrast:\n    of: {bert: BERT, gpt: GPT}\n    by:\n      context:\n        ask: Context\n        "
)
_SQUARE = "- id: one\n  drill:\n    ask: What is the square of {{n}}?\n    given: {n: [2, 3]}\n    answer: "

CODES = (
    field(
        "D401",
        "a key that notes do not have",
        "A misspelt key would be ignored, and with it what stands below it.",
        "becuase: That.",
        "why: That.",
    ),
    Code(
        "D403",
        "a note that asks nothing",
        "The kind of a note follows from its keys, and this one has those of none.",
        "- id: one\n  why: That.",
        "- id: one\n  q: What is it?\n  a: This.\n  why: That.",
    ),
    Code(
        "D404",
        "a question without its answer",
        "A kind of note needs all of its keys: `q` and `a`, `term` and `definition`, `explain` and `points`.",
        "- id: one\n  q: What is it?",
        "- id: one\n  q: What is it?\n  a: This.",
    ),
    field(
        "D405",
        "two kinds of note in one",
        "A note is of one kind, so that each of its cards has one history.",
        "cloze: '{{c1::This}} is it.'",
        "why: This is it.",
    ),
    field(
        "D406",
        "a key without a value",
        "It was perhaps forgotten, and an empty text would be shown as one.",
        "why:",
        "why: That.",
    ),
    field(
        "D407",
        "neither `true` nor `false`",
        "Some programs read `yes` and `on` as true and others as text; a deck has one word for it.",
        "both: yes",
        "both: true",
    ),
    Code(
        "D408",
        "something that is not a note",
        "Below `notes:` each dash begins a mapping of keys.",
        "- What is it?",
        "- id: one\n  q: What is it?\n  a: This.",
    ),
    field(
        "D409",
        "something that is not a list of words",
        "Tags, concepts and ids are lists: `[one, other]`, or each after a dash of its own.",
        "tags: {one: other}",
        "tags: [one, other]",
    ),
    Code(
        "D410",
        "a cloze that cannot be read",
        "What was to be hidden would be shown, or nothing would be asked.",
        "- id: one\n  cloze: This {{c1::is it.",
        "- id: one\n  cloze: This {{c1::is}} it.",
    ),
    Code(
        "D411",
        "a cloze note without a cloze",
        "It would make no card.",
        "- id: one\n  cloze: This is it.",
        "- id: one\n  cloze: This {{c1::is}} it.",
    ),
    answer(
        "D412",
        "a dollar without its partner",
        "Dollars enclose maths. One alone shows the formula as bare source, or makes maths of the words up to the next "
        r"one. A dollar that is money is written `\$`.",
        "It is $x and no more.",
        "It is $x$ and no more.",
    ),
    Code(
        "D413",
        "a cloze that goes on from one paragraph, item or cell to another, or hides nothing that is shown",
        "Each part would be hidden by itself, or none would.",
        "- id: one\n  cloze: |-\n    - This {{c1::is\n    - it}}.",
        "- id: one\n  cloze: |-\n    - This {{c1::is}}\n    - {{c1::it}}.",
    ),
    answer(
        "D414",
        "TeX that cannot be shown",
        "An unknown command is shown as its bare source, in the terminal and in Anki. Looked for by `check` only.",
        "$\\aplha + 1$",
        "$\\alpha + 1$",
    ),
    answer(
        "D415",
        "TeX that does not balance",
        r"Braces, `\left` and `\right`, `\begin` and `\end` come in pairs; else the formula is shown as its source. "
        "Looked for by `check` only.",
        "$\\frac{1}{n$",
        "$\\frac{1}{n}$",
    ),
    Code(
        "D421",
        "a note without an id",
        "Its identity is then a hash of its question, so that its history is lost when the question is changed. "
        "`nlpcards fmt` writes ids.",
        "- q: What is it?\n  a: This.",
        "- id: one\n  q: What is it?\n  a: This.",
        is_advice=True,
    ),
    Code(
        "D422",
        "an id that another note has",
        "Two notes would share one history.",
        "- id: one\n  q: What is it?\n  a: This.\n- id: one\n  q: And that?\n  a: That.",
        "- id: one\n  q: What is it?\n  a: This.\n- id: two\n  q: And that?\n  a: That.",
    ),
    Code(
        "D423",
        "two notes without ids that ask the same",
        "Without an id a note is known by its question, so these two could not be told apart.",
        "- q: What is it?\n  a: This.\n- q: What is it?\n  a: That.",
        "- q: What is this?\n  a: This.\n- q: What is that?\n  a: That.",
    ),
    field(
        "D424",
        "a source that the deck does not have",
        "A citation must lead somewhere.",
        "cite: gers200 §3",
        "cite: gers2000 §3",
    ),
    field(
        "D425",
        "an empty citation",
        "Something was probably meant to stand there.",
        "cite: gers2000 §3;",
        "cite: gers2000 §3",
    ),
    field(
        "D426",
        "something that is not a date",
        "`03/04/2026` is another day in London than in Boston, so dates are written year, month, day.",
        "as_of: 21.11.2026",
        "as_of: 2026-11-21",
    ),
    field(
        "D427",
        "a note that expires before it is true",
        "One of the two dates is wrong.",
        "as_of: 2026-11-21\n  expires: 2025-11-21",
        "expires: 2027-11-21",
    ),
    answer(
        "D428",
        "a path that leaves the deck's folder",
        "A deck from a stranger must not show other files of yours, nor take them into a package.",
        "'![A gate](../gate.png)'",
        "'![A gate](gate.png)'",
    ),
    Code(
        "D429",
        "an image or another file that is not there",
        "The card would show a gap, in the terminal and in Anki.",
        mend="Put the file where the deck says, or mend the path.",
    ),
    field(
        "D430",
        "a tag of several words",
        "Anki parts tags by spaces, so such a tag would come back as two.",
        "tags: [forget gate]",
        "tags: [forget-gate]",
    ),
    field(
        "D431",
        "a comma between two citations",
        "A comma belongs to the place in one source (`§3, Table 1`), so the second source would be taken for a part of "
        "it.",
        "cite: gers2000 §3, hochreiter1997 §4",
        "cite: gers2000 §3; gers2000 §4",
    ),
    Code(
        "D440",
        "something that is no tolerance, or one for an answer that is no number",
        "It says how far a number that is typed may be off: `0.01`, or `1%`.",
        "- id: one\n  q: How many?\n  typed: 0.5\n  tolerance: about 1",
        "- id: one\n  q: How many?\n  typed: 0.5\n  tolerance: 1%",
    ),
    Code(
        "D441",
        "a procedure of one step",
        "There is no step that comes next.",
        f"{_STEPS}\n      count: Count the pairs.",
        f"{_STEPS}\n      count: Count the pairs.\n      merge: Merge the first.",
    ),
    Code(
        "D442",
        "a contrast whose rows and columns do not fit",
        "A cell needs the column that it stands in, and a table needs two things to tell apart.",
        f"{_TABLE}brt: both sides",
        f"{_TABLE}bert: both sides",
    ),
    Code(
        "D443",
        "an expression of a drill that cannot be worked out",
        "The learner would be asked for a number that does not exist. `check` works out all combinations of numbers.",
        f"{_SQUARE}n ^ 2",
        f"{_SQUARE}n ** 2",
    ),
    Code(
        "D444",
        "numbers of a drill that are none, are not shown or are not given",
        "Each number that is drawn must be seen by who is to reckon with it.",
        "- id: one\n  drill:\n    ask: What is the square of {{m}}?\n    given: {n: [2, 3]}\n    answer: n ** 2",
        f"{_SQUARE}n ** 2",
    ),
    Code(
        "D445",
        "a text or a list where keys and their values are meant",
        "Steps, rows and columns have names of their own, so that their history stays when their text changes.",
        f"{_STEPS} Count the pairs.",
        f"{_STEPS}\n      count: Count the pairs.\n      merge: Merge the first.",
    ),
    field(
        "D446",
        "a former key of a card that the note does not have",
        "The history would go to a card that is never asked.",
        "was: {c1: c2}",
        "was: {qa: c2}",
    ),
)
"""Codes D401 to D446."""
