"""Building an embed that keeps Discord's limits."""

from dataclasses import dataclass, field
from typing import Self

import discord

from bot.ui import limits
from bot.ui.limits import clip, size

COLOUR = discord.Colour.from_rgb(79, 109, 245)

_LEAST_FIELD = 120
"""The room that is kept for each further field, in characters."""


@dataclass(slots=True)
class Card:
    """Builds an embed that keeps Discord's limits whatever is put in.

    The fields get their room in the order in which they were added, and the description what is left; what does not fit
    is cut, and shows that it was. All texts are Markdown already, except the footer, which Discord shows as it is.
    """

    title: str
    footer: str = ""
    description: str = ""
    fields: list[tuple[str, str, bool]] = field(default_factory=list)

    def add(self, name: str, value: str, *, inline: bool = False) -> Self:
        """Add a field; one without a value is left out. Discord takes neither a blank name nor a blank value."""
        if value.strip():
            self.fields.append((name if name.strip() else "\u200b", value, inline))
        return self

    @property
    def room(self) -> int:
        """How many characters the description may have, given what else is on the card."""
        taken = size(self._title) + size(self._footer)
        taken += sum(size(name) + size(value) for name, value, _ in self._fields)
        return max(min(limits.EMBED_DESCRIPTION, limits.EMBED_TOTAL - taken), 0)

    def embed(self) -> discord.Embed:
        """Make the embed."""
        embed = discord.Embed(title=self._title, description=clip(self.description, self.room) or None, colour=COLOUR)
        for name, value, inline in self._fields:
            embed.add_field(name=name, value=value, inline=inline)
        if self._footer:
            embed.set_footer(text=self._footer)
        return embed

    @property
    def _title(self) -> str:
        return clip(self.title, limits.EMBED_TITLE)

    @property
    def _footer(self) -> str:
        return clip(self.footer, 200)

    @property
    def _fields(self) -> list[tuple[str, str, bool]]:
        if len(self.fields) > limits.EMBED_FIELDS:
            raise ValueError(f"{len(self.fields)} fields, but an embed has at most {limits.EMBED_FIELDS}")
        room = limits.EMBED_TOTAL - size(self._title) - size(self._footer)
        fitted: list[tuple[str, str, bool]] = []
        for place, (name, value, inline) in enumerate(self.fields, 1):
            # Each field still to come needs room for a name and for some of its text.
            own = room - _LEAST_FIELD * (len(self.fields) - place)
            heading = clip(name, min(limits.EMBED_FIELD_NAME, own // 2))
            text = clip(value, min(limits.EMBED_FIELD_VALUE, own - size(heading)))
            fitted.append((heading, text, inline))
            room -= size(heading) + size(text)
        return fitted
