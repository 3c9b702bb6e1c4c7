"""What people do with the questions to a session: ask, vote, look; answer, merge and hide them; hand them out."""

from collections.abc import Callable, Collection, Mapping, Sequence

import discord

from bot.admin.log_channel import LogChannel
from bot.clock import Clock
from bot.discussion.model import Addition, Subject, SubjectKind, session_subject
from bot.editions.service import Library
from bot.errors import UserError
from bot.limiting import Buckets
from bot.programme.model import Session
from bot.session_questions import answers, export
from bot.session_questions.chairs import Chairs
from bot.session_questions.ledger import Ledger
from bot.session_questions.model import (
    ASKS_AT_ONCE,
    ASKS_PER_HOUR,
    EVERYWHERE,
    NAME_LENGTH,
    VOTES_AT_ONCE,
    VOTES_PER_MINUTE,
    Asking,
    Ranked,
    SessionQuestion,
    State,
    on_one_line,
)
from bot.session_questions.rows import QuestionStore
from bot.session_questions.switches import Switches
from bot.store.audit import AuditEntry
from bot.ui.answer import Answer, Button
from bot.ui.asking import Questions
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import gone_answer

_WORDS = {
    State.OPEN: "open again",
    State.ANSWERED: "answered",
    State.HIDDEN: "hidden",
    State.MERGED: "merged",
}


