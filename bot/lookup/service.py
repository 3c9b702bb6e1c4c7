"""The questions attendees ask about the programme: every one comes here and leaves as an answer."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Container, Iterable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import chain, islice
from zoneinfo import ZoneInfo

from bot.agenda.agendas import Agendas
from bot.agenda.recent import Recent
from bot.clock import Clock
from bot.discussion.model import Subject, Talk, paper_subject, session_subject
from bot.discussion.service import Places
from bot.editions.service import Library
from bot.errors import UserError
from bot.finding.model import Wanted
from bot.finding.service import Finding
from bot.lookup.answers import papers, people, results, rooms, schedule, sessions
from bot.lookup.linked import papers_linked
from bot.lookup.maps import RoomMaps
from bot.lookup.model import Addition, Narrowed, SavedSearch, names_within
from bot.lookup.rows import SearchStore
from bot.notes.notes import Notes
from bot.programme.days import by_day, end_of_day, in_time_order, is_over, next_opening
from bot.programme.model import Paper, Person, Programme, Session
from bot.programme.names import fold
from bot.programme.rooms import in_rooms, room_names, sessions_in
from bot.programme.talks import papers_by_time
from bot.programme.text import tidy
from bot.search import Certainty, Facet, Index, Query
from bot.search.vocabulary import EXACT
from bot.ui.answer import Answer, Button
from bot.ui.asking import Questions
from bot.ui.interaction import Interaction
from bot.ui.limits import CHOICE_NAME, CHOICES, clip, size
from bot.ui.moments import local_moment
from bot.ui.places import day_name
from bot.ui.questions import Question, QuestionKind
from bot.ui.rooms import room_key
from bot.ui.wording import gone_answer

_SHORT_MESSAGE = 300
"""In a longer message nobody has only typed a few words of a title."""

_QUERY_LIMIT = 500
"""How many characters of a search are kept for its buttons."""


class Lookup:
    """Answers questions from the current edition of the programme."""

    def __init__(
        self,
        library: Library,
        searches: SearchStore,
        agendas: Agendas,
        notes: Notes,
        recent: Recent,
        clock: Clock,
        zone: ZoneInfo,
        maps: RoomMaps,
        talk: Places,
        finding: Finding,
    ) -> None:
        self._library = library
        self._finding = finding
        self._searches = searches
        self._agendas = agendas
        self._notes = notes
        self._recent = recent
        self._clock = clock
        self._zone = zone
        self._maps = maps
        self._talk = talk
        self._offers: list[Callable[[str], Sequence[Button]]] = []
        self._additions: list[Callable[[str], Addition]] = []

    def also_offers(self, offers: Callable[[str], Sequence[Button]]) -> None:
        """Let another part add buttons to the answer about a session, given its key."""
        self._offers.append(offers)

    def also_shows(self, addition: Callable[[str], Addition]) -> None:
        """Let another part add to the answer about a paper, given its key."""
        self._additions.append(addition)

    def register(self, questions: Questions) -> None:
        """Answer the questions about the programme."""
        questions.on(self._about_paper, QuestionKind.PAPER, QuestionKind.SIMILAR, QuestionKind.BYLINE)
        questions.on(self._about_author, QuestionKind.AUTHOR)
        questions.on(self._about_session, QuestionKind.SESSION, QuestionKind.SESSIONS)
        questions.on(self._about_time, QuestionKind.SCHEDULE, QuestionKind.NOW, QuestionKind.NEXT)
        questions.on(self._about_rooms, QuestionKind.ROOM, QuestionKind.ROOMS)
        questions.on(self._about_search, QuestionKind.RESULTS)

    async def close(self) -> None:
        """Write down the searches that are not written yet."""
        await self._searches.close()

    async def note_look(self, interaction: Interaction, answer: Answer) -> None:
        """Remember what somebody looked at, if the answer shows a paper."""
        if answer.question and answer.question.kind is QuestionKind.PAPER:
            self._recent.note(interaction.user.id, answer.question.key)

    def paper(self, typed: str, reader: int | None) -> Answer:
        """Answer about the paper that somebody named, by key, board, title or any words of it."""
        typed = tidy(typed)
        certainty, found = self._index.find(typed)
        if certainty in (Certainty.NAMED, Certainty.MEANT):
            return self._paper(found[0], reader)
        search = self._keep(SavedSearch(typed[:_QUERY_LIMIT]))
        if certainty is Certainty.UNCLEAR:
            return papers.choice_answer(found, typed, search)
        return papers.nothing_answer(typed, search)

    def author(self, typed: str, reader: int | None) -> Answer:
        """Answer about the author that somebody named, by key or by any parts of the name."""
        typed = tidy(typed)
        found = self._people(typed)
        if not found:
            return people.nobody_answer(typed)
        if len(found) == 1:
            return people.author_answer(self._programme, found[0], 0, self._marked(reader))
        return people.people_answer(found[:10])

    async def search(
        self,
        typed: str | None,
        reader: int | None,
        *,
        session: str | None = None,
        author: str | None = None,
        track: str | None = None,
        affiliation: str | None = None,
    ) -> Answer:
        """Answer a search, narrowed down to what is named; what is unknown or unclear of that is asked back.

        Args:
            typed: the words; without any, it is everything that it is narrowed down to.
            reader: who reads the answer, None where everybody does.
            session: only papers of this session.
            author: only papers by this person.
            track: only papers of this track or topic.
            affiliation: only papers by somebody who works there.
        """
        typed = tidy(typed or "")
        search = SavedSearch(typed[:_QUERY_LIMIT])
        if wish := tidy(session or ""):
            found = self.sessions_like(wish)
            if not found:
                return sessions.no_session_answer(wish, in_time_order(self._programme.sessions))
            search = replace(search, session_key=found[0].key)
        if wish := tidy(author or ""):
            persons = self._people(wish)
            if len(persons) != 1:
                return self.author(wish, reader)
            search = replace(search, author_key=persons[0].key)
        if wish := tidy(track or ""):
            topics = _meant(wish, self.topics_like(wish))
            if len(topics) != 1:
                return results.which_topic_answer(wish, topics, self.topics_like(""))
            search = replace(search, topic=fold(topics[0].name))
        if wish := tidy(affiliation or ""):
            affiliations = _meant(wish, self.affiliations_like(wish))
            if len(affiliations) != 1:
                return results.which_affiliation_answer(wish, affiliations)
            search = replace(search, affiliation=fold(affiliations[0].name))
        query = Query.parse(search.query)
        if not query and search == SavedSearch(search.query):
            return results.search_help_answer()
        return await self._results(search, query, self._keep(search), reader)

    def session(self, typed: str | None, reader: int | None) -> Answer:
        """Answer about the session that somebody named; without a name, the only one there is, or all of them."""
        all_sessions = in_time_order(self._programme.sessions)
        typed = tidy(typed or "")
        found = self.sessions_like(typed) if typed else all_sessions
        if typed and not found:
            return sessions.no_session_answer(typed, all_sessions)
        if typed or len(found) == 1:
            return self._session(found[0], 0, reader)
        return sessions.sessions_answer(all_sessions)

    def schedule(self, typed: str | None) -> Answer:
        """Answer with the sessions of the conference day that somebody named, or with all of them.

        Raises:
            UserError: the conference has no such day.
        """
        day = self._day(typed) if typed else None
        return self._schedule(Question(QuestionKind.SCHEDULE, day.isoformat() if day else ""))

    def now(self, page: int = 0) -> Answer:
        """Answer with what is on in each room, and what comes next there."""
        all_sessions, now = self._programme.sessions, self._clock.now()
        today_ends = end_of_day(now, self._zone)
        on = in_rooms(all_sessions, now, today_ends)
        return schedule.now_answer(on, next_opening(all_sessions, now), today_ends, page)

    def next(self, page: int = 0) -> Answer:
        """Answer with what opens next."""
        all_sessions = self._programme.sessions
        untimed = sum(session.starts_at is None for session in all_sessions)
        return schedule.next_answer(next_opening(all_sessions, self._clock.now()), untimed, page)

    def papers_in(self, text: str, questions: Iterable[Question]) -> tuple[Sequence[Paper], bool]:
        """Return the papers that a message shows or names, and whether it is sure that these are meant.

        Args:
            text: what stands in it.
            questions: what its buttons and menus ask, where it is one of the bot's own.
        """
        if shown := self._shown(list(questions)):
            return shown, True
        named = {paper.key: paper for paper in (*self._index.quoted(text), *papers_linked(self._programme, text))}
        if named or len(text) > _SHORT_MESSAGE:
            return list(named.values()), True
        return self._index.find(tidy(text))[1], False

    def papers_of_user(self, names: Iterable[str], reader: int) -> Answer:
        """Answer about the author who is called as somebody calls themselves; their name alone tells who it is.

        Args:
            names: what they are called, as often as they say it in another way.
            reader: who reads the answer.
        """
        called = list(dict.fromkeys(name for whole in names for name in names_within(tidy(whole))))
        for name in called:
            found = [hit.person for hit in self._index.people(name) if hit.sureness >= EXACT]
            if len(found) == 1:
                return people.author_of_user_answer(self._programme, found[0], self._marked(reader))
            if found:
                return people.people_answer(found[:10])
        return people.no_user_answer(called[0] if called else "")

    async def where(self, typed: str | None) -> Answer:
        """Answer where a room is and what is on there, by its name or any words of it; without any, name them all."""
        names = room_names(self._programme.sessions)
        typed = tidy(typed or "")
        if not typed:
            return rooms.rooms_answer(names)
        found = self.rooms_like(typed)
        if not found:
            return rooms.no_room_answer(typed, names)
        if len(found) > 1 and fold(found[0]) != fold(typed) and room_key(found[0]) != typed:
            return rooms.which_room_answer(typed, found)
        return await self._room(found[0])

    def rooms_like(self, typed: str) -> list[str]:
        """Return the rooms that may be meant by what is typed so far, one of that very name first."""
        wish = fold(typed)
        names = room_names(self._programme.sessions)
        named = [name for name in names if fold(name) == wish or room_key(name) == typed]
        like = [name for name in names if all(word in fold(name) for word in wish.split())]
        return list(dict.fromkeys((*named, *like)))

    def papers_like(self, typed: str, limit: int, reader: int) -> list[Paper]:
        """Return the papers to suggest for what is typed so far.

        For nothing, these are somebody's bookmarks, then what they looked at last, then what comes next.
        """
        if typed.strip():
            return self._index.suggest(tidy(typed), limit)
        programme = self._programme
        keys = (*self._agendas.of(reader), *self._recent.of(reader))
        own = (programme.papers[key] for key in keys if key in programme.papers)
        suggested: dict[str, Paper] = {}
        for paper in chain(own, papers_by_time(programme, self._clock.now())):
            suggested[paper.key] = paper
            if len(suggested) == limit:
                break
        return list(suggested.values())

    def people_like(self, typed: str, limit: int) -> list[Person]:
        """Return the people to suggest for what is typed so far."""
        if not typed.strip():
            return list(islice(self._programme.people.values(), limit))
        return [hit.person for hit in self._index.people(tidy(typed), unfinished=True, limit=limit)]

    def sessions_like(self, typed: str) -> list[Session]:
        """Return the sessions that may be meant.

        One of that key or name comes first, then those that have all the words in their names, then those that have
        some in their tracks or rooms; among equals what comes next, and last what is over.
        """
        wish = fold(typed)
        words = set(wish.split())
        now = self._clock.now()
        ordered = sorted(in_time_order(self._programme.sessions), key=lambda session: is_over(session, now))
        folded = [(session, _folded(session.name)) for session in ordered]
        named = [session for session, name in folded if session.key == typed or name == wish]
        like = [session for session, name in folded if all(word in name for word in words)]
        there = [
            session
            for session, name in folded
            if words <= {*name.split(), *_folded(session.track or "").split(), *_folded(session.room or "").split()}
        ]
        return list({session.key: session for session in (*named, *like, *there)}.values())

    def session_labels(self, found: Iterable[Session]) -> list[tuple[str, str]]:
        """Return the name and the key of each session; names that several sessions have come with day and time."""
        names = Counter(session.name for session in self._programme.sessions)
        return [
            (self._with_time(session) if names[session.name] > 1 else session.name, session.key) for session in found
        ]

    def topics_like(self, typed: str) -> list[Facet]:
        """Return the tracks and topics that may be meant by what is typed so far, those of most papers first."""
        return self._index.topics(tidy(typed), CHOICES)

    def affiliations_like(self, typed: str) -> list[Facet]:
        """Return the affiliations that may be meant by what is typed so far, those of most papers first."""
        return self._index.affiliations(tidy(typed), CHOICES)

    def days_like(self, typed: str) -> list[date]:
        """Return the conference's days whose names have what is typed so far."""
        wish = fold(typed)
        return [day for day in self._days if wish in fold(day_name(day)) or wish in fold(day.isoformat())]

    @property
    def _programme(self) -> Programme:
        return self._library.edition.programme

    @property
    def _index(self) -> Index:
        return self._library.edition.index

    @property
    def _days(self) -> list[date]:
        return [day for day in by_day(self._programme.sessions, self._zone) if day]

    def _day(self, typed: str) -> date:
        wish = set(fold(typed).replace(",", " ").split())
        words = {day: set(fold(day_name(day)).replace(",", " ").split()) for day in self._days}
        found = [day for day in words if typed.strip() == day.isoformat() or wish <= words[day]]
        found = found or [day for day in words if (weekday := fold(typed)) and fold(f"{day:%A}").startswith(weekday)]
        if not found:
            known = ", ".join(map(day_name, words)) or "none has been announced"
            raise UserError(f"The conference has no such day. Its days: {known}.")
        return found[0]

    def _people(self, typed: str) -> list[Person]:
        """Return the person of that key or name, or all who may as well be meant."""
        if person := self._programme.people.get(typed):
            return [person]
        hits = self._index.people(typed)
        return [hit.person for hit in hits if hit.sureness >= EXACT] or [hit.person for hit in hits]

    async def _about_paper(self, question: Question, reader: int | None) -> Answer:
        paper = self._programme.papers.get(question.key)
        if paper is None:
            return gone_answer("paper")
        if question.kind is QuestionKind.SIMILAR:
            return papers.similar_answer(paper, self._index.similar(paper.key), self._marked(reader))
        if question.kind is QuestionKind.BYLINE and paper.authors:
            return papers.byline_answer(self._programme, paper, question.page)
        return self._paper(paper, reader)

    async def _about_author(self, question: Question, reader: int | None) -> Answer:
        person = self._programme.people.get(question.key)
        if person is None:
            return gone_answer("author")
        return people.author_answer(self._programme, person, question.page, self._marked(reader))

    async def _about_session(self, question: Question, reader: int | None) -> Answer:
        if question.kind is QuestionKind.SESSIONS:
            return sessions.sessions_answer(in_time_order(self._programme.sessions), question.page)
        session = self._programme.session(question.key)
        if session is None:
            return gone_answer("session")
        return self._session(session, question.page, reader)

    async def _about_time(self, question: Question, _reader: int | None) -> Answer:
        if question.kind is QuestionKind.NOW:
            return self.now(question.page)
        if question.kind is QuestionKind.NEXT:
            return self.next(question.page)
        return self._schedule(question)

    async def _about_rooms(self, question: Question, _reader: int | None) -> Answer:
        names = room_names(self._programme.sessions)
        if question.kind is QuestionKind.ROOMS:
            return rooms.rooms_answer(names, question.page)
        name = next((name for name in names if room_key(name) == question.key), None)
        return await self._room(name) if name else gone_answer("room")

    async def _room(self, name: str) -> Answer:
        """Answer about a room of the programme."""
        now = self._clock.now()
        there = sessions_in(self._programme.sessions, name)
        room = next((one for one in in_rooms(there, now) if one.name and fold(one.name) == fold(name)), None)
        told = {*(one.session.key for one in room.on), *(one.session.key for one in room.coming)} if room else set()
        later = [one for one in there if one.starts_at and one.starts_at > now and one.key not in told]
        return rooms.room_answer(name, room, later, end_of_day(now, self._zone), await self._maps.of(name))

    async def _about_search(self, question: Question, reader: int | None) -> Answer:
        search = SavedSearch.from_key(question.key) or await self._searches.get(question.key)
        if search is None:
            return gone_answer("search")
        return await self._results(search, Query.parse(search.query), question, reader)

    def _schedule(self, question: Question) -> Answer:
        days = by_day(self._programme.sessions, self._zone)
        if question.key:
            try:
                wanted = date.fromisoformat(question.key)
            except ValueError:
                return gone_answer("day")
            days = {day: sessions_ for day, sessions_ in days.items() if day == wanted}
        return schedule.schedule_answer(days, question)

    def _paper(self, paper: Paper, reader: int | None) -> Answer:
        marked = None if reader is None else self._agendas.has(reader, paper.key)
        note = None if reader is None else self._notes.on(reader, paper.key)
        talk = self._where_to_talk(paper_subject(paper.key))
        additions = [addition(paper.key) for addition in self._additions]
        return papers.paper_answer(self._programme, paper, marked=marked, note=note, talk=talk, additions=additions)

    def _session(self, session: Session, page: int, reader: int | None) -> Answer:
        return sessions.session_answer(
            session,
            page,
            self._marked(reader),
            self._where_to_talk(session_subject(session.key)),
            [button for offers in self._offers for button in offers(session.key)],
        )

    def _where_to_talk(self, subject: Subject) -> Talk | None:
        """Return how people come to talk about something; None where the conference has no place for that."""
        return Talk(subject, self._talk.of(subject)) if self._talk.enabled else None

    def _shown(self, questions: Sequence[Question]) -> list[Paper]:
        """Return the papers that a message shows whose buttons and menus ask these questions.

        What a paper's own answer offers besides leads away from it, and a reminder shows its session.
        """
        similar = {question.key for question in questions if question.kind is QuestionKind.SIMILAR}
        keys = [question.key for question in questions if question.kind is QuestionKind.PAPER]
        alone = [key for key in keys if key in similar]
        papers_ = [self._programme.papers[key] for key in alone or keys if key in self._programme.papers]
        if papers_:
            return papers_
        kinds = (QuestionKind.SESSION, QuestionKind.MARKING)
        sessions_ = (self._programme.session(one.key) for one in questions if one.kind in kinds)
        return list({paper.key: paper for one in sessions_ if one for paper in one.papers}.values())

    def _marked(self, reader: int | None) -> Container[str] | None:
        """Return what the reader has bookmarked, or None where there are many readers."""
        return None if reader is None else frozenset(self._agendas.of(reader))

    async def _results(self, search: SavedSearch, query: Query, question: Question, reader: int | None) -> Answer:
        found = await self._finding.search(_wanted(search, question.page))
        asked, narrowed = search.query if query else "", self._narrowed_to(search)
        if found.page.total:
            return results.results_answer(found, asked, narrowed, question, self._marked(reader))
        return results.no_results_answer(asked, narrowed, [wider async for wider in self._wider(search, narrowed)])

    def _narrowed_to(self, search: SavedSearch) -> list[Narrowed]:
        """Name what a search is narrowed down to."""
        session = self._programme.session(search.session_key or "")
        person = self._programme.people.get(search.author_key or "")
        narrowed = [Narrowed("session", session.name)] if session else []
        narrowed += [Narrowed("author", person.name)] if person else []
        if search.topic:
            narrowed.append(Narrowed("track", _name_of(search.topic, self._index.topics(search.topic, 1))))
        if search.affiliation:
            name = _name_of(search.affiliation, self._index.affiliations(search.affiliation, 1))
            narrowed.append(Narrowed("affiliation", name))
        return narrowed

    async def _wider(self, search: SavedSearch, narrowed: Sequence[Narrowed]) -> AsyncIterator[tuple[str, Question]]:
        """Yield searches that leave out one thing that a search is narrowed down to, or all, and find something."""
        options = [one.option for one in narrowed]
        ways = [(f"the {left_out}", {*options} - {left_out}) for left_out in options]
        if len(options) > 1:
            ways.append(("any of these", set()))
        for left_out, kept in ways:
            wider = search.narrowed_by(kept)
            if (kept or Query.parse(wider.query)) and (await self._finding.search(_wanted(wider))).page.total:
                yield left_out, self._keep(wider)

    def _with_time(self, session: Session) -> str:
        if session.starts_at is None:
            return session.name
        time = f" ({local_moment(session.starts_at, session.zone)})"
        return clip(session.name, CHOICE_NAME - size(time)) + time

    def _keep(self, search: SavedSearch) -> Question:
        """Return the question of a search; what is too long for a button to carry is kept, by nobody waited for."""
        key = search.key
        if key is None:
            self._searches.keep(search, self._clock.now())
        return Question(QuestionKind.RESULTS, key or search.token)


@lru_cache(maxsize=2**12)
def _folded(name: str) -> str:
    """Fold the name of a session, a track or a room: there are few, and they are compared at each keystroke."""
    return fold(name)


def _wanted(search: SavedSearch, page: int = 0) -> Wanted:
    return Wanted(search.query, search.session_key, search.author_key, search.topic, search.affiliation, page)


def _meant(typed: str, found: Sequence[Facet]) -> Sequence[Facet]:
    """Return the topic or affiliation of exactly that name, or that begins like it, or all that may be meant."""
    wish = fold(typed)
    for fits in (str.__eq__, str.startswith):
        if len(named := [facet for facet in found if fits(fold(facet.name), wish)]) == 1:
            return named
    return found


def _name_of(key: str, found: Iterable[Facet]) -> str:
    """Return the name which folds to a key, or the key where there is no such name any more."""
    return next((facet.name for facet in found if fold(facet.name) == key), key)
