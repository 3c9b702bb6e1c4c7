"""How questions look: the list in a session's place, the screen, and what only one person sees.

What people wrote is on one line and escaped: no ping, heading or link comes of it.
"""

from collections.abc import Iterable, Sequence
from typing import Final

import discord

from bot.session_questions.model import LENGTH, Ranked, SessionQuestion, State
from bot.ui.answer import ActionButton, Answer, AnyButton, Button, Menu, Option, Row
from bot.ui.card import Card
from bot.ui.fitting import lines_that_fit
from bot.ui.limits import EMBED_FIELD_VALUE, EMBED_TITLE, MENU_OPTIONS, OPTION_TEXT, ROW_BUTTONS, clip
from bot.ui.markdown import escaped_line
from bot.ui.pager import Page
from bot.ui.questions import Question, QuestionKind
from bot.ui.wording import plural

ASK: Final = "question"
VOTE: Final = "vote"
UNVOTE: Final = "unvote"
VOTES: Final = "votes"
WITHDRAW: Final = "withdraw"
CHAIR: Final = "chair"
OPEN: Final = "chairopen"
SETTLE: Final = "settle"
MERGE: Final = "merge"
ANSWERS: Final = "answers"
SCREEN: Final = "screen"
"""The verbs of the buttons and menus."""

ANSWERED, LINK, HIDE, REOPEN, JOIN = "answered", "link", "hide", "reopen", "join"
"""What a chair does with a question, as the buttons say it."""

ASK_HERE: Final = "Put a question to the session, and vote for those of others: the list is in this discussion."
"""What the first message of a session's place says."""

LISTED: Final = 10
"""How many questions the list in the session's place shows, each with a button to vote for it."""

LARGE: Final = 5
"""How many a screen shows."""

_PAGE: Final = 8
_ANSWERED: Final = 5
"""How many answered questions the list names."""

_TEXT: Final = LENGTH + 20
"""How many characters a question may take once it is escaped; what is mostly marks is cut."""

_STATES = {State.ANSWERED: "answered", State.HIDDEN: "hidden", State.MERGED: "merged into another one"}


def list_embed(session: str, ranked: Sequence[Ranked], answered: Sequence[Ranked], *, takes: bool) -> discord.Embed:
    """Show the questions to a session to everybody.

    Args:
        session: its name.
        ranked: those that are open, the one with the most votes first.
        answered: those that are answered, the latest first.
        takes: whether the session takes questions and votes.
    """
    card = Card(_title("Questions to", session))
    rest = len(ranked) - LISTED
    entries = [_entry(one) for one in ranked[:LISTED]]
    if rest > 0:
        entries.append(f"… and {rest} more: press **All questions**.")
    if not takes:
        entries.insert(0, "This session takes no questions and no votes now.")
    elif not ranked:
        entries.append("No question waits for an answer. Press **Ask a question** to put one.")
    else:
        entries.insert(0, "Press ▲ with a question's number to vote for it.")
    card.description = "\n\n".join(entries)
    lines = [_answered_line(one.question) for one in answered]
    card.add("Answered", lines_that_fit(lines, EMBED_FIELD_VALUE, _ANSWERED))
    return card.embed()


def list_rows(ranked: Sequence[Ranked], *, takes: bool) -> tuple[Row, ...]:
    """Return the buttons by which the listed questions are voted for."""
    buttons = [ActionButton(f"▲ {one.question.number}", str(one.question.id), verb=VOTE) for one in ranked[:LISTED]]
    rows = (buttons[start : start + ROW_BUTTONS] for start in range(0, len(buttons), ROW_BUTTONS))
    return tuple(map(tuple, rows)) if takes else ()


def list_questions(session_key: str) -> tuple[tuple[str, Question], ...]:
    """Return the button of messages for everybody that shows all questions to whoever presses it."""
    return (("All questions", all_of(session_key)),)


def list_buttons(session_key: str, *, takes: bool) -> tuple[ActionButton, ...]:
    """Return the list's further buttons."""
    chair = ActionButton("For the chair", f"{session_key}:0", verb=CHAIR)
    return (ask_button(session_key), chair) if takes else (chair,)


