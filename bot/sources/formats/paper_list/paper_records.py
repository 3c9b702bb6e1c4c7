"""A record of a list of papers: whether everybody may see it, and the paper it is."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from bot.programme.source import SourcePaper
from bot.sources.formats.paper_list.json_fields import Fields
from bot.sources.formats.paper_list.paper_fields import paper_of
from bot.sources.reading.decisions import presentation_of
from bot.sources.reading.gather import Gathering
from bot.sources.reading.html import to_text
from bot.sources.reading.visibility import truth

_STATUSES: Final = ("status", "decision", "state", "acceptance")
_SHOWING: Final = ("visible", "public", "accepted", "published")
_HIDING: Final = ("hidden", "deleted", "withdrawn", "rejected", "cancelled", "canceled", "draft")
_YES_OR_NO: Final = frozenset((*_STATUSES, *_SHOWING, *_HIDING))
# In OpenReview and in lists made from it: neither withdrawn nor decided.
_UNDECIDED: Final = "active"

STATUS_NAMES: Final[Mapping[str, str]] = {name: name for name in (*_STATUSES, *_SHOWING, *_HIDING)}
"""The names of the fields that tell whether a paper is public."""


def public_paper(fields: Fields, gathering: Gathering, *, is_own: bool) -> SourcePaper | None:
    """Return the paper of a record, or None when nobody may see it or it has no title; then it is accounted for.

    Args:
        fields: the record's fields.
        gathering: the file being read.
        is_own: whether the bot wrote it: all texts are taken as they are, and a title may be missing.

    Raises:
        UserError: a value is of a wrong type.
    """
    paper = paper_of(fields)
    statuses = [
        fields.text_or_number(name) for name in _STATUSES if not isinstance(fields.values.get(name), bool | None)
    ]
    if _is_hidden(fields):
        gathering.leave_out("not public")
        return None
    if not all(_may_show(status, paper.title or paper.source_id or fields.path, gathering) for status in statuses):
        return None
    if is_own:
        return paper
    title = to_text(paper.title) if paper.title and paper.title.strip() else None
    if title is None and paper.source_id is None:
        gathering.leave_out("no title", fields.path)
        return None
    return replace(
        paper,
        title=title,
        abstract=to_text(paper.abstract) if paper.abstract else None,
        kind=next(filter(None, (paper.kind, *map(presentation_of, statuses))), ""),
    )


def _may_show(status: str | None, what: str, gathering: Gathering) -> bool:
    bare = (status or "").strip().casefold()
    is_undecided = bare == _UNDECIDED and bare not in {value.casefold() for value in gathering.hints.public}
    return gathering.may_show("undecided" if is_undecided else status, what)


def _is_hidden(fields: Fields) -> bool:
    return any(truth(value) is (name in _HIDING) for name, value in fields.values.items() if name in _YES_OR_NO)
