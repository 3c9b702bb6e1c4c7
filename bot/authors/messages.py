"""What the bot writes by itself about authors: to the moderators, to authors, and pictures into papers' places."""

from collections.abc import Sequence
from typing import Final

from bot.authors.answers import LOOKED, QUIET, VERB
from bot.authors.claims import Claims
from bot.authors.deciding import AuthorDecisions
from bot.authors.model import About, Claim, Saying, Stage
from bot.authors.pictures import Pictures
from bot.authors.places import PaperPlaces
from bot.authors.review_answers import CLAIM, REQUEST, SAYING
from bot.delivery.message import OutgoingMessage
from bot.delivery.model import Batch, Delivery, Refused
from bot.editions.service import Library
from bot.programme.model import Paper
from bot.ui.answer import ActionButton
from bot.ui.card import Card
from bot.ui.markdown import escaped_line
from bot.ui.places import dated_entry
from bot.ui.questions import Question, QuestionKind

_NEWS: Final = "news"

_SENTENCES: Final = {
    "confirmed": "A moderator has confirmed that you are an author of this paper. Say something there: `/mypapers`.",
    "refused": "The moderators did not confirm that you are an author of this paper. Ask them if that is wrong.",
    "taken": "A moderator has taken back that you are an author of this paper. Ask them if that is wrong.",
    "shown": "Everybody sees now what you say on this paper.",
    "hidden": "The moderators do not show what you said on this paper.",
    _NEWS: "Somebody has written about your paper.",
}
_PAPER: Final = "Open the paper"


class ReviewWriter:
    """Shows the moderators what they are to decide."""

    def __init__(self, claims: Claims, decisions: AuthorDecisions, pictures: Pictures) -> None:
        self._claims = claims
        self._decisions = decisions
        self._pictures = pictures

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Ask the moderators, or show them a claim.

        Raises:
            Refused: there is nothing to decide any more, or the picture is gone.
            NotYet: Discord does not hand out the picture now.
        """
        subject = batch.deliveries[0].subject
        key, saying = self._about(subject)
        if key is None:
            raise Refused("there is nothing to decide any more")
        answer = self._decisions.open(subject)
        files = []
        if saying and saying.about is About.PICTURE and answer.embed:
            files = [await self._pictures.file(saying)]
            answer.embed.set_image(url=f"attachment://{files[0][0]}")
        buttons = [one for row in answer.rows if isinstance(row, tuple) for one in row if isinstance(one, ActionButton)]
        return OutgoingMessage(answer.embeds, [(_PAPER, Question(QuestionKind.PAPER, key))], buttons, files=files)

    async def outdated(self, batch: Batch) -> Sequence[str]:
        """Return the keys of what needs no decision any more."""
        return [one.key for one in batch.deliveries if self._about(one.subject)[0] is None]

    def _about(self, subject: str) -> tuple[str | None, Saying | None]:
        """Return the key of the paper that something is about, None where it is decided; and what an author says."""
        kind, _, text = subject.partition(":")
        number = int(text)
        if kind == REQUEST and (request := self._claims.request(number)):
            return request.slot.paper_key, None
        if kind == CLAIM and (claim := self._claims.get(number)):
            return claim.paper_key, None
        saying = self._claims.saying(number) if kind == SAYING else None
        if saying and saying.stage is Stage.WAITING and (claim := self._claims.get(saying.claim_id)):
            return claim.paper_key, saying
        return None, None


class AuthorNoteWriter:
    """Writes to authors what was decided, and that somebody writes about their papers."""

    def __init__(self, library: Library, claims: Claims, places: PaperPlaces) -> None:
        self._library = library
        self._claims = claims
        self._places = places

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Tell an author what there is.

        Raises:
            Refused: nothing of it is so any more.
        """
        parts = [part for one in batch.deliveries if (part := self._part(batch.target_id, one))]
        if not parts:
            raise Refused("there is nothing to tell any more")
        card = Card("Your papers", description="\n\n".join(dict.fromkeys(parts)))
        news = [key for what, key in map(_split, batch.deliveries) if what == _NEWS]
        buttons = []
        if news:
            about = news[0] if len(set(news)) == 1 else ""
            buttons = [
                ActionButton("I have looked", f"{LOOKED}:{about}", verb=VERB),
                *([ActionButton("Don't write to me", f"{QUIET}:{about}", verb=VERB)] if about else []),
            ]
            card.footer = "I am quiet until you have looked: press that, or write something there."
        return OutgoingMessage([card.embed()], [("My papers", Question(QuestionKind.MY_PAPERS))], buttons)

    async def outdated(self, batch: Batch) -> Sequence[str]:
        """Return the keys of the news that an author has seen meanwhile, or wants to hear nothing of."""
        return [one.key for one in batch.deliveries if not self._holds(batch.target_id, one)]

    def _holds(self, user_id: int, delivery: Delivery) -> bool:
        what, key = _split(delivery)
        if what != _NEWS:
            return True
        claim = self._claims.own(user_id, key)
        return claim is not None and claim.told and not claim.quiet

    def _part(self, user_id: int, delivery: Delivery) -> str:
        what, key = _split(delivery)
        if not self._holds(user_id, delivery):
            return ""
        paper = self._library.edition.programme.papers.get(key)
        url = self._places.url(key) if what == _NEWS else ""
        lines = [dated_entry(paper, 300) if paper else "A paper that is no longer in the programme."]
        return "\n".join(filter(None, (*lines, _SENTENCES[what], url and f"Read it there: {url}")))


class PictureWriter:
    """Brings pictures of posters into the papers' places."""

    def __init__(self, library: Library, claims: Claims, pictures: Pictures) -> None:
        self._library = library
        self._claims = claims
        self._pictures = pictures

    async def write(self, batch: Batch) -> OutgoingMessage:
        """Show a picture of a poster.

        Raises:
            Refused: it is not to be shown any more, or is gone.
            NotYet: Discord does not hand it out now.
        """
        saying, claim, paper = self._about(batch.deliveries[0])
        if saying is None or claim is None or paper is None:
            raise Refused("the picture is not to be shown any more")
        name, data = await self._pictures.file(saying)
        card = Card("The poster")
        card.description = f"By **{escaped_line(claim.slot.name, 100)}** (<@{claim.user_id}>)"
        embed = card.embed().set_image(url=f"attachment://{name}")
        return OutgoingMessage([embed], [(_PAPER, Question(QuestionKind.PAPER, paper.key))], files=[(name, data)])

    async def outdated(self, batch: Batch) -> Sequence[str]:
        """Return the keys of the pictures that are not to be shown any more."""
        return [one.key for one in batch.deliveries if None in self._about(one)]

    def _about(self, delivery: Delivery) -> tuple[Saying | None, Claim | None, Paper | None]:
        saying = self._claims.saying(int(delivery.subject.partition(":")[2]))
        if saying is None or saying.stage is not Stage.PUBLIC:
            return None, None, None
        claim = self._claims.get(saying.claim_id)
        return saying, claim, self._library.edition.programme.papers.get(claim.paper_key) if claim else None


def _split(delivery: Delivery) -> tuple[str, str]:
    """Return what a note is about, and the key of its paper."""
    what, _, key = delivery.subject.partition(":")
    return what, key
