"""TeX formulas as trees: a tokenizer and a recursive parser for the TeX of machine learning.

What the parser does not know it keeps as source, so that nothing is shown as something else. What it cannot make sense
of at all (braces that do not balance, an unknown environment) raises `Unreadable`, and the formula is shown as source.
"""

import re

from nlpcards.core.markup.tex.symbols import (
    ACCENTS,
    ALIGNED,
    APART,
    CHARACTERS,
    DROPPED_ARGUMENT,
    FONTS,
    MATRICES,
    NOTHING,
    SPACES,
    SWITCHES,
    SYMBOLS,
    TEXT_COMMANDS,
    WORD_COMMANDS,
    Kind,
)
from nlpcards.core.markup.tex.tree import (
    CLOSE,
    LINE_END,
    OPEN,
    Accent,
    Atom,
    Call,
    Fence,
    Font,
    Fraction,
    Grid,
    Group,
    Mark,
    Name,
    Node,
    Root,
    Script,
)

_TOKEN = re.compile(r"\\(?:[A-Za-z]+\*?|.)|[ \t\n]+|%[^\n]*|.", re.DOTALL)
_DEEPEST = 40


class Unreadable(Exception):
    """The formula cannot be parsed; `offset` is where in its source, as far as that is known."""

    offset = 0


_CALLS = {"binom": 2, "dbinom": 2, "tbinom": 2, "boxed": 1, "pmod": 1, "cancel": 1}
_IGNORED_FIRST = frozenset(["textcolor", "raisebox"])
ENVIRONMENTS = frozenset(MATRICES) | ALIGNED
"""The environments that are known."""


def tokens(tex: str) -> list[tuple[int, str]]:
    """The tokens of a formula with their offsets, comments and all; runs of space are one token each."""
    return [(found.start(), found.group()) for found in _TOKEN.finditer(tex)]


def tokenize(tex: str) -> list[str]:
    """The tokens of a formula without comments."""
    return [token for token in _TOKEN.findall(tex) if not token.startswith("%")]


def is_known(name: str) -> bool:
    """Whether a command, named without its backslash, can be shown."""
    if name.endswith("*") and name != "*":
        name = name[:-1]
    return (
        name in SYMBOLS
        or name in SPACES
        or name in NOTHING
        or name in ACCENTS
        or name in FONTS
        or name in SWITCHES
        or name in WORD_COMMANDS
        or name in TEXT_COMMANDS
        or name in DROPPED_ARGUMENT
        or name in _CALLS
        or name in _IGNORED_FIRST
        or name in _STRUCTURES
        or name in ("\\", "newline", "not", "tag", "cr")
    )


_STRUCTURES = frozenset(
    """frac dfrac tfrac cfrac sqrt overset stackrel underset underbrace overbrace xrightarrow xleftarrow substack
    begin end left right""".split()
)


def parse(tex: str) -> Group:
    """Parse a whole formula.

    Raises:
        Unreadable: its braces or environments do not balance, or it nests absurdly deep.
    """
    listed = [(offset, token) for offset, token in tokens(tex) if not token.startswith("%")]
    parser = _Parser([token for _, token in listed])
    try:
        items = parser.items(())
        if parser.peek() is not None:
            raise Unreadable(f"{parser.peek()} does not belong here")
    except Unreadable as error:
        error.offset = listed[min(parser.position, len(listed) - 1)][0] if listed else 0
        raise
    return Group(items)


