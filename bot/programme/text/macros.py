"""What LaTeX's macros stand for in plain text, and what becomes of those that LaTeX does not know."""

import re
from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec
from pylatexenc.latex2text import get_default_latex_context_db as default_text_context
from pylatexenc.latexwalker import LatexMacroNode
from pylatexenc.latexwalker import get_default_latex_context_db as default_walker_context
from pylatexenc.macrospec import LatexContextDb, MacroSpec

from bot.programme.text.addresses import shield_addresses
from bot.programme.text.marks import BOLD_OFF, BOLD_ON, ITALIC_OFF, ITALIC_ON
from bot.programme.text.shields import shield_literal
from bot.programme.text.typography import tidy

_BOLD_MACROS: Final = ("textbf", "mathbf", "boldsymbol", "bm", "pmb")
_ITALIC_MACROS: Final = ("emph", "textit", "textsl", "mathit")
# Fonts that a searchable text is better without: a script O is not found by typing "O(n)".
_UNSTYLED_MACROS: Final = """
    text textrm textsf texttt textsc textmd textup textnormal textsuperscript textsubscript mbox uline underline
    mathrm mathsf mathtt mathcal mathscr mathfrak mathnormal operatorname citetext
""".split()
_EMPTY_MACROS: Final = """
    - / @ cite citet citep ref autoref cref Cref eqref label input include title author date maketitle today
    begin end verb par newline linebreak noindent centering protect nobreak xspace displaystyle limits
    left right big Big bigg Bigg bigl bigr Bigl Bigr tiny scriptsize footnotesize small normalsize large Large
    LARGE huge Huge bf bfseries it itshape em sl tt sc rm sf
""".split()
_LETTER_MACROS: Final = frozenset("oe OE ae AE aa AA o O ss L l i j".split())
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

_MACRO = re.compile(r"\\(?:(?P<name>[A-Za-z]++)(?:(?P<argument>\{(?!\s*\}))|(?P<gap>\s+))?|(?P<symbol>.)|$)", re.DOTALL)

_Replacement: TypeAlias = Callable[[LatexMacroNode, LatexNodes2Text], str]


def undefined_macros(raw: str) -> tuple[str, ...]:
    r"""Return the macros that LaTeX does not know, with their backslash, in the order they first appear.

    Nearly always they are the name of the paper's own system, defined in a preamble nobody exported.
    """
    text = shield_addresses(tidy(raw))
    names = (match["name"] for match in _MACRO.finditer(text))
    return tuple(dict.fromkeys(f"\\{name}" for name in names if name and name not in _DEFINED))


def resolve_macros(text: str, own_name: str) -> str:
    """Leave the macros LaTeX knows to the parser, and say what the others stand for: a paper's own name, or theirs."""
    return _MACRO.sub(lambda match: _resolve_macro(match, own_name), text)


def _resolve_macro(match: re.Match[str], own_name: str) -> str:
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
    return shield_literal(own_name or name) + (match["gap"] or "")


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
        **dict.fromkeys(_BOLD_MACROS, _between(BOLD_ON, BOLD_OFF)),
        **dict.fromkeys(_ITALIC_MACROS, _between(ITALIC_ON, ITALIC_OFF)),
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


WALKER_CONTEXT: Final = _walker_context()
"""The macros that the parser knows, with their arguments."""

TEXT_CONTEXT: Final = _text_context()
"""What each of them is in plain text."""

_TAKING_ARGUMENTS: Final = frozenset(_names(WALKER_CONTEXT))
_DEFINED: Final = _TAKING_ARGUMENTS | frozenset(_names(TEXT_CONTEXT))
