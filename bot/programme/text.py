"""From a field as a programme's source holds it to clean text with neutral emphasis.

Abstracts arrive as their authors typed them: LaTeX and Markdown, macros which only the paper defines, words
cut in two by the line breaks of a PDF. Here they become spans of plain characters, some of them bold, italic
or an address; how a span looks on a screen is somebody else's business.

A field is read in passes. A pass shields what no rule may touch (addresses, characters that are already
literal) by moving it into private-use code points, lets LaTeX mark emphasis with four more of them, tidies
the typography around the marks, and only then cuts the text at the marks into spans.
"""

import logging
import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec
from pylatexenc.latex2text import get_default_latex_context_db as default_text_context
from pylatexenc.latexwalker import LatexMacroNode, LatexWalker
from pylatexenc.latexwalker import get_default_latex_context_db as default_walker_context
from pylatexenc.macrospec import LatexContextDb, MacroSpec

# The library reports every slip in an author's LaTeX, which is no fault of the programme that reads it.
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters in one style.

    Attributes:
        text: The characters as they are to be read, with nothing escaped.
        bold: Whether the author made them bold.
        italic: Whether the author emphasised them.
        url: The address they are, always the same characters as `text`: a reader sees where a link leads.
            Only ever http or https, without white space or angle brackets.
    """

    text: str
    bold: bool = False
    italic: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Clean text in its canonical form: no span is empty and neighbours differ in style."""

    spans: tuple[Span, ...]

    @property
    def plain(self) -> str:
        """The characters without any emphasis: what gets searched and compared."""
        return "".join(span.text for span in self.spans)


def clean(raw: str, *, system_name: str | None = None, vocabulary: Container[str] = frozenset()) -> Text:
    r"""Turn a raw title or abstract into text fit to be shown.

    Any string is accepted, and cleaning what is already clean changes nothing.

    Args:
        raw: The field as the source holds it.
        system_name: What the paper calls its own system. It stands in for macros nobody defined, such as
            `\nickname`; without it they read as their own name.
        vocabulary: Folded words known from elsewhere (see `words_of`), to decide whether a hyphen before a
            line break belongs to its word.
    """
    own_name = clean(system_name).plain if system_name else ""
    text = _read(raw, own_name, vocabulary)
    for _ in range(_MAX_PASSES):
        again = _read(text.plain, own_name, vocabulary)
        if again.plain == text.plain:
            return text
        text = again
    # Only markup nested to spite us is still changing. Without its characters a pass has nothing to undo.
    return _read(text.plain.translate(_WITHOUT_MARKUP), own_name, vocabulary)


def undefined_macros(raw: str) -> tuple[str, ...]:
    r"""Return the macros that LaTeX does not know, with their backslash, in the order they first appear.

    Nearly always they are the name of the paper's own system, defined in a preamble nobody exported.
    """
    text = _shield_addresses(tidy(raw))
    names = (match["name"] for match in _MACRO.finditer(text))
    return tuple(dict.fromkeys(f"\\{name}" for name in names if name and name not in _DEFINED))


def words_of(text: str) -> set[str]:
    """Return the folded words of a text, for the vocabulary that `clean` asks about line breaks.

    The two halves of a word that such a break cut in two are left out: they are what is in question.
    """
    return {word.casefold() for word in _WHOLE_WORD.findall(tidy(text))}


def _words(table: str) -> tuple[str, ...]:
    return tuple(table.split())


# --- marks, shields

_BOLD_ON, _BOLD_OFF, _ITALIC_ON, _ITALIC_OFF = "\ue000\ue001\ue002\ue003"
_MARK = re.compile(r"([\ue000-\ue003])")
_SPACE_BEFORE_OFF = re.compile(r" ([\ue001\ue003]+)")
_SPACE_AFTER_ON = re.compile(r"([\ue000\ue002]+) ")

