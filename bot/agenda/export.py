"""What is kept about somebody as files: Markdown to read, BibTeX for a bibliography, JSON for programs.

Everything in them is what people wrote; each is escaped for its format.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final

from bot.agenda.model import Own
from bot.notes.model import Note, Reading
from bot.programme.model import Paper, Session
from bot.programme.names import slug

_READING = {Reading.SEEN: "Seen", Reading.WANTED: "Want to read"}

_MARKDOWN = re.compile(r"[\\`*_\[\]<>|~&$]|^(?:[-+#=]|\d+(?=[.)]))")
"""What may mean something in CommonMark, or in GitHub's: emphasis, code, links, tags, entities, and marks of a line."""

_TEX: Final = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": "$<$",
    ">": "$>$",
    "|": "$|$",
}
_IN_URL: Final = {character: f"%{ord(character):02X}" for character in '{}\\"^|<> '}


def files_of(own: Own) -> tuple[tuple[str, bytes], ...]:
    """Return the files, by their names."""
    name = slug(own.conference) or "conference"
    texts = {"md": as_markdown(own), "bib": as_bibtex(own), "json": as_json(own)}
    return tuple((f"my-{name}.{ending}", text.encode("utf-8", "replace")) for ending, text in texts.items())


def as_markdown(own: Own) -> str:
    """Write what somebody keeps as Markdown (CommonMark), with the papers in the order of the bookmarks."""
    lines = [f"# {markdown(own.conference)}: my papers", ""]
    papers = own.programme.papers
    for heading, keys in (
        ("Bookmarks", [*own.bookmarks]),
        ("Want to read", [key for key, note in own.notes.items() if note.reading is Reading.WANTED]),
        ("Seen", [key for key, note in own.notes.items() if note.reading is Reading.SEEN]),
        ("Notes", [key for key, note in own.notes.items() if note.text]),
    ):
        if keys:
            lines += [f"## {heading}", ""]
        for key in keys:
            lines += [*_markdown_paper(own, key, papers.get(key), with_note=heading == "Notes"), ""]
    lines += ["## Reminders", "", _reminders(own), ""]
    if own.followed:
        lines += ["## Followed topics", "", *(f"- {markdown(name)}" for name in own.followed), ""]
    if own.others:
        lines += [
            "## Also kept",
            "",
            *(f"- {markdown(name)}: {markdown(str(told))}" for name, told in own.others.items()),
        ]
    return "\n".join(lines).rstrip() + "\n"


def as_bibtex(own: Own) -> str:
    """Write the papers somebody bookmarked or keeps something about as BibTeX, which biber and BibTeX read as UTF-8."""
    keys = dict.fromkeys((*own.bookmarks, *own.notes))
    entries = [_bibtex(own, own.programme.papers[key]) for key in keys if key in own.programme.papers]
    return "\n".join(entries)


def as_json(own: Own) -> str:
    """Write everything that is kept as JSON; times are ISO 8601 in UTC."""
    kept: dict[str, Any] = {
        "conference": own.conference,
        "exported_at": own.now.isoformat(),
        "bookmarks": [
            {**_json_paper(own, key), "bookmarked_at": made_at.isoformat()} for key, made_at in own.bookmarks.items()
        ],
        "notes": [
            {
                **_json_paper(own, key),
                "note": note.text or None,
                "reading": note.reading,
                "changed_at": note.changed_at.isoformat(),
            }
            for key, note in own.notes.items()
        ],
        "reminders": None if own.minutes is None else {"minutes_before": own.minutes},
        "looked_at_last": list(own.recent),
        "followed": list(own.followed),
        **own.others,
    }
    return json.dumps(kept, ensure_ascii=False, indent=2) + "\n"


def markdown(text: str) -> str:
    """Write a text on one line of CommonMark so that every character shows as itself."""
    return _MARKDOWN.sub(_as_itself, " ".join(text.split()))


def tex(text: str) -> str:
    """Write a text so that LaTeX prints every character, on one line."""
    return "".join(_TEX.get(character, character) for character in " ".join(text.split()))


def _as_itself(match: re.Match[str]) -> str:
    # A number with a dot begins a list: the dot is what a backslash may stand before.
    return match.group() + "\\" if match.group().isdigit() else "\\" + match.group()


