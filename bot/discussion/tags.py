"""Which tags a forum should have for a programme, and which of them a post gets. Pure.

Discord's limits are those of its documentation: 20 tags in a forum, 20 characters in a tag's name, 5 tags on a post.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.discussion.model import Subject, SubjectKind
from bot.programme.model import Paper, Programme, Session
from bot.programme.names import fold
from bot.ui.limits import clip, size

MOST_TAGS = 20
MOST_ON_POST = 5
TAG_NAME = 20

_TRACK, _SESSION, _TOPIC = "track", "session", "topic"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag that a forum should have.

    Attributes:
        label: what it stands for, the same when that is called something else: a session's key, a folded topic.
        name: what it is called, short enough for Discord and like no other.
    """

    label: str
    name: str


def wanted_tags(programme: Programme, room: int = MOST_TAGS) -> list[Tag]:
    """Return the tags that help most to find something in a forum, at most as many as there is room for.

    Tracks come first and then sessions, of each either all or, where that would be all there are, the commonest; what
    room is left is for the commonest topics.
    """
    names: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for label, name in _labels_of_all(programme):
        names.setdefault(label, name)
        counts[label] += 1
    chosen: list[str] = []
    for kind in (_TRACK, _SESSION, _TOPIC):
        ranked = [label for label, _ in counts.most_common() if label.startswith(f"{kind}:")]
        left = room - len(chosen)
        if len(ranked) <= left or not chosen or kind == _TOPIC:
            chosen += ranked[: max(left, 0)]
    return list(_named((label, names[label]) for label in chosen))


def labels_of(programme: Programme, subject: Subject) -> list[str]:
    """Return what the tags stand for that a subject's place may have, those that narrow it down best first."""
    if subject.kind is SubjectKind.SESSION:
        session = programme.session(subject.key)
        return [label for label, _ in _labels_of_session(session)] if session else []
    paper = programme.papers.get(subject.key)
    return [label for label, _ in _labels_of_paper(programme, paper)] if paper else []


def _labels_of_all(programme: Programme) -> Iterator[tuple[str, str]]:
    for paper in programme.papers.values():
        yield from _labels_of_paper(programme, paper)


def _labels_of_paper(programme: Programme, paper: Paper) -> Iterator[tuple[str, str]]:
    sessions = programme.sessions_of(paper)
    tracks = [paper.track] if paper.track else [session.track for session in sessions]
    yield from _named_by(_TRACK, (track for track in tracks if track))
    for session in sessions:
        yield f"{_SESSION}:{session.key}", session.name
    yield from _named_by(_TOPIC, paper.topics)


def _labels_of_session(session: Session) -> Iterator[tuple[str, str]]:
    yield from _named_by(_TRACK, [session.track] if session.track else [])
    yield f"{_SESSION}:{session.key}", session.name


def _named_by(kind: str, names: Iterable[str]) -> Sequence[tuple[str, str]]:
    found = {f"{kind}:{folded}": name for name in names if (folded := fold(name))}
    return list(found.items())


def _named(labels: Iterable[tuple[str, str]]) -> Iterator[Tag]:
    """Give each its name; those that would be called the same when they are cut are numbered."""
    taken: set[str] = set()
    for label, whole in labels:
        plain = " ".join(whole.split())
        name, number = clip(plain, TAG_NAME), 1
        while name.casefold() in taken:
            number += 1
            name = f"{clip(plain, TAG_NAME - 1 - len(str(number)))} {number}"
        if size(name):
            taken.add(name.casefold())
            yield Tag(label, name)
