"""The addresses that a source gives, as text and as buttons."""

from collections.abc import Sequence

from bot.programme.source import Link
from bot.ui.answer import LinkButton, Row
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import BUTTON_LABEL, EMBED_FIELD_VALUE, LINK_BUTTON_URL, ROW_BUTTONS, clip
from bot.ui.markdown import escaped

_MOST_LINES = 4


def link_lines(links: Sequence[Link]) -> str:
    """Tell addresses, a line each, as many as fit into a field."""
    return lines_that_fit([f"{escaped(link.label, 60)}: {link.url}" for link in links], EMBED_FIELD_VALUE, _MOST_LINES)


def link_buttons(links: Sequence[Link]) -> tuple[Row, ...]:
    """Return a row of buttons that open the addresses, or nothing when there are none that a button can hold."""
    short = [link for link in links if len(link.url) <= LINK_BUTTON_URL][:ROW_BUTTONS]
    return (tuple(LinkButton(clip(link.label, BUTTON_LABEL), link.url) for link in short),) if short else ()
