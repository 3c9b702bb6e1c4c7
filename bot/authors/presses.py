"""What the buttons and forms of attendees and authors do: each is about the presser's own."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.authors import answers
from bot.authors.answers import VERB
from bot.authors.links import links_text
from bot.authors.model import LINKS_LENGTH, NAME_LENGTH, NOTE_LENGTH, TEXT_LENGTH
from bot.authors.own import OwnPapers
from bot.authors.pictures import upload_in
from bot.authors.service import AuthorService
from bot.clock import Clock
from bot.errors import UserError
from bot.ui.answer import ActionButton, Answer
from bot.ui.form import Field, FileField, Forms, TextField
from bot.ui.interaction import Interaction
from bot.ui.pending import Pending
from bot.ui.presses import Presses
from bot.ui.questions import NOT_UNDERSTOOD
from bot.ui.responder import Responder

_CODE, _NAME, _NOTE, _TEXT, _LINKS, _PICTURE = "code", "name", "note", "text", "links", "picture"
_CODE_FORM, _ASK_FORM, _SAY_FORM = "author-code", "author-ask", "author-say"
_CODE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class _Refused:
    """A form that could not be used, with what was typed into it."""

    form: str
    key: str
    typed: Mapping[str, str]


class AuthorPresses:
    """Answers the presses about one's own papers, and the forms."""

    def __init__(
        self, authors: AuthorService, own: OwnPapers, responder: Responder, forms: Forms, clock: Clock
    ) -> None:
        self._authors = authors
        self._own = own
        self._responder = responder
        self._forms = forms
        self._refused: Pending[_Refused] = Pending(clock)
        self._opens: Mapping[str, Callable[[Interaction, str], Awaitable[None]]] = {
            answers.CODE: self._open_code,
            answers.ASK: self._open_ask,
            answers.EDIT: self._open_say,
            answers.AGAIN: self._again,
        }
        self._turns: Mapping[str, Callable[[int, str], Awaitable[Answer]]] = {
            answers.WITHDRAW: authors.withdraw,
            answers.NO_PICTURE: own.remove_picture,
            answers.QUIET: partial(own.hear, quiet=True),
            answers.LOUD: partial(own.hear, quiet=False),
            answers.LOOKED: self._looked,
            answers.LEAVE: own.leaving,
            answers.LEAVE_SURELY: own.leave,
            answers.OWN: own.look,
            answers.MINE: self._list,
        }

    def register(self, presses: Presses) -> None:
        """Answer these presses, and the forms."""
        presses.on(VERB, self._pressed)
        self._forms.on(_CODE_FORM, self._code)
        self._forms.on(_ASK_FORM, self._ask)
        self._forms.on(_SAY_FORM, self._say)

    async def _pressed(self, interaction: Interaction, about: str) -> None:
        action, _, key = about.partition(":")
        reader = interaction.user.id
        if action in self._opens:
            await self._opens[action](interaction, key)
        elif action in self._turns:
            await self._responder.turn(interaction, await self._turns[action](reader, key))
        elif action == answers.START:
            await self._responder.send(interaction, self._authors.start(reader, key), private=True)
        elif action == answers.TICKET:
            # The file has to be read.
            await self._responder.defer(interaction)
            answer = await self._authors.by_ticket(reader, interaction.user.name, key)
            await self._responder.update(interaction, answer)
        else:
            raise UserError(NOT_UNDERSTOOD)

    async def _looked(self, reader: int, key: str) -> Answer:
        if key:
            return await self._own.look(reader, key)
        await self._own.looked(reader)
        return self._own.list(reader)

    async def _list(self, reader: int, _key: str) -> Answer:
        return self._own.list(reader)

    async def _open_code(self, interaction: Interaction, key: str) -> None:
        field = TextField(_CODE, "Your code", "", _CODE_LENGTH, "As the organizers mailed it to you.", required=True)
        await self._forms.open_standing(interaction, _CODE_FORM, key, "Your code as an author", [field])

    async def _open_ask(self, interaction: Interaction, key: str, typed: Mapping[str, str] | None = None) -> None:
        paper = self._authors.may_ask(interaction.user.id, key)
        typed = typed or {}
        name = typed.get(_NAME, interaction.user.display_name[:NAME_LENGTH])
        how = "What shows that it is you, such as a page of yours that names this account."
        fields = [
            TextField(_NAME, "Your name as on the paper", name, NAME_LENGTH, required=True),
            TextField(_NOTE, "For the moderators", typed.get(_NOTE, ""), NOTE_LENGTH, how, long=True),
        ]
        await self._forms.open_standing(interaction, _ASK_FORM, key, paper.label, fields)

    async def _open_say(self, interaction: Interaction, key: str, typed: Mapping[str, str] | None = None) -> None:
        paper, said = self._own.words(interaction.user.id, key)
        if typed is None:
            typed = {_TEXT: said.text, _LINKS: links_text(said.links)} if said else {}
        fields: list[Field] = [
            TextField(_TEXT, "A sentence", typed.get(_TEXT, ""), TEXT_LENGTH, "Such as: I am at the board 14–15 h."),
            TextField(
                _LINKS,
                "Links, a line each",
                typed.get(_LINKS, ""),
                LINKS_LENGTH,
                "Slides https://example.org",
                long=True,
            ),
        ]
        if self._own.takes_pictures:
            fields.append(FileField(_PICTURE, "A picture of your poster", "PNG, JPEG, GIF or WebP. It replaces yours."))
        await self._forms.open_standing(interaction, _SAY_FORM, key, paper.label, fields)

    async def _again(self, interaction: Interaction, token: str) -> None:
        refused = self._refused.get(interaction.user.id, token)
        opens = self._open_ask if refused.form == _ASK_FORM else self._open_say
        await opens(interaction, refused.key, refused.typed)

    async def _code(self, interaction: Interaction, key: str, typed: Mapping[str, str]) -> None:
        await self._responder.turn(
            interaction, await self._authors.by_code(interaction.user.id, typed.get(_CODE, ""), key)
        )

    async def _ask(self, interaction: Interaction, key: str, typed: Mapping[str, str]) -> None:
        user = interaction.user
        try:
            answer = await self._authors.ask(user.id, user.name, key, typed.get(_NAME, ""), typed.get(_NOTE, ""))
        except UserError as error:
            answer = self._not_lost(interaction, _Refused(_ASK_FORM, key, typed), str(error))
        await self._responder.turn(interaction, answer)

    async def _say(self, interaction: Interaction, key: str, typed: Mapping[str, str]) -> None:
        data: Any = interaction.data or {}
        upload = upload_in(data, typed.get(_PICTURE, "").partition("\n")[0])
        # A picture has to be looked at.
        await self._responder.defer(interaction)
        try:
            answer = await self._own.say(interaction.user.id, key, typed.get(_TEXT, ""), typed.get(_LINKS, ""), upload)
        except UserError as error:
            again = " Choose the picture again, too." if upload else ""
            answer = self._not_lost(interaction, _Refused(_SAY_FORM, key, typed), f"{error}{again}")
        await self._responder.update(interaction, answer)

    def _not_lost(self, interaction: Interaction, refused: _Refused, why: str) -> Answer:
        """Say why a form could not be used, and offer it again with all that was typed."""
        token = self._refused.keep(interaction.user.id, refused)
        edit = ActionButton("Edit", f"{answers.AGAIN}:{token}", verb=VERB)
        return Answer(None, ((edit,),), content=why)