# A shielded character is itself, moved up by one of these: two private planes, each as large as the BMP.
_ADDRESS_SHIELD: Final = 0xF0000
_LITERAL_SHIELD: Final = 0x100000
_SHIELDED = re.compile("[\U000f0000-\U0010ffff]")
_SHIELDED_ADDRESS = re.compile("([\U000f0000-\U000fffff]+)")


def _shield(text: str, shield: int) -> str:
    return "".join(chr(ord(char) + shield) if ord(char) <= 0xFFFF else char for char in text)


def _unshield(text: str) -> str:
    return _SHIELDED.sub(lambda match: chr(ord(match[0]) & 0xFFFF), text)


# --- one pass

_MAX_PASSES: Final = 4
_WITHOUT_MARKUP: Final = dict.fromkeys(map(ord, "$*`"))


def _read(raw: str, own_name: str, vocabulary: Container[str]) -> Text:
    text = _shield_addresses(tidy(raw))
    if "\\" in text or _has_math(text):
        text = _read_latex(text, own_name)
    return Text(tuple(_spans(_tidy(text, vocabulary))))


_HYPHENS: Final = str.maketrans("\N{HYPHEN}\N{NON-BREAKING HYPHEN}", "--")
# Controls, format characters (zero-width, bidirectional, soft hyphens), private use and lone surrogates.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Co", "Cs"})


def tidy(raw: str) -> str:
    """Return a text without what nobody sees or should: control and direction characters, runs of white space."""
    text = unicodedata.normalize("NFC", raw.translate(_HYPHENS))
    seen = "".join(char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)
    return " ".join(unicodedata.normalize("NFC", seen).split())


def _tidy(marked: str, vocabulary: Container[str]) -> str:
    text = _collapse_spaces(unicodedata.normalize("NFC", marked))
    text = _join_broken_words(text, vocabulary)
    text = _DASHES.sub(lambda match: "\N{EN DASH}" if len(match[0]) == 2 else "\N{EM DASH}", text)
    text = _QUOTED.sub("\N{LEFT DOUBLE QUOTATION MARK}\\1\N{RIGHT DOUBLE QUOTATION MARK}", text)
    text = _STRAY_SPACE.sub("", text)
    return _MARKDOWN_BOLD.sub(f"{_BOLD_ON}\\1{_BOLD_OFF}", text)


def _collapse_spaces(marked: str) -> str:
    """Fold white space, first moving it out of emphasis, which has to hug its words."""
    text = " ".join(marked.split())
    text = _SPACE_BEFORE_OFF.sub(r"\1 ", text)
    text = _SPACE_AFTER_ON.sub(r" \1", text)
    return " ".join(text.split())


def _spans(marked: str) -> Iterator[Span]:
    for (bold, italic), group in groupby(_styled(marked), key=lambda piece: piece[:2]):
        text = "".join(piece for _, _, piece in group)
        for part in filter(None, _SHIELDED_ADDRESS.split(text)):
            plain = _unshield(part)
            yield Span(plain, bold, italic, url=plain if _SHIELDED_ADDRESS.match(part) else None)


def _styled(marked: str) -> Iterator[tuple[bool, bool, str]]:
    """Yield each run of characters between two marks as (bold, italic, characters)."""
    bold = italic = 0  # depths: LaTeX nests bold in bold, and Markdown's pairs may straddle LaTeX's groups
    for piece in _MARK.split(marked):
        if piece in _BOLD_STEP:
            bold += _BOLD_STEP[piece]
        elif piece in _ITALIC_STEP:
            italic += _ITALIC_STEP[piece]
        elif piece:
            yield bold > 0, italic > 0, piece


# --- addresses

