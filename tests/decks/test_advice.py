"""Advice is given on cards that a teacher would change, and on no others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from nlpcards.decks.check import check, examine
from nlpcards.decks.library import load
from nlpcards.decks.problems import Problem, Severity
from tests.support.tracing import untraced

HEAD = "deck: made\ntitle: Made\nsources:\n  s: {title: S}\nnotes:\n"
TAIL = "    why: It is so.\n    cite: s\n"


def made(folder: Path, *notes: str, name: str = "made", head: str = HEAD) -> Path:
    """A deck of notes, each given by the lines of its own keys; what all notes should have is added."""
    path = folder / f"{name}.yaml"
    text = head.replace("deck: made", f"deck: {name}")
    for number, note in enumerate(notes):
        lines = "".join(f"    {line}\n" if line else "\n" for line in note.split("\n"))
        text += f"  - id: n{number}\n{lines}{TAIL}"
    path.write_text(text, "utf-8")
    return path


def found(*paths: Path) -> list[Problem]:
    problems = check(list(paths))
    assert [str(problem) for problem in problems if problem.is_error] == []
    return list(problems)


def qa(question: str, answer: str) -> str:
    return f"q: |-\n  {question}\na: |-\n  {answer}"


LONG = "It is a long and winding story of what a network remembers and forgets while it reads a text. "


def contrast_of(label: str, one: str, other: str) -> str:
    row = f"    r:\n      ask: Its blocks\n      a: {one}\n      b: {other}"
    return f"contrast:\n  of:\n    a: {label}\n    b: GPT\n  by:\n{row}"


BAD: list[tuple[str, str, str]] = [
    ("a long question", "Q001", qa(LONG * 4 + "What is forgotten?", "The gates.")),
    ("a long cloze", "Q001", f"cloze: |-\n  {LONG * 4} The {{{{c1::forget gate}}}} helps."),
    (
        "a long drill",
        "Q001",
        f"drill:\n  ask: |-\n    {LONG * 4} How many are {{{{n}}}}?\n  given: {{n: [2, 3]}}\n  answer: n",
    ),
    ("two question marks", "Q002", qa("What is a gate? Why does an LSTM need it?", "A product. It forgets.")),
    ("what and why", "Q002", qa("What is attention and why is it useful?", "A weighted mean; it finds what is far.")),
    ("what and how", "Q002", qa("What does BPE count, and how does it choose a merge?", "Pairs; by their number.")),
    (
        "which, and why in an answer of two sentences",
        "Q002",
        qa(
            "Which optimiser keeps two moments, and why?",
            "Adam keeps a mean of gradients and one of their squares. It divides one by the other.",
        ),
    ),
    ("yes", "Q003", qa("Is attention quadratic?", "Yes.")),
    ("no, and why", "Q003", qa("Does BERT predict the next token?", "No, it predicts masked ones.")),
    ("true or false", "Q003", qa("True or false: attention is recurrent.", "False")),
    ("it does not", "Q003", qa("In a transformer, does attention know the order of tokens?", "It does not.")),
    ("a typed yes", "Q003", "q: Is softmax convex?\ntyped: no"),
    ("members named", "Q004", qa("What are the gates of an LSTM?", "forget, input, output")),
    (
        "a bullet list",
        "Q004",
        qa("What makes a transformer block?", "- attention\n  - a feed-forward layer\n  - norms"),
    ),
    ("named by number", "Q004", qa("Name the three gates of an LSTM.", "Forget gate, input gate and output gate.")),
    ("a word in two clozes", "Q005", "cloze: The {{c1::attention}} mechanism uses {{c2::attention}} weights."),
    ("a plural elsewhere", "Q005", "cloze: A {{c1::transformer}} stacks blocks, and transformers have no recurrence."),
    ("a word in a formula", "Q005", "cloze: A {{c1::softmax}} gives weights, $\\mathrm{softmax}(QK^T)$."),
    ("a label that says the cell", "Q005", contrast_of("BERT, an encoder", "an encoder", "a decoder")),
    ("cells of yes and no", "Q003", contrast_of("BERT", "yes", "no, none")),
    ("words after two colons in code", "Q016", "cloze: Call `f({{c1::axis=0::which axis}})` for the rows."),
    ("a hint that says it", "Q005", "cloze: Weights come from a {{c1::softmax::softmax or sigmoid}}."),
    ("an article before a choice", "Q005", "cloze: BERT is an {{c1::auto-encoder::auto-encoder or decoder}}."),
    ("a term in its definition", "Q005", "term: perplexity\ndefinition: A perplexity measures surprise."),
    ("a typed answer in its question", "Q005", "q: What does the function softmax do to scores?\ntyped: softmax"),
    (
        "the same words",
        "Q007",
        qa("Why is attention quadratic in length?", "Because attention is quadratic in length."),
    ),
    (
        "a beginning copied",
        "Q007",
        qa(
            "What does the forget gate of an LSTM cell scale?",
            "The forget gate of an LSTM cell scales the old state.",
        ),
    ),
    ("a long answer", "Q012", qa("What is batch normalisation?", LONG * 3)),
    ("a long step", "Q012", f"steps:\n  title: Training\n  of:\n    one: {LONG * 3}\n    two: Stop."),
    ("a long point", "Q012", f"explain: Say it.\npoints:\n  - {LONG * 3}\n  - Short."),
    (
        "a drill that never changes",
        "Q013",
        "drill:\n  ask: What is {{n}}/{{n}}?\n  given: {n: [2, 3]}\n  answer: n / n",
    ),
    ("a huge answer", "Q013", "drill:\n  ask: Cube {{n}}.\n  given: {n: [2, 54321]}\n  answer: n ** 3"),
]


@pytest.mark.parametrize(("code", "note"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_card_that_a_teacher_would_change_is_named_once(code: str, note: str, tmp_path: Path) -> None:
    problems = found(made(tmp_path, note))
    assert [problem.code for problem in problems] == [code]
    assert problems[0].severity is Severity.ADVICE
    assert problems[0].line > HEAD.count("\n")


GOOD: list[tuple[str, str]] = [
    ("a part of a hyphenated word", "cloze: In self-attention {{c1::attention}} is within one text."),
    ("a way of naming in C++", "cloze: Write `{{c1::std::move}}(x)` to give it away."),
    (
        "an order of what is named",
        qa("Put in order: count pairs, merge pairs, split.", "Split, count pairs, merge pairs."),
    ),
    ("a typed tag", "q: Which tag begins bold text in HTML?\ntyped: <b>"),
    ("two sides compared", qa("Which state does the one score, and which does the other?", "The old; the new.")),
    ("what happens to each", qa("The gate is shut. What happens to $h_t$, and what to $c_t$?", "One is 0; one stays.")),
    ("a thing with its reason", qa("From which position does GPT-1 read, and why?", "The last; it alone saw all.")),
    ("a clause with how", qa("What decides which tokens are read and how strongly?", "The weights of the softmax.")),
    ("a question mark in code", qa("What does `x ? y : z` mean in C?", "It is a conditional expression.")),
    ("a question mark in quotes", qa('What does "why?" ask a model for?', "A chain of reasons.")),
    ("a choice", qa("Is pre-norm or post-norm easier to train?", "Pre-norm.")),
    ("no as a determiner", qa("What does a bag of words know of order?", "No word's place is kept.")),
    ("nothing", qa("What does dropout change at test time?", "Nothing.")),
    ("why answered by it does", qa("Why is the mean of a sum the sum of means?", "It is linear.")),
    ("a sentence with commas", qa("Why is a deep net hard?", "Its gradients vanish, explode, or lose their sign.")),
    ("numbers in a row", qa("What are the eigenvalues of it?", "1, 2 and 3")),
    ("a shape", qa("What are the axes of $Q$?", "`(n, d_k)`")),
    ("two members", qa("Which two moments does Adam keep?", "The mean and the uncentred variance.")),
    ("a symbol that stands twice", "cloze: $c_t = {{c1::f_t}} \\odot c_{t-1}$, and $f_t$ is a gate."),
    ("a number that stands twice", "cloze: Two heads of width {{c1::64}} make 128, and 64 more make 192."),
    ("the same word hidden twice", "cloze: The {{c1::encoder}} reads all; the {{c1::encoder}} writes nothing."),
    ("code that stands twice", "cloze: |-\n  ```python\n  x = softmax(y)\n  z = {{c1::softmax}}(x)\n  ```"),
    ("an article without choices", "cloze: BERT is an {{c1::encoder}}, GPT a {{c2::decoder}}."),
    ("a hint that helps", "cloze: BERT sees {{c1::both sides::which side}}."),
    ("part of a term in its definition", "term: byte-pair encoding\ndefinition: A tokenization by merging pairs."),
    ("an answer of the question's words", qa("Which has more layers, BERT-base or BERT-large?", "BERT-large.")),
    (
        "a subject said again",
        qa("What does the forget gate scale?", "The forget gate scales the old state by a factor."),
    ),
    ("a formula for an answer", qa("What is the variance of a sum of independent terms?", "$\\sum_i \\sigma_i^2$")),
    ("a step", "steps:\n  title: Training a tokenizer\n  of:\n    count: Count all pairs.\n    merge: Merge one."),
    ("a table", "contrast:\n  of: {bert: BERT, gpt: GPT}\n  by:\n    sees: {ask: Sees, bert: both sides, gpt: left}"),
    (
        "large numbers with a tolerance",
        "drill:\n  ask: Cube {{n}}.\n  given: {n: [2, 54321]}\n  answer: n ** 3\n  tolerance: 1%",
    ),
    (
        "another language",
        qa("Was ist ein Gatter und warum braucht man es?", "Ein Faktor; sonst wird nichts vergessen."),
    ),
]


@pytest.mark.parametrize("note", [case[1] for case in GOOD], ids=[case[0] for case in GOOD])
def test_a_good_card_earns_no_advice(note: str, tmp_path: Path) -> None:
    assert [str(problem) for problem in found(made(tmp_path, note))] == []


@untraced
def test_the_bundled_decks_earn_no_advice() -> None:
    assert [str(problem) for problem in check(today=date(2026, 11, 21))] == []


ALIKE = [
    ("Why does an LSTM need a forget gate?", "Why does the LSTM need its forget gate?"),
    ("Why is the dot product normalised by $d_k$?", "Why is the dot product normalized by $d_k$?"),
    ("How many parameters has BERT-base?", "How many parameters does BERT-base have?"),
]
UNLIKE = [
    ("What goes wrong if the input gate is stuck at 1?", "What goes wrong if the output gate is stuck at 1?"),
    ("How many parameters has BERT-base?", "How many parameters has BERT-large?"),
    ("Why does an encoder need a decoder to translate?", "Why does a decoder need an encoder to translate?"),
    ("What is the gradient of the function $x+y$ here?", "What is the gradient of the function $x-y$ here?"),
    ("How large is a layer of width 512 and depth 2?", "How large is a layer of width 512 and depth 3?"),
    ("When does training with dropout help generalisation?", "Why does training with dropout help generalisation?"),
]


@pytest.mark.parametrize(("first", "second"), ALIKE)
def test_a_question_asked_twice_is_named_across_decks(first: str, second: str, tmp_path: Path) -> None:
    one, two = made(tmp_path, qa(first, "Because."), name="one"), made(tmp_path, qa(second, "So."), name="two")
    problems = found(one, two)
    assert [(problem.code, problem.path) for problem in problems] == [("Q006", str(two))]
    assert f"`one/n0` asks at {one}:6:5" in problems[0].message


@pytest.mark.parametrize(("first", "second"), UNLIKE)
def test_questions_that_differ_in_one_word_that_matters_are_two(first: str, second: str, tmp_path: Path) -> None:
    assert found(made(tmp_path, qa(first, "It depends on much."), qa(second, "That is another matter."))) == []


def test_questions_with_one_answer_are_compared_less_strictly(tmp_path: Path) -> None:
    answer = "Its gradient vanishes because each step multiplies by a factor below one."
    first = "Why does a plain recurrent network forget what it read at the beginning of a text?"
    second = "Why does a simple recurrent network forget what it saw at the beginning of a text?"
    assert [problem.code for problem in found(made(tmp_path, qa(first, answer), qa(second, answer)))] == ["Q006"]
    assert found(made(tmp_path, qa(first, answer), qa(second, "Something else entirely is the answer to this."))) == []


def test_notes_that_are_said_to_be_confusable_may_be_alike(tmp_path: Path) -> None:
    first, second = (qa(question, "So.") for question in ALIKE[0])
    assert found(made(tmp_path, first, f"{second}\nconfusable: [n0]")) == []


def test_many_notes_of_one_pattern_are_not_alike(tmp_path: Path) -> None:
    notes = [
        qa(f"What is the meaning of word number {number} in the list?", f"Meaning {number}.") for number in range(600)
    ]
    assert found(made(tmp_path, *notes)) == []


def test_what_most_notes_lack_is_said_once_and_what_few_lack_of_each(tmp_path: Path) -> None:
    path = made(tmp_path, *(qa(f"What is thing {number}?", f"It is {number}.") for number in range(4)))
    text = path.read_text("utf-8")
    path.write_text(text.replace("    why: It is so.\n", "", 3), "utf-8")
    assert [(each.line, each.code, each.message) for each in found(path)] == [
        (1, "Q008", "3 of 4 notes with `a`, `cloze` or `typed` have no `why`")
    ]
    path.write_text(text.replace("    cite: s\n", "", 1), "utf-8")
    assert [(each.line, each.code, each.message) for each in found(path)] == [
        (6, "Q009", "the note `n0` has no `cite`")
    ]


def test_kinds_that_give_their_reasons_themselves_need_no_why(tmp_path: Path) -> None:
    path = made(
        tmp_path, "term: loss\ndefinition: What training makes smaller.", "explain: Why?\npoints: [So., And so.]"
    )
    path.write_text(path.read_text("utf-8").replace("    why: It is so.\n", ""), "utf-8")
    assert found(path) == []


def test_pictures_and_sounds_that_no_note_uses_are_counted_by_folder(tmp_path: Path) -> None:
    for name in (
        "img/used.png",
        "img/left.png",
        "left.mp3",
        "notes.txt",
        "holiday/other.png",
        ".hidden.png",
        "heard.ogg",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    path = made(tmp_path, qa("What is shown? ![A gate](img/used.png)", "A gate.") + "\nmedia: [heard.ogg]")
    (problem,) = found(path)
    assert (problem.code, problem.path, problem.line) == ("Q010", str(path), 1)
    assert problem.message == "2 pictures or sounds beside the deck are used by no note: img/left.png, left.mp3"


def test_what_a_broken_note_uses_is_not_called_unused(tmp_path: Path) -> None:
    (tmp_path / "gate.png").write_bytes(b"x")
    path = made(tmp_path, qa("![A gate](gate.png) What is it?", "A gate."), "q: [x\na: y")
    path.write_text(path.read_text("utf-8").replace("id: n0", "id: N 0"), "utf-8")
    assert "Q010" not in {problem.code for problem in check([path])}


def test_what_a_replaced_note_uses_is_not_called_unused(tmp_path: Path) -> None:
    (tmp_path / "gate.png").write_bytes(b"x")
    path = made(tmp_path, qa("![A gate](gate.png) What is it?", "A gate."))
    mine = tmp_path / "mine" / "mine.yaml"
    mine.parent.mkdir()
    mine.write_text("extends: made\nnotes:\n  - id: n0\n    q: What keeps a cell?\n    a: A gate.\n", "utf-8")
    assert "Q010" not in {problem.code for problem in check([path, mine])}


def test_a_picture_needs_a_description(tmp_path: Path) -> None:
    (tmp_path / "gate.png").write_bytes(b"x")
    path = made(tmp_path, qa("What is shown here? ![](gate.png)", "A gate."))
    (problem,) = found(path)
    assert (problem.code, problem.line, problem.column) == ("Q011", 8, 27)


def test_facts_that_have_aged_are_named_on_the_day_after(tmp_path: Path) -> None:
    path = made(tmp_path, qa("Which model leads?", "One.") + "\nexpires: 2026-11-20")
    assert [problem.code for problem in check([path], today=date(2026, 11, 20))] == []
    (problem,) = check([path], today=date(2026, 11, 21))
    assert (problem.code, problem.line, problem.column) == ("D506", 11, 14)


@pytest.mark.parametrize(
    ("formula", "code", "place", "hint"),
    [
        ("$\\aplha + 1$", "D414", (10, 8), "`\\alpha`"),
        ("so $a + \\notacommand b$", "D414", (10, 15), "\\operatorname"),
        ("$$\\begin{algned} a \\end{algned}$$", "D414", (10, 9), "`aligned`"),
        ("$\\frac{1}{n$", "D415", (10, 16), "needs a `}`"),
        ("$\\left( a$", "D415", (10, 8), "\\right"),
    ],
)
def test_tex_that_cannot_be_shown_is_an_error_in_its_place(
    formula: str, code: str, place: tuple[int, int], hint: str, tmp_path: Path
) -> None:
    (problem,) = check([made(tmp_path, qa("What is the formula?", formula))])
    assert (problem.code, problem.severity) == (code, Severity.ERROR)
    assert (problem.line, problem.column) == place
    assert hint in problem.hint


def test_the_marks_of_clozes_are_no_part_of_a_formula(tmp_path: Path) -> None:
    note = "cloze: |-\n  $\\frac{ {{c1::QK^T::what}} }{ {{c2::\\sqrt{d_k} }} }$ and {{c3::$x$}}"
    assert found(made(tmp_path, note)) == []


def test_a_drill_is_worked_out_with_all_its_numbers(tmp_path: Path) -> None:
    numbers = ", ".join(str(number) for number in range(1, 60))
    note = f"drill:\n  ask: Divide 1 by {{{{n}}}} less 31.\n  given: {{n: [{numbers}]}}\n  answer: 1 / (n - 31)"
    path = made(tmp_path, note)
    assert not load([path]).problems
    (problem,) = examine(load([path])).problems
    assert (problem.code, problem.severity) == ("D443", Severity.ERROR)
    assert "n = 31" in problem.message


def test_a_file_that_goes_away_while_it_is_checked_is_no_failure(tmp_path: Path) -> None:
    path = made(tmp_path, qa("Is it so?", "Yes."))
    library = load([path])
    path.unlink()
    assert [problem.code for problem in examine(library).problems] == ["Q003"]
