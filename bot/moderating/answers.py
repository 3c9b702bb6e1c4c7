"""Answers for moderators: what a change would do, what was done, and what can be taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import discord

from bot.editions.model import KeptCorrection, VersionNote
from bot.moderating.difference_answer import difference_text
from bot.moderating.model import Findings
from bot.programme.corrections import Conflict, Correction
from bot.programme.difference import Difference
from bot.programme.model import Programme
from bot.ui.answer import ActionButton, Answer, Menu, Option, Row
from bot.ui.card import Card
from bot.ui.limits import MENU_OPTIONS, OPTION_TEXT, clip
from bot.ui.markdown import escaped
from bot.ui.pager import Page
from bot.ui.wording import plural

VERB = "programme"
APPLY = "apply"
SURE = "sure"
CANCEL = "cancel"
PAGE = "page"
TAKE = "take"
UNFIX = "unfix"
UNDO = "undo"
HISTORY = "history"
FIXES = "fixes"
"""What the buttons here do, as their custom ids say it after the verb."""

_HISTORY = 8
_FIXES_SHOWN = 10
_WORDS = {"starts_at": "start", "ends_at": "end"}


def proposal_answer(
    difference: Difference, findings: Findings, token: str, page: int, taken: Collection[int], *, sure: bool
) -> Answer:
    """Show what would change, with the buttons that do it or don't.

    Args:
        difference: what would change.
        findings: what else there is to know.
        token: names the change that waits.
        page: which page of it.
        taken: the places of the conflicts in which the source's value is taken.
        sure: whether a change that looks wrong was confirmed once, and waits for the second time.
    """
    # The difference tells what happens to the corrections that stay; the menu offers the others still.
    kept = [conflict for place, conflict in enumerate(findings.conflicts) if place not in taken]
    answer, pages = difference_text(difference, replace(findings, conflicts=kept), page)
    page = min(page, pages - 1)
    if findings.suspicions and sure:
        apply = ActionButton("Yes, use this programme", f"{SURE}:{token}", dangerous=True, verb=VERB)
    else:
        apply = ActionButton("Apply", f"{APPLY}:{token}", verb=VERB)
    buttons: Row = (apply, ActionButton("Cancel", f"{CANCEL}:{token}", verb=VERB), *_turns(PAGE, token, page, pages))
    rows: list[Row] = [buttons]
    if findings.conflicts:
        rows.append(_conflict_menu(findings.conflicts, token, taken))
    return replace(answer, rows=tuple(rows))


def _turns(action: str, token: str, page: int, pages: int) -> tuple[ActionButton, ...]:
    if pages < 2:
        return ()
    return (
        ActionButton("Previous", f"{action}:{token}:{(page - 1) % pages}", verb=VERB),
        ActionButton("Next", f"{action}:{token}:{(page + 1) % pages}:", verb=VERB),
    )


def _conflict_menu(conflicts: Sequence[Conflict], token: str, taken: Collection[int]) -> Menu:
    chosen = f" ({len(taken)} chosen)" if taken else ""
    options = [Option("Keep all fixes", f"{TAKE}:{token}:")]
    options += [
        Option(
            clip(f"Take the source's {word_of(conflict.correction.field)}: {conflict.source_value}", OPTION_TEXT),
            f"{TAKE}:{token}:{place}",
            clip(f"instead of {conflict.correction.value}", OPTION_TEXT),
        )
        for place, conflict in enumerate(conflicts[: MENU_OPTIONS - 1])
    ]
    return Menu(f"The source has new values for fixed fields{chosen}", tuple(options), verb=VERB, most=MENU_OPTIONS)


def unchanged_answer(name: str) -> Answer:
    """Say that a source is what is in use already."""
    return Answer(
        Card("Nothing changes", description=f"{escaped(name, 200)} is the programme that is in use already.").embed()
    )


def applied_answer(programme: Programme, version: VersionNote | None, *, told: bool, fixed: bool) -> Answer:
    """Say that the programme was changed, and offer to take it back.

    Args:
        programme: what it is now.
        version: the version in use.
        told: whether there is something that people must hear.
        fixed: whether it was changed by fixes alone, which are taken back one by one.
    """
    card = Card("The programme is changed")
    number = f"Version {version.id}" if version else "The programme"
    card.description = (
        f"{number} is in use: {plural(len(programme.sessions), 'session')}, {plural(len(programme.papers), 'paper')}."
    )
    if told:
        card.description += "\nThose who must know of new times and rooms are told now."
    back = ActionButton("All fixes", FIXES, verb=VERB) if fixed else ActionButton("Undo…", UNDO, verb=VERB)
    return Answer(card.embed(), ((back,),))


def cancelled_answer() -> Answer:
    """Say that nothing was done."""
    return Answer(Card("Cancelled", description="Nothing was changed.").embed())


def history_answer(notes: Sequence[VersionNote], current: int | None, page: int) -> Answer:
    """List the versions, the latest first."""
    shown = Page.of(notes, page, _HISTORY)
    card = Card("Versions of the programme", footer=shown.note)
    card.description = "\n".join(_note(note, current) for note in shown.entries) or "None was loaded yet."
    turns = _turns(HISTORY, "", shown.number, shown.count)
    options = tuple(
        Option(
            clip(f"Go back to version {note.id}", OPTION_TEXT),
            f"{UNDO}:{note.id}",
            clip(f"{note.source_name}, {note.loaded_at:%d %b %H:%M} UTC", OPTION_TEXT),
        )
        for note in shown.entries
        if note.id != current
    )
    rows: list[Row] = [turns] if turns else []
    rows += [Menu("Go back to an earlier version", options, verb=VERB)] if options else []
    return Answer(card.embed(), tuple(rows))


def _note(note: VersionNote, current: int | None) -> str:
    by = f"by <@{note.loaded_by}>" if note.loaded_by else "at the bot's start"
    mark = " — **in use**" if note.id == current else ""
    summary = f"\n{escaped(note.summary, 200)}" if note.summary else ""
    moment = discord.utils.format_dt(note.loaded_at, "F")
    return f"**Version {note.id}**{mark} · {escaped(note.source_name, 100)} · {moment} {by}{summary}"


def fixes_answer(
    corrections: Sequence[KeptCorrection], disputed: Sequence[Conflict], programme: Programme, page: int
) -> Answer:
    """List the corrections, with a menu that takes one away.

    Args:
        corrections: the corrections.
        disputed: those of them about which nobody was asked since the source changed its mind.
        programme: what they lie over.
        page: which page of the list.
    """
    values = {conflict.correction: conflict.source_value for conflict in disputed}
    shown = Page.of(corrections, page, _FIXES_SHOWN)
    card = Card("Fixes", footer=shown.note)
    card.description = "\n".join(_fix(kept, values, programme) for kept in shown.entries) or (
        "Nothing was fixed yet. `/programme fix paper` and `/programme fix session` do it."
    )
    options = tuple(
        Option(
            clip(f"Remove: {word_of(kept.correction.field)} of {_name(kept.correction, programme)}", OPTION_TEXT),
            f"{UNFIX}:{kept.correction.about}:{kept.correction.key}:{kept.correction.field}",
            clip(kept.correction.value.replace("\n", "; "), OPTION_TEXT),
        )
        for kept in shown.entries
    )
    rows: list[Row] = [turns] if (turns := _turns(FIXES, "", shown.number, shown.count)) else []
    rows += [Menu("Remove a fix", options, verb=VERB)] if options else []
    return Answer(card.embed(), tuple(rows))


def _fix(kept: KeptCorrection, disputed: Mapping[Correction, str], programme: Programme) -> str:
    one = kept.correction
    value = escaped(one.value.replace("\n", "; "), 120) or "*nothing*"
    was = escaped(one.was.replace("\n", "; "), 80) if one.was else "*nothing*"
    moment = discord.utils.format_dt(kept.made_at, "R")
    now = f"\n⚠ the source now says {escaped(' '.join(disputed[one].split()), 120)}" if one in disputed else ""
    return (
        f"**{escaped(_name(one, programme), 100)}**, {word_of(one.field)}: {value}"
        f" (source: {was}; <@{kept.made_by}> {moment}){now}"
    )


def word_of(field: str) -> str:
    """Return what people call a field."""
    return _WORDS.get(field, field)


def _name(correction: Correction, programme: Programme) -> str:
    if correction.about == "paper":
        paper = programme.papers.get(correction.key)
        return paper.label if paper else correction.key
    session = programme.session(correction.key)
    return session.name if session else correction.key
