"""Registering the commands with Discord."""

import logging
from collections.abc import Iterable
from typing import Any

import discord
from discord import app_commands

from bot.connection.patience import FAILURES, in_words
from bot.registration.model import Registered, fingerprint_of
from bot.registration.rows import RegistrationStore
from bot.ui.command_mentions import CommandMentions

log = logging.getLogger(__name__)


class Registration:
    """Registers the commands when they are others than Discord was told last; else a start asks Discord nothing."""

    def __init__(self, store: RegistrationStore, mentions: CommandMentions) -> None:
        self._store = store
        self._mentions = mentions
        self._doubted = False

    async def register(self, tree: app_commands.CommandTree[Any], *, anew: bool = False) -> None:
        """Make Discord have the commands of a tree, and learn their ids.

        What Discord has is kept only once it has answered, so that a try that fails is made again.

        Args:
            tree: the commands.
            anew: whether to register them also when they have not changed.

        Raises:
            discord.HTTPException: Discord does not take them now.
            discord.app_commands.CommandSyncFailure: it never will.
            discord.app_commands.MissingApplicationID: the bot has not logged in.
        """
        application_id = tree.client.application_id
        if application_id is None:
            raise app_commands.MissingApplicationID
        fingerprint = fingerprint_of(command.to_dict(tree) for command in tree.get_commands())
        known = await self._store.get(application_id)
        if known:
            # Those that stay keep their ids, which are good also while Discord takes no others.
            self._mentions.ids = dict(known.ids)
        if known and known.fingerprint == fingerprint and not anew:
            return
        commands = await tree.sync()
        registered = Registered(fingerprint, _ids(commands))
        await self._store.put(application_id, registered)
        self._mentions.ids = dict(registered.ids)
        log.info("registered %d commands with Discord", len(commands))

    async def doubt(self, tree: app_commands.CommandTree[Any]) -> None:
        """Register the commands anew, once in a run: Discord has sent one that the bot does not have like that.

        Somebody else has changed them, or somebody's app still shows those of long ago; then this changes nothing.
        """
        if self._doubted:
            return
        self._doubted = True
        try:
            await self.register(tree, anew=True)
        except FAILURES as error:
            self._doubted = False
            log.warning("could not register the commands anew: %s", in_words(error))


def _ids(commands: Iterable[app_commands.AppCommand]) -> dict[str, int]:
    """Return the ids of the commands that are typed; nobody can mention those in menus."""
    return {command.name: command.id for command in commands if command.type is discord.AppCommandType.chat_input}
