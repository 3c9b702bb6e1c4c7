"""Keys: what people, buttons and reminders call a session or a paper.

A key is made once, from the words a person would type, and then stays with its paper: a reload recognises the
paper and keeps the key even when the order of the file, the title or the abstract has changed.

What is recognised is found from the surest mark to the weakest: each looks only at what the marks before it left
over, and every old thing is found once at most.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, count, pairwise
from typing import Final, Literal, TypeVar

from rapidfuzz import fuzz

from bot.programme.names import fold, slug
from bot.programme.source import Source, SourcePaper, SourceSession
from bot.programme.text import clean

KEY_LIMIT = 32
"""The most characters a key has: two fit into a button's custom id of 100 with room to spare."""

Thing = TypeVar("Thing", SourcePaper, SourceSession)
Reading = TypeVar("Reading")

_INTRODUCED = re.compile(
    r"\b(?:present(?:s|ing)?|introduc(?:e|es|ing)|propos(?:e|es|ing)|call(?:ed)?|named|dubbed)\s+"
    r"(?P<name>[A-Za-z][\w-]*)"
)


@dataclass(frozen=True, slots=True)
class Match:
    """A paper or session that was recognised although it is called something else now.

    Attributes:
        kind: which of the two it is.
        key: the key it keeps.
        before: what it was called, as plain text.
        after: what it is called now.
        by: what it was recognised by, in words such as "the same authors".
    """

    kind: Literal["paper", "session"]
    key: str
    before: str
    after: str
    by: str


@dataclass(frozen=True, slots=True)
class Recognition:
    """A source with its keys, and what was recognised under another name.

    Attributes:
        source: the source; everything in it has its key.
        matches: what is called something else now, in the order of the source, each session before its papers.
    """

    source: Source
    matches: tuple[Match, ...] = ()


_NOTHING_GONE: Final[Mapping[str, str]] = {}


def assign_keys(source: Source, previous: Source | None = None) -> Source:
    """Give every session and paper its key, as `recognise` does."""
    return recognise(source, previous).source


def recognise(source: Source, previous: Source | None = None, gone: Mapping[str, str] = _NOTHING_GONE) -> Recognition:
    """Give every session and paper its key, and tell what was recognised under another name.

    A key that the source itself carries stays. What is recognised from `previous` (the version in use before) keeps
    the key it had there. Everything else gets a new one that no other session or paper holds or ever held.

    Args:
        source: what was read.
        previous: the version in use before.
        gone: the keys that were ever given, each with the last title or name of what it was given to; what comes back
            under the same one gets its key back.
    """
    before = previous.sessions if previous else ()
    old_papers = [paper for session in before for paper in session.papers]
    new_papers = [paper for session in source.sessions for paper in session.papers]
    papers = _pair_papers(new_papers, old_papers)
    keys = iter(_keys(new_papers, old_papers, papers, _paper_wish, gone))
    sessions = [
        replace(session, papers=tuple(replace(paper, key=next(keys)) for paper in session.papers))
        for session in source.sessions
    ]
    paired = _pair_sessions(sessions, before)
    keys = iter(_keys(sessions, before, paired, _session_wish, gone))
    keyed = replace(source, sessions=tuple(replace(session, key=next(keys)) for session in sessions))
    return Recognition(keyed, tuple(_matches(keyed, before, paired, old_papers, papers)))


def system_name(title: str | None, abstract: str | None) -> str | None:
    """Return the name a paper gives its own system, or None.

    It stands before the colon of the title ("db-SP: Accelerating …"), or the abstract introduces it
    ("presenting CSLE: …"), in which case it must look like a name: two capitals, or a capital and a digit.
    """
    if title:
        before, colon, _ = clean(title).plain.partition(":")
        name = before.strip()
        if colon and name and len(name.split()) <= 2 and "," not in name:
            return name
    if abstract:
        for match in _INTRODUCED.finditer(clean(abstract).plain):
            name = match["name"].rstrip("-_")
            if sum(character.isupper() or character.isdigit() for character in name) >= 2:
                return name
    return None


def label_of(title: str | None, abstract: str | None, key: str) -> str:
    """Return what to call a paper: its title or, where the source lost it, words of its own text."""
    if title and (plain := clean(title).plain):
        return plain
    if name := system_name(None, abstract):
        return name
    words = clean(abstract).plain.split() if abstract else []
    if not words:
        return key
    return " ".join(words[:8]).rstrip(".,;:") + ("…" if len(words) > 8 else "")