class QuestionService:
    """Does it; who may, is asked before, and whether it is in the conference's own server.

    Attributes:
        ledger: all questions and votes.
        chairs: who chairs what.
        switches: which sessions take questions.
        anonymous: whether people may ask without their name.
        asked: called with a session's key and the server's id after somebody asked it something there.
        switched: called with a session as a subject after it takes questions, or no longer.
    """

    def __init__(
        self,
        library: Library,
        store: QuestionStore,
        chairs: Chairs,
        log_channel: LogChannel,
        clock: Clock,
        *,
        enabled: bool,
        anonymous: bool,
        has_places: bool,
    ) -> None:
        """Make the service.

        Args:
            library: the programme.
            store: keeps everything.
            chairs: who chairs what.
            log_channel: hears what chairs and organizers decide.
            clock: tells the time.
            enabled: whether questions are taken at all.
            anonymous: whether people may ask without their name.
            has_places: whether sessions have places to talk, in which their questions are listed.
        """
        self.ledger = Ledger(store, clock)
        self.chairs = chairs
        self.switches = Switches(store, enabled=enabled)
        self.anonymous = anonymous
        self.asked: Callable[[str, int], object] = _ignore
        self.switched: Callable[[Subject], object] = _ignore
        self._has_places = has_places
        self._library = library
        self._log_channel = log_channel
        self._clock = clock
        self._asks = Buckets(clock, ASKS_AT_ONCE, ASKS_PER_HOUR / 3600)
        self._votes = Buckets(clock, VOTES_AT_ONCE, VOTES_PER_MINUTE / 60)

    async def open(self) -> None:
        """Read everything that is kept."""
        await self.ledger.open()
        await self.chairs.open()
        await self.switches.open()

    def register(self, questions: Questions) -> None:
        """Answer the question for all questions to a session."""
        questions.on(self._answer, QuestionKind.QUESTIONS)

    # Looking.

    def session(self, session_key: str) -> Session:
        """Return a session.

        Raises:
            UserError: it is not in the programme.
        """
        session = self._library.edition.programme.session(session_key)
        if session is None:
            raise UserError("This session is no longer in the programme.")
        return session

    def name_of(self, session_key: str) -> str:
        """Return a session's name, its key where it has left the programme."""
        session = self._library.edition.programme.session(session_key)
        return session.name if session else session_key

    def open_ones(self, session_key: str) -> list[Ranked]:
        """Return the questions to a session that wait for an answer, the one with the most votes first."""
        return self.ledger.ranked(session_key, State.OPEN)

    def answered_ones(self, session_key: str) -> list[Ranked]:
        """Return the answered ones, the latest first."""
        found = self.ledger.ranked(session_key, State.ANSWERED)
        return sorted(found, key=lambda one: one.question.settled_at or one.question.asked_at, reverse=True)

    def show(self, reader: int, session_key: str, page: int = 0) -> Answer:
        """Show somebody all questions to a session."""
        if self._library.edition.programme.session(session_key) is None and not self.ledger.of_session(session_key):
            return gone_answer("session")
        ranked = self.open_ones(session_key)
        voted = frozenset(one.question.id for one in ranked if self.ledger.has_voted(reader, one.question))
        return answers.questions_answer(
            self.name_of(session_key),
            session_key,
            ranked,
            self.answered_ones(session_key),
            voted,
            reader,
            page,
            takes=self.switches.takes(session_key),
        )

    def offered(self, session_key: str) -> Sequence[Button]:
        """Return what the answer about a session offers besides: its questions."""
        asked = self.ledger.of_session(session_key)
        if not self.switches.enabled or not (asked or self.switches.takes(session_key)):
            return ()
        return (Button("Questions", answers.all_of(session_key)),)

    def beside(self, subject: Subject) -> Addition | None:
        """Return what the first message of a session's place has besides: the button to ask."""
        if subject.kind is not SubjectKind.SESSION or not self.switches.takes(subject.key):
            return None
        return Addition("Questions", (answers.ASK_HERE,), (answers.ask_button(subject.key),))

    def missing(self, guild: discord.Guild) -> Sequence[str]:
        """Return what is missing in a server for questions to be asked, a sentence each as Markdown."""
        if not self.switches.enabled:
            return []
        no_place = "`questions.enabled`: sessions have no place for their questions: set `discussion.forum`."
        return [*([] if self._has_places else [no_place]), *self.chairs.missing(guild)]

    # Asking and voting.

    def check_takes(self, session_key: str) -> None:
        """Let only a session be asked that takes questions.

        Raises:
            UserError: it takes none.
        """
        if not self.switches.enabled:
            raise UserError("Sessions take no questions here: `enabled` under `[questions]` in the configuration.")
        if not self.switches.takes(session_key):
            raise UserError(f"{answers.name_of(self.name_of(session_key))} takes no questions and no votes now.")

    async def ask(self, server_id: int, user_id: int, name: str | None, session_key: str, typed: str) -> Answer:
        """Keep somebody's question, and say so.

        Args:
            server_id: the server in which they ask.
            user_id: Discord's id of who asks.
            name: their name; None where they ask without it.
            session_key: the session.
            typed: what they ask.

        Raises:
            UserError: nothing was typed, the session takes no questions, or a limit is met.
        """
        self.check_takes(session_key)
        self.session(session_key)
        text = on_one_line(typed)
        if not text:
            raise UserError("Your question is empty. Nothing was put on the list.")
        if name is None and not self.anonymous:
            raise UserError("Questions are asked with one's name here. Nothing was put on the list.")
        shown = None if name is None else on_one_line(name, NAME_LENGTH) or "somebody"
        if not self._asks.take(user_id):
            raise UserError(
                f"You have asked {ASKS_AT_ONCE} questions in a short time; one more is possible every "
                f"{60 // ASKS_PER_HOUR} minutes. Nothing was put on the list."
            )
        asking = Asking(session_key, user_id, shown, text, self._clock.now())
        question, is_new = await self.ledger.ask(asking)
        self.asked(session_key, server_id)
        return answers.asked_answer(self.name_of(session_key), question, is_new=is_new)

    async def vote(self, user_id: int, question_id: int, *, wanted: bool) -> Answer:
        """Keep somebody's vote, or take it back, and say so once that is sure.

        Raises:
            UserError: the question is gone or closed, or they change their votes too often.
        """
        question, changed = await self._vote(user_id, question_id, wanted=wanted)
        ranked = Ranked(question, self.ledger.votes_for(question))
        return answers.voted_answer(ranked, wanted=wanted, changed=changed)

    async def vote_for(self, user_id: int, add: Collection[int], remove: Collection[int]) -> None:
        """Keep votes for some questions and take those for others back; what is closed meanwhile is passed over."""
        for question_id, wanted in (*((one, True) for one in add), *((one, False) for one in remove)):
            if self.ledger.is_open(question_id):
                await self._vote(user_id, question_id, wanted=wanted)

    async def _vote(self, user_id: int, question_id: int, *, wanted: bool) -> tuple[SessionQuestion, bool]:
        self.check_takes(self.ledger.standing_for(question_id).session_key)
        if not self._votes.take(user_id):
            raise UserError(f"You may change your votes {VOTES_PER_MINUTE} times in a minute. Wait a little.")
        return await self.ledger.vote(user_id, question_id, wanted=wanted)

    async def withdraw(self, user_id: int, question_id: int) -> Answer:
        """Delete somebody's own question."""
        return answers.withdrawn_answer(await self.ledger.withdraw(user_id, question_id))

    # What chairs do.

    def for_chair(self, session_key: str, page: int = 0) -> Answer:
        """Show a chair all questions to a session."""
        ranked = [
            *self.open_ones(session_key),
            *self.answered_ones(session_key),
            *self.ledger.ranked(session_key, State.HIDDEN, State.MERGED),
        ]
        return answers.chair_answer(self.name_of(session_key), session_key, ranked, page)

    def panel(self, question_id: int, *, moderator: bool, done: str = "") -> Answer:
        """Show a chair one question; a moderator also sees who asked it without a name."""
        question = self.ledger.find(question_id)
        ranked = Ranked(question, self.ledger.votes_for(question))
        asker = question.asker_id if moderator else None
        return answers.panel_answer(ranked, self.ledger.merged_into(question), asker, done)

    def merging(self, question_id: int) -> Answer:
        """Let a chair pick what a question is merged into.

        Raises:
            UserError: there is no other one.
        """
        question = self.ledger.find(question_id)
        others = [one for one in self.open_ones(question.session_key) if one.question.id != question.id]
        if not others:
            raise UserError("There is no other open question to merge it into.")
        return answers.merging_answer(question, others)

    def answering(self, session_key: str, about: str) -> Answer:
        """Let a chair pick the question that a message answers."""
        return answers.answering_answer(self.name_of(session_key), about, self.open_ones(session_key))

    async def settle(
        self, user_id: int, question_id: int, state: State, *, answer_url: str | None = None, into: int | None = None
    ) -> str:
        """Keep what a chair decided about a question; return it in words.

        Raises:
            UserError: the question is gone, or can't be merged into that one.
        """
        before = self.ledger.find(question_id).state

        def record(question: SessionQuestion) -> AuditEntry:
            # What somebody asked is theirs to delete, so the record, which is for ever, has only its number.
            about = f"Question {question.number} to {self.name_of(question.session_key)}"
            after = _WORDS[state] + (f": {answer_url}" if answer_url else "")
            return AuditEntry(self._clock.now(), user_id, f"question {_WORDS[state]}", about, before.value, after)

        question, entry = await self.ledger.settle(question_id, state, record, answer_url=answer_url, into=into)
        self._log_channel.show(entry)
        return f"Question {question.number} is {_WORDS[state]}"

    # What organizers do.

    async def switch(self, user_id: int, session_key: str, *, takes: bool) -> Answer:
        """Let a session take questions or no longer, or all of them."""
        where = "Every session" if session_key == EVERYWHERE else answers.name_of(self.session(session_key).name)
        name = "all sessions" if session_key == EVERYWHERE else self.name_of(session_key)
        entry = AuditEntry(self._clock.now(), user_id, f"questions switched {'on' if takes else 'off'}", name)
        await self.switches.switch(session_key, takes, entry)
        self._log_channel.show(entry)
        everything = [session.key for session in self._library.edition.programme.sessions]
        for key in everything if session_key == EVERYWHERE else [session_key]:
            self.switched(session_subject(key))
            if self.ledger.of_session(key):
                self.ledger.changed(key)
        return answers.switched_answer(where, takes=takes)

    async def name_chair(self, by: int, session_key: str, user_id: int, *, is_one: bool) -> Answer:
        """Make somebody a chair of a session, or of all for its empty key, or no longer."""
        name = "all sessions" if session_key == EVERYWHERE else self.session(session_key).name
        now = self._clock.now()
        action = "chair named" if is_one else "chair no longer"
        entry = AuditEntry(now, by, action, name, after=f"user {user_id}")
        await self.chairs.name(session_key, user_id, now if is_one else None, entry)
        self._log_channel.show(entry)
        return answers.chair_named_answer(user_id, name, is_one=is_one)

    def export(self, session_key: str) -> Answer:
        """Hand out the questions to a session, or to all for its empty key, with votes and the answers' links.

        Raises:
            UserError: there are none.
        """
        keys = self.ledger.sessions if session_key == EVERYWHERE else [session_key]
        ranked = [Ranked(one, self.ledger.votes_for(one)) for key in keys for one in self.ledger.of_session(key)]
        if not ranked:
            raise UserError("Nobody has asked anything yet, so there is nothing to export.")
        files = export.files_of({key: self.name_of(key) for key in keys}, ranked)
        text = "The questions with their votes and the links to their answers. Who asked without a name has none here."
        return Answer(None, content=text, files=files)

    # What is kept about somebody.

    def told(self, user_id: int) -> Sequence[str]:
        """Tell what is kept about somebody; nothing where nothing is."""
        questions, voted = self.ledger.of_person(user_id), self.ledger.voted_by(user_id)
        return answers.kept_lines(questions, len(voted), len(self.chairs.sessions_of(user_id)))

    def exported(self, user_id: int) -> Mapping[str, object]:
        """Return that as what JSON can say."""
        asked = [
            {
                "session": one.session_key,
                "number": one.number,
                "question": one.text,
                "with_name": one.name,
                "asked_at": one.asked_at.isoformat(),
                "state": one.state.value,
                "answer": one.answer_url,
            }
            for one in self.ledger.of_person(user_id)
        ]
        voted = [f"{one.session_key}: {one.number}" for one in self.ledger.voted_by(user_id)]
        chaired = [key or "all sessions" for key in self.chairs.sessions_of(user_id)]
        found = {"questions_to_sessions": asked, "votes_for_questions": voted, "chair_of": chaired}
        return {name: value for name, value in found.items() if value}

    async def forget(self, user_id: int) -> None:
        """Delete what somebody asked, their votes, and that they chair anything."""
        await self.ledger.forget(user_id)
        self.chairs.forget(user_id)

    async def _answer(self, question: Question, reader: int | None) -> Answer:
        return self.show(reader or 0, question.key, question.page)


def _ignore(*_about: object) -> None:
    pass
