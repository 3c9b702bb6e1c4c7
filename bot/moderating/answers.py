"""Answers for moderators: what a change would do, what was done, and what can be taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import tzinfo

import discord

from bot.editions.model import KeptCorrection, VersionNote
from bot.moderating.difference_answer import corrected_text, difference_text, in_line
from bot.moderating.model import PendingChange
from bot.programme.corrections import Conflict, Correction
from bot.programme.model import Programme
from bot.ui.answer import ActionButton, Answer, Menu, Option, Row
from bot.ui.card import Card
from bot.ui.limits import MENU_OPTIONS, OPTION_TEXT, clip
from bot.ui.markdown import escaped
from bot.ui.moments import local_moment, told
from bot.ui.pager import Page
from bot.ui.wording import plural

VERB = "programme"
SOURCE_VERB = "source"
"""Of the buttons under what the bot asks of its own accord."""

APPLY = "apply"
SURE = "sure"
CANCEL = "cancel"
IGNORE = "ignore"
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


def proposal_answer(change: PendingChange, token: str, *, asked: bool = False) -> Answer:
    """Show what would change, with the buttons that do it or don't.

    Args:
        change: the change that waits.
        token: names it.
        asked: whether the bot asks of its own accord, and does again when it is not told to ignore the change.
    """
    findings, taken, zone = change.findings, change.taken, change.proposal.after.zone
    # The difference tells what happens to the corrections that stay; the menu offers the others still.
    kept = [conflict for place, conflict in enumerate(findings.conflicts) if place not in taken]
    answer, pages = difference_text(
        change.proposal.difference, replace(findings, conflicts=kept), change.page, zone=zone
    )
    page = min(change.page, pages - 1)
    verb = SOURCE_VERB if asked else VERB
    if findings.suspicions and change.sure:
        apply = ActionButton("Yes, use this programme", f"{SURE}:{token}", dangerous=True, verb=verb)
    else:
        apply = ActionButton("Apply", f"{APPLY}:{token}", verb=verb)
    label, action = ("Ignore", IGNORE) if asked else ("Cancel", CANCEL)
    refuse = ActionButton(label, f"{action}:{token}", verb=verb)
    rows: list[Row] = [(apply, refuse, *_turns(PAGE, token, page, pages, verb))]
    if findings.conflicts:
        rows.append(_conflict_menu(findings.conflicts, token, taken, verb, zone))
    return replace(answer, rows=tuple(rows))


def _turns(action: str, token: str, page: int, pages: int, verb: str = VERB) -> tuple[ActionButton, ...]:
    if pages < 2:
        return ()
    return (
        ActionButton("Previous", f"{action}:{token}:{(page - 1) % pages}", verb=verb),
        ActionButton("Next", f"{action}:{token}:{(page + 1) % pages}:", verb=verb),
    )


def _conflict_menu(conflicts: Sequence[Conflict], token: str, taken: Collection[int], verb: str, zone: tzinfo) -> Menu:
    chosen = f" ({len(taken)} chosen)" if taken else ""
    options = [Option("Keep all fixes", f"{TAKE}:{token}:")]
    options += [
        _taking(conflict, f"{TAKE}:{token}:{place}", zone)
        for place, conflict in enumerate(conflicts[: MENU_OPTIONS - 1])
    ]
    return Menu(f"The source has new values for fixed fields{chosen}", tuple(options), verb=verb, most=MENU_OPTIONS)


def _taking(conflict: Conflict, action: str, zone: tzinfo) -> Option:
    field = conflict.correction.field
    return Option(
        clip(f"Take the source's {word_of(field)}: {in_line(field, conflict.source_value, zone)}", OPTION_TEXT),
        action,
        clip(f"instead of {in_line(field, conflict.correction.value, zone)}", OPTION_TEXT),
    )


def unchanged_answer(name: str) -> Answer:
    """Say that a source is what is in use already."""
    return Answer(
        Card("Nothing changes", description=f"{escaped(name, 200)} is the programme that is in use already.").embed()
    )


def applied_answer(
    programme: Programme, version: VersionNote | None, back_to: int | None, *, told: bool, fixed: bool
) -> Answer:
    """Say that the programme was changed, and offer to take it back.

    Args:
        programme: what it is now.
        version: the version in use.
        back_to: the number of the version before.
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
    back = ActionButton("All fixes", FIXES, verb=VERB) if fixed else undo_button(back_to)
    return Answer(card.embed(), ((back,),))


def undo_button(back_to: int | None) -> ActionButton:
    """Offer to go back to a version, by default to the one before; what that changes is shown before it is done."""
    return ActionButton("Undo…", UNDO if back_to is None else f"{UNDO}:{back_to}", verb=VERB)


def cancelled_answer() -> Answer:
    """Say that nothing was done."""
    return Answer(Card("Cancelled", description="Nothing was changed.").embed())


def history_answer(notes: Sequence[VersionNote], current: int | None, page: int, zone: tzinfo) -> Answer:
    """List the versions, the latest first."""
    shown = Page.of(notes, page, _HISTORY)
    card = Card("Versions of the programme", footer=shown.note)
    card.description = "\n\n".join(_note(note, current, zone) for note in shown.entries) or "None was loaded yet."
    turns = _turns(HISTORY, "", shown.number, shown.count)
    options = tuple(
        Option(
            clip(f"Go back to version {note.id}", OPTION_TEXT),
            f"{UNDO}:{note.id}",
            clip(f"{note.source_name}, {local_moment(note.loaded_at, zone)}", OPTION_TEXT),
        )
        for note in shown.entries
        if note.id != current
    )
    rows: list[Row] = [turns] if turns else []
    rows += [Menu("Go back to an earlier version", options, verb=VERB)] if options else []
    return Answer(card.embed(), tuple(rows))


def _note(note: VersionNote, current: int | None, zone: tzinfo) -> str:
    by = f"by <@{note.loaded_by}>" if note.loaded_by else "by the bot itself"
    mark = " — **in use**" if note.id == current else ""
    summary = f"\n{escaped(note.summary, 200)}" if note.summary else ""
    return (
        f"**Version {note.id}**{mark} · {escaped(note.source_name, 100)} · {told(note.loaded_at, zone)} {by}{summary}"
    )


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
    card.description = "\n\n".join(_fix(kept, values, programme) for kept in shown.entries) or (
        "Nothing was fixed yet. `/programme fix paper` and `/programme fix session` do it."
    )
    options = tuple(
        Option(
            clip(f"Remove: {word_of(kept.correction.field)} of {_name(kept.correction, programme)}", OPTION_TEXT),
            f"{UNFIX}:{kept.correction.about}:{kept.correction.key}:{kept.correction.field}",
            clip(in_line(kept.correction.field, kept.correction.value, programme.zone), OPTION_TEXT),
        )
        for kept in shown.entries
    )
    rows: list[Row] = [turns] if (turns := _turns(FIXES, "", shown.number, shown.count)) else []
    rows += [Menu("Remove a fix", options, verb=VERB)] if options else []
    return Answer(card.embed(), tuple(rows))


def _fix(kept: KeptCorrection, disputed: Mapping[Correction, str], programme: Programme) -> str:
    one = kept.correction
    value = corrected_text(one.field, one.value, 120, programme.zone)
    was = corrected_text(one.field, one.was or "", 80, programme.zone)
    moment = discord.utils.format_dt(kept.made_at, "R")
    now = (
        f"\n⚠ the source now says {corrected_text(one.field, disputed[one], 120, programme.zone)}"
        if one in disputed
        else ""
    )
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
