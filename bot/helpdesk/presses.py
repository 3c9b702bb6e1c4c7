"""The form, and what the buttons do: below a request in its thread, below a report, and below an answer to one.

No custom id that says who reports, or which message, is ever written down: the responder is told to keep them discreet.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import discord

from bot.background import BackgroundTasks
from bot.clock import Clock
from bot.connection.contexts import is_elsewhere
from bot.errors import UserError
from bot.helpdesk import answers
from bot.helpdesk.conduct import Conduct
from bot.helpdesk.duty import Duty
from bot.helpdesk.model import TEXT, About, Asked, Quote, is_token, new_token
from bot.helpdesk.service import HelpDesk
from bot.ui.answer import ActionButton, Answer
from bot.ui.controls import bearing, token_in
from bot.ui.form import Forms, standing_id
from bot.ui.interaction import Interaction
from bot.ui.pending import Pending
from bot.ui.presses import Presses
from bot.ui.questions import NOT_UNDERSTOOD
from bot.ui.responder import Responder

_ASK, _REPORT, _WORD = "desk", "report", "conduct"
"""The names of the forms: of the command, of the menu of a message, and of what goes back and forth about a report."""

_ELSEWHERE: Final = (
    "Use this in the conference's own server, or in a direct message to me: I know those on duty and the conduct team "
    "there alone."
)
_NOT_A_MEMBER: Final = "This is for those who are in the conference's own server."

_IDS_END: Final = 2**63
_EACH, _MOST = 5, 500
"""How many messages that are about to be reported are remembered, one person's and all together."""


