"""Problems of a deck's own keys and of its sources."""

from nlpcards.decks.codes.model import HEAD, ONE, field, whole

CODES = (
    whole(
        "D301",
        "a key that decks or sources do not have",
        "A misspelt key would be ignored, and with it what stands below it.",
        f"deck: example\ntitel: An example\n{ONE}",
        f"{HEAD}{ONE}",
    ),
    whole(
        "D303",
        "no `deck` with the deck's id",
        "Cards are known by `deck/note#key`, so without it no history could be kept.",
        f"title: An example\n{ONE}",
        f"{HEAD}{ONE}",
    ),
    field(
        "D304",
        "something that is not an id",
        "Ids are typed in commands, in searches and under `needs`, so they are plain: lower-case letters, digits and "
        "hyphens.",
        "topic: Neural Networks",
        "topic: neural-networks",
    ),
    whole(
        "D305",
        "a source that says too little",
        "A learner who doubts a card must be able to find what it rests on.",
        f"{HEAD}sources:\n  gers2000:\n    year: 2000\n{ONE}",
        f"{HEAD}sources:\n  gers2000:\n    title: Learning to Forget\n    year: 2000\n{ONE}",
    ),
    whole("D306", "no list of notes", "A deck without `notes` asks nothing.", HEAD, f"{HEAD}{ONE}"),
    whole(
        "D307",
        "something that is not a web address",
        "It is shown as a link, and half an address leads nowhere.",
        f"{HEAD}sources:\n  x:\n    title: T\n    url: arxiv.org\n{ONE}",
        f"{HEAD}sources:\n  x:\n    title: T\n    url: https://arxiv.org\n{ONE}",
    ),
    whole(
        "D308",
        "no title",
        "Lists of decks then show the bare id.",
        f"deck: example\n{ONE}",
        f"{HEAD}{ONE}",
        is_advice=True,
    ),
    whole(
        "D309",
        "no notes yet",
        "There is nothing to learn from it so far.",
        f"{HEAD}notes:\n",
        f"{HEAD}{ONE}",
        is_advice=True,
    ),
    whole(
        "D310",
        "a deck that extends another",
        "A file is a deck, or it changes notes of one; as both, its notes would have two ids.",
        f"deck: example\nextends: lstm\ntitle: An example\n{ONE}",
        f"extends: lstm\ntitle: An example\n{ONE}",
    ),
    whole(
        "D311",
        "`drop` in a deck, or `was` in a file that extends one",
        "Only a file that extends a deck has notes to leave out, and only the deck's own file says what it was called.",
        f"{HEAD}drop: [one]\n{ONE}",
        f"extends: lstm\ndrop: [one]\n{ONE}",
    ),
    whole(
        "D312",
        "a year without a digit",
        "It is shown beside the source as its year, and is perhaps meant for another key.",
        f"{HEAD}sources:\n  gers2000:\n    title: Learning to Forget\n    year: Gers\n{ONE}",
        f"{HEAD}sources:\n  gers2000:\n    title: Learning to Forget\n    year: 2000\n{ONE}",
        is_advice=True,
    ),
)
"""Codes D301 to D312."""
