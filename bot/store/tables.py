"""The tables. A version of the programme is written once and never changed; one row points at the current one.

What a paper or a session has several of and nobody asks the database for, such as its topics and links, is JSON in one
column, and null for none; `bot.editions.source_rows` writes and reads it.
"""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware outside, UTC without an offset in the file, since SQLite knows no zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Turn an aware moment into UTC; a naive one is a defect of the caller's."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """Give the zone back."""
        return value.replace(tzinfo=UTC) if isinstance(value, datetime) else None


_kept = UtcDateTime().bind_processor(sqlite.dialect())


def kept_moment(moment: datetime | None) -> str | None:
    """Return a moment as a column of moments has it in the file, for rows that are written past SQLAlchemy."""
    kept: str | None = _kept(moment) if _kept else None
    return kept


class Base(DeclarativeBase):
    """The tables' base; named constraints, so that a migration can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        }
    )


_IN_KEY_ORDER: Final = {"sqlite_with_rowid": False}
"""Rows are kept within the index of their primary key, which makes many small ones half as much to write."""


class VersionRow(Base):
    """One load of a source.

    One that has a base, which is stored whole, has rows of its own only for that in which it departs from it.
    """

    __tablename__ = "programme_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    loaded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    source_name: Mapped[str]
    digest: Mapped[str]
    format: Mapped[str]
    loaded_by: Mapped[int | None] = mapped_column(BigInteger)
    summary: Mapped[str | None]
    base_id: Mapped[int | None] = mapped_column(ForeignKey("programme_version.id"), index=True)


class DepartureRow(Base):
    """A paper or session in which a version departs from its base: it has changed, is new, or is gone."""

    __tablename__ = "departure"
    __table_args__ = (_IN_KEY_ORDER,)

    version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id", ondelete="CASCADE"), primary_key=True)
    about: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)


class CurrentRow(Base):
    """The pointer: a single row that names the version in use."""

    __tablename__ = "programme_current"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id"))
    before_id: Mapped[int | None]


class SessionRow(Base):
    """A session as its source has it."""

    __tablename__ = "session"

    version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    line: Mapped[int | None]
    kind: Mapped[str]
    name: Mapped[str]
    room: Mapped[str | None]
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    track: Mapped[str | None]
    chairs: Mapped[str | None]
    abstract: Mapped[str | None]
    source_id: Mapped[str | None]
    links: Mapped[str | None]


class ContributionRow(Base):
    """A paper or talk as its source has it, once, wherever it is shown."""

    __tablename__ = "contribution"

    version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int]
    line: Mapped[int | None]
    title: Mapped[str | None]
    abstract: Mapped[str | None]
    kind: Mapped[str]
    track: Mapped[str | None]
    topics: Mapped[str | None]
    source_id: Mapped[str | None]
    other_ids: Mapped[str | None]
    links: Mapped[str | None]


class CreditRow(Base):
    """One author slot of a paper; an empty name is a slot the source left blank."""

    __tablename__ = "credit"
    __table_args__ = (
        ForeignKeyConstraint(
            ["version_id", "paper_key"], ["contribution.version_id", "contribution.key"], ondelete="CASCADE"
        ),
        _IN_KEY_ORDER,
    )

    version_id: Mapped[int] = mapped_column(primary_key=True)
    paper_key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    affiliations: Mapped[str | None]


class AppearanceRow(Base):
    """A paper in a session, with a time, a room and a board of its own where the source has them.

    The paper may be one that the version has from its base.
    """

    __tablename__ = "appearance"
    __table_args__ = (
        ForeignKeyConstraint(["version_id", "session_key"], ["session.version_id", "session.key"], ondelete="CASCADE"),
        _IN_KEY_ORDER,
    )

    version_id: Mapped[int] = mapped_column(primary_key=True)
    session_key: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    paper_key: Mapped[str]
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    room: Mapped[str | None]
    board: Mapped[str | None]


class ProblemRow(Base):
    """A problem found while a version's source was read."""

    __tablename__ = "problem"

    version_id: Mapped[int] = mapped_column(ForeignKey("programme_version.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int | None]
    severity: Mapped[str]
    message: Mapped[str]


class CorrectionRow(Base):
    """A field that a moderator corrected or filled in, laid over whatever version is in use."""

    __tablename__ = "correction"

    about: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    was: Mapped[str | None]
    made_by: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class StepRow(Base):
    """A change of the programme in use, with what it replaced: the version, and as JSON each correction it touched."""

    __tablename__ = "programme_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by: Mapped[int | None] = mapped_column(BigInteger)
    before_id: Mapped[int | None]
    after_id: Mapped[int | None]
    fixes: Mapped[str]


class ChangeRow(Base):
    """What people must hear about the sessions after the programme has changed, as JSON."""

    __tablename__ = "change"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    news: Mapped[str]
    planned: Mapped[bool]


class IgnoredChangeRow(Base):
    """A change of the source that a moderator chose to ignore, by the fingerprint of what the source says."""

    __tablename__ = "ignored_change"

    fingerprint: Mapped[str] = mapped_column(primary_key=True)
    ignored_by: Mapped[int] = mapped_column(BigInteger)
    ignored_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditRow(Base):
    """Something that an organizer or a moderator changed. Never altered, never deleted."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    user_id: Mapped[int] = mapped_column(BigInteger)
    action: Mapped[str]
    about: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]


class AnnouncementRow(Base):
    """What the organizers announce; where it goes and how far that is, the deliveries tell."""

    __tablename__ = "announcement"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    link: Mapped[str | None]
    image: Mapped[str | None]
    role: Mapped[str | None]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    author_id: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    corrected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled: Mapped[bool]


class CorrectionUnderwayRow(Base):
    """A correction of an announcement that is kept, and that its messages may not say yet."""

    __tablename__ = "correction_underway"

    announcement_id: Mapped[int] = mapped_column(ForeignKey("announcement.id"), primary_key=True)
    corrected_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SearchRow(Base):
    """A search that has more pages than one, kept so that its buttons outlive a restart; it names nobody."""

    __tablename__ = "asked"

    token: Mapped[str] = mapped_column(primary_key=True)
    query: Mapped[str]
    session_key: Mapped[str | None]
    author_key: Mapped[str | None]
    topic: Mapped[str | None]
    affiliation: Mapped[str | None]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IntroductionRow(Base):
    """A server that the bot has introduced itself to."""

    __tablename__ = "introduction"

    server_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RegistrationRow(Base):
    """What Discord was told of an application's commands: a fingerprint of it, and the commands' ids, as JSON."""

    __tablename__ = "registration"

    application_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    fingerprint: Mapped[str]
    ids: Mapped[str]


class BookmarkRow(Base):
    """A paper somebody wants to see. Of the person, Discord's id is all that is kept."""

    __tablename__ = "bookmark"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    paper_key: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FollowedRow(Base):
    """A topic or a track that somebody follows. Of the person, Discord's id is all that is kept.

    The words are JSON: an object with how much each stem tells of a topic that was found in the abstracts.
    """

    __tablename__ = "followed"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    facet: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    words: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class NoteRow(Base):
    """What somebody wrote down about a paper for themselves, and whether they have seen it or want to read it."""

    __tablename__ = "note"
    __table_args__ = (CheckConstraint("reading IN ('seen', 'wanted')", name="known_reading"),)

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    paper_key: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
    reading: Mapped[str | None]
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SubscriptionRow(Base):
    """A private address of somebody's calendar: a hash of its token, and what calendars were told there, as JSON."""

    __tablename__ = "subscription"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    told: Mapped[str]


class HelpRequestRow(Base):
    """Somebody's request for help. What it says is kept until its thread says it."""

    __tablename__ = "help_request"

    token: Mapped[str] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(BigInteger)
    channel_id: Mapped[int] = mapped_column(BigInteger)
    user_id: Mapped[int] = mapped_column(BigInteger, index=True)
    text: Mapped[str | None]
    quote: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    starter_id: Mapped[int | None] = mapped_column(BigInteger)
    taken_by: Mapped[int | None] = mapped_column(BigInteger)
    closed_by: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    step: Mapped[str]
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int]


class ConductReportRow(Base):
    """A report of somebody's conduct, until its date. What it says is kept until its message is there.

    Nobody has its reporter where they had all deleted that is kept about them.
    """

    __tablename__ = "conduct_report"

    token: Mapped[str] = mapped_column(primary_key=True)
    channel_id: Mapped[int] = mapped_column(BigInteger)
    reporter_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    named: Mapped[bool]
    text: Mapped[str | None]
    quote: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    delete_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    taken_by: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ConductWordRow(Base):
    """What a conduct team and a reporter write to each other through the bot, kept until it is there."""

    __tablename__ = "conduct_word"

    token: Mapped[str] = mapped_column(primary_key=True)
    report: Mapped[str] = mapped_column(ForeignKey("conduct_report.token", ondelete="CASCADE"), index=True)
    to_reporter: Mapped[bool]
    text: Mapped[str | None]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuthorClaimRow(Base):
    """Somebody who has shown to be an author of a paper, and whether they heard that somebody writes there."""

    __tablename__ = "author_claim"
    __table_args__ = (
        CheckConstraint("way IN ('code', 'ticket', 'moderator')", name="known_way"),
        UniqueConstraint("user_id", "paper_key"),
        UniqueConstraint("paper_key", "author_key", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger)
    paper_key: Mapped[str]
    author_key: Mapped[str | None]
    number: Mapped[int]
    name: Mapped[str]
    way: Mapped[str]
    claimed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    quiet: Mapped[bool]
    told: Mapped[bool]
    turn: Mapped[int]
    heard: Mapped[int] = mapped_column(BigInteger)


class AuthorRequestRow(Base):
    """Somebody who asks the moderators to confirm that they are an author, or whom these have refused."""

    __tablename__ = "author_request"
    __table_args__ = (UniqueConstraint("user_id", "paper_key"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(BigInteger)
    paper_key: Mapped[str]
    author_key: Mapped[str | None]
    number: Mapped[int]
    name: Mapped[str]
    note: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class AuthorSayingRow(Base):
    """What an author says about their paper, the links as JSON: what is public, and what waits for the moderators."""

    __tablename__ = "author_saying"
    __table_args__ = (
        CheckConstraint("about IN ('words', 'picture')", name="known_about"),
        CheckConstraint("stage IN ('waiting', 'public')", name="known_stage"),
        UniqueConstraint("claim_id", "about", "stage"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    claim_id: Mapped[int] = mapped_column(ForeignKey("author_claim.id", ondelete="CASCADE"))
    about: Mapped[str]
    stage: Mapped[str]
    text: Mapped[str]
    links: Mapped[str]
    url: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class GuardedAuthorRow(Base):
    """An author whose claim was taken back from somebody: from then on it takes a moderator. It names nobody."""

    __tablename__ = "guarded_author"

    paper_key: Mapped[str] = mapped_column(primary_key=True)
    author_key: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class WishRow(Base):
    """Somebody who wants a direct message before the sessions that hold their bookmarks."""

    __tablename__ = "wish"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    minutes: Mapped[int]
    unreachable: Mapped[bool]
    told: Mapped[bool]


class DigestWishRow(Base):
    """Somebody who wants a digest on each day of the conference, at a minute of the day by its own clock."""

    __tablename__ = "digest_wish"

    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    minutes: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    unreachable: Mapped[bool]
    told: Mapped[bool]


class SessionQuestionRow(Base):
    """A question to a session. Its id is a random number: buttons speak of it, also when it is long deleted."""

    __tablename__ = "session_question"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'answered', 'hidden', 'merged')", name="known_state"),
        UniqueConstraint("session_key", "number"),
        UniqueConstraint("session_key", "asker_id", "text"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    session_key: Mapped[str]
    number: Mapped[int]
    asker_id: Mapped[int] = mapped_column(BigInteger, index=True)
    name: Mapped[str | None]
    text: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str]
    merged_into: Mapped[int | None]
    answer_url: Mapped[str | None]
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionVoteRow(Base):
    """Somebody's vote for a question. Of the person, Discord's id is all that is kept."""

    __tablename__ = "session_vote"

    question_id: Mapped[int] = mapped_column(
        ForeignKey("session_question.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, index=True)
    voted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SessionChairRow(Base):
    """Somebody whom the organizers made a chair of a session, or, for an empty key, of all of them."""

    __tablename__ = "session_chair"

    session_key: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class QuestionSwitchRow(Base):
    """Whether a session takes questions, or, for an empty key, all of which nothing else was said."""

    __tablename__ = "question_switch"

    session_key: Mapped[str] = mapped_column(primary_key=True)
    takes_questions: Mapped[bool]


class DeliveryRow(Base):
    """Something that must reach somebody, and how far it is."""

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'claimed', 'sent', 'failed', 'missed', 'cancelled')", name="known_state"),
        CheckConstraint(
            "state != 'claimed' OR (batch IS NOT NULL AND claimed_until IS NOT NULL)", name="claim_is_whole"
        ),
        Index("ix_delivery_state_due_at", "state", "due_at"),
        Index("ix_delivery_target_id_state_due_at", "target_id", "state", "due_at"),
        Index("ix_delivery_kind_subject", "kind", "subject"),
        Index("ix_delivery_sent_at", "sent_at", sqlite_where=text("sent_at IS NOT NULL")),
        Index("ix_delivery_tried", "state", "due_at", sqlite_where=text("reason IS NOT NULL")),
    )

    key: Mapped[str] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str] = mapped_column(server_default="reminder")
    subject: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    useful_until: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[str]
    attempts: Mapped[int]
    batch: Mapped[str | None] = mapped_column(index=True)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str | None]
    awaits_permission: Mapped[bool] = mapped_column(server_default="0")


class PlaceRow(Base):
    """Where people of a server talk about a paper or a session; or that such a place is to be made, or is being made.

    It is made once it has a thread. Until then it belongs to whoever claimed it last, until the claim runs out.
    """

    __tablename__ = "place"
    __table_args__ = (CheckConstraint("kind IN ('paper', 'session')", name="known_kind"),)

    server_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    planned: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int]
    channel_id: Mapped[int | None] = mapped_column(BigInteger)
    thread_id: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    starter_id: Mapped[int | None] = mapped_column(BigInteger)
    is_post: Mapped[bool] = mapped_column(server_default="0")
    shown: Mapped[str | None]
    messages: Mapped[int] = mapped_column(server_default="0")
    last_message_id: Mapped[int | None] = mapped_column(BigInteger)


class PlaceTagRow(Base):
    """A tag that the bot made in a forum, and what it stands for."""

    __tablename__ = "place_tag"

    channel_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    label: Mapped[str] = mapped_column(primary_key=True)
    tag_id: Mapped[int] = mapped_column(BigInteger)


class NoticeRow(Base):
    """A trouble that is not over yet, and whether the organizers were told of it."""

    __tablename__ = "notice"

    about: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    told: Mapped[bool]


class HomeRow(Base):
    """The server that the bot was first put to work in: a single row."""

    __tablename__ = "home"
    __table_args__ = (CheckConstraint("id = 1", name="single_row"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(BigInteger)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class MeetupRow(Base):
    """A meetup. Of whoever opened it, Discord's id is all that is kept besides what they wrote."""

    __tablename__ = "meetup"
    __table_args__ = (CheckConstraint("ended_as IN ('over', 'cancelled', 'closed', 'gone')", name="known_end"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    server_id: Mapped[int] = mapped_column(BigInteger)
    channel_id: Mapped[int] = mapped_column(BigInteger)
    opener_id: Mapped[int | None] = mapped_column(BigInteger)
    topic: Mapped[str]
    about: Mapped[str]
    place: Mapped[str]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    people: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_as: Mapped[str | None]
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str]
    posts: Mapped[int]
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    thread_id: Mapped[int | None] = mapped_column(BigInteger)
    shown: Mapped[str]
    settled: Mapped[bool]


class MeetupGuestRow(Base):
    """Somebody who comes to a meetup, or waits for a place."""

    __tablename__ = "meetup_guest"

    meetup_id: Mapped[int] = mapped_column(ForeignKey("meetup.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    position: Mapped[int]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    waits: Mapped[bool]
    in_thread: Mapped[bool]
    unreachable: Mapped[bool]


class MeetupChangeRow(Base):
    """What a meetup was before it was changed, as JSON."""

    __tablename__ = "meetup_change"

    meetup_id: Mapped[int] = mapped_column(ForeignKey("meetup.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    before: Mapped[str]
