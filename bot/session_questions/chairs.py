"""Who chairs a session here: looks after its questions, and may show them on a screen."""

from collections.abc import Collection
from datetime import datetime

import discord

from bot.config import NameOrId, is_named
from bot.errors import UserError
from bot.permissions import Audience, Permissions
from bot.session_questions.model import EVERYWHERE
from bot.session_questions.rows import QuestionStore
from bot.store.audit import AuditEntry
from bot.ui.interaction import Interaction

STAFF = (Audience.ORGANIZER, Audience.MODERATOR)


class Chairs:
    """Tells whether somebody chairs a session.

    That are the organizers and the moderators; those whom the configuration names by a role or by their ids; and those
    whom an organizer named for a session, or for all. That the programme names a chair who is called like somebody
    proves nothing: there are namesakes.
    """

    def __init__(
        self,
        store: QuestionStore,
        permissions: Permissions,
        named: Collection[NameOrId],
    ) -> None:
        """Make them known.

        Args:
            store: keeps whom the organizers named.
            permissions: tells who is an organizer or a moderator.
            named: the names or ids of roles, or the ids of people.
        """
        self._store = store
        self._permissions = permissions
        self._named = named
        self._made: set[tuple[str, int]] = set()

    async def open(self) -> None:
        """Read whom the organizers named."""
        self._made = set(await self._store.chairs())

    def check(self, interaction: Interaction, session_key: str) -> None:
        """Let only a session's chairs through.

        Raises:
            UserError: they are none at this moment.
        """
        if not self.is_one(interaction, session_key):
            raise UserError(
                "This is for the chair of the session. An organizer can make you one with `/questions appoint`."
            )

    def is_one(self, interaction: Interaction, session_key: str) -> bool:
        """Tell whether somebody chairs a session, who uses the bot in the conference's own server."""
        user = interaction.user
        if self._permissions.allows(interaction, STAFF):
            return True
        if user.id in self._named or not self._made.isdisjoint(((session_key, user.id), (EVERYWHERE, user.id))):
            return True
        roles = user.roles if isinstance(user, discord.Member) else ()
        return any(is_named(role, role.name, self._named) for role in roles)

    def missing(self, guild: discord.Guild) -> list[str]:
        """Return the roles that the configuration names and a server does not have, a sentence each as Markdown."""
        names = [one for one in self._named if isinstance(one, str) and not any(r.name == one for r in guild.roles)]
        return [
            f"`questions.chairs`: this server has no role called {discord.utils.escape_markdown(name)}."
            for name in names
        ]

    def sessions_of(self, user_id: int) -> list[str]:
        """Return the keys of the sessions that an organizer named somebody for."""
        return sorted(key for key, chair in self._made if chair == user_id)

    async def name(self, session_key: str, user_id: int, since: datetime | None, record: AuditEntry) -> None:
        """Make somebody a chair of a session, or of all; for None they are one no longer."""
        await self._store.set_chair(session_key, user_id, since, record)
        if since is None:
            self._made.discard((session_key, user_id))
        else:
            self._made.add((session_key, user_id))

    def forget(self, user_id: int) -> None:
        """Forget somebody whose rows were deleted."""
        self._made = {(key, chair) for key, chair in self._made if chair != user_id}
