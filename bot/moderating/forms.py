"""The form in which a moderator corrects a paper or a session."""

from collections.abc import Mapping

from bot.errors import UserError
from bot.moderating.service import Moderation
from bot.permissions import Audience
from bot.programme.corrections import LIMITS, Correctable
from bot.ui.form import Forms, TextField
from bot.ui.interaction import Interaction
from bot.ui.limits import MODAL_TEXT, size
from bot.ui.responder import Responder

_LABELS = {
    "title": "Title",
    "authors": "Authors, a line each",
    "abstract": "Abstract",
    "board": "Number of its board",
    "topics": "Topics, a line each",
    "name": "Name",
    "kind": "Kind, such as Poster session",
    "room": "Room",
    "starts_at": "Start, such as 2026-05-18 18:00",
    "ends_at": "End",
}
_REQUIRED = ("title", "name")
_LONG = ("authors", "abstract", "topics")


class FixForms:
    """Opens the form, and shows what the correction would change."""

    def __init__(self, moderation: Moderation, forms: Forms, responder: Responder) -> None:
        self._moderation = moderation
        self._forms = forms
        self._responder = responder

    async def open(self, interaction: Interaction, about: Correctable, key: str, name: str) -> None:
        """Show the fields of a paper or a session, filled in with what they are now.

        Raises:
            UserError: it is gone, or nothing of it fits into a form.
        """
        fields = [
            TextField(
                field,
                _LABELS[field],
                text,
                min(LIMITS[field], MODAL_TEXT),
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
            answer = await self._moderation.fix(answered.user.id, about, key, typed)
            await self._responder.send(answered, answer, private=True)

        await self._forms.open(interaction, f"Fix {name}", fields, submitted, only=(Audience.MODERATOR,))
