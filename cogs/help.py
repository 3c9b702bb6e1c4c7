"""What the bot can do: /help."""

from typing import Any

from discord import app_commands
from discord.ext import commands

from bot.admin.invitation import personal_invitation
from bot.client import ConferenceBot
from bot.help.answers import CommandHelp, help_answer
from bot.permissions import audiences_of
from bot.ui.interaction import Interaction

FIRST = (
    "paper",
    "author",
    "search",
    "session",
    "browse",
    "schedule",
    "now",
    "next",
    "where",
    "agenda",
    "foryou",
    "remindme",
    "questions ask",
    "questions show",
    "mydata",
    "help-desk",
    "help",
)
"""The commands that most people look for, in the order in which the help lists them; the others follow by name."""


class HelpCommands(commands.Cog):
    """The bot about itself."""

    def __init__(self, bot: ConferenceBot) -> None:
        self._tree = bot.tree
        self._services = bot.services

    @app_commands.command()
    async def help(self, interaction: Interaction) -> None:
        """Show what I can do for you."""
        services = self._services
        audiences = services.permissions.audiences_in(interaction)
        entries = []
        for command in sorted(self._tree.walk_commands(), key=_place):
            if not isinstance(command, app_commands.Command):
                continue
            if own := [audience for audience in audiences_of(command) if audience in audiences]:
                mention = services.commands.of(command.qualified_name)
                entries.append(CommandHelp(mention, command.description, own[0]))
        conference, programme = services.config.conference, services.library.edition.programme
        installable = services.config.discord.user_install
        personal = personal_invitation(interaction.application_id) if installable else None
        answer = help_answer(conference.name, conference.notice, entries, programme, personal)
        await services.responder.send(interaction, answer)


def _place(command: app_commands.Command[Any, ..., Any] | app_commands.Group) -> tuple[int, str]:
    name = command.qualified_name
    return FIRST.index(name) if name in FIRST else len(FIRST), name


async def setup(bot: ConferenceBot) -> None:
    """Add the command; discord.py calls this."""
    await bot.add_cog(HelpCommands(bot))
