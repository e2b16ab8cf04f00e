"""Advice on cards that can be used as they are, and would be learned better otherwise."""

from __future__ import annotations

from nlpcards.decks.codes.model import HEAD, Code, whole


def _card(code: str, title: str, why: str, bad: str, good: str) -> Code:
    """Advice shown by the own keys of a note that is sound in all else."""
    head, tail = "- id: one\n  ", "\n  why: The next one rests on it.\n  cite: gers2000 §3"
    return Code(code, title, why, f"{head}{bad}{tail}", f"{head}{good}{tail}", is_advice=True)


_LONG = (
    "q: |-\n    A plain recurrent network reads a long text word by word, and at each word it mixes what it remembers\n"
    "    with what it reads, by two matrices whose sum goes through a squashing function, so that whatever it has\n"
    "    stored is changed at every step, whether or not the present word has anything to do with it. An LSTM was\n"
    "    built to mend this. Which values of its gates keep a stored value unchanged over many steps?"
)

CODES = (
    _card(
        "Q001",
        "a question that takes long to read",
        "It is read anew at each review, for years: 60 words take a quarter of a minute. What is the same each time is "
        "skipped, and then it is the layout that is recognised and not the question that is answered.",
        f"{_LONG}\n  a: Its forget gate near 1 and its input gate near 0.",
        "q: Which values of its gates let an LSTM keep a stored value unchanged over many steps?\n"
        "  a: Forget gate near 1, input gate near 0.",
    ),
    _card(
        "Q002",
        "a question that asks two things",
        "Where one half is known and the other is not, no rating is right, and both halves come back as often as the "
        "harder one.",
        "q: What is the forget gate and why does an LSTM need it?\n"
        "  a: The gate that scales the old cell state. It lets the cell drop what is no longer of use.",
        "q: Why does an LSTM need a forget gate?\n  a: Without one its cell could not drop what is no longer of use.",
    ),
    _card(
        "Q003",
        "a question answered by yes or no",
        "Half of all guesses are right, so the schedule believes what was never learned.",
        "q: Is attention quadratic in the length of the sequence?\n  a: Yes.",
        "q: By what factor does the memory for attention scores grow when the sequence gets twice as long?\n  a: By 4.",
    ),
    _card(
        "Q004",
        "an answer that is a list to recite",
        "Lists are the hardest to remember: one item that is missing fails them all, every time. A card for each item "
        "asks only for what is not known: `steps` for an order, `contrast` for a family, clozes in a diagram.",
        "q: What are the gates of an LSTM?\n  a: forget gate, input gate, output gate",
        "cloze: What an LSTM keeps is decided by its {{c1::forget}} gate, what it shows by its {{c2::output}} gate.",
    ),
    _card(
        "Q005",
        "a card that gives its answer away",
        "What is asked stands elsewhere on the card, so it is read off and not recalled.",
        "cloze: The {{c1::attention}} mechanism uses attention weights.",
        "cloze: The weights of {{c1::attention}} come from a softmax.",
    ),
    Code(
        "Q006",
        "a question that another note asks too",
        "Both are learned, the second one for nothing; and where their answers differ, one of them is wrong.",
        "- id: one\n  q: Why does an LSTM need a forget gate?\n  a: To drop what is of no use.\n  why: It could not "
        "else.\n  cite: gers2000\n- id: two\n  q: Why does the LSTM need its forget gate?\n  a: To reset its state.\n"
        "  why: It could not else.\n  cite: gers2000",
        "- id: one\n  q: Why does an LSTM need a forget gate?\n  a: To drop what is of no use.\n  why: It could not "
        "else.\n  cite: gers2000\n- id: two\n  q: What does an output gate near 0 hide?\n  a: The cell state.\n"
        "  why: It could not else.\n  cite: gers2000",
        is_advice=True,
    ),
    _card(
        "Q007",
        "an answer that repeats its question",
        "What was read a moment ago is not worth reading again; what is new is harder to find among it.",
        "q: Why is self-attention quadratic in the sequence length?\n"
        "  a: Because self-attention is quadratic in the length of the sequence.",
        "q: Why is self-attention quadratic in the sequence length?\n  a: Each token is scored against every other.",
    ),
    Code(
        "Q008",
        "a note without `why`",
        "A fact that is tied to its reason is remembered longer and can be worked out when it is forgotten. The "
        "reason is shown under the answer and never asked. Steps, contrasts, drills, terms and explanations have it "
        "in themselves.",
        "- id: one\n  q: What does a forget gate near 1 do?\n  a: It keeps the cell state.\n  cite: gers2000 §3",
        "- id: one\n  q: What does a forget gate near 1 do?\n  a: It keeps the cell state.\n  cite: gers2000 §3\n"
        "  why: It multiplies the old state.",
        is_advice=True,
    ),
    Code(
        "Q009",
        "a note without `cite`",
        "Who doubts an answer must be able to look it up, and so must you in two years.",
        "- id: one\n  q: What does a forget gate near 1 do?\n  a: It keeps the cell state.\n  why: It multiplies it.",
        "- id: one\n  q: What does a forget gate near 1 do?\n  a: It keeps the cell state.\n  why: It multiplies it.\n"
        "  cite: gers2000 §3",
        is_advice=True,
    ),
    Code(
        "Q010",
        "a picture or a sound that no note uses",
        "Perhaps a note that should show it does not, or it was left behind by one that is gone.",
        mend="Use it in a note, as in `![What it shows](gates.png)`, or remove the file.",
        is_advice=True,
    ),
    Code(
        "Q011",
        "a picture without a description",
        "A terminal without pictures, a plain review and a screen reader have nothing but the description.",
        mend="Write what it shows between the brackets, without the answer: `![A cell with three gates](gates.png)`.",
        is_advice=True,
    ),
    _card(
        "Q012",
        "an answer that takes more than a breath to say",
        "Of a long answer some part is always missing, so each learner grades it by another measure. What explains "
        "goes to `why`, and what is another fact to another note.",
        "q: What does layer normalisation do?\n  a: |-\n    It subtracts from each component of a token's vector "
        "the mean of all its components and divides by their standard deviation,\n    then multiplies by a learned "
        "gain and adds a learned bias, for each token by itself and alike in training and in use,\n    whatever "
        "else is in the batch, unlike batch normalisation.",
        "q: Over which numbers does layer normalisation take its mean?\n  a: Over the components of one token's "
        "vector.",
    ),
    _card(
        "Q013",
        "a drill whose answers teach nothing",
        "Where the answer is always the same it is remembered and not worked out; one of thirteen digits is work for a "
        "machine.",
        "drill:\n    ask: How many numbers has a matrix of {{n}} rows and no columns?\n"
        "    given: {n: [2, 3, 4]}\n    answer: n * 0",
        "drill:\n    ask: How many numbers has a matrix of {{n}} rows and 3 columns?\n"
        "    given: {n: [2, 4, 5]}\n    answer: n * 3",
    ),
    _card(
        "Q014",
        "a cloze in a text that is no cloze",
        "Only the text under `cloze:` has clozes; anywhere else `{{c1::` is shown with its braces, answer and all.",
        "q: The {{c1::forget gate}} scales the old state. Which one?\n  a: That one.",
        "cloze: The {{c1::forget gate}} scales the old state.",
    ),
    _card(
        "Q015",
        "HTML, or maths written as elsewhere",
        "A card is Markdown, with maths between dollars. HTML is shown as text, so that a deck from a stranger can do "
        "nothing, and so are `\\(…\\)` and Anki's `[latex]`.",
        "q: What is \\(e^0\\)?\n  a: The number <b>1</b>.",
        "q: What is $e^0$?\n  a: The number **1**.",
    ),
    _card(
        "Q016",
        "a cloze that is probably not what was meant",
        "Two colons part a hidden text from its hint, once, and in code they are text; a hint that is empty is none; "
        "and without a number or with single braces nothing is hidden.",
        "cloze: A {{c1::forget::which::gate}} gate and a {{cell}}.",
        "cloze: A {{c1::forget::which one}} gate and a {{c2::cell}}.",
    ),
    _card(
        "Q017",
        "a long answer to type",
        "It is right only when every word of it is, so one that was known is often graded as forgotten.",
        "q: What does a forget gate near 1 do?\n  typed: it keeps all of the old cell state as is",
        "q: What does a forget gate near 1 do to the old cell state?\n  typed: keeps it",
    ),
    _card(
        "Q018",
        "a character that turns the direction of writing",
        "It cannot be seen in an editor and makes what follows read backwards, by mistake or to deceive. Cards show it "
        "by its number instead.",
        'q: What is a cell?\n  a: "A \\u202estate."',
        "q: What is a cell?\n  a: A state.",
    ),
    whole(
        "Q019",
        "a source that no note cites",
        "It was forgotten at a note, or its note is gone; a learner who looks up the sources would search in vain.",
        f"{HEAD}sources:\n  one: {{title: One}}\n  two: {{title: Two}}\nnotes:\n"
        "  - id: gates\n    q: How many gates has an LSTM?\n    a: Three.\n    why: One each.\n    cite: one\n",
        f"{HEAD}sources:\n  one: {{title: One}}\nnotes:\n"
        "  - id: gates\n    q: How many gates has an LSTM?\n    a: Three.\n    why: One each.\n    cite: one\n",
        is_advice=True,
    ),
    _card(
        "Q020",
        "a table row with more cells than the head",
        "What is in the cells beyond the head's is not shown. A bar parts cells even within code, unless it is written "
        "`\\|`; in a formula it does not.",
        "cloze: |-\n    | matches | pattern |\n    |---|---|\n    | {{c1::either}} | `a|b` |",
        "cloze: |-\n    | matches | pattern |\n    |---|---|\n    | {{c1::either}} | `a\\|b` |",
    ),
    _card(
        "Q021",
        "a block of code that does not end where it should",
        "What follows is shown as code, with the marks of its formulas and of its emphasis, and its clozes are read as "
        "those in code are.",
        "cloze: |-\n    ```python\n    y = softmax(x)\n    ``\n\n    It sums to {{c1::one}}.",
        "cloze: |-\n    ```python\n    y = softmax(x)\n    ```\n\n    It sums to {{c1::one}}.",
    ),
    Code(
        "Q022",
        "a picture on the web",
        "A card shows files of its deck only: nothing is ever fetched, so the picture is never seen, and its "
        "description stands for it.",
        mend="Save it in the deck's folder and write its path: `![A cell with three gates](img/gates.png)`.",
        is_advice=True,
    ),
    whole(
        "Q090",
        "a comment that silences what cannot be silenced",
        "`# nlpcards: ignore Q003` silences advice. There is no such code, or it is that of an error: then "
        "something is left out or read otherwise than it was written, and silence would hide it.",
        f"{HEAD}# nlpcards: ignore Q999\nnotes:\n",
        f"{HEAD}notes:\n",
        is_advice=True,
    ),
    whole(
        "Q091",
        "a comment that silences nothing",
        "The advice was followed, or the comment stands at another note than was meant.",
        f"{HEAD}# nlpcards: ignore Q003\nnotes:\n",
        f"{HEAD}notes:\n",
        is_advice=True,
    ),
)
"""Codes Q001 to Q091."""
