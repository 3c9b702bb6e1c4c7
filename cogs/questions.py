"""/questions: what attendees ask a session, what they vote for, and what its chair and the organizers do about it."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import ConferenceBot
from bot.discussion.model import SubjectKind
from bot.errors import UserError
from bot.permissions import audiences_of, missing_permissions
from bot.session_questions.chairs import STAFF
from bot.session_questions.model import EVERYWHERE
from bot.ui.interaction import Choice, Interaction
from bot.ui.limits import CHOICE_NAME, CHOICES, clip
from bot.ui.responder import may_post

ANSWERS_A_QUESTION = "Answers a question"
_FOR_STAFF = {"audiences": STAFF}
_SESSION = "Which one; leave it out in the session's own place"


class QuestionCommands(commands.Cog):
    """Questions to sessions: everybody asks and votes; chairs and organizers do more, which each command checks."""

    questions = app_commands.Group(
        name="questions",
        description="Questions to a session",
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    )

    def __init__(self, bot: ConferenceBot) -> None:
        services = bot.services
        self._tree = bot.tree
        self._service = services.session_questions.service
        self._presses = services.session_questions.presses
        self._screens = services.session_questions.screens
        self._places = services.discussion.places
        self._lookup = services.lookup.service
        self._library = services.library
        self._permissions = services.permissions
        self._responder = services.responder
        self._menu = app_commands.ContextMenu(name=ANSWERS_A_QUESTION, callback=self.answers_a_question)
        self._menu.allowed_contexts = app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        )
        self._menu.allowed_installs = app_commands.AppInstallationType(guild=True, user=False)

    async def cog_load(self) -> None:
        """Add the menu, which discord.py does not find in a cog by itself."""
        self._tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        """Take the menu away again."""
        self._tree.remove_command(self._menu.name, type=self._menu.type)

    async def interaction_check(self, interaction: Interaction, /) -> bool:
        """Let everybody use the commands in the conference's own server, and only those whom they are for."""
        try:
            self._presses.check_here(interaction)
            if interaction.command and interaction.type is discord.InteractionType.application_command:
                self._permissions.check(interaction, audiences_of(interaction.command))
        except UserError as error:
            # discord.py hands on to the error handler only what is an error of its own.
            raise app_commands.CheckFailure from error
        return True

    @questions.command()
    @app_commands.describe(session=_SESSION)
    async def ask(self, interaction: Interaction, session: str | None = None) -> None:
        """Ask a session a question, with your name or without it."""
        await self._presses.open_form(interaction, self._key(interaction, session))

    @questions.command()
    @app_commands.describe(session=_SESSION)
    async def show(self, interaction: Interaction, session: str | None = None) -> None:
        """Show all questions to a session, and vote for some."""
        answer = self._service.show(interaction.user.id, self._key(interaction, session))
        await self._responder.send(interaction, answer, private=True)

    @questions.command()
    @app_commands.describe(session=_SESSION)
    async def chair(self, interaction: Interaction, session: str | None = None) -> None:
        """For a session's chair: mark questions as answered, merge and hide them."""
        key = self._key(interaction, session)
        self._service.chairs.check(interaction, key)
        await self._responder.send(interaction, self._service.for_chair(key), private=True)

    @questions.command()
    @app_commands.describe(session=_SESSION)
    async def screen(self, interaction: Interaction, session: str | None = None) -> None:
        """For a session's chair: show the first five questions large in this channel."""
        key = self._key(interaction, session)
        self._service.chairs.check(interaction, key)
        channel = interaction.channel
        if not isinstance(channel, discord.TextChannel | discord.Thread) or not may_post(interaction):
            raise UserError("A screen is a message: use this in a text channel or a thread in which you may write.")
        if needed := missing_permissions(channel):
            raise UserError(f"I can't put a screen up here: I lack {', '.join(needed)}. Tell the organizers.")
        answer = await self._screens.put(channel.id, key, self._service.name_of(key))
        await self._responder.send(interaction, answer, private=True)

    @questions.command(extras=_FOR_STAFF)
    @app_commands.describe(session="Only those to this session; all, unless you name one")
    async def export(self, interaction: Interaction, session: str | None = None) -> None:
        """Hand out the questions with their votes and answers, as CSV and JSON."""
        key = self._key(interaction, session) if session else EVERYWHERE
        await self._responder.send(interaction, self._service.export(key), private=True)

    @questions.command(extras=_FOR_STAFF)
    @app_commands.describe(session=_SESSION, everywhere="All sessions at once")
    async def off(self, interaction: Interaction, session: str | None = None, everywhere: bool = False) -> None:
        """Let a session, or all of them, take no questions and votes."""
        await self._switch(interaction, session, everywhere=everywhere, takes=False)

    @questions.command(extras=_FOR_STAFF)
    @app_commands.describe(session=_SESSION, everywhere="All sessions at once")
    async def on(self, interaction: Interaction, session: str | None = None, everywhere: bool = False) -> None:
        """Let a session, or all of them, take questions and votes again."""
        await self._switch(interaction, session, everywhere=everywhere, takes=True)

    @questions.command(extras=_FOR_STAFF)
    @app_commands.describe(
        person="Who it is", session=_SESSION, everywhere="All sessions at once", remove="Whether they are one no longer"
    )
    async def appoint(
        self,
        interaction: Interaction,
        person: discord.Member,
        session: str | None = None,
        everywhere: bool = False,
        remove: bool = False,
    ) -> None:
        """Make somebody a chair of a session's questions."""
        key = self._key(interaction, session, everywhere=everywhere)
        answer = await self._service.name_chair(interaction.user.id, key, person.id, is_one=not remove)
        await self._responder.send(interaction, answer, private=True)

    async def answers_a_question(self, interaction: Interaction, message: discord.Message) -> None:
        """For a session's chair: mark the question that a message in the session's place answers."""
        await self._presses.mark_message(interaction, self._key(interaction, None), message)

    @ask.autocomplete("session")
    @show.autocomplete("session")
    @chair.autocomplete("session")
    @screen.autocomplete("session")
    @export.autocomplete("session")
    @off.autocomplete("session")
    @on.autocomplete("session")
    @appoint.autocomplete("session")
    async def suggest_sessions(self, interaction: Interaction, typed: str) -> list[Choice]:
        """Suggest the sessions whose names have the typed words."""
        sessions = self._lookup.sessions_like(typed)[:CHOICES]
        labels = self._lookup.session_labels(sessions)
        return self._responder.suggest(interaction, ((clip(name, CHOICE_NAME), key) for name, key in labels))

    async def _switch(self, interaction: Interaction, session: str | None, *, everywhere: bool, takes: bool) -> None:
        key = self._key(interaction, session, everywhere=everywhere)
        answer = await self._service.switch(interaction.user.id, key, takes=takes)
        await self._responder.send(interaction, answer, private=True)

    def _key(self, interaction: Interaction, typed: str | None, *, everywhere: bool = False) -> str:
        """Return the key of the session that is meant: the typed one, or that in whose place this is used.

        Raises:
            UserError: there is no such session, or none is named.
        """
        if everywhere:
            return EVERYWHERE
        if typed:
            found = self._lookup.sessions_like(typed)
            if not found:
                raise UserError("There is no such session. Pick one from the suggestions.")
            return found[0].key
        place = self._places.at(interaction.channel_id or 0)
        if place and place.kind is SubjectKind.SESSION:
            return place.key
        paper = self._library.edition.programme.papers.get(place.key) if place else None
        if paper and len(paper.session_keys) == 1:
            return paper.session_keys[0]
        raise UserError("Which session do you mean? Name it, or use this in the session's own place.")


async def setup(bot: ConferenceBot) -> None:
    """Add the commands where sessions take questions; discord.py calls this."""
    if bot.config.questions.enabled:
        await bot.add_cog(QuestionCommands(bot))