# --- keys


def _session_wish(session: SourceSession) -> tuple[str, str]:
    """Return the key a session would like, and its name."""
    return _session_key(session), session.name


def _paper_wish(paper: SourcePaper) -> tuple[str, str]:
    """Return the key a paper would like, and its title."""
    return _paper_key(paper), paper.title or ""


def _session_key(session: SourceSession) -> str:
    return slug(clean(session.name).plain, KEY_LIMIT - 4) or _digest("s", session.name)


def _paper_key(paper: SourcePaper) -> str:
    name = system_name(paper.title, None) or label_of(paper.title, paper.abstract, "")
    return slug(name, KEY_LIMIT - 8) or _digest("p", f"{paper.title}\n{paper.byline}\n{paper.abstract}")


def _digest(prefix: str, text: str) -> str:
    return prefix + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _carried(things: Sequence[SourcePaper] | Sequence[SourceSession]) -> list[str]:
    """Return the keys a source brings with it; one that is no key, or is there twice, counts as none."""
    written = Counter(thing.key for thing in things)
    return [
        thing.key if written[thing.key] == 1 and len(thing.key) <= KEY_LIMIT and _KEY.fullmatch(thing.key) else ""
        for thing in things
    ]


def _keys(
    new: Sequence[Thing],
    old: Sequence[Thing],
    pairing: "_Pairing",
    wish: Callable[[Thing], tuple[str, str]],
    gone: Mapping[str, str],
) -> list[str]:
    carried = _carried(new)
    taken = set(carried) | {thing.key for thing in old}
    keys: list[str] = []
    for at, thing in enumerate(new):
        known = old[pairing.found[at][0]].key if at in pairing.found else ""
        key = carried[at] or known or _new(*wish(thing), taken, gone)
        taken.add(key)
        keys.append(key)
    return keys


def _new(wish: str, name: str, taken: set[str], gone: Mapping[str, str]) -> str:
    """Return the key that is wished for, or the next one like it that leads nobody to something else."""
    wishes = chain((wish,), (f"{wish}-{number}" for number in count(2)))
    return next(key for key in wishes if key not in taken and (key not in gone or fold(gone[key]) == fold(name)))


# --- recognising

_ABSTRACT_LENGTH: Final = 50
"""A shorter abstract may say the same under any paper: "To be announced"."""

# Out of 100. Of the first conference's papers no two titles are more alike than 75 nor two abstracts than 59; a title
# with a typo has 95 and more, and an abstract without its last quarter more than 80.
_SAME_ID_TITLE: Final = 76
_SAME_ID_ABSTRACT: Final = 70
_NEAR_TITLE: Final = 85
_NEAR_REST: Final = 75
_SUBTITLED: Final = 80
_NEAR_ABSTRACT: Final = 80

_CANDIDATES: Final = 5
_COMPARISONS: Final = 200_000
_COMMON: Final = 25
"""Words and letters that more of the old things have do not help to find the one that is meant."""

_WORDS = re.compile(r"\w+")
_MARKUP = re.compile(r"[\\$*_`{}^]")
_COUNTERS = re.compile(r"\d+|\b(?:[b-z]|ii|iii|iv|vi{1,3}|ix)\b")
_FILLERS: Final = frozenset("a an and at by for from in of on or the through to towards toward using via with".split())