def ask_button(session_key: str) -> ActionButton:
    """Return the button that opens the form."""
    return ActionButton("Ask a question", session_key, verb=ASK)


def all_of(session_key: str) -> Question:
    """Return the question that shows all questions to a session."""
    return Question(QuestionKind.QUESTIONS, session_key)


def screen_text(session: str, ranked: Sequence[Ranked]) -> str:
    """Show the first questions in large letters, as the text of a message."""
    lines = [f"# {_title('Questions to', session, 120)}"]
    for one in ranked[:LARGE]:
        lines.append(f"## ▲ {one.votes}  {escaped_line(one.question.text, _TEXT)}")
        lines.append(f"-# Question {one.question.number} · {_by(one.question)}")
    if not ranked:
        lines.append("## No question waits for an answer.")
    elif len(ranked) > LARGE:
        lines.append(f"-# and {len(ranked) - LARGE} more")
    return "\n".join(lines)


def screen_buttons(session_key: str, *, takes: bool) -> tuple[ActionButton, ...]:
    """Return the further buttons of a screen."""
    stop = ActionButton("Take this screen down", session_key, verb=SCREEN)
    return (ask_button(session_key), stop) if takes else (stop,)


# What one person sees.


def questions_answer(
    session: str,
    session_key: str,
    ranked: Sequence[Ranked],
    answered: Sequence[Ranked],
    voted: frozenset[int],
    reader: int,
    number: int,
    *,
    takes: bool,
) -> Answer:
    """Show somebody all questions to a session, to vote for several at once.

    Args:
        session: its name.
        session_key: its key.
        ranked: those that are open, the one with the most votes first.
        answered: those that are answered, the latest first.
        voted: the ids of those that the reader voted for.
        reader: Discord's id of the reader.
        number: which page.
        takes: whether the session takes questions and votes.
    """
    page = Page.of([*ranked, *answered], number, _PAGE)
    card = Card(_title("Questions to", session), footer=page.note)
    entries = [
        _entry(one, yours=one.question.asker_id == reader, voted=one.question.id in voted) for one in page.entries
    ]
    card.description = "\n\n".join(entries) or "Nobody has asked anything yet."
    if not takes:
        card.description = f"This session takes no questions and no votes now.\n\n{card.description}"
    question = Question(QuestionKind.QUESTIONS, session_key, page.number)
    buttons: tuple[AnyButton, ...] = page.buttons(question)
    rows: list[Row] = [(*buttons, ask_button(session_key))] if takes else [buttons] if buttons else []
    votable = [one for one in page.entries if one.question.state is State.OPEN]
    if takes and votable:
        options = tuple(_option(one, picked=one.question.id in voted) for one in votable)
        rows.append(Menu("Vote for one or more", options, VOTES, len(options), fewest=0, about=question.code))
    own = [one for one in page.entries if one.question.asker_id == reader]
    if own:
        rows.append(Menu("Withdraw a question of yours", tuple(map(_option, own)), WITHDRAW, about=question.code))
    return Answer(card.embed(), tuple(rows))


def asked_answer(session: str, question: SessionQuestion, *, is_new: bool) -> Answer:
    """Tell somebody that their question to a session of that name is kept."""
    card = Card("Your question is on the list" if is_new else "You have asked this already")
    own = f"**{question.number}** · {_by(question)}\n{escaped_line(question.text, _TEXT)}"
    card.description = f"{own}\n\nIt is in the discussion of {name_of(session)}, where all can vote for it."
    if question.name is None:
        card.footer = "Others don't see who asked; the moderators do."
    return Answer(card.embed(), ((_withdraw(question), _all_button(question)),))


def voted_answer(ranked: Ranked, *, wanted: bool, changed: bool) -> Answer:
    """Tell somebody what has become of their vote."""
    if wanted:
        title = "Your vote counts" if changed else "You have voted for this already"
        button = ActionButton("Take my vote back", str(ranked.question.id), verb=UNVOTE)
    else:
        title = "Your vote is taken back" if changed else "You have not voted for this"
        button = ActionButton("Vote for it", str(ranked.question.id), verb=VOTE)
    return Answer(Card(title, description=_entry(ranked)).embed(), ((button, _all_button(ranked.question)),))


