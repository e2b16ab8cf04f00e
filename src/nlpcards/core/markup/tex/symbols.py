"""Tables of the TeX that notes about machine learning use: what each command looks like on one line."""

from enum import Enum, auto


class Kind(Enum):
    """What part a symbol plays in a formula, which decides the space and the brackets around it."""

    ORDINARY = auto()
    WORD = auto()
    """A name of several letters, kept apart from its neighbours."""
    LARGE = auto()
    """A sum, a product or an integral."""
    BINARY = auto()
    TIMES = auto()
    """A binary operation that binds as tightly as a fraction's line."""
    RELATION = auto()
    OPENING = auto()
    CLOSING = auto()
    PUNCTUATION = auto()
    SPACE = auto()
    QUOTIENT = auto()
    """A fraction written with a slash."""
    ROOT = auto()
    """A root written without brackets."""
    LINES = auto()
    """Equations that stand below one another."""


def _pairs(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_ORDINARY = _pairs("""
alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ mu μ nu ν
xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω
Alpha Α Beta Β Gamma Γ Delta Δ Epsilon Ε Zeta Ζ Eta Η Theta Θ Iota Ι Kappa Κ Lambda Λ Mu Μ Nu Ν Xi Ξ Pi Π Rho Ρ
Sigma Σ Tau Τ Upsilon Υ Phi Φ Chi Χ Psi Ψ Omega Ω
infty ∞ partial ∂ nabla ∇ ell ℓ hbar ℏ Re ℜ Im ℑ aleph ℵ wp ℘ imath ı jmath ȷ emptyset ∅ varnothing ∅ forall ∀ exists ∃
nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ prime ′ dagger † ddagger ‡ angle ∠ triangle △ square □ Box □ checkmark ✓ degree °
ldots … dots … dotsc … dotso … dotsb ⋯ dotsm ⋯ dotsi ⋯ cdots ⋯
intercal ⊺ mho ℧ eth ð Finv Ⅎ Game ⅁ digamma ϝ flat ♭ natural ♮ sharp ♯
clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ lozenge ◊ bigstar ★ blacktriangle ▲ backprime ‵ measuredangle ∡
vdots ⋮ ddots ⋱ bullet • Diamond ◇ diamond ⋄ star ⋆ blacksquare ■ qed ∎
vert | | ‖ Vert ‖ # # % % & & $ $ _ _ complement ∁ beth ℶ surd √ colon :
""")

_BINARY = _pairs("""
pm ± mp ∓ cup ∪ cap ∩ setminus ∖ vee ∨ lor ∨ wedge ∧ land ∧ oplus ⊕ ominus ⊖ uplus ⊎ sqcup ⊔ sqcap ⊓
bigtriangleup △ amalg ⨿ smallsetminus ∖
""")

_TIMES = _pairs("""
times × div ÷ cdot · ast ∗ circ ∘ odot ⊙ otimes ⊗ oslash ⊘ bigcirc ◯ rtimes ⋊ ltimes ⋉ boxtimes ⊠
""")

_RELATION = _pairs("""
leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ ll ≪ gg ≫ lt < gt > equiv ≡ approx ≈ sim ∼ simeq ≃ cong ≅ propto ∝ asymp ≍ doteq ≐
in ∈ notin ∉ ni ∋ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ mid | parallel ∥ nmid ∤
perp ⊥ models ⊨ vdash ⊢ dashv ⊣ prec ≺ succ ≻ preceq ⪯ succeq ⪰ leqslant ⩽ geqslant ⩾ lesssim ≲ gtrsim ≳
triangleq ≜ coloneqq ≔ eqqcolon ≕ coloneq ≔ defeq ≝ vcentcolon : iff ⟺ implies ⟹ impliedby ⟸
to → rightarrow → leftarrow ← gets ← leftrightarrow ↔ Rightarrow ⇒ Leftarrow ⇐ Leftrightarrow ⇔ mapsto ↦ longmapsto ⟼
longrightarrow ⟶ longleftarrow ⟵ Longrightarrow ⟹ Longleftarrow ⟸ Longleftrightarrow ⟺ uparrow ↑ downarrow ↓
updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ hookrightarrow ↪ hookleftarrow ↩
rightharpoonup ⇀ leftharpoonup ↼ rightleftharpoons ⇌ rightsquigarrow ⇝ leadsto ⇝ twoheadrightarrow ↠ therefore ∴
because ∵ nrightarrow ↛ nRightarrow ⇏ longleftrightarrow ⟷
""")

_LARGE = _pairs("""
sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigvee ⋁ bigwedge ⋀ bigoplus ⨁ bigotimes ⨂
bigodot ⨀ biguplus ⨄ bigsqcup ⨆
""")

_OPENING = _pairs("{ { lbrace { lbrack [ langle ⟨ lfloor ⌊ lceil ⌈ lvert | lVert ‖ lparen ( ulcorner ⌜ llbracket ⟦")
_CLOSING = _pairs("} } rbrace } rbrack ] rangle ⟩ rfloor ⌋ rceil ⌉ rvert | rVert ‖ rparen ) urcorner ⌝ rrbracket ⟧")

_WORDS = """
log ln lg exp sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min sup inf lim limsup liminf arg
det dim ker deg gcd hom Pr injlim projlim varlimsup varliminf
""".split()

HOUSE_WORDS = frozenset("argmax argmin softmax sigmoid sgn sign tr Tr diag rank relu ReLU KL Var Cov E".split())
r"""Names that are shown as people mean them, though LaTeX has no such commands and Anki would show them in red."""

SYMBOLS: dict[str, tuple[str, Kind]] = {
    name: (shown, kind)
    for table, kind in (
        (_ORDINARY, Kind.ORDINARY),
        (_BINARY, Kind.BINARY),
        (_TIMES, Kind.TIMES),
        (_RELATION, Kind.RELATION),
        (_LARGE, Kind.LARGE),
        (_OPENING, Kind.OPENING),
        (_CLOSING, Kind.CLOSING),
    )
    for name, shown in table.items()
} | {name: (name, Kind.WORD) for name in (*_WORDS, *sorted(HOUSE_WORDS))}
"""What a command without arguments shows, and as what."""
SYMBOLS["limsup"], SYMBOLS["liminf"] = ("lim sup", Kind.WORD), ("lim inf", Kind.WORD)
SYMBOLS["bmod"] = SYMBOLS["mod"] = ("mod", Kind.WORD)
SYMBOLS["slash"] = ("/", Kind.TIMES)
SYMBOLS["backslash"] = ("∖", Kind.ORDINARY)

SPACES = frozenset(
    [",", ";", ":", ">", " ", "quad", "qquad", "enspace", "thinspace", "medspace", "thickspace", "space"]
)
"""Commands that make room."""

APART = "   "
"""The room of `\\quad` and `\\qquad`, which stand between formulas and not within one."""

NOTHING = frozenset(
    """! displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits middle big Big bigg Bigg bigl
    bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm allowbreak nonumber notag hline boldmath normalsize small relax
    negthinspace negmedspace negthickspace mathstrut strut hfill smash ignorespaces null""".split()
)
"""Commands that say how to set what follows, and are left out on one line."""

CHARACTERS: dict[str, tuple[str, Kind]] = {
    "+": ("+", Kind.BINARY),
    "-": ("−", Kind.BINARY),
    "−": ("−", Kind.BINARY),
    "*": ("*", Kind.TIMES),
    "/": ("/", Kind.TIMES),
    "=": ("=", Kind.RELATION),
    "<": ("<", Kind.RELATION),
    ">": (">", Kind.RELATION),
    ":": (":", Kind.RELATION),
    "(": ("(", Kind.OPENING),
    "[": ("[", Kind.OPENING),
    ")": (")", Kind.CLOSING),
    "]": ("]", Kind.CLOSING),
    ",": (",", Kind.PUNCTUATION),
    ";": (";", Kind.PUNCTUATION),
    "~": (" ", Kind.SPACE),
}
CHARACTERS |= {shown: (shown, kind) for shown, kind in SYMBOLS.values() if len(shown) == 1 and not shown.isascii()}

WORD_COMMANDS = frozenset(
    """operatorname operatornamewithlimits mathrm mathsf mathit mathtt mathop mathbin mathrel mathord mathopen mathclose
    mathpunct mathinner mathnormal""".split()
)
"""Commands whose argument is a name when it is several letters."""

SWITCHES = {"bf": "mathbf", "cal": "mathcal", "rm": "mathrm", "it": "mathit", "sf": "mathsf", "tt": "mathtt"}
"""Commands that set the rest of their group as another command sets its argument."""

TEXT_COMMANDS = frozenset("text textrm textit textbf texttt textsf textsc textup textnormal mbox hbox".split())
"""Commands whose argument is words, not maths."""

DROPPED_ARGUMENT = frozenset(["color", "phantom", "hphantom", "vphantom", "label", "hspace", "vspace", "mspace"])
"""Commands that show nothing, with their argument."""

ACCENTS: dict[str, str] = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0305",
    "breve": "\u0306",
    "dot": "\u0307",
    "ddot": "\u0308",
    "mathring": "\u030a",
    "check": "\u030c",
    "grave": "\u0300",
    "acute": "\u0301",
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "underline": "\u0332",
}

