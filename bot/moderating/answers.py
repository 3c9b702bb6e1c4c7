"""Answers for moderators: what a change would do, what was done, and what can be taken back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

import discord

from bot.editions.model import Edition, KeptCorrection, Step, StepKind, Touched, VersionNote
from bot.moderating.difference_answer import corrected_text, difference_text, in_line, name_of
from bot.moderating.model import PendingChange
from bot.programme.corrections import Conflict, Correction
from bot.programme.model import Programme
from bot.ui.answer import ActionButton, Answer, Menu, Option, Row
from bot.ui.card import Card
from bot.ui.fitting import joined
from bot.ui.limits import MENU_OPTIONS, OPTION_TEXT, clip
from bot.ui.markdown import escaped
from bot.ui.moments import local_moment, told
from bot.ui.pager import Page
from bot.ui.wording import plural, sentence

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
_MOST_OF_FIXES = 300
"""How many characters the fixes of one change have in the history."""

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
        change.proposal.difference, replace(findings, conflicts=kept), change.page, after=change.proposal.after
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
    return replace(answer, rows=tuple(rows), content=change.note)


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
    programme: Programme, version: VersionNote | None, before: VersionNote | None, *, told: bool, fixed: bool
) -> Answer:
    """Say that the programme was changed, and offer to take it back.

    Args:
        programme: what it is now.
        version: the version in use.
        before: the version before.
        told: whether there is something that people must hear.
        fixed: whether it was changed by fixes alone.
    """
    card = Card("The programme is changed")
    number = f"Version {version.id}" if version else "The programme"
    card.description = (
        f"{number} is in use: {plural(len(programme.sessions), 'session')}, {plural(len(programme.papers), 'paper')}."
    )
    if told:
        card.description += "\nThose who must know of new times and rooms are told now."
    if fixed:
        return Answer(card.embed(), ((undo_button(), ActionButton("All fixes", FIXES, verb=VERB)),))
    return Answer(card.embed(), ((undo_button(before, version),),))


def undo_button(before: VersionNote | None = None, after: VersionNote | None = None) -> ActionButton:
    """Offer to take back what led from a version to another, by default the last change; that is shown first."""
    return ActionButton("Undo…", f"{UNDO}:{before.id}:{after.id}" if before and after else UNDO, verb=VERB)


def cancelled_answer() -> Answer:
    """Say that nothing was done."""
    return Answer(Card("Cancelled", description="Nothing was changed.").embed())


def history_answer(notes: Sequence[VersionNote], steps: Sequence[Step], edition: Edition, page: int) -> Answer:
    """List the versions, the fixes and the goings back, the latest first.

    Args:
        notes: what is written down about the versions.
        steps: the changes; what loaded a version, the version's note tells.
        edition: what is in use.
        page: which page.
    """
    current, zone = edition.version.id if edition.version else None, edition.programme.zone
    others = [step for step in steps if step.kind is not StepKind.LOAD]
    entries: list[VersionNote | Step] = [*notes, *others]
    entries.sort(key=_made_at, reverse=True)
    shown = Page.of(entries, page, _HISTORY)
    card = Card("History of the programme", footer=shown.note)
    lines = [
        _note(one, current, zone) if isinstance(one, VersionNote) else _step(one, edition.programme)
        for one in shown.entries
    ]
    card.description = "\n\n".join(lines) or "None was loaded yet."
    turns = _turns(HISTORY, "", shown.number, shown.count)
    options = tuple(
        Option(
            clip(f"Go back to version {note.id}", OPTION_TEXT),
            f"{UNDO}:{note.id}",
            clip(f"{note.source_name}, {local_moment(note.loaded_at, zone)}", OPTION_TEXT),
        )
        for note in shown.entries
        if isinstance(note, VersionNote) and note.id != current
    )
    rows: list[Row] = [(*turns, undo_button())] if entries else []
    rows += [Menu("Go back to an earlier version", options, verb=VERB)] if options else []
    return Answer(card.embed(), tuple(rows))


def taking_back(step: Step, programme: Programme, *, last: bool) -> str:
    """Say what undo takes back: the last change, or one that is named."""
    what, more = _done(step, programme)
    change = "the last change" if last else "this change"
    return f"This takes back {change}: **{what}**{more}, {_by(step, programme.zone)}."


def _made_at(one: VersionNote | Step) -> datetime:
    return one.loaded_at if isinstance(one, VersionNote) else one.made_at


def _step(step: Step, programme: Programme) -> str:
    what, more = _done(step, programme)
    return f"**{sentence(what)}**{more} · {_by(step, programme.zone)}"


def _done(step: Step, programme: Programme) -> tuple[str, str]:
    """Tell what a change did, and what else there is to say of it."""
    if step.kind is StepKind.LOAD:
        return f"version {step.after}", " was loaded"
    fixes = [_touched(one, programme) for one in step.touched]
    told_fixes = joined(fixes, _MOST_OF_FIXES, "; ")
    if step.kind is StepKind.BACK:
        return f"back to version {step.after}", f", with {told_fixes}" if fixes else ""
    removed = all(one.after is None for one in step.touched)
    return f"{'fix' if len(fixes) == 1 else 'fixes'}{' removed' if removed else ''}", f": {told_fixes}"


def _touched(one: Touched, programme: Programme) -> str:
    kept = one.after or one.before
    if kept is None:
        return ""
    correction = kept.correction
    field, zone = correction.field, programme.zone
    was, now = (
        corrected_text(field, end.correction.value if end else correction.was or "", 80, zone)
        for end in (one.before, one.after)
    )
    return f"{word_of(field)} of {escaped(_name(correction, programme), 80)}, {was} → {now}"


def _by(step: Step, zone: tzinfo) -> str:
    by = f"by <@{step.made_by}>" if step.made_by else "by the bot itself"
    return f"{told(step.made_at, zone)} {by}"


def _note(note: VersionNote, current: int | None, zone: tzinfo) -> str:
    by = f"by <@{note.loaded_by}>" if note.loaded_by else "by the bot itself"
    mark = " — **in use**" if note.id == current else ""
    summary = f"\n{escaped(note.summary, 200)}" if note.summary else ""
    moment = told(note.loaded_at, zone)
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
    return name_of(correction.about, correction.key, programme)
