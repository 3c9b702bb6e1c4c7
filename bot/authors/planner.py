"""What goes out about authors, written into the outbox: to the moderators' channels, and pictures to papers' places."""

from collections.abc import Sequence

from bot.authors.claims import Claims
from bot.authors.model import PICTURE, About, Saying, Stage, picture_of, review_of
from bot.authors.places import PaperPlaces
from bot.authors.review_answers import REQUEST
from bot.authors.rows import AuthorStore
from bot.clock import Clock
from bot.config import NameOrId
from bot.delivery.channels import Channels
from bot.delivery.dispatcher import Dispatcher


class AuthorPlanner:
    """Plans messages. What was planned before changes nothing, so that all can be planned again after a start."""

    def __init__(
        self,
        store: AuthorStore,
        claims: Claims,
        places: PaperPlaces,
        channels: Channels,
        dispatcher: Dispatcher,
        clock: Clock,
        moderators: NameOrId | None,
    ) -> None:
        self._store = store
        self._claims = claims
        self._places = places
        self._channels = channels
        self._dispatcher = dispatcher
        self._clock = clock
        self._moderators = moderators

    @property
    def reviewers(self) -> Sequence[int]:
        """The ids of the channels in which the moderators decide."""
        return [channel.id for channel in self._channels.named(self._moderators)]

    def wake(self) -> None:
        """Have what was planned sent."""
        self._dispatcher.wake()

    async def replan(self) -> None:
        """Plan all that waits for the moderators, and the pictures that everybody may see."""
        subjects = [f"{REQUEST}:{request.id}" for request in self._claims.waiting]
        subjects += [saying.subject for saying in self._claims.unseen]
        now = self._clock.now()
        if shown := [review_of(subject, channel, now) for subject in subjects for channel in self.reviewers]:
            await self._store.deliver(shown)
            self.wake()
        planned = await self._store.planned(PICTURE)
        for claim in self._claims.all:
            picture = self._claims.said(claim, About.PICTURE, Stage.PUBLIC)
            if picture and picture.subject not in planned:  # the bot died before it was
                await self.show_picture(picture)
            elif picture:
                await self.show_pictures(claim.paper_key)

    async def show_picture(self, picture: Saying) -> None:
        """Bring a picture to its paper's place, which is made if need be; where there can be none, it waits."""
        claim = self._claims.get(picture.claim_id)
        if claim is None or not self._places.are_there:
            return
        await self._show([picture], await self._places.threads(claim.paper_key))

    async def show_pictures(self, paper_key: str) -> None:
        """Bring the pictures of a paper to the places that it has; what is there or on its way changes nothing."""
        found = (self._claims.said(claim, About.PICTURE, Stage.PUBLIC) for claim in self._claims.on(paper_key))
        await self._show([picture for picture in found if picture], self._places.there(paper_key))

    async def _show(self, pictures: Sequence[Saying], threads: Sequence[int]) -> None:
        now = self._clock.now()
        if due := [picture_of(picture, thread, now) for picture in pictures for thread in threads]:
            await self._store.deliver(due)
            self.wake()
