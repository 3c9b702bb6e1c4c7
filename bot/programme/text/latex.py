"""From LaTeX to marked text: what its parser can't decide is settled first, the rest is the parser's."""

import logging
import re
from typing import Final

from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalker

from bot.programme.text.broken_words import LETTER
from bot.programme.text.formulas import read_formulas
from bot.programme.text.macros import TEXT_CONTEXT, WALKER_CONTEXT, resolve_macros
from bot.programme.text.shields import SHIELDED_ADDRESS, shield_literal

# The library reports every slip in an author's LaTeX, which is no fault of the programme that reads it.
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)

# An abstract is two thousand characters. Beyond these bounds it is an attack or a mistake, and the parser,
# which recurses, is not asked.
_MAX_LENGTH: Final = 50_000
_MAX_DEPTH: Final = 40
# An argument in square brackets is read anew for each one around it that is not closed.
_MAX_OPEN: Final = 5
_NO_BACKSLASH: Final = "\N{REVERSE SOLIDUS OPERATOR}"

# A comment would swallow the rest of the abstract, and nobody comments in a web form.
_ESCAPED_OR_PERCENT = re.compile(r"\\.|%")
_VERBATIM = re.compile(r"\\verb\*?([|!+/])([^|!+/]*)\1")
_CITATION = re.compile(r"(?<![\s~])[\s~]*\\[Cc]ite[a-z]*\*?(?:\[[^\[\]]*\])*\{[^{}]*\}")
_ENVIRONMENT = re.compile(r"\\(?:begin|end)\s*\{[^{}]*\}")
# A tilde is LaTeX's hard space, unless what follows is a number and what precedes is not a word: authors
# write "5.7~6.5" for a range and "~9" for an estimate.
_TILDE = re.compile(rf"\\.|(?<!{LETTER})(?<!{LETTER}\.)(?P<about>~)(?=\$?(?:\\[A-Za-z]+\{{)?[0-9])|~")
_OPTIONAL = re.compile(r"(?P<opened>\\(?:[A-Za-z]+\*?\s*|.)\[)|\]")
_FONT_SWITCH = re.compile(r"\{\s*\\(bf|bfseries|it|itshape|em|sl)(?![A-Za-z])\s*")
_ESCAPED_OR_BRACE = re.compile(r"(\\.|[{}])", re.DOTALL)
# What the parser leaves where a macro lacks its arguments. Each per cent sign of the author's is shielded.
_UNFILLED = re.compile(r"%(?:\([0-9]\))?s")
_ANY_MARKUP = re.compile(r"\\[A-Za-z]+\s*|\\([^A-Za-z{}$\\])|[\\{}$]")


def read_latex(text: str, own_name: str) -> str:
    """Return marked text without LaTeX.

    Args:
        text: The text, its addresses shielded.
        own_name: What stands for macros that nobody defined; empty for their own names.
    """
    # Braces, lest a macro without braces take the first character of an address as its argument.
    text = SHIELDED_ADDRESS.sub(r"{\1}", text)
    text = _ESCAPED_OR_PERCENT.sub(_keep_percent, text)
    text = _VERBATIM.sub(lambda match: shield_literal(match[2].replace("\\", _NO_BACKSLASH)), text)
    text = _CITATION.sub("{}", text)
    text = _ENVIRONMENT.sub(" ", text)
    text = _TILDE.sub(_read_tilde, text)
    text = read_formulas(text)
    text = _FONT_SWITCH.sub(lambda match: r"\textbf{" if match[1].startswith("bf") else r"\emph{", text)
    text = resolve_macros(text, own_name)
    # What has been read holds no backslash, whatever the author wrote: no later pass can find a macro in it.
    return _parsed(text).replace("\\", _NO_BACKSLASH)


def _keep_percent(match: re.Match[str]) -> str:
    return shield_literal("%") if match[0] in {"%", r"\%"} else match[0]


def _read_tilde(match: re.Match[str]) -> str:
    if match["about"]:
        return shield_literal("~")
    return " " if match[0] == "~" else match[0]


def _parsed(latex: str) -> str:
    balanced, depth = _balance_braces(latex)
    if len(latex) > _MAX_LENGTH or depth > _MAX_DEPTH or _most_open(latex) > _MAX_OPEN:
        return _strip_markup(latex)
    try:
        nodes, _, _ = LatexWalker(balanced, latex_context=WALKER_CONTEXT, tolerant_parsing=True).get_latex_nodes()
        # A converter of its own for each text: the library keeps the state of the document in it.
        converter = LatexNodes2Text(latex_context=TEXT_CONTEXT, strict_latex_spaces={"between-latex-constructs": True})
        marked: str = converter.nodelist_to_text(nodes)
    except Exception:  # noqa: BLE001 - one odd abstract must not cost the programme, whatever the parser raises
        return _strip_markup(latex)
    return _UNFILLED.sub("", marked)


def _strip_markup(latex: str) -> str:
    """Take LaTeX's markup away without understanding it, so that at least the words stay."""
    return _ANY_MARKUP.sub(r"\1", latex)


def _most_open(latex: str) -> int:
    """Return how many arguments in square brackets are open at once, at the most."""
    now = most = 0
    for match in _OPTIONAL.finditer(latex):
        now = now + 1 if match["opened"] else max(now - 1, 0)
        most = max(most, now)
    return most


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
