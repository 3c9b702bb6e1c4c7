"""The form "JSON": the bot's own, which holds all that a programme's source has, and lists of papers from elsewhere.

The own form has sessions that hold their papers. In a plain list each paper may name its session, and fields go by
any of the names that are usual for them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.errors import UserError
from bot.programme.source import Link, Source, SourcePaper
from bot.sources.encoding import beginning, decode, without_surrogates
from bot.sources.field_names import (
    LINK_LABELS,
    NESTED_SESSION_NAMES,
    PAPER_NAMES,
    SESSION_NAMES,
    FieldNames,
    left_out,
)
from bot.sources.gather import SessionDraft, Sessions, check_count, finish
from bot.sources.json_values import Doubled, Number, is_text, kind_of, parse
from bot.sources.lists import split_names
from bot.sources.problems import Problems, shown

FORMAT = "json/1"
DESCRIPTION = "JSON (a list of papers with their titles, or the bot's own form)"
FORM = "conference-programme/1"

_TOP = FieldNames(form="form", sessions="sessions", papers="papers")
_SESSION = FieldNames(**NESTED_SESSION_NAMES)
_PAPER = FieldNames(**PAPER_NAMES)
_PAPER_OF_A_LIST = FieldNames(**PAPER_NAMES, **SESSION_NAMES)
_AUTHOR = FieldNames(name="name fullname")
_LINK = FieldNames(label="label title name", url="url href link")
_EXPECTED = f'Expected a list of papers, {{"papers": […]}}, or {{"form": "{FORM}", "sessions": […]}}.'
_NUMBER_LIMIT = 20


def can_read(data: bytes) -> bool:
    """Tell whether this begins as a list or an object of JSON."""
    return beginning(data)[:1] in ("{", "[")


def read(data: bytes, name: str) -> Source:
    """Read a programme in JSON.

    Args:
        data: the file's bytes, UTF-8 or UTF-16 with a byte order mark.
        name: what messages call the file.

    Raises:
        UserError: it is no valid JSON, has a value of the wrong type, or holds no programme.
    """
    document = parse(decode(data, name), name, _EXPECTED)
    reading = _Reading(name)
    if isinstance(document, list):
        drafts = reading.of_a_list(document, "")
    else:
        top = reading.take(document, "", _TOP)
        if "form" in top.values and top.values["form"] != FORM:
            raise UserError(f'{name}: form must be "{FORM}"; the bot knows no other.')
        if "sessions" in top.values and "papers" in top.values:
            raise UserError(f"{name}: sessions and papers are both there. Put each paper into its session.")
        if "papers" in top.values:
            drafts = reading.of_a_list(top.items("papers"), "papers")
        elif "sessions" in top.values:
            drafts = reading.of_sessions(top.items("sessions"))
        else:
            raise UserError(f"{name}: there are no papers and no sessions in it. {_EXPECTED}")
    left_out(reading.unknown, "field", reading.problems)
    return finish(FORMAT, drafts, reading.problems)


@dataclass(slots=True)
class _Reading:
    """One file being read."""

    file: str
    problems: Problems = field(default_factory=Problems)
    unknown: dict[str, None] = field(default_factory=dict)

    def take(self, value: object, path: str, names: FieldNames, *, strict: bool = True) -> "_Object":
        """Take a value for an object; when `strict`, fields that are not known are remembered."""
        if not isinstance(value, dict):
            raise UserError(f"{self.file}: {path or 'the file'} must be an object, not {kind_of(value)}. {_EXPECTED}")
        if isinstance(value, Doubled):
            raise UserError(
                f"{self.file}: {f'{path}: ' if path else ''}the field “{shown(value.name)}” is there twice. "
                "Take one of them out."
            )
        given = list(value)
        found = names.find(given)
        if strict and len(found) < len(given):
            known = set(found.values())
            self.unknown.update((name, None) for place, name in enumerate(given) if place not in known)
        return _Object(
            self,
            path,
            {name: value[given[place]] for name, place in found.items()},
            {name: given[place] for name, place in found.items()},
        )

    def of_sessions(self, values: Sequence[object]) -> list[SessionDraft]:
        """Read sessions that hold their papers."""
        if not values:
            raise UserError(f"{self.file}: there are no papers and no sessions in it. {_EXPECTED}")
        drafts: list[SessionDraft] = []
        count = 0
        for place, value in enumerate(values):
            session = self.take(value, f"sessions[{place}]", _SESSION)
            path, papers = session.path_of("papers"), session.items("papers")
            count += len(papers)
            check_count(self.file, count, len(values))
            drafts.append(
                SessionDraft(
                    session.texts(SESSION_NAMES),
                    papers=[self.take(paper, f"{path}[{at}]", _PAPER).paper() for at, paper in enumerate(papers)],
                )
            )
        return drafts

    def of_a_list(self, values: Sequence[object], path: str) -> Sequence[SessionDraft]:
        """Read papers that may each name their session."""
        if not values:
            raise UserError(f"{self.file}: there are no papers and no sessions in it. {_EXPECTED}")
        check_count(self.file, len(values))
        sessions = Sessions(self.problems)
        titled = False
        for place, value in enumerate(values):
            entry = self.take(value, f"{path}[{place}]", _PAPER_OF_A_LIST)
            titled = titled or "title" in entry.values
            sessions.session(entry.texts(SESSION_NAMES), where=entry.path).papers.append(entry.paper())
        if not titled:
            raise UserError(f"{self.file}: no paper in it has a title or a name. {_EXPECTED}")
        return sessions.drafts()


@dataclass(frozen=True, slots=True)
class _Object:
    """An object of the file; a value of a wrong type is refused with its place.

    Attributes:
        reading: the reading it is part of.
        path: where it is.
        values: its values by the bot's names of the fields.
        names: the fields' own names by the bot's.
    """

    reading: _Reading
    path: str
    values: Mapping[str, Any]
    names: Mapping[str, str]

    def path_of(self, name: str) -> str:
        own = shown(self.names.get(name, name))
        return f"{self.path}.{own}" if self.path else own

    def text(self, name: str) -> str | None:
        return self._text(self.values.get(name), name)

    def texts(self, names: Iterable[str]) -> dict[str, str | None]:
        return {name: self.text(name) for name in names}

    def text_or_number(self, name: str) -> str | None:
        value = self.values.get(name)
        if not isinstance(value, Number):
            return self.text(name)
        if len(value) > _NUMBER_LIMIT:
            raise UserError(
                f"{self.reading.file}: {self.path_of(name)} is a number of {len(value):,} characters; "
                f"at most {_NUMBER_LIMIT} make sense."
            )
        return str(value)

    def items(self, name: str) -> Sequence[object]:
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self._wrong(self.path_of(name), "a list", value)
        return value

    def paper(self) -> SourcePaper:
        return SourcePaper(
            key=self.text("key") or "",
            title=self.text("title"),
            byline=self._authors(),
            abstract=self.text("abstract"),
            number=self.text_or_number("number"),
            source_id=self.text_or_number("id"),
            links=tuple(self._links()),
        )

    def _authors(self) -> tuple[str, ...]:
        value = self.values.get("authors")
        if is_text(value):
            return split_names(self.text("authors") or "")
        return tuple(self._author(item, at) for at, item in enumerate(self.items("authors")))

    def _author(self, value: object, at: int) -> str:
        if isinstance(value, dict):
            person = self.reading.take(value, f"{self.path_of('authors')}[{at}]", _AUTHOR, strict=False)
            return person.text("name") or ""
        return self._text(value, "authors", at) or ""

    def _links(self) -> Iterable[Link]:
        for at, item in enumerate(self.items("links")):
            if isinstance(item, dict):
                link = self.reading.take(item, f"{self.path_of('links')}[{at}]", _LINK)
                label = link.text("label")
                yield Link(LINK_LABELS["url"] if label is None else label, link.text("url") or "")
            else:
                yield Link(LINK_LABELS["url"], self._text(item, "links", at) or "")
        for name, label in LINK_LABELS.items():
            if address := (self.text(name) or "").strip():
                yield Link(label, address)

    def _text(self, value: object, name: str, at: int | None = None) -> str | None:
        if value is None:
            return None
        if not is_text(value):
            raise self._wrong(self.path_of(name) + ("" if at is None else f"[{at}]"), "text", value)
        text = without_surrogates(value)
        if text != value:
            self.reading.problems.note(
                "half a character", f"{self.path_of(name)}: half a character, escaped as \\ud…; shown as \ufffd."
            )
        return text

    def _wrong(self, path: str, expected: str, value: object) -> UserError:
        return UserError(f"{self.reading.file}: {path} must be {expected}, not {kind_of(value)}.")