_MACRO_ADDRESS = re.compile(r"\\(url|nolinkurl|href)\s*\{([^{}]*)\}")
_ADDRESS = re.compile("https?://[^\\W_][^\\s<>\U00010000-\U0010ffff]*")
# As in prose: a closing bracket or the punctuation of the sentence is no part of the address, and LaTeX may
# have escaped some of its characters.
_BARE_ADDRESS = re.compile(
    r"""\bhttps?://[^\W_\U00010000-\U0010ffff]
    (?: [^\s<>(){}\\$"`|^\U00010000-\U0010ffff] | \\[_%&\#] | \([^\s<>(){}\\$"`|^\U00010000-\U0010ffff]*\) )*
    (?<![.,;:!?'*_’”\]])""",
    re.VERBOSE,
)


def _shield_addresses(text: str) -> str:
    return _BARE_ADDRESS.sub(_shield_bare_address, _MACRO_ADDRESS.sub(_shield_macro_address, text))


def _shield_bare_address(match: re.Match[str]) -> str:
    return _shield(match[0].replace("\\", ""), _ADDRESS_SHIELD)


def _shield_macro_address(match: re.Match[str]) -> str:
    address = "".join(match[2].replace("\\", "").split())
    is_safe = _ADDRESS.fullmatch(address)
    shielded = _shield(address, _ADDRESS_SHIELD if is_safe else _LITERAL_SHIELD)
    return f"\\href{{{shielded}}}" if match[1] == "href" else shielded


# --- typography

_LETTER: Final = r"[^\W\d_]"
_BREAK = re.compile(rf"(?<!{_LETTER})({_LETTER}++)- (?=({_LETTER}++)(-?))")
_WHOLE_WORD = re.compile(rf"(?<!{_LETTER})(?<!{_LETTER}- ){_LETTER}++(?!- {_LETTER})")
_AFTER_SUSPENDED_HYPHEN: Final = frozenset(
    _words("and or nor but to than versus vs rather as well und oder bis et ou y e o")
)
_DASHES = re.compile(r"""(?<=[^\s<>!(\[{"'`“‘-])-{2,3}(?=[^\s<>)-])|(?<=\s)-{2,3}(?=\s)""")
_QUOTED = re.compile(r"``((?:[^`']|'(?!'))++)''")
_STRAY_SPACE = re.compile(r"(?<=\S) (?=[:,;](?:\s|$))")
_MARKDOWN_BOLD = re.compile(r"(?<![\w*])\*\*(?![\s*])([^*]++)(?<!\s)\*\*(?![\w*])")


def _join_broken_words(text: str, vocabulary: Container[str]) -> str:
    return _BREAK.sub(lambda match: match[1] + _hyphen_at_break(match[1], match[2], match[3], vocabulary), text)


def _hyphen_at_break(left: str, right: str, then: str, vocabulary: Container[str]) -> str:
    """Return what stands between two halves of a word: nothing, its own hyphen, or a suspended one."""
    if right.casefold() in _AFTER_SUSPENDED_HYPHEN:
        # "pre- and post-training", but "peer- to-peer" has only been broken at its first hyphen.
        return "-" if then else "- "
    if (left + right).casefold() in vocabulary:
        return ""
    both_known = left.casefold() in vocabulary and right.casefold() in vocabulary
    # Inside a word the case does not change: "LLM- based" and "Multi- GPU" had a hyphen before the break.
    case_changes = left[-1].isupper() != right[0].isupper()
    return "-" if both_known or case_changes else ""


# --- LaTeX

# An abstract is two thousand characters. Beyond these bounds it is an attack or a mistake, and the parser,
# which recurses, is not asked.
_MAX_LATEX_LENGTH: Final = 50_000
_MAX_LATEX_DEPTH: Final = 40
_NO_BACKSLASH: Final = "\N{REVERSE SOLIDUS OPERATOR}"