class HelpDeskPresses:
    """Leads from the form to the thread or the conduct team, and answers the buttons there."""

    def __init__(
        self,
        help_desk: HelpDesk,
        conduct: Conduct,
        duty: Duty,
        responder: Responder,
        forms: Forms,
        background: BackgroundTasks,
        clock: Clock,
    ) -> None:
        self._help_desk = help_desk
        self._conduct = conduct
        self._duty = duty
        self._responder = responder
        self._forms = forms
        self._background = background
        self._clock = clock
        self._quotes: Pending[Quote] = Pending(clock, each=_EACH, most=_MOST)

    def register(self, presses: Presses) -> None:
        """Answer these presses, and the forms."""
        presses.on(answers.DESK, self._pressed)
        presses.on(answers.CONDUCT, self._conduct_pressed)
        self._forms.on(_ASK, self._asked)
        self._forms.on(_REPORT, self._reported)
        self._forms.on(_WORD, self._worded)
        for name in (_ASK, _REPORT, _WORD):
            self._responder.keep_discreet(standing_id(name))
        self._responder.keep_discreet(f"{answers.CONDUCT}:")
        self._responder.after_answer(self._tell_unseen)

    async def ask(self, interaction: Interaction) -> None:
        """Show the form.

        Raises:
            UserError: nothing is set up.
        """
        self._check(interaction)
        fields = answers.fields(self._duty.about, report=False)
        await self._forms.open_standing(interaction, _ASK, new_token(), answers.form_title(report=False), fields)

    async def report(self, interaction: Interaction, message: discord.Message) -> None:
        """Show the form about a message. Discord hands over what it says with the press.

        Raises:
            UserError: nothing is set up, or the message is of another server.
        """
        self._check(interaction)
        quote = _quote_of(message)
        token = self._quotes.keep(interaction.user.id, quote, new_token())
        about = f"{token}:{message.channel.id}:{message.id}:{quote.author_id}"
        fields = answers.fields(self._duty.about, report=True)
        await self._forms.open_standing(interaction, _REPORT, about, answers.form_title(report=True), fields)

    def _check(self, interaction: Interaction) -> None:
        if not self._duty.about:
            raise UserError(answers.off_text(self._duty.contact))
        # In other people's direct messages it can be needed most; in another conference's server it is another's.
        if is_elsewhere(interaction) and interaction.guild_id is not None:
            raise UserError(_ELSEWHERE)

    async def _asked(self, interaction: Interaction, token: str, typed: Mapping[str, str]) -> None:
        await self._hand_in(interaction, token, typed, None)

    async def _reported(self, interaction: Interaction, about: str, typed: Mapping[str, str]) -> None:
        token, *ids = about.split(":")
        quote = self._quotes.find(interaction.user.id, token) or _restored(interaction, ids)
        await self._hand_in(interaction, token, typed, quote)

    async def _hand_in(
        self, interaction: Interaction, token: str, typed: Mapping[str, str], quote: Quote | None
    ) -> None:
        """Hand in a form; what is refused loses nothing that was typed."""
        if not is_token(token):
            raise UserError(NOT_UNDERSTOOD)
        await self._responder.defer(interaction)
        text = typed.get(answers.WHAT, "")[:TEXT]
        about = answers.about_of(typed.get(answers.ABOUT, ""), self._duty.about)
        if not self._duty.about or about is None:
            answer = answers.refused_answer("This form is older than what is set up now.", self._duty.contact, text)
        else:
            asked = Asked(token, interaction.user.id, text, quote, self._clock.now())
            named = typed.get(answers.NAME, "") == answers.SHOWN
            answer = await self._handed_in(interaction, about, asked, named=named)
        await self._responder.follow_up(interaction, answer)

    async def _handed_in(self, interaction: Interaction, about: About, asked: Asked, *, named: bool) -> Answer:
        try:
            home = await self._duty.home_of(interaction)
            if home is None:
                return answers.refused_answer(_NOT_A_MEMBER, self._duty.contact, asked.text)
            if about is About.CONDUCT:
                return await self._conduct.report(asked, home[0], named=named)
            return await self._help_desk.ask(asked, *home)
        except UserError as error:
            return answers.refused_answer(str(error), self._duty.contact, asked.text)

    # Below a request.

    async def _pressed(self, interaction: Interaction, about: str) -> None:
        action, token, *rest = _parts(about, 2)
        user_id, on_duty = interaction.user.id, self._duty.is_helper(interaction)
        await self._responder.defer(interaction)
        match action:
            case answers.TAKE:
                if not on_duty:
                    raise UserError("Those on duty take this.")
                request = await self._help_desk.take(token, _holder(rest), user_id)
            case answers.CLOSE:
                request = await self._help_desk.close(token, user_id, on_duty=on_duty)
            case _:
                raise UserError(NOT_UNDERSTOOD)
        state, buttons = answers.request_state(request), answers.request_buttons(request)
        await self._responder.conclude(interaction, _changed(interaction, state, buttons))
        if request.closed_by:
            # Afterwards: in a thread that is closed nothing can be answered.
            self._background.start(self._help_desk.finish_closing(token), "closing a thread")

    # Below a report, and below an answer to one.

    async def _conduct_pressed(self, interaction: Interaction, about: str) -> None:
        action, token, *rest = _parts(about, 2)
        if action == "add":
            await self._open_word(interaction, "add", token, "Your answer", "Answer the conduct team")
            return
        if action == answers.SHOW:
            answer = await self._conduct.unseen(interaction.user.id)
            await self._responder.send(interaction, answer, private=True)
            await self._conduct.seen(interaction.user.id)
            return
        self._check_team(interaction)
        match action:
            case answers.TAKE:
                await self._responder.defer(interaction)
                report = await self._conduct.take(token, _holder(rest[1:]), interaction.user.id)
                await self._show(interaction, answers.report_state(report), answers.report_buttons(report))
            case answers.REPLY:
                await self._open_word(interaction, answers.REPLY, token, "To the reporter", f"Answer · {token}")
            case answers.CLOSE:
                label = "To the reporter (may stay empty)"
                await self._open_word(interaction, answers.CLOSE, token, label, f"Close · {token}", required=False)
            case _:
                raise UserError(NOT_UNDERSTOOD)

    async def _open_word(
        self, interaction: Interaction, action: str, token: str, label: str, title: str, *, required: bool = True
    ) -> None:
        fields = answers.word_fields(label, required=required)
        await self._forms.open_standing(interaction, _WORD, f"{action}:{token}:{new_token()}", title, fields)

    async def _worded(self, interaction: Interaction, about: str, typed: Mapping[str, str]) -> None:
        action, token, word = _parts(about, 3)[:3]
        text = typed.get(answers.WHAT, "")[:TEXT]
        await self._responder.defer(interaction)
        if action == "add":
            due = await self._conduct.add_word(token, word, interaction.user.id, text)
            when = "" if due <= self._clock.now() else f" {discord.utils.format_dt(due, 'R')}"
            await self._say(interaction, f"It goes to the conduct team{when}.")
            return
        self._check_team(interaction)
        if action == answers.CLOSE:
            report = await self._conduct.close(token, word, text)
            state = answers.report_state(report, interaction.user.id)
            await self._show(interaction, state, answers.report_buttons(report))
            return
        await self._conduct.answer(token, word, text)
        await self._say(
            interaction,
            "It goes to the reporter in a direct message from me. Who takes none sees it when they use me next.",
        )

    async def _say(self, interaction: Interaction, text: str) -> None:
        await self._responder.follow_up(interaction, answers.done_answer(text))

    async def _show(self, interaction: Interaction, state: str, buttons: Sequence[ActionButton]) -> None:
        await self._responder.conclude(interaction, _changed(interaction, state, buttons))

    def _check_team(self, interaction: Interaction) -> None:
        if not self._duty.is_of_team(interaction):
            raise UserError("This is for the conduct team only.")

    async def _tell_unseen(self, interaction: Interaction, _answer: Answer) -> None:
        """Tell whoever just asked something that there is an answer for them that could not be sent."""
        if not _is_hint(interaction) and await self._conduct.has_unseen(interaction.user.id):
            await self._responder.follow_up(interaction, answers.unseen_hint())