@dataclass(slots=True)
class _Pairing:
    """Which of the new things is which of the old ones, one to one; things are named by their places.

    Attributes:
        new: the new things still without a partner.
        old: the old ones.
        found: the old partner of a new thing, and what it was recognised by.
    """

    new: set[int]
    old: set[int]
    found: dict[int, tuple[int, str]] = field(default_factory=dict)

    @classmethod
    def by_key(cls, new: Sequence[Thing], old: Sequence[Thing]) -> "_Pairing":
        """Begin with the keys that the new things carry: they settle what a thing is, known before or not."""
        pairing = cls(set(range(len(new))), set(range(len(old))))
        carried = dict(enumerate(_carried(new)))
        pairing.equal(carried, {at: thing.key for at, thing in enumerate(old)}, "the key in the source")
        pairing.new -= {at for at, key in carried.items() if key}
        return pairing

    def add(self, new: int, old: int, by: str) -> None:
        """Pair two things, unless one of them has a partner already."""
        if new in self.new and old in self.old:
            self.new.remove(new)
            self.old.remove(old)
            self.found[new] = (old, by)

    def equal(
        self,
        new: Mapping[int, str],
        old: Mapping[int, str],
        by: str,
        plausible: Callable[[int, int], bool] = lambda _new, _old: True,
    ) -> None:
        """Pair things whose marks are the same; among several of the same mark, in the order of the source."""
        held: dict[str, list[int]] = {}
        for place, mark in old.items():
            if mark and place in self.old:
                held.setdefault(mark, []).append(place)
        for place, mark in new.items():
            if place in self.new and held.get(mark) and plausible(place, held[mark][0]):
                self.add(place, held[mark].pop(0), by)

    def near(
        self,
        new: Mapping[int, Reading],
        old: Mapping[int, Reading],
        by: str,
        features: Callable[[Reading], Collection[str]],
        likeness: Callable[[Reading, Reading], float],
    ) -> None:
        """Pair what is alike enough for `likeness` not to be 0, the most alike first."""
        pairs = _candidates(
            {place: features(reading) for place, reading in new.items()},
            {place: features(reading) for place, reading in old.items()},
        )
        scored = [(-likeness(new[one], old[other]), one, other) for one, other in pairs]
        for score, one, other in sorted(scored):
            if score < 0:
                self.add(one, other, by)


