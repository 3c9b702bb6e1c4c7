"""The form in which a moderator corrects a paper or a session."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.clock import Clock
from bot.errors import UserError
from bot.moderating.service import Moderation
from bot.permissions import Audience
from bot.programme.corrections import LIMITS, Correctable
from bot.ui.answer import ActionButton, Answer
from bot.ui.form import Forms, TextField
from bot.ui.interaction import Interaction
from bot.ui.limits import MODAL_TEXT, size
from bot.ui.pending import Pending
from bot.ui.presses import Presses
from bot.ui.responder import Responder

_VERB = "fix"
_ONLY = (Audience.MODERATOR,)

_LABELS = {
    "title": "Title",
    "authors": "Authors, a line each",
    "abstract": "Abstract",
    "board": "Number of its board",
    "topics": "Topics, a line each",
    "name": "Name",
    "kind": "Kind, such as Poster session",
    "room": "Room",
    "starts_at": "Start",
    "ends_at": "End",
}
_HOW = {
    "starts_at": "14:30, tomorrow 9:00, 2026-05-18 18:00, in 20 minutes: in the conference's zone.",
    "ends_at": "Like the start, and after it.",
}
_REQUIRED = ("title", "name")
_LONG = ("authors", "abstract", "topics")


@dataclass(frozen=True, slots=True)
class _Refused:
    """A form that could not be used, with what was typed into it."""

    about: Correctable
    key: str
    name: str
    typed: Mapping[str, str]


class FixForms:
    """Opens the form, and shows what the correction would change."""

    def __init__(self, moderation: Moderation, forms: Forms, responder: Responder, clock: Clock) -> None:
        self._moderation = moderation
        self._forms = forms
        self._responder = responder
        self._refused: Pending[_Refused] = Pending(clock)

    def register(self, presses: Presses) -> None:
        """Answer the presses of Edit below what could not be used."""
        presses.on(_VERB, self._pressed, only=_ONLY)

    async def open(
        self,
        interaction: Interaction,
        about: Correctable,
        key: str,
        name: str,
        typed: Mapping[str, str] | None = None,
    ) -> None:
        """Show the fields of a paper or a session, filled in with what they are now.

        Args:
            interaction: what it answers.
            about: "paper" or "session".
            key: its key.
            name: what people call it.
            typed: what stands in the fields instead, typed before.

        Raises:
            UserError: it is gone, or nothing of it fits into a form.
        """
        fields = [
            TextField(
                field,
                _LABELS[field],
                (typed or {}).get(field, text),
                min(LIMITS[field], MODAL_TEXT),
                _HOW.get(field, ""),
                # What lacks its title can be corrected elsewhere all the same.
                required=field in _REQUIRED and bool(text),
                long=field in _LONG,
            )
            for field, text in (await self._moderation.texts(about, key)).items()
            # What does not fit into a form would come back cut.
            if size(text) <= min(LIMITS[field], MODAL_TEXT)
        ]
        if not fields:
            raise UserError("Everything about it is longer than a form takes. Correct it in the source.")

        async def submitted(answered: Interaction, typed: Mapping[str, str]) -> None:
            await self._responder.defer(answered)
            try:
                answer = await self._moderation.fix(answered.user.id, about, key, typed)
            except UserError as error:
                token = self._refused.keep(answered.user.id, _Refused(about, key, name, typed))
                answer = Answer(None, ((ActionButton("Edit", token, verb=_VERB),),), content=str(error))
            await self._responder.update(answered, answer)

        await self._forms.open(interaction, f"Fix {name}", fields, submitted, only=_ONLY)

    async def _pressed(self, interaction: Interaction, token: str) -> None:
        refused = self._refused.get(interaction.user.id, token)
        await self.open(interaction, refused.about, refused.key, refused.name, refused.typed)
