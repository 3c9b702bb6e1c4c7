"""Which sessions of several sources are the same one."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Final

from bot.programme.names import fold
from bot.programme.source import SourceSession
from bot.sources.join.marks import may_be_same_session, title_words
from bot.sources.join.pairing import Pairing, Record, Sign


@dataclass(slots=True)
class SessionMeeting:
    """The sessions of several sources, each once.

    Attributes:
        pairing: which records are the same session.
        unwanted: the sessions of sources not taken for sessions that no other source has.
        undecided: sessions that stay apart although others have their name, since only some have a start.
    """

    pairing: Pairing[SourceSession]
    unwanted: list[Record] = field(default_factory=list)
    undecided: list[Record] = field(default_factory=list)


def meet_sessions(sources: Sequence[Sequence[SourceSession]], wanted: Sequence[bool]) -> SessionMeeting:
    """Find the same sessions: those of the same identifier, or of the same name and no other start.

    Args:
        sources: the sessions of each source.
        wanted: whether a source is taken for sessions that no other one has.
    """
    pairing = Pairing(sources, _SIGNS)
    meeting = SessionMeeting(pairing)
    for source, sessions in enumerate(sources):
        before = len(pairing.records)
        meeting.unwanted += pairing.add(source, range(len(sessions)), wanted=wanted[source])
        for place, session in enumerate(sessions):
            home = pairing.homes[source][place]
            if home is None or home < before:
                continue
            namesakes = [pairing.first(other) for mark in _names(session) for other in pairing.known(mark)]
            if any(
                other is not session and (other.starts_at is None) != (session.starts_at is None) for other in namesakes
            ):
                meeting.undecided.append((source, place))
    return meeting


def _everything(session: SourceSession) -> list[Hashable]:
    texts = (session.source_id, session.name, session.starts_at, session.room)
    return [("all", texts)] if any(texts) else []


def _ids(session: SourceSession) -> list[Hashable]:
    ids: list[Hashable] = [("id", session.source_id.strip())] if session.source_id and session.source_id.strip() else []
    return [*ids, ("key", session.key)] if session.key else ids


def _names(session: SourceSession) -> list[Hashable]:
    words = title_words(session.name)
    return [("name", words)] if words else []


def _names_and_starts(session: SourceSession) -> list[Hashable]:
    return [("start", mark, session.starts_at) for mark in _names(session) if session.starts_at]


def _in_the_same_room(one: SourceSession, other: SourceSession) -> bool:
    return bool(one.room and other.room) and fold(one.room or "") == fold(other.room or "")


_SIGNS: Final = (
    Sign(_everything, lambda _one, _other: True),
    Sign(_ids, may_be_same_session, is_claim=True),
    Sign(_names_and_starts, _in_the_same_room),
    Sign(_names_and_starts, lambda _one, _other: True, alone=True),
    Sign(_names_and_starts, lambda one, other: not one.room or not other.room),
    Sign(_names, lambda one, other: one.starts_at is None or other.starts_at is None, alone=True),
)