def _candidates(new: Mapping[int, Collection[str]], old: Mapping[int, Collection[str]]) -> Iterator[tuple[int, int]]:
    """Return the few pairs worth comparing: those that share the most of what not many have."""
    holders: dict[str, list[int]] = {}
    for place, features in old.items():
        for feature in features:
            holders.setdefault(feature, []).append(place)
    rare = {feature: places for feature, places in holders.items() if len(places) <= _COMMON}
    most = min(_CANDIDATES, _COMPARISONS // max(len(new), 1))
    for place, features in new.items():
        shared = Counter(other for feature in features for other in rare.get(feature, ()))
        for other, _ in shared.most_common(most):
            yield place, other


def _pair_papers(new: Sequence[SourcePaper], old: Sequence[SourcePaper]) -> _Pairing:
    pairing = _Pairing.by_key(new, old)

    def by_text(by: str, mark: Callable[[SourcePaper], str]) -> None:
        pairing.equal(_texts(new, pairing.new, mark), _texts(old, pairing.old, mark), by)

    def by_lone_text(by: str, mark: Callable[[SourcePaper], str]) -> None:
        pairing.equal(_lone_texts(new, pairing.new, mark), _lone_texts(old, pairing.old, mark), by)

    pairing.equal(
        _alone(_texts(new, range(len(new)), lambda paper: paper.source_id or "")),
        _alone(_texts(old, range(len(old)), lambda paper: paper.source_id or "")),
        "the source's id",
        lambda one, other: _may_be_same(new[one], old[other]),
    )
    by_text("the same text", lambda paper: "\n".join((paper.title or "", *paper.byline, paper.abstract or "")))
    by_text(
        "the same title and authors",
        lambda paper: fold(f"{paper.title} {' ⋅ '.join(paper.byline)}") if paper.title else "",
    )
    by_lone_text("the same abstract", _telling_abstract)
    by_lone_text(
        "the same abstract and authors",
        lambda paper: "\n".join((paper.abstract, *paper.byline)) if paper.abstract and any(paper.byline) else "",
    )
    by_lone_text("the same title", lambda paper: paper.title or "")
    pairing.near(
        _readings(new, pairing.new, _title_reading),
        _readings(old, pairing.old, _title_reading),
        "nearly the same title",
        _name_features,
        _name_likeness,
    )
    pairing.near(
        _lone_texts(new, pairing.new, _telling_abstract),
        _lone_texts(old, pairing.old, _telling_abstract),
        "nearly the same abstract",
        _abstract_features,
        lambda one, other: fuzz.token_sort_ratio(one, other, score_cutoff=_NEAR_ABSTRACT),
    )
    # Last, for the same people may show something else; but a source that has ids would then give it another one.
    pairing.equal(
        _alone(_texts(new, pairing.new, _authors)),
        _alone(_texts(old, pairing.old, _authors)),
        "the same authors",
        lambda one, other: not (new[one].source_id and old[other].source_id),
    )
    return pairing


def _texts(papers: Sequence[SourcePaper], places: Iterable[int], mark: Callable[[SourcePaper], str]) -> dict[int, str]:
    return {place: text for place in sorted(places) if (text := mark(papers[place]))}


def _alone(texts: Mapping[int, str]) -> dict[int, str]:
    """Leave out what more than one has, for it tells nothing."""
    written = Counter(texts.values())
    return {place: text for place, text in texts.items() if written[text] == 1}


def _lone_texts(
    papers: Sequence[SourcePaper], places: Collection[int], mark: Callable[[SourcePaper], str]
) -> dict[int, str]:
    """Return the marks that no other paper of the whole source has, in their bare words."""
    lone = _alone(_texts(papers, range(len(papers)), mark))
    return {place: _bare(text) for place, text in lone.items() if place in places}


def _bare(text: str) -> str:
    """Return the words of a text without case and punctuation: `fold` would take seconds for all abstracts."""
    return " ".join(_WORDS.findall(text.casefold()))


def _abstract_features(bare: str) -> Collection[str]:
    words = bare.split()
    return set(map(" ".join, pairwise(words))) or words


def _telling_abstract(paper: SourcePaper) -> str:
    return paper.abstract if paper.abstract and len(paper.abstract) >= _ABSTRACT_LENGTH else ""


def _authors(paper: SourcePaper) -> str:
    return "\n".join(sorted(filter(None, map(fold, paper.byline))))


def _people(paper: SourcePaper) -> frozenset[str]:
    """Return the authors without their middle names, which come and go."""
    names = (fold(name).split() for name in paper.byline)
    return frozenset(f"{name[0]} {name[-1]}" for name in names if name)


def _may_be_same(new: SourcePaper, old: SourcePaper) -> bool:
    """Tell whether two papers of the same id have anything in common: sources use the ids of withdrawn papers again."""
    if (new.title, new.byline, new.abstract) == (old.title, old.byline, old.abstract):
        return True
    signs = []
    if new.title and old.title:
        one, other = fold(new.title), fold(old.title)
        signs.append(one == other or fuzz.token_set_ratio(one, other) >= _SAME_ID_TITLE)
    if (people := _people(new)) and (others := _people(old)):
        signs.append(bool(people & others))
    if new.abstract and old.abstract:
        one, other = _bare(new.abstract), _bare(old.abstract)
        signs.append(one == other or fuzz.token_sort_ratio(one, other, score_cutoff=_SAME_ID_ABSTRACT) > 0)
    return any(signs) or not signs


# --- names that are nearly the same


@dataclass(frozen=True, slots=True)
class _Name:
    """A title, or a session's name, in its words.

    Attributes:
        words: the folded words in their order.
        system: the folded name that a title puts before its colon.
        witnesses: what two things that are the same have in common besides: a paper's people, a session's papers.
    """

    words: tuple[str, ...]
    system: str
    witnesses: frozenset[str]


def _readings(
    things: Sequence[Thing], places: Iterable[int], reading: Callable[[Thing], _Name | None]
) -> dict[int, _Name]:
    return {place: name for place in sorted(places) if (name := reading(things[place]))}


def _title_reading(paper: SourcePaper) -> _Name | None:
    words = _words(paper.title or "")
    system, colon, _ = (paper.title or "").partition(":")
    return _Name(words, " ".join(_words(system)) if colon else "", _people(paper)) if words else None


def _session_reading(session: SourceSession) -> _Name | None:
    words = _words(session.name)
    return _Name(words, "", frozenset(paper.key for paper in session.papers)) if words else None


def _words(raw: str) -> tuple[str, ...]:
    # Cleaning is slow, and changes the words of nothing but markup.
    return tuple(_WORDS.findall(fold(clean(raw).plain if _MARKUP.search(raw) else raw)))


def _name_features(name: _Name) -> Collection[str]:
    # Letters rather than words: they are still shared when a word is misspelt, and where words have no spaces.
    text = " ".join(name.words)
    return {text[at : at + 3] for at in range(max(len(text) - 2, 1))} | name.witnesses


def _name_likeness(one: _Name, other: _Name) -> float:
    """Return how surely two names are meant to be the same, or 0: a slip corrected, a subtitle added or dropped.

    Names that differ in a number ("Part 1", "Part 2") are not the same, nor are those of different people.
    """
    known = bool(one.witnesses and other.witnesses)
    if known and not one.witnesses & other.witnesses:
        return 0
    texts = " ".join(one.words), " ".join(other.words)
    ratio = fuzz.ratio(*texts)
    if known:
        ratio = max(ratio, fuzz.token_sort_ratio(*texts))
    if ratio >= _NEAR_TITLE and _differ_by_slips(one.words, other.words):
        return ratio
    return _SUBTITLED if known and _is_subtitled(*sorted((one, other), key=lambda name: len(name.words))) else 0


def _differ_by_slips(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    rests = [
        [word for word in words if word not in others and word not in _FILLERS]
        for words, others in ((one, other), (other, one))
    ]
    if _counters(rests[0]) != _counters(rests[1]):
        return False
    return rests == [[], []] or fuzz.ratio("".join(rests[0]), "".join(rests[1])) >= _NEAR_REST


def _is_subtitled(short: _Name, long: _Name) -> bool:
    subtitle = long.words[len(short.words) :]
    is_title = len(short.words) >= 3 or " ".join(short.words) == long.system
    return is_title and long.words[: len(short.words)] == short.words and len(_counters(subtitle)) < len(subtitle)


def _counters(words: Iterable[str]) -> list[str]:
    return sorted(_COUNTERS.findall(" ".join(words)))


# --- sessions


def _pair_sessions(new: Sequence[SourceSession], old: Sequence[SourceSession]) -> _Pairing:
    pairing = _Pairing.by_key(new, old)
    most = _sharing_most(new, old)
    for one, other in most.items():
        if fold(new[one].name) == fold(old[other].name):
            pairing.add(one, other, "the same name")
    for mark in (_name_and_start, _session_name):
        pairing.equal(
            {place: mark(session) for place, session in enumerate(new)},
            {place: mark(session) for place, session in enumerate(old)},
            "the same name",
        )
    pairing.near(
        _readings(new, pairing.new, _session_reading),
        _readings(old, pairing.old, _session_reading),
        "nearly the same name",
        _name_features,
        _name_likeness,
    )
    for one, other in most.items():
        pairing.add(one, other, "most of the same papers")
    return pairing


def _session_name(session: SourceSession) -> str:
    return f"name {fold(session.name)}"


def _name_and_start(session: SourceSession) -> str:
    return f"{session.starts_at.isoformat()} {fold(session.name)}" if session.starts_at else ""


def _sharing_most(new: Sequence[SourceSession], old: Sequence[SourceSession]) -> dict[int, int]:
    """Return the old session with which a new one shares more than half of the papers of each."""
    holder = {paper.key: place for place, session in enumerate(old) for paper in session.papers}
    most = {}
    for place, session in enumerate(new):
        for other, shared in Counter(holder[paper.key] for paper in session.papers if paper.key in holder).items():
            if 2 * shared > max(len(session.papers), len(old[other].papers)):
                most[place] = other
    return most


# --- what is called something else


def _matches(
    source: Source,
    old_sessions: Sequence[SourceSession],
    sessions: _Pairing,
    old_papers: Sequence[SourcePaper],
    papers: _Pairing,
) -> Iterator[Match]:
    places = count()
    for at, session in enumerate(source.sessions):
        if at in sessions.found:
            old, by = sessions.found[at]
            names = clean(old_sessions[old].name).plain, clean(session.name).plain
            if fold(names[0]) != fold(names[1]):
                yield Match("session", session.key, *names, by)
        for paper, place in zip(session.papers, places, strict=False):
            if place in papers.found:
                before, by = old_papers[papers.found[place][0]], papers.found[place][1]
                if _is_retitled(before, paper):
                    yield Match("paper", paper.key, _label(before), _label(paper), by)


def _label(paper: SourcePaper) -> str:
    return label_of(paper.title, paper.abstract, paper.key)


def _is_retitled(before: SourcePaper, after: SourcePaper) -> bool:
    if before.title == after.title:
        return False
    return fold(clean(before.title or "").plain) != fold(clean(after.title or "").plain)