def _is_hint(interaction: Interaction) -> bool:
    """Tell whether it is the press that shows what was not seen."""
    data: Any = interaction.data or {}
    return str(data.get("custom_id", "")).startswith(f"{answers.CONDUCT}:{answers.SHOW}")


def _holder(rest: Sequence[str]) -> int | None:
    """Return whose something was when the button was shown, None for nobody's."""
    text = rest[0] if rest else "0"
    if not re.fullmatch(r"\d{1,19}", text, re.ASCII) or int(text) >= _IDS_END:
        raise UserError(NOT_UNDERSTOOD)
    return int(text) or None


def _parts(about: str, fewest: int) -> list[str]:
    """Return the parts of what a custom id is about.

    Raises:
        UserError: they are too few for one that the bot has made.
    """
    parts = about.split(":")
    if len(parts) < fewest:
        raise UserError(NOT_UNDERSTOOD)
    return parts


def _changed(interaction: Interaction, state: str, buttons: Sequence[ActionButton]) -> Answer:
    """Return the pressed message with another state and other buttons.

    The first button goes on bearing the message's mark, by which the message is known again.
    """
    message = interaction.message
    if message is None or not message.embeds:
        return answers.done_answer(state)
    embeds = [answers.with_field(message.embeds[0], answers.STATE, state), *message.embeds[1:]]
    rows = (tuple(buttons),) if buttons else ()
    above = embeds[0] if len(embeds) > 1 else None
    return bearing(Answer(embeds[-1], rows, content=message.content, above=above), token_in(message))


def _quote_of(message: discord.Message) -> Quote:
    """Quote a message; of one that was forwarded, what it forwards too."""
    texts = [message.content, *(snapshot.content for snapshot in message.message_snapshots)]
    texts += [f"{embed.title or ''}\n{embed.description or ''}".strip() for embed in message.embeds]
    files = [(one.filename, one.url) for one in message.attachments]
    files += [(one.filename, one.url) for snapshot in message.message_snapshots for one in snapshot.attachments]
    author = message.author
    return Quote.of(
        author.id,
        author.display_name,
        "\n".join(filter(None, texts)),
        message.jump_url,
        message.created_at,
        files,
    )


def _restored(interaction: Interaction, ids: Sequence[str]) -> Quote | None:
    """Return what the form itself knows of a message whose text was in memory of a bot that has ended."""
    if len(ids) != 3 or not all(re.fullmatch(r"\d{15,20}", one, re.ASCII) for one in ids):
        return None
    channel, message, author = map(int, ids)
    link = f"https://discord.com/channels/{interaction.guild_id or '@me'}/{channel}/{message}"
    return Quote.of(author, "", None, link, discord.utils.snowflake_time(message))
