"""From HTML, as descriptions hold it, to plain text.

The parser is lxml's, which reports tags and text one after the other and builds no tree: of the libraries tried it
alone took time in proportion to the text whatever the text was. Those that build a tree as browsers do (selectolax,
nh3) and those on top of Python's own parser (BeautifulSoup, html2text) took 10 seconds and more for some texts of a
few hundred KB.
"""

import html as entities
import re
from typing import Final

from lxml import etree  # type: ignore[import-untyped]

from bot.sources.reading.gather import without_surrogates

_PARAGRAPHS: Final = frozenset(
    "p h1 h2 h3 h4 h5 h6 ul ol dl blockquote pre table hr figure section article header footer".split()
)
_LINES: Final = frozenset(
    "div li tr dt dd caption figcaption summary nav aside center form fieldset legend tbody thead tfoot".split()
)
_CELLS: Final = frozenset({"td", "th"})
_BLOCKS: Final = _PARAGRAPHS | _LINES | _CELLS | {"br"}
_DROPPED: Final = frozenset({"script", "style", "title", "iframe"})
_IN_LINE: Final = frozenset(
    "a abbr acronym b big cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub sup tt u "
    "wbr nobr o:p audio video picture html body head meta noscript".split()
)

# A bracket is literal unless it opens a tag that HTML has and is closed before the next one opens, with nothing in it
# but attributes: people write "p<0.05", "a<b and c>d", "List<String>" and "<name@example.org>" in their abstracts.
_NAMES: Final = "|".join(sorted(_BLOCKS | _DROPPED | _IN_LINE, key=len, reverse=True))
_REST: Final = r"(?:\s[^<>=]*+=[^<>]*+|\s*+/?)>"
_TAG = re.compile(rf"</?({_NAMES}){_REST}", re.IGNORECASE)
_LITERAL_BRACKET = re.compile(rf"<(?!/?(?:{_NAMES}){_REST}|!--|!doctype\b)", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SPACES = re.compile(r"[ \t\n\r\f\xa0]+")
_WEB_ADDRESS = re.compile(r"https?://[^\s<>\x00-\x1f\x7f]+", re.IGNORECASE)
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_BULLET: Final = "• "


def to_text(html: str) -> str:
    """Return the text of what may be HTML; a text without tags and entities comes back as it is.

    Paragraphs are separated by a blank line; list items, table rows and the like begin on a line of their own. The
    address of a link follows its words. Where tags only style words, the line breaks are those of the author.

    Args:
        html: any text. It never fails, and takes time in proportion to its length.
    """
    if "<" not in html and "&" not in html:
        return html
    tags = {match[1].lower() for match in _TAG.finditer(html)}
    if not tags:
        return _ENTITY.sub(lambda match: entities.unescape(match[0]), html)
    parser = etree.HTMLParser(target=_Writer(keep_lines=tags.isdisjoint(_BLOCKS)), huge_tree=True)
    parser.feed(_LITERAL_BRACKET.sub("&lt;", without_surrogates(html)))
    text: str = parser.close()
    return text


class _Writer:
    """Receives tags and text in the order of the document, and writes the text."""

    def __init__(self, *, keep_lines: bool) -> None:
        self._written: list[str] = []
        self._breaks = 0
        self._dropping = 0
        self._keeping = int(keep_lines)
        self._address = ""
        self._words_from = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        self._break_at(tag)
        if tag in _DROPPED:
            self._dropping += 1
        elif tag == "br":
            self._breaks = min(self._breaks + 1, 2)
        elif tag in _CELLS:
            self._write(" ")
        elif tag == "li":
            self._write(_BULLET)
        elif tag == "pre":
            self._keeping += 1
        elif tag == "a":
            self._address, self._words_from = attributes.get("href", "").strip(), len(self._written)

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag in _DROPPED:
            self._dropping -= 1
        elif tag == "pre":
            self._keeping -= 1
        elif tag == "a":
            self._end_link()
        self._break_at(tag)

    def data(self, text: str) -> None:
        """Take a piece of text."""
        if not self._dropping:
            self._write(text.replace("\xa0", " ") if self._keeping else _SPACES.sub(" ", text))

    def comment(self, text: str) -> None:
        """Take a comment, which nobody sees."""

    def close(self) -> str:
        """Return the text written."""
        return "\n".join(line.rstrip() for line in "".join(self._written).split("\n")).strip()

    def _break_at(self, tag: str) -> None:
        # The first paragraph of a list item stays beside its bullet.
        if self._written and self._written[-1] is not _BULLET:
            self._breaks = 2 if tag in _PARAGRAPHS else max(self._breaks, int(tag in _LINES))

    def _write(self, text: str) -> None:
        if not self._keeping and (self._breaks or not self._written or self._written[-1].endswith((" ", "\n"))):
            text = text.removeprefix(" ")
        if not text:
            return
        if self._breaks and self._written:
            self._written[-1] = self._written[-1].rstrip("\n")
            self._written.append("\n" * self._breaks)
        self._breaks = 0
        self._written.append(text)

    def _end_link(self) -> None:
        words = "".join(self._written[self._words_from :]).strip()
        address, self._address = self._address, ""
        if words and _WEB_ADDRESS.fullmatch(address) and _bare(address) != _bare(words):
            self._write(f" ({address})")


def _bare(address: str) -> str:
    return _SCHEME.sub("", address.strip().casefold(), count=1).rstrip("/")
