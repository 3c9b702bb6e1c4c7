"""What is in the menu of a message and of a person, under Apps: Bookmark, and Their papers."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.ui.controls import questions_in
from bot.ui.interaction import Interaction

BOOKMARK = "Bookmark"
THEIR_PAPERS = "Their papers"


class AppCommands(commands.Cog):
    """Commands on what somebody sees, in place of what they type."""

    def __init__(self, bot: ConferenceBot) -> None:
        self._tree = bot.tree
        self._services = bot.services
        self._responder = bot.services.responder
        self._menus = (
            app_commands.ContextMenu(name=BOOKMARK, callback=self.bookmark),
            app_commands.ContextMenu(name=THEIR_PAPERS, callback=self.their_papers),
        )

    async def cog_load(self) -> None:
        """Add the menus, which discord.py does not find in a cog by itself."""
        for menu in self._menus:
            self._tree.add_command(menu)

    async def cog_unload(self) -> None:
        """Take the menus away again."""
        for menu in self._menus:
            self._tree.remove_command(menu.name, type=menu.type)

    async def bookmark(self, interaction: Interaction, message: discord.Message) -> None:
        """Bookmark the paper that a message shows or names; of several, let the presser pick."""
        own = message.author == interaction.client.user
        parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
        texts = [part.content for part in parts]
        texts += [f"{embed.title or ''}\n{embed.description or ''}" for part in parts for embed in part.embeds]
        found, surely = self._services.lookup.service.papers_in("\n".join(texts), questions_in(message) if own else ())
        answer = await self._services.agenda.service.bookmark_found(interaction.user.id, found, surely=surely)
        await self._responder.send(interaction, answer, private=True)

    async def their_papers(self, interaction: Interaction, user: discord.User | discord.Member) -> None:
        """Show the papers of the author who is called like somebody."""
        names = [name for name in (user.display_name, user.global_name, user.name) if name]
        answer = self._services.lookup.service.papers_of_user(names, interaction.user.id)
        await self._responder.send(interaction, answer, private=True)


async def setup(bot: ConferenceBot) -> None:
    """Add the menus; discord.py calls this."""
    await bot.add_cog(AppCommands(bot))