_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LOWER = "abcdefghijklmnopqrstuvwxyz"


def _alphabet(upper: int, lower: int, digits: int | None = None, holes: str = "") -> dict[str, str]:
    table = {letter: chr(upper + index) for index, letter in enumerate(_UPPER)}
    table |= {letter: chr(lower + index) for index, letter in enumerate(_LOWER)}
    if digits is not None:
        table |= {digit: chr(digits + index) for index, digit in enumerate("0123456789")}
    return table | dict(zip(holes[::2], holes[1::2], strict=True))


_BOLD = _alphabet(0x1D400, 0x1D41A, 0x1D7CE)
_BOLD |= {chr(0x391 + index): chr(0x1D6A8 + index) for index in range(25) if index != 17}
_BOLD |= {chr(0x3B1 + index): chr(0x1D6C2 + index) for index in range(25)}
_DOUBLE = _alphabet(0x1D538, 0x1D552, 0x1D7D8, "CℂHℍNℕPℙQℚRℝZℤ")
_SCRIPT = _alphabet(0x1D4D0, 0x1D4EA)
_FRAKTUR = _alphabet(0x1D56C, 0x1D586)

FONTS: dict[str, dict[str, str]] = {
    "mathbf": _BOLD,
    "boldsymbol": _BOLD,
    "bm": _BOLD,
    "mathbb": _DOUBLE,
    "mathbbm": _DOUBLE,
    "mathds": _DOUBLE,
    "mathcal": _SCRIPT,
    "mathscr": _SCRIPT,
    "mathfrak": _FRAKTUR,
}
"""Alphabets that Unicode has; a letter that a table lacks stays as it is."""

SUBSCRIPTS = dict(
    zip("0123456789+−=()aehijklmnoprstuvxəβγρϕφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓₔᵦᵧᵨᵩᵩᵪ", strict=True)
)
del SUBSCRIPTS["ϕ"], SUBSCRIPTS["φ"]  # One subscript for two letters would be ambiguous.
SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRUVWβγδθχ⊤′∘",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵁⱽᵂᵝᵞᵟᶿᵡᵀ′°",
        strict=True,
    )
)
"""The raised T is the transpose's alone: a power or a bound T is written out."""
SCRIPT_CHARACTERS = frozenset([*"″‴", *SUBSCRIPTS.values(), *SUPERSCRIPTS.values()])

MATRICES: dict[str, tuple[str, str]] = {
    "matrix": ("[", "]"),
    "smallmatrix": ("[", "]"),
    "array": ("[", "]"),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
    "cases": ("{", "}"),
}
"""Environments of rows and cells, and what stands round them on one line."""
ALIGNED = frozenset(
    ["aligned", "align", "align*", "split", "gathered", "gather", "gather*", "equation", "equation*", "multline"]
)
"""Environments of equations one below another."""