def _read_latex(text: str, own_name: str) -> str:
    # Braces, lest a macro without braces take the first character of an address as its argument.
    text = _SHIELDED_ADDRESS.sub(r"{\1}", text)
    text = _ESCAPED_OR_PERCENT.sub(_keep_percent, text)
    text = _VERBATIM.sub(lambda match: _shield(match[2].replace("\\", _NO_BACKSLASH), _LITERAL_SHIELD), text)
    text = _CITATION.sub("{}", text)
    text = _ENVIRONMENT.sub(" ", text)
    text = _TILDE.sub(_read_tilde, text)
    text = _MATH.sub(_read_math, text)
    text = _FONT_SWITCH.sub(_read_font_switch, text)
    text = _MACRO.sub(lambda match: _resolve_macro(match, own_name), text)
    # What has been read holds no backslash, whatever the author wrote: no later pass can find a macro in it.
    return _to_marked(text).replace("\\", _NO_BACKSLASH)


def _to_marked(latex: str) -> str:
    balanced, depth = _balance_braces(latex)
    if len(latex) > _MAX_LATEX_LENGTH or depth > _MAX_LATEX_DEPTH:
        return _strip_markup(latex)
    try:
        nodes, _, _ = LatexWalker(balanced, latex_context=_WALKER_CONTEXT, tolerant_parsing=True).get_latex_nodes()
        marked: str = _converter().nodelist_to_text(nodes)
    except Exception:  # noqa: BLE001 - one odd abstract must not cost the programme, whatever the parser raises
        return _strip_markup(latex)
    return _UNFILLED.sub("", marked)


def _strip_markup(latex: str) -> str:
    """Take LaTeX's markup away without understanding it, so that at least the words stay."""
    return _ANY_MARKUP.sub(r"\1", latex)


# What the parser leaves where a macro lacks its arguments. Each per cent sign of the author's is shielded.
_UNFILLED = re.compile(r"%(?:\([0-9]\))?s")
# A comment would swallow the rest of the abstract, and nobody comments in a web form.
_ESCAPED_OR_PERCENT = re.compile(r"\\.|%")
_VERBATIM = re.compile(r"\\verb\*?([|!+/])([^|!+/]*)\1")
_CITATION = re.compile(r"(?<![\s~])[\s~]*\\[Cc]ite[a-z]*\*?(?:\[[^\[\]]*\])*\{[^{}]*\}")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}")
_ANY_MARKUP = re.compile(r"\\[A-Za-z]+\s*|\\([^A-Za-z{}$\\])|[\\{}$]")


def _keep_percent(match: re.Match[str]) -> str:
    return _shield("%", _LITERAL_SHIELD) if match[0] in {"%", r"\%"} else match[0]


# A tilde is LaTeX's hard space, unless what follows is a number and what precedes is not a word: authors
# write "5.7~6.5" for a range and "~9" for an estimate.
_TILDE = re.compile(rf"\\.|(?<!{_LETTER})(?<!{_LETTER}\.)(?P<about>~)(?=\$?(?:\\[A-Za-z]+\{{)?[0-9])|~")


def _read_tilde(match: re.Match[str]) -> str:
    if match["about"]:
        return _shield("~", _LITERAL_SHIELD)
    return " " if match[0] == "~" else match[0]


# Pandoc's rule for dollars, except that a digit may follow what holds a macro, which money does not:
# "$\sim$70". The bodies stop at what could open another formula: each is scanned once.
_MATH = re.compile(
    r"""\\\((?P<inline>(?:[^\\$]|\\[^()\[\]])++)\\\)
    | \\\[(?P<display>(?:[^\\$]|\\[^()\[\]])++)\\\]
    | \\.
    | \$\$(?P<dollars>(?:[^\\$]|\\.)++)\$\$
    | \$(?!\s)(?P<dollar>(?:[^\\$]|\\.)++)(?<!\s)\$(?!\d)
    | \$(?!\s)(?P<macro>[^\\$]*+\\[A-Za-z](?:[^\\$]|\\.)*+)(?<!\s)\$
    | \$""",
    re.VERBOSE,
)
_SCRIPT = re.compile(r"(?<!\\)([\^_])(?:\{\s*([-+=()0-9]+)\s*\}|([-+0-9]))")
_DEGREE = re.compile(r"\^(?:\{\s*\\circ\s*\}|\\circ(?![A-Za-z]))")
_SPACE_BEFORE_LAST_TIMES = re.compile(r"(?<=\S)\s*(\\times\s*)$")
_SUPERSCRIPTS: Final = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_SUBSCRIPTS: Final = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def _has_math(text: str) -> bool:
    return any(match.lastgroup for match in _MATH.finditer(text))


