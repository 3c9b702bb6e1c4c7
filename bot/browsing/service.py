"""Looking around in a programme, one menu deeper at a time, and following parts of it."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.agenda.agendas import Agendas
from bot.agenda.follows import Followed, Follows
from bot.browsing import answers
from bot.browsing.model import Facet, Part, Parts, Place, choices_at, facets_at, keys_at, parts_of
from bot.browsing.topics import Topics
from bot.editions.service import Library
from bot.errors import UserError
from bot.search.subjects import likeness
from bot.ui.answer import Answer
from bot.ui.asking import Questions
from bot.ui.questions import NOT_UNDERSTOOD, Question, QuestionKind
from bot.ui.wording import gone_answer

if TYPE_CHECKING:
    from bot.programme.model import Programme

FOLLOWABLE = (Facet.TOPIC, Facet.TRACK)

_PATIENCE = 1.5
"""How many seconds an answer waits for the topics: Discord waits three for an answer."""

_SAME_TOPIC = 0.4
"""How much alike a topic must be that was found anew, to be the one that somebody follows."""


class Browsing:
    """Answers about the parts of the programme in use."""

    def __init__(self, library: Library, topics: Topics, agendas: Agendas, follows: Follows, zone: ZoneInfo) -> None:
        self._library = library
        self._topics = topics
        self._agendas = agendas
        self._follows = follows
        self._zone = zone
        self._divided: tuple[Programme, bool, Parts] | None = None

    def register(self, questions: Questions) -> None:
        """Answer the questions about parts of the programme."""
        questions.on(self._answer, QuestionKind.BROWSE)

    async def browse(self, facet: Facet | None, reader: int | None) -> Answer:
        """Answer with the ways in which the programme is divided, or with the parts of one of them."""
        await self._topics.wait(_PATIENCE)
        return self._at(Place(choosing=facet), 0, reader)

    async def toggle(self, reader: int, key: str) -> Answer:
        """Follow the part at a place for somebody, or no longer, and say which it was.

        Raises:
            UserError: there is no such part, or it can't be followed, or there are too many already.
        """
        await self._topics.wait(_PATIENCE)
        place = Place.from_key(key)
        part = self._followable(place) if place else None
        if part is None:
            raise UserError("This part of the programme is gone, so it can't be followed. Use `/browse` again.")
        return answers.followed_answer(part.name, followed=await self._toggle(reader, part))

    async def papers_followed(self, reader: int) -> dict[str, frozenset[str]]:
        """Return the papers of each part somebody follows, by its name; parts that are gone have none."""
        await self._topics.wait(_PATIENCE)
        found: dict[str, frozenset[str]] = {}
        for one in self._follows.of(reader):
            part = self._part_of(one)
            found[part.name if part else one.name] = part.keys if part else frozenset()
        return found

    @property
    def _parts(self) -> Parts:
        programme, there = self._library.edition.programme, self._topics.are_there
        if self._divided is None or self._divided[0] is not programme or self._divided[1] is not there:
            self._divided = programme, there, parts_of(programme, self._zone, self._topics.of_papers)
        return self._divided[2]

    async def _answer(self, question: Question, reader: int | None) -> Answer:
        place = Place.from_key(question.key)
        if place is None:
            raise UserError(NOT_UNDERSTOOD)
        await self._topics.wait(_PATIENCE)
        return self._at(place, question.page, reader)

    def _at(self, place: Place, page: int, reader: int | None) -> Answer:
        parts, looking = self._parts, not self._topics.are_there
        keys = keys_at(parts, place)
        if keys is None:
            return gone_answer("part of the programme")
        trail = [parts[facet][token] for facet, token in place.steps]
        if place.choosing:
            found = choices_at(parts, place, place.choosing)
            return answers.parts_answer(place, trail, found, page, looking=looking)
        further = [] if place.is_deep else facets_at(parts, place)
        if not place.steps:
            own = [part for one in self._follows.of(reader or 0) if (part := self._part_of(one))]
            return answers.facets_answer(len(keys), further, own, looking=looking)
        papers = [paper for key, paper in self._library.edition.programme.papers.items() if key in keys]
        part = self._followable(place)
        followed = None if part is None else reader is not None and self._following(reader, part) is not None
        marked = None if reader is None else frozenset(self._agendas.of(reader))
        return answers.papers_answer(place, trail, papers, further, page, marked=marked, followed=followed)

    def _followable(self, place: Place) -> Part | None:
        """Return the part at a place that can be followed: a topic or a track, and nothing within another part."""
        if len(place.steps) != 1 or place.choosing or place.steps[0][0] not in FOLLOWABLE:
            return None
        facet, token = place.steps[0]
        return self._parts[facet].get(token)

    def _following(self, reader: int, part: Part) -> Followed | None:
        return next((one for one in self._follows.of(reader) if self._part_of(one) == part), None)

    async def _toggle(self, reader: int, part: Part) -> bool:
        if there := self._following(reader, part):
            await self._follows.remove(reader, there)
            return False
        found = next((topic for topic in self._topics.found if topic.name == part.name), None)
        words = dict(found.words) if found and part.facet is Facet.TOPIC else {}
        await self._follows.add(reader, Followed(part.facet, part.token, part.name, words))
        return True

    def _part_of(self, followed: Followed) -> Part | None:
        """Return the part that somebody follows as it is now; a topic that was found anew is known by its words."""
        parts = self._parts[Facet(followed.facet)]
        if part := parts.get(followed.token):
            return part
        alike = [(likeness(followed.words, topic.words), topic.name) for topic in self._topics.found]
        best, name = max(alike, default=(0.0, ""))
        if not followed.words or best < _SAME_TOPIC:
            return None
        return next((part for part in parts.values() if part.name == name), None)
