r"""Web addresses in a text, bare or in one of LaTeX's macros (`\url{…}`, `\href{…}{…}`)."""

import re

from bot.programme.text.shields import shield_address, shield_literal

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


def shield_addresses(text: str) -> str:
    """Return a text whose addresses no rule changes."""
    if "\\" in text:
        text = _MACRO_ADDRESS.sub(_shield_macro_address, text)
    if "://" not in text:
        return text
    return _BARE_ADDRESS.sub(lambda match: shield_address(match[0].replace("\\", "")), text)


def _shield_macro_address(match: re.Match[str]) -> str:
    address = "".join(match[2].replace("\\", "").split())
    shielded = shield_address(address) if _ADDRESS.fullmatch(address) else shield_literal(address)
    return f"\\href{{{shielded}}}" if match[1] == "href" else shielded
