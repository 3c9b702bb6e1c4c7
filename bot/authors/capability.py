"""All that belongs to authors, built from what the bot has, and what the other parts are told of it."""

import logging
from collections.abc import Sequence

import discord

from bot.admin.log_channel import LogChannel
from bot.authors import answers
from bot.authors.claims import Claims
from bot.authors.codes import Codes, codes_from_environment
from bot.authors.deciding import AuthorDecisions
from bot.authors.messages import AuthorNoteWriter, PictureWriter, ReviewWriter
from bot.authors.model import NOTE, PICTURE, REVIEW, Way
from bot.authors.own import OwnPapers
from bot.authors.pictures import Pictures
from bot.authors.places import PaperPlaces
from bot.authors.planner import AuthorPlanner
from bot.authors.posted import PostedQuestions
from bot.authors.presses import AuthorPresses
from bot.authors.review_presses import AuthorReviewPresses
from bot.authors.rows import AuthorStore
from bot.authors.service import AuthorService
from bot.authors.ticket_file import TicketFile
from bot.background import BackgroundTasks
from bot.clock import Clock
from bot.config import Config
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.message import MessageWriter
from bot.delivery.model import Kind
from bot.delivery.rows import Outbox
from bot.discussion.model import Addition, Subject, SubjectKind
from bot.editions.service import Library
from bot.errors import UserError
from bot.store.engine import Database
from bot.ui.answer import Answer, AnyButton
from bot.ui.asking import Questions
from bot.ui.form import Forms
from bot.ui.interaction import Interaction
from bot.ui.links import link_buttons
from bot.ui.presses import Presses
from bot.ui.responder import Responder

log = logging.getLogger(__name__)


class Authors:
    """Everything about authors.

    Attributes:
        service: answers those who say to be authors.
        own: answers authors.
        decisions: carries out what moderators decide.
    """

    def __init__(
        self,
        config: Config,
        client: discord.Client,
        database: Database,
        outbox: Outbox,
        library: Library,
        places: PaperPlaces,
        channels: Channels,
        dispatcher: Dispatcher,
        log_channel: LogChannel,
        background: BackgroundTasks,
        clock: Clock,
    ) -> None:
        self._ways = tuple(Way(way) for way in config.authors.claim_by)
        self._moderators = config.discord.moderators_channel or config.discord.organizers_channel
        self._reviewed = config.authors.review
        self._background = background
        self._clock = clock
        self._codes, self._trouble = _codes() if Way.CODE in self._ways else (None, "")
        self._tickets = TicketFile(config.authors.tickets if Way.TICKET in self._ways else None)
        self._library = library
        self._places = places
        self._store = AuthorStore(database, outbox)
        self._claims = Claims(self._store)
        self._pictures = Pictures(client, self._store, client.http.get_from_cdn, clock)
        self._posted = PostedQuestions(client, self._store)
        self._planner = AuthorPlanner(self._store, self._claims, places, channels, dispatcher, clock, self._moderators)
        self.own = OwnPapers(
            library,
            self._claims,
            places,
            self._planner,
            self._pictures,
            background,
            clock,
            self._ways,
            reviewed=self._reviewed,
        )
        self.service = AuthorService(
            library, self._claims, self.own, self._planner, clock, self._ways, self._codes, self._tickets
        )
        self.decisions = AuthorDecisions(library, self._claims, self.own, self._planner, log_channel, clock)

    async def open(self) -> None:
        """Read all claims."""
        await self._claims.open()

    def writers(self) -> Sequence[tuple[Kind, MessageWriter]]:
        """Return who writes the messages about authors, by their kind."""
        return (
            (REVIEW, ReviewWriter(self._claims, self.decisions, self._pictures)),
            (NOTE, AuthorNoteWriter(self._library, self._claims, self._places)),
            (PICTURE, PictureWriter(self._library, self._claims, self._pictures)),
        )

    def register(self, presses: Presses, questions: Questions, responder: Responder, forms: Forms) -> None:
        """Answer the presses, the forms and the question about authors."""
        self.own.register(questions)
        self._places.tell(self.own, self._opened)
        AuthorPresses(self.service, self.own, responder, forms, self._clock).register(presses)
        AuthorReviewPresses(self.decisions, self._posted, responder, self._background).register(presses)

    async def connected(self) -> None:
        """Plan what the bot could not plan before it died, and look whether the tickets can be read."""
        await self._tickets.look()
        await self._planner.replan()

    async def replan(self) -> None:
        """Plan for channels that have come."""
        await self._planner.replan()

    def on(self, key: str) -> tuple[str, Sequence[AnyButton]]:
        """Return what the answer about a paper says of its authors, and the button for another one."""
        return answers.voices_text(self.own.voices(key)), self._start(key)

    def in_place(self, subject: Subject) -> Addition | None:
        """Return what the place where people talk about a paper says of its authors."""
        if subject.kind is not SubjectKind.PAPER:
            return None
        voices = self.own.voices(subject.key)
        links = [button for row in link_buttons(answers.links_of(voices)) if isinstance(row, tuple) for button in row]
        return Addition(answers.FIELD, answers.voice_lines(voices), (*self._start(subject.key), *links))

    def _start(self, key: str) -> Sequence[AnyButton]:
        return (answers.start_button(key),) if self._ways else ()

    def _opened(self, key: str) -> None:
        """Bring the pictures of a paper to a place that was made, or made again."""
        self._background.start(self._planner.show_pictures(key), "pictures of a poster")

    def counts(self) -> Sequence[str]:
        """Tell in a line how many authors are here, where that is set up or somebody is."""
        return [self.decisions.counted()] if self._ways or self._claims.all else []

    def missing(self, guild: discord.Guild) -> Sequence[str]:  # noqa: ARG002 - the same in every server
        """Return what stands in the way of authors, a sentence each as Markdown."""
        found = [discord.utils.escape_markdown(text) for text in (self._trouble, self._tickets.trouble) if text]
        asks = Way.MODERATOR in self._ways or (self._reviewed and self._ways)
        if asks and not self._moderators:
            found.append(
                "`discord.moderators_channel`: none is set, so the moderators are not told what authors ask; "
                "`/programme authors` shows it."
            )
        return found

    async def tell_unreachable(self, interaction: Interaction, _answer: Answer) -> None:
        """Tell whoever just asked something, once, that their direct messages don't arrive."""
        if self.own.tell_unreachable(interaction.user.id):
            await interaction.followup.send(answers.UNREACHABLE, ephemeral=interaction.guild is not None)


def _codes() -> tuple[Codes | None, str]:
    """Return what recognises codes, or why nothing does."""
    try:
        return codes_from_environment(), ""
    except UserError as error:
        log.warning("authors' codes are refused: %s", error)
        return None, f"{error}"
