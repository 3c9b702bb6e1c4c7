r"""LaTeX's formulas: where they begin and end, and their parts that Unicode can show ("10^{-3}", "1.9\times")."""

import re
from typing import Final

from bot.programme.text.shields import shield_literal

# Pandoc's rule for dollars, except that a digit may follow what holds a macro, which money does not:
# "$\sim$70". The bodies stop at what could open another formula: each is scanned once.
_FORMULA = re.compile(
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


def has_formula(text: str) -> bool:
    """Tell whether there is a formula in a text."""
    return ("$" in text or "\\" in text) and any(match.lastgroup for match in _FORMULA.finditer(text))


def read_formulas(text: str) -> str:
    """Return a text with each formula as a group of LaTeX, and with the dollars that are money shielded."""
    return _FORMULA.sub(_read_formula, text)


def _read_formula(match: re.Match[str]) -> str:
    if match.lastgroup:
        body = _SCRIPT.sub(_read_script, match[match.lastgroup])
        body = _DEGREE.sub("°", body)
        return "{" + _SPACE_BEFORE_LAST_TIMES.sub(r"\1", body) + "}"
    return shield_literal("$") if match[0] == "$" else match[0]


def _read_script(match: re.Match[str]) -> str:
    return (match[2] or match[3]).translate(_SUPERSCRIPTS if match[1] == "^" else _SUBSCRIPTS)