def withdrawn_answer(question: SessionQuestion) -> Answer:
    """Tell somebody that their question is gone."""
    card = Card("Your question is withdrawn", description="It is deleted, with the votes for it.")
    return Answer(card.embed(), ((_all_button(question),),))


# What a chair sees.


def chair_answer(session: str, session_key: str, ranked: Sequence[Ranked], number: int) -> Answer:
    """Show a chair all questions, also those that nobody else sees any more, to open one of them."""
    page = Page.of(ranked, number, _PAGE)
    card = Card(_title("For the chair:", session), footer=page.note)
    card.description = "\n\n".join(_entry(one) for one in page.entries) or "Nobody has asked anything yet."
    rows: list[Row] = []
    if page.count > 1:
        turns = (("Previous", page.number - 1), ("Next", page.number + 1))
        # Going round at the ends gives both buttons an id of their own even where they lead nowhere.
        rows.append(
            tuple(
                ActionButton(label, f"{session_key}:{to % page.count}:{label[:1]}", verb=CHAIR) for label, to in turns
            )
        )
    if page.entries:
        rows.append(Menu("Mark, merge or hide a question", tuple(map(_option, page.entries)), OPEN, about=session_key))
    return Answer(card.embed(), tuple(rows))


def panel_answer(ranked: Ranked, merged: Sequence[SessionQuestion], asker: int | None, done: str = "") -> Answer:
    """Show a chair one question, and what can be done with it.

    Args:
        ranked: the question.
        merged: those that are merged into it.
        asker: who asked, where the reader may know it though it was asked without a name.
        done: what was just done with it, if anything was.
    """
    question = ranked.question
    card = Card(done or f"Question {question.number}", description=_entry(ranked))
    if asker is not None:
        card.add("Asked by", f"<@{asker}>. Only moderators see this.")
    card.add("Merged into it", lines_that_fit([_answered_line(one) for one in merged], EMBED_FIELD_VALUE))
    back = ActionButton("All, for the chair", f"{question.session_key}:0", verb=CHAIR)
    return Answer(card.embed(), (tuple(_actions(question)), (back,)))


def merging_answer(question: SessionQuestion, others: Sequence[Ranked]) -> Answer:
    """Let a chair pick the question that is to take another's place."""
    card = Card(f"Merge question {question.number}", description=escaped_line(question.text, _TEXT))
    card.description += "\n\nPick the question that asks the same. It gets the votes of both; each person counts once."
    options = tuple(map(_option, others[:MENU_OPTIONS]))
    return Answer(card.embed(), (Menu("Merge into", options, MERGE, about=str(question.id)),))


def answering_answer(session: str, about: str, ranked: Sequence[Ranked]) -> Answer:
    """Let a chair pick the question that a message answers."""
    card = Card("Which question does this answer?")
    if not ranked:
        card.description = f"No question to {name_of(session)} waits for an answer."
        return Answer(card.embed())
    card.description = f"It is one to {name_of(session)}. It will be marked as answered, with a link to the message."
    options = tuple(map(_option, ranked[:MENU_OPTIONS]))
    return Answer(card.embed(), (Menu("Pick the question", options, ANSWERS, about=about),))


def switched_answer(where: str, *, takes: bool) -> Answer:
    """Confirm that questions are taken, or no longer."""
    said = "takes questions" if takes else "takes no questions and no votes any more"
    kept = "" if takes else " What was asked is kept, and can still be answered and exported."
    return Answer(
        Card("Questions are on" if takes else "Questions are off", description=f"{where} {said}.{kept}").embed()
    )