class _Parser:
    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    @property
    def position(self) -> int:
        return self._position

    def peek(self) -> str | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _take(self) -> str:
        token = self.peek()
        if token is None:
            raise Unreadable("the formula ends too early")
        self._position += 1
        return token

    def _skip_space(self) -> None:
        while (token := self.peek()) is not None and token.isspace():
            self._position += 1

    def items(self, ends: tuple[str, ...]) -> tuple[Node, ...]:
        """Nodes up to one of the ends, which is not taken, or to the end of the formula."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable("the formula nests too deep")
        nodes: list[Node] = []
        while (token := self.peek()) is not None and token not in ends:
            if token in ("}", "&", r"\end", r"\right"):
                raise Unreadable(f"{token} does not belong here")
            if token.isspace():
                self._position += 1
            elif token in "^_'":
                nodes.append(self._scripts(_base(nodes)))
            else:
                nodes.extend(self._node())
        self._depth -= 1
        return tuple(nodes)

    def _scripts(self, base: Node | None) -> Script:
        below: Node | None = None
        above: list[Node] = []
        raised = False
        while (token := self.peek()) is not None and (token in "^_'" or token.isspace()):
            if token.isspace():
                after = self._position
                self._skip_space()
                if self.peek() not in ("^", "_", "'"):
                    self._position = after
                    break
                continue
            if (token == "_" and below is not None) or (token != "_" and raised):
                raise Unreadable("two scripts at one place")
            self._position += 1
            if token == "'":
                above.append(_PRIME)
            elif token == "^":
                above.append(self._argument())
                raised = above[-1] != _PRIME
            else:
                below = self._argument()
        return Script(base, below, None if not above else above[0] if len(above) == 1 else Group(tuple(above)))

    def _argument(self) -> Node:
        """What a command or a script applies to: a group, or the next symbol."""
        self._skip_space()
        token = self.peek()
        if token in (None, "}", "&", "^", "_", r"\\", r"\end"):
            raise Unreadable("an argument is missing")
        if token in (OPEN, CLOSE):
            self._position += 1
            return Group((Mark(str(token)), self._argument()))
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable("the formula nests too deep")
        nodes = self._node()
        self._depth -= 1
        return nodes[0] if len(nodes) == 1 else Group(nodes)

    def _optional(self) -> Node | None:
        self._skip_space()
        if self.peek() != "[":
            return None
        self._position += 1
        inside = self.items(("]",))
        self._take()
        return Group(inside)

    def _node(self) -> tuple[Node, ...]:
        token = self._take()
        if token == "{":
            inside = self.items(("}",))
            self._take()
            return (Group(inside),)
        if token in (OPEN, CLOSE):
            return (Mark(token),)
        if token[0] == "\\":
            return self._command(token)
        if token in CHARACTERS:
            return (Atom(*CHARACTERS[token]),)
        return (Atom(token, Kind.ORDINARY),)

    def _command(self, token: str) -> tuple[Node, ...]:
        name = token[1:-1] if token.endswith("*") and len(token) > 2 else token[1:]
        if name in SYMBOLS:
            return (Atom(*SYMBOLS[name]),)
        if name in SPACES:
            return (Atom(APART if name in ("quad", "qquad") else " ", Kind.SPACE),)
        if name == "left":
            opening = self._delimiter()
            inside = self.items((r"\right",))
            self._take()
            return (Fence(opening, inside, self._delimiter()),)
        if name in NOTHING:
            return ()
        if name in ("\\", "newline", "cr"):
            return (LINE_END,)
        if name in FONTS:
            return (Font(name, self._argument()),)
        if name in SWITCHES:
            rest = Group(self.items(("}", "]", "&", r"\\", r"\end", r"\right")))
            return (Font(SWITCHES[name], rest) if SWITCHES[name] in FONTS else Name(rest),)
        if name in ACCENTS:
            return (Accent(name, self._argument()),)
        if name in WORD_COMMANDS:
            return (Name(self._argument()),)
        if name in TEXT_COMMANDS:
            return (self._words(),)
        if name in DROPPED_ARGUMENT:
            self._raw_argument()
            return ()
        if name in _CALLS:
            return (Call(name, tuple(self._argument() for _ in range(_CALLS[name]))),)
        if name in _IGNORED_FIRST:
            self._raw_argument()
            return (self._argument(),)
        return self._structure(name, token)

    def _delimiter(self) -> str:
        self._skip_space()
        token = self._take()
        if token == ".":
            return ""
        if token[0] != "\\":
            return token
        if token[1:] not in SYMBOLS:
            raise Unreadable(f"{token} is not a delimiter")
        return SYMBOLS[token[1:]][0]

    def _structure(self, name: str, token: str) -> tuple[Node, ...]:
        match name:
            case "frac" | "dfrac" | "tfrac" | "cfrac":
                return (Fraction(self._argument(), self._argument()),)
            case "sqrt":
                degree = self._optional()
                return (Root(self._argument(), degree),)
            case "overset" | "stackrel":
                above = self._argument()
                base = self._argument()
                return (Script(base, None, above) if _takes_limits(base) else Call("overset", (above, base)),)
            case "underset":
                below = self._argument()
                base = self._argument()
                return (Script(base, below, None) if _takes_limits(base) else Call("underset", (below, base)),)
            case "underbrace" | "overbrace":
                return (self._brace(name),)
            case "xrightarrow" | "xleftarrow":
                under = self._optional()
                arrow = Atom("→" if name == "xrightarrow" else "←", Kind.RELATION)
                return (Script(arrow, under, self._argument()),)
            case "substack":
                if self._take() != "{":
                    raise Unreadable("an argument is missing")
                inside = self.items(("}",))
                self._take()
                return (Group(inside),)
            case "tag":
                return (Atom(" ", Kind.SPACE), Atom(f"({self._raw_argument()})", Kind.WORD))
            case "not":
                return (_negated(self._argument()),)
            case "begin":
                return (self._environment(),)
            case _:
                return (self._unknown(token),)

    def _brace(self, name: str) -> Node:
        body = self._argument()
        self._skip_space()
        if self.peek() != ("_" if name == "underbrace" else "^"):
            return Call(name, (body,))
        self._position += 1
        return Call(name, (body, self._argument()))

    def _raw_argument(self) -> str:
        """The source of a braced argument, or of one token."""
        self._skip_space()
        token = self._take()
        if token != "{":
            return token
        depth, source = 1, ""
        while True:
            token = self._take()
            depth += (token == "{") - (token == "}")
            if not depth:
                return source
            source += token

    def _words(self) -> Node:
        source = re.sub(r"\\([ %&_#${}])", r"\1", self._raw_argument())
        return Atom(re.sub(r"\s+", " ", source.replace("$", "").replace("~", " ")), Kind.WORD)

    def _unknown(self, token: str) -> Node:
        """An unknown command as its source, with the braces that follow it."""
        source = token
        while self.peek() == "{":
            source += "{" + self._raw_argument() + "}"
        return Atom(source, Kind.WORD)

    def _environment(self) -> Node:
        name = self._raw_argument()
        if name not in ENVIRONMENTS:
            raise Unreadable(f"the environment {name} is unknown")
        if name == "array":
            self._raw_argument()
        rows: list[tuple[Group, ...]] = []
        cells: list[Group] = []
        while True:
            cells.append(Group(self.items(("&", r"\\", r"\end"))))
            token = self._take()
            if token == "&":
                continue
            if len(cells) > 1 or cells[0].items:
                rows.append(tuple(cells))
            cells = []
            if token == r"\end":
                break
        if self._raw_argument() != name:
            raise Unreadable(f"the environment {name} is not ended")
        return Grid(name, tuple(rows))


_PRIME = Atom("′", Kind.ORDINARY)


def _takes_limits(node: Node) -> bool:
    """Whether what stands over or under a node can be written as its script, since it has no powers nor indices."""
    match node:
        case Group(items=items):
            return bool(items) and all(_takes_limits(item) for item in items)
        case Atom(kind=kind):
            return kind in (Kind.RELATION, Kind.LARGE, Kind.WORD, Kind.SPACE)
        case Name() | Mark():
            return True
        case _:
            return False


def _base(nodes: list[Node]) -> Node | None:
    """Take the node that a script belongs to, with the end of a cloze between the two."""
    marks: list[Node] = []
    while nodes and isinstance(nodes[-1], Mark):
        marks.insert(0, nodes.pop())
    if nodes and not (isinstance(last := nodes[-1], Atom) and last.kind is Kind.SPACE):
        base: Node = nodes.pop()
        return Group((base, *marks)) if marks else base
    nodes.extend(marks)
    return None


def _negated(node: Node) -> Node:
    if isinstance(node, Atom) and len(node.text) == 1:
        negated = {"=": "≠", "∈": "∉", "∋": "∌", "⊂": "⊄", "≡": "≢", "∼": "≁", "≈": "≉", "∃": "∄"}
        return Atom(negated.get(node.text, node.text + "\u0338"), node.kind)
    return Call("not", (node,))