def _markdown_paper(own: Own, key: str, paper: Paper | None, *, with_note: bool) -> Iterator[str]:
    yield "- " + "\\\n  ".join(_facts(own, key, paper))
    if with_note:
        lines = own.notes[key].text.splitlines()
        paragraphs = [[markdown(line) for line in part] for part in _parts(lines)]
        yield ""
        yield "\n  >\n".join("  > " + "\\\n  > ".join(part) for part in paragraphs)


def _parts(lines: Iterable[str]) -> list[list[str]]:
    """Return the paragraphs of a text, which empty lines part."""
    parts: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if part]


def _facts(own: Own, key: str, paper: Paper | None) -> Iterator[str]:
    """Yield a paper's title, its authors, and when and where it is shown."""
    if paper is None:
        yield f"{markdown(key)} (no longer in the programme)"
        return
    title, url = markdown(paper.label), _in_address(_url(paper))
    yield f"**[{title}](<{url}>)**" if url else f"**{title}**"
    if paper.authors:
        yield markdown(", ".join(author.name for author in paper.authors))
    for shown in paper.appearances:
        session = own.programme.session(shown.session_key)
        time = f"{shown.starts_at.astimezone(own.zone):%Y-%m-%d %H:%M} ({own.zone.key})" if shown.starts_at else ""
        parts = [session.name if session else "", shown.room or "", f"board {shown.board}" if shown.board else "", time]
        yield markdown(" · ".join(filter(None, parts)))


def _in_address(url: str) -> str:
    """Write in an address what would end a field, a command or a link as addresses write it."""
    return "".join(_IN_URL.get(character, character) for character in url)


def _reminders(own: Own) -> str:
    if own.minutes is None:
        return "No direct messages."
    return f"A direct message {own.minutes} minutes before what is bookmarked."


def _bibtex(own: Own, paper: Paper) -> str:
    year = next(
        (shown.starts_at.astimezone(own.zone).year for shown in paper.appearances if shown.starts_at), own.now.year
    )
    note = own.notes.get(paper.key)
    fields = {
        "title": f"{{{tex(paper.label)}}}",
        "author": " and ".join(_bibtex_name(author.name) for author in paper.authors),
        "booktitle": tex(own.conference),
        "year": str(year),
        "url": _in_address(_url(paper)),
        "keywords": tex(", ".join(paper.topics)),
        "abstract": tex(paper.abstract.plain) if paper.abstract else "",
        "annote": tex(_annotation(note)) if note else "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join((f"@inproceedings{{{_bibtex_key(paper.key)},", *lines, "}", ""))


def _bibtex_key(key: str) -> str:
    """Return a key that BibTeX takes; those of papers differ in letters, digits and hyphens."""
    return re.sub(r"[^A-Za-z0-9:.+/-]", lambda match: f"{ord(match.group()):x}", key)


def _bibtex_name(name: str) -> str:
    """Return a name as one of BibTeX's; what has a comma or an "and" in it is one name all the same."""
    is_plain = "," not in name and not re.search(r"\band\b", name, re.IGNORECASE)
    return tex(name) if is_plain else f"{{{tex(name)}}}"


def _annotation(note: Note) -> str:
    return " ".join(filter(None, (f"{_READING[note.reading]}." if note.reading else "", note.text)))


def _url(paper: Paper) -> str:
    """Return the first address of a paper; empty for none."""
    return next((link.url for link in paper.links), "")


def _json_paper(own: Own, key: str) -> dict[str, Any]:
    paper = own.programme.papers.get(key)
    if paper is None:
        return {"key": key, "in_programme": False}
    return {
        "key": key,
        "in_programme": True,
        "title": paper.label,
        "authors": [author.name for author in paper.authors],
        "url": _url(paper) or None,
        "shown": [
            {
                "session": _name(own.programme.session(shown.session_key)),
                "starts_at": _moment(shown.starts_at),
                "ends_at": _moment(shown.ends_at),
                "room": shown.room,
                "board": shown.board,
            }
            for shown in paper.appearances
        ],
    }


def _name(session: Session | None) -> str | None:
    return session.name if session else None


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