def _read_math(match: re.Match[str]) -> str:
    if match.lastgroup:
        body = _SCRIPT.sub(_read_script, match[match.lastgroup])
        body = _DEGREE.sub("°", body)
        return "{" + _SPACE_BEFORE_LAST_TIMES.sub(r"\1", body) + "}"
    return _shield("$", _LITERAL_SHIELD) if match[0] == "$" else match[0]


def _read_script(match: re.Match[str]) -> str:
    return (match[2] or match[3]).translate(_SUPERSCRIPTS if match[1] == "^" else _SUBSCRIPTS)


_FONT_SWITCH = re.compile(r"\{\s*\\(bf|bfseries|it|itshape|em|sl)(?![A-Za-z])\s*")


def _read_font_switch(match: re.Match[str]) -> str:
    return r"\textbf{" if match[1].startswith("bf") else r"\emph{"


_MACRO = re.compile(r"\\(?:(?P<name>[A-Za-z]++)(?:(?P<argument>\{(?!\s*\}))|(?P<gap>\s+))?|(?P<symbol>.)|$)", re.DOTALL)


def _resolve_macro(match: re.Match[str], own_name: str) -> str:
    """Leave the macros LaTeX knows to the parser, and say what the others stand for."""
    name, symbol = match["name"], match["symbol"]
    if name is None:
        return match[0] if symbol in _DEFINED else symbol or ""
    if name in _LETTER_MACROS:
        # Here the space after the macro only ends its name, in the middle of a word: "Sk\l odowska".
        return f"{{\\{name}}}{match['argument'] or ''}"
    if name in _DEFINED:
        # LaTeX drops the space after a symbol, and whoever reads its source does not: "\alpha \leq 3".
        is_symbol = match["gap"] and name not in _TAKING_ARGUMENTS
        return f"{{\\{name}}} " if is_symbol else match[0]
    if match["argument"]:
        # With something in braces it is no name but a style of the paper's own: what it styles remains.
        return "{"
    return _shield(own_name or name, _LITERAL_SHIELD) + (match["gap"] or "")


def _balance_braces(latex: str) -> tuple[str, int]:
    """Close the braces left open, disarm the ones that close nothing, and return how deep they nest."""
    parts: list[str] = []
    depth = deepest = 0
    for part in _ESCAPED_OR_BRACE.split(latex):
        is_stray = part == "}" and depth == 0
        # An empty group, for without a brace a macro's name might run into the word that follows.
        parts.append("{}" if is_stray else part)
        depth += {"{": 1, "}": 0 if is_stray else -1}.get(part, 0)
        deepest = max(deepest, depth)
    return "".join(parts) + "}" * depth, deepest


_ESCAPED_OR_BRACE = re.compile(r"(\\.|[{}])", re.DOTALL)


# --- what the macros stand for

_BOLD_STEP: Final = {_BOLD_ON: 1, _BOLD_OFF: -1}
_ITALIC_STEP: Final = {_ITALIC_ON: 1, _ITALIC_OFF: -1}

