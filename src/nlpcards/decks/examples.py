"""One example of each note kind, as it is written in a deck file: what a new note begins from."""

from __future__ import annotations

from collections.abc import Mapping

EXAMPLES: Mapping[str, str] = {
    "basic": r"""  - id: forget-gate-role
    q: What does the forget gate $f_t$ of an LSTM decide?
    a: How much of each component of the old cell state is kept.
    why: |-
      It multiplies $c_{t-1}$ elementwise, so a value near 1 passes memory, and its gradient, unchanged.
""",
    "term": """  - id: byte-pair-encoding
    term: byte-pair encoding
    definition: A tokenization that merges the most frequent pair of symbols again and again.
""",
    "cloze": r"""  - id: cell-update
    cloze: |-
      $c_t = {{c1::f_t}} \odot c_{t-1} + {{c2::i_t}} \odot \tilde{c}_t$
""",
    "typed": """  - id: scores-to-probabilities
    q: Which function turns scores into probabilities?
    typed: softmax
    accept: [the softmax function]
""",
    "contrast": """  - id: bert-gpt
    contrast:
      of: {bert: BERT, gpt: GPT}
      by:
        objective:
          ask: Pre-training objective
          bert: predict masked tokens from both sides
          gpt: predict the next token from the left
""",
    "steps": """  - id: bpe-training
    steps:
      title: Training byte-pair encoding
      of:
        start: Split every word into characters and an end-of-word mark.
        count: Count every adjacent pair of symbols, weighted by word frequency.
        merge: Merge the most frequent pair everywhere into a new symbol.
""",
    "drill": """  - id: lstm-parameters
    drill:
      ask: An LSTM layer has input size {{d}} and hidden size {{h}}. How many parameters, with one bias per gate?
      given:
        d: [64, 128, 300]
        h: [128, 256, 512]
      answer: 4 * (h * (d + h) + h)
""",
    "explain": """  - id: why-lstms-forget-less
    explain: Why does an LSTM forget less than a plain RNN?
    points:
      - The cell state is updated by addition.
      - A forget gate near 1 passes the gradient unchanged.
""",
}
"""The lines of a note by the name of its kind, its dash in column 2."""