def _actions(question: SessionQuestion) -> Iterable[ActionButton]:
    def button(label: str, action: str) -> ActionButton:
        return ActionButton(label, f"{action}:{question.id}", verb=SETTLE)

    if question.state is State.OPEN:
        yield button("Answered", ANSWERED)
        yield button("Answered, with a link", LINK)
        yield button("Merge", JOIN)
        yield button("Hide", HIDE)
        return
    yield button("Open it again", REOPEN)
    if question.state is State.ANSWERED:
        yield button("Change the link", LINK)
        yield button("Hide", HIDE)


def _title(what: str, session: str, limit: int = EMBED_TITLE) -> str:
    return f"{what} {escaped_line(session, limit - len(what) - 1)}"


def _entry(ranked: Ranked, *, yours: bool = False, voted: bool = False) -> str:
    question = ranked.question
    parts = [
        f"**{question.number}**",
        plural(ranked.votes, "vote"),
        _by(question),
        _STATES.get(question.state, ""),
        "your question" if yours else "",
        "✓ your vote" if voted else "",
    ]
    lines = [" · ".join(filter(None, parts)), escaped_line(question.text, _TEXT)]
    return "\n".join([*lines, *_answer_links(question)])


def _answered_line(question: SessionQuestion) -> str:
    return " ".join((f"**{question.number}** {escaped_line(question.text, 90)}", *_answer_links(question)))


def _answer_links(question: SessionQuestion) -> Sequence[str]:
    """Return the link to the answer's message, if there is one: its address itself says nothing."""
    return [f"[The answer]({question.answer_url})"] if question.answer_url else []


def _by(question: SessionQuestion) -> str:
    return "without a name" if question.name is None else escaped_line(question.name, 80)


def _option(ranked: Ranked, *, picked: bool = False) -> Option:
    question = ranked.question
    state = _STATES.get(question.state, "")
    note = " · ".join(filter(None, (plural(ranked.votes, "vote"), state)))
    return Option(clip(f"{question.number}: {question.text}", OPTION_TEXT), str(question.id), note, picked)


def _withdraw(question: SessionQuestion) -> ActionButton:
    return ActionButton("Withdraw it", str(question.id), verb=WITHDRAW)


def _all_button(question: SessionQuestion) -> Button:
    return Button("All questions", all_of(question.session_key))


def kept_lines(questions: Sequence[SessionQuestion], votes: int, chairs: int) -> list[str]:
    """Tell somebody what is kept about them here, a line each.

    Args:
        questions: what they asked.
        votes: for how many questions they voted.
        chairs: how many sessions the organizers made them a chair of.
    """
    lines = []
    if questions:
        named = sum(one.name is not None for one in questions)
        name = f", and your name with {named} of them" if named else ""
        lines.append(
            f"{plural(len(questions), 'question')} you put to sessions: the text, your Discord id and the time{name}."
        )
    if votes:
        lines.append(f"Your votes for {plural(votes, 'question')} to sessions: your Discord id and the time.")
    if chairs:
        lines.append(f"That you chair {plural(chairs, 'session')} here: your Discord id, and since when.")
    return lines


def screen_answer(session: str) -> Answer:
    """Tell a chair that a screen comes."""
    text = (
        f"The first {LARGE} questions to {name_of(session)} appear in this channel and follow the votes. One channel "
        "has one screen; **Take this screen down** below it removes it."
    )
    return Answer(None, content=text)


def screen_gone_answer(*, there: bool) -> Answer:
    """Tell a chair that a screen is gone."""
    return Answer(None, content="The screen is gone." if there else "There is no screen in this channel any more.")


def chair_named_answer(user_id: int, name: str, *, is_one: bool) -> Answer:
    """Confirm that somebody chairs a session, or no longer."""
    said = "is a chair of" if is_one else "is no longer a chair, by name, of"
    how = " They answer, merge and hide its questions by **For the chair** below the list." if is_one else ""
    return Answer(Card("Chairs", description=f"<@{user_id}> {said} {name_of(name)}.{how}").embed())


def name_of(session: str) -> str:
    """Return a session's name in a sentence."""
    return f"“{escaped_line(session, 100)}”"


def quoted(text: str) -> str:
    """Return what somebody typed, to be copied from an error."""
    return f"“{escaped_line(text, 2 * LENGTH)}”"
