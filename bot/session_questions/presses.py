"""What the buttons, menus and forms do about questions to sessions.

All of it works in the conference's own server alone, where strangers can't vote.
"""

from collections.abc import Mapping

import discord

from bot.connection.contexts import is_elsewhere
from bot.delivery.channels import Channels
from bot.discussion.service import Places
from bot.errors import UserError
from bot.permissions import Audience, Permissions
from bot.session_questions import answers
from bot.session_questions.model import LENGTH, SessionQuestion, State, answer_link, message_link
from bot.session_questions.screens import Screens
from bot.session_questions.service import QuestionService
from bot.ui.answer import Answer
from bot.ui.form import ChoiceField, Field, Forms, TextField
from bot.ui.interaction import Interaction
from bot.ui.limits import clip
from bot.ui.presses import Handler, Presses, about_of, ticked_in
from bot.ui.questions import NOT_UNDERSTOOD, Question, number_in
from bot.ui.responder import Responder, is_own

_TEXT, _NAME, _LINK = "text", "name", "link"
_WITH_NAME = "With my name"
_WITHOUT_NAME = "Without my name; moderators still see who asked"


class SessionQuestionPresses:
    """Answers the presses and the forms."""

    def __init__(
        self,
        service: QuestionService,
        screens: Screens,
        places: Places,
        channels: Channels,
        permissions: Permissions,
        responder: Responder,
        forms: Forms,
    ) -> None:
        self._service = service
        self._screens = screens
        self._places = places
        self._channels = channels
        self._permissions = permissions
        self._responder = responder
        self._forms = forms

    def register(self, presses: Presses) -> None:
        """Answer these presses, and the forms."""
        handlers: Mapping[str, Handler] = {
            answers.ASK: self.open_form,
            answers.VOTE: self._vote,
            answers.UNVOTE: self._unvote,
            answers.VOTES: self._vote_for_several,
            answers.WITHDRAW: self._withdraw,
            answers.CHAIR: self._for_chair,
            answers.OPEN: self._open_panel,
            answers.SETTLE: self._settle,
            answers.MERGE: self._merge,
            answers.ANSWERS: self._mark_answer,
            answers.SCREEN: self._take_screen_down,
        }
        for verb, handler in handlers.items():
            presses.on(verb, self._at_home(handler))
        self._forms.on(answers.ASK, self._ask)
        self._forms.on(answers.SETTLE, self._answer_with_link)

    def check_here(self, interaction: Interaction) -> discord.Guild:
        """Let only those go on who are in the conference's own server, and may see where people talk; return it.

        Raises:
            UserError: they are elsewhere, or may not.
        """
        guild = interaction.guild
        if guild is None or is_elsewhere(interaction) or not self._channels.is_own(guild):
            raise UserError("Questions are asked and voted for in the conference's own server only.")
        # Where it is gone for the moment, what is asked waits for it.
        channel, user = self._places.home.find(guild.id), interaction.user
        if channel and isinstance(user, discord.Member) and not channel.permissions_for(user).view_channel:
            raise UserError("You can't see this conference's discussions, and so not what is asked there.")
        return guild

    async def open_form(self, interaction: Interaction, session_key: str) -> None:
        """Show the form for a question to a session."""
        self.check_here(interaction)
        self._service.check_takes(session_key)
        session = self._service.session(session_key)
        how = f"At most {LENGTH} characters. Everybody sees it and can vote for it."
        fields: list[Field] = [TextField(_TEXT, "Your question", "", LENGTH, how, required=True, long=True)]
        if self._service.anonymous:
            fields.append(ChoiceField(_NAME, "How it is shown", (_WITH_NAME, _WITHOUT_NAME), _WITH_NAME, required=True))
        title = clip(f"Ask: {session.name}", 45)
        await self._forms.open_standing(interaction, answers.ASK, session_key, title, fields)

    async def mark_message(self, interaction: Interaction, session_key: str, message: discord.Message) -> None:
        """Let a chair pick the question that a message in a session's place answers."""
        guild = self.check_here(interaction)
        self._service.chairs.check(interaction, session_key)
        about = f"{session_key}:{guild.id}:{message.channel.id}:{message.id}"
        await self._responder.send(interaction, self._service.answering(session_key, about), private=True)

    def _at_home(self, handler: Handler) -> Handler:
        async def checked(interaction: Interaction, about: str) -> None:
            self.check_here(interaction)
            await handler(interaction, about)

        return checked

    # What everybody may.

    async def _ask(self, interaction: Interaction, session_key: str, typed: Mapping[str, str]) -> None:
        text = typed.get(_TEXT, "")
        # A client that shows no such field has not asked whether the name may be shown.
        with_name = not self._service.anonymous or typed.get(_NAME) == _WITH_NAME
        try:
            guild = self.check_here(interaction)
            name = interaction.user.display_name if with_name else None
            answer = await self._service.ask(guild.id, interaction.user.id, name, session_key, text)
        except UserError as error:
            raise UserError(f"{error} You wrote: {answers.quoted(text)}") from None
        await self._responder.send(interaction, answer, private=True)

    async def _vote(self, interaction: Interaction, number: str) -> None:
        answer = await self._service.vote(interaction.user.id, number_in(number), wanted=True)
        await self._responder.turn(interaction, answer)

    async def _unvote(self, interaction: Interaction, number: str) -> None:
        answer = await self._service.vote(interaction.user.id, number_in(number), wanted=False)
        await self._responder.turn(interaction, answer)

    async def _vote_for_several(self, interaction: Interaction, picked: str) -> None:
        """Vote for what was picked, and take back what was ticked before and is no longer."""
        now = frozenset(picked.split())
        before = ticked_in(interaction) if is_own(interaction) else frozenset()
        add, remove = ([number_in(one) for one in found] for found in (now - before, before - now))
        await self._service.vote_for(interaction.user.id, add, remove)
        question = Question.from_code(about_of(interaction))
        await self._responder.turn(interaction, self._service.show(interaction.user.id, question.key, question.page))

    async def _withdraw(self, interaction: Interaction, number: str) -> None:
        await self._responder.turn(interaction, await self._service.withdraw(interaction.user.id, number_in(number)))

    # What chairs may.

    async def _for_chair(self, interaction: Interaction, about: str) -> None:
        session_key, _, page = about.partition(":")
        self._service.chairs.check(interaction, session_key)
        answer = self._service.for_chair(session_key, number_in(page.partition(":")[0]))
        await self._responder.turn(interaction, answer)

    async def _open_panel(self, interaction: Interaction, number: str) -> None:
        question = self._chaired(interaction, number)
        await self._responder.turn(interaction, self._panel(interaction, question.id))

    async def _settle(self, interaction: Interaction, about: str) -> None:
        action, _, number = about.partition(":")
        question = self._chaired(interaction, number)
        settled = {answers.ANSWERED: State.ANSWERED, answers.HIDE: State.HIDDEN, answers.REOPEN: State.OPEN}
        if action in settled:
            done = await self._service.settle(interaction.user.id, question.id, settled[action])
            await self._responder.turn(interaction, self._panel(interaction, question.id, done))
        elif action == answers.JOIN:
            await self._responder.turn(interaction, self._service.merging(question.id))
        elif action == answers.LINK:
            how = "In the menu of the message: Copy Message Link. Empty if it was answered in the room."
            field = TextField(_LINK, "Link to the answer", question.answer_url or "", 120, how)
            title = f"Answer to question {question.number}"
            await self._forms.open_standing(interaction, answers.SETTLE, str(question.id), title, [field])
        else:
            raise UserError(NOT_UNDERSTOOD)

    async def _answer_with_link(self, interaction: Interaction, number: str, typed: Mapping[str, str]) -> None:
        guild = self.check_here(interaction)
        question = self._chaired(interaction, number)
        link = answer_link(typed.get(_LINK, ""), guild.id)
        done = await self._service.settle(interaction.user.id, question.id, State.ANSWERED, answer_url=link)
        await self._responder.turn(interaction, self._panel(interaction, question.id, done))

    async def _merge(self, interaction: Interaction, into: str) -> None:
        question = self._chaired(interaction, about_of(interaction))
        done = await self._service.settle(interaction.user.id, question.id, State.MERGED, into=number_in(into))
        await self._responder.turn(interaction, self._panel(interaction, question.id, done))

    async def _mark_answer(self, interaction: Interaction, number: str) -> None:
        """Mark a question as answered by the message whose menu was used."""
        question = self._chaired(interaction, number)
        _, *ids = about_of(interaction).split(":")
        if len(ids) != 3 or not all(one.isascii() and one.isdecimal() for one in ids):
            raise UserError(NOT_UNDERSTOOD)
        url = message_link(int(ids[0]), int(ids[1]), int(ids[2]))
        done = await self._service.settle(interaction.user.id, question.id, State.ANSWERED, answer_url=url)
        await self._responder.turn(interaction, self._panel(interaction, question.id, done))

    async def _take_screen_down(self, interaction: Interaction, session_key: str) -> None:
        self._service.chairs.check(interaction, session_key)
        answer = await self._screens.take_down(interaction.channel_id or 0)
        await self._responder.send(interaction, answer, private=True)

    def _chaired(self, interaction: Interaction, number: str) -> SessionQuestion:
        """Return a question, if whoever asks chairs its session."""
        question = self._service.ledger.find(number_in(number))
        self._service.chairs.check(interaction, question.session_key)
        return question

    def _panel(self, interaction: Interaction, question_id: int, done: str = "") -> Answer:
        moderator = self._permissions.allows(interaction, (Audience.MODERATOR,))
        return self._service.panel(question_id, moderator=moderator, done=done)