_BOLD_MACROS: Final = ("textbf", "mathbf", "boldsymbol", "bm", "pmb")
_ITALIC_MACROS: Final = ("emph", "textit", "textsl", "mathit")
# Fonts that a searchable text is better without: a script O is not found by typing "O(n)".
_UNSTYLED_MACROS: Final = _words("""
    text textrm textsf texttt textsc textmd textup textnormal textsuperscript textsubscript mbox uline underline
    mathrm mathsf mathtt mathcal mathscr mathfrak mathnormal operatorname citetext
""")
_EMPTY_MACROS: Final = _words("""
    - / @ cite citet citep ref autoref cref Cref eqref label input include title author date maketitle today
    begin end verb par newline linebreak noindent centering protect nobreak xspace displaystyle limits
    left right big Big bigg Bigg bigl bigr Bigl Bigr tiny scriptsize footnotesize small normalsize large Large
    LARGE huge Huge bf bfseries it itshape em sl tt sc rm sf
""")
_LETTER_MACROS: Final = frozenset(_words("oe OE ae AE aa AA o O ss L l i j"))
_REPLACEMENTS: Final = {
    "sim": "~",  # as in "$\\sim$70", which everybody types and searches as "~70"
    "percent": "percent",
    "degree": "°",
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "gt": ">",
    "lt": "<",
    "textbar": "|",
    "textless": "<",
    "textgreater": ">",
    "space": " ",
    "thinspace": " ",
    "item": " • ",
    "\\": " ",
}


_Replacement: TypeAlias = Callable[[LatexMacroNode, LatexNodes2Text], str]


def _between(before: str, after: str) -> _Replacement:
    """Return a replacement that puts something around a macro's last argument."""

    def replace(node: LatexMacroNode, l2tobj: LatexNodes2Text) -> str:
        arguments = node.nodeargd.argnlist
        return f"{before}{l2tobj.node_arg_to_text(node, len(arguments) - 1)}{after}" if arguments else ""

    return replace


def _show_link(node: LatexMacroNode, l2tobj: LatexNodes2Text) -> str:
    """Show a link's address after its text: nobody should have to click to learn where it leads."""
    address, text = (l2tobj.node_arg_to_text(node, at).strip() for at in (0, 1))
    return text if address == text else f"{text} ({address})"


def _walker_context() -> LatexContextDb:
    # Without its "specials" (~, &, --, ``): what they mean here depends on more than LaTeX.
    context = default_walker_context().filter_context(keep_categories=["latex-base", "natbib"], keep_which=["macros"])
    taking_one = (*_BOLD_MACROS, *_ITALIC_MACROS, *_UNSTYLED_MACROS)
    macros = [MacroSpec(name, "{") for name in taking_one]
    macros += [MacroSpec("href", "{{"), MacroSpec("\\", "")]
    context.add_context_category("own", macros=macros, prepend=True)
    return context


def _text_context() -> LatexContextDb:
    context = default_text_context().filter_context(
        keep_categories=["latex-base", "latex-approximations", "advanced-symbols"], keep_which=["macros"]
    )
    replacements = {
        **dict.fromkeys(_BOLD_MACROS, _between(_BOLD_ON, _BOLD_OFF)),
        **dict.fromkeys(_ITALIC_MACROS, _between(_ITALIC_ON, _ITALIC_OFF)),
        **dict.fromkeys(_UNSTYLED_MACROS, _between("", "")),
        **dict.fromkeys(_EMPTY_MACROS, ""),
        **_REPLACEMENTS,
        "footnote": _between(" (", ")"),
        "href": _show_link,
    }
    macros = [MacroTextSpec(name, simplify_repl=meaning) for name, meaning in replacements.items()]
    context.add_context_category("own", macros=macros, prepend=True)
    return context


def _names(context: LatexContextDb) -> Iterable[str]:
    return (spec.macroname for spec in context.iter_macro_specs())


def _converter() -> LatexNodes2Text:
    """Return a converter of its own for each text: the library keeps the state of the document in it."""
    return LatexNodes2Text(latex_context=_TEXT_CONTEXT, strict_latex_spaces={"between-latex-constructs": True})


_WALKER_CONTEXT: Final = _walker_context()
_TEXT_CONTEXT: Final = _text_context()
_TAKING_ARGUMENTS: Final = frozenset(_names(_WALKER_CONTEXT))
_DEFINED: Final = _TAKING_ARGUMENTS | frozenset(_names(_TEXT_CONTEXT))
