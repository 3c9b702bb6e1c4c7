"""How the help desk looks: what is asked, handed on and told. Whatever people wrote is escaped."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

import discord
from discord.utils import format_dt

from bot.helpdesk.model import TEXT, About, HelpRequest, Quote, Report, Word
from bot.ui.answer import ActionButton, Answer
from bot.ui.card import Card
from bot.ui.fitting import lines_that_fit
from bot.ui.form import ChoiceField, Field, TextField
from bot.ui.limits import size
from bot.ui.markdown import escaped, escaped_line
from bot.ui.wording import plural

DESK: Final = "desk"
CONDUCT: Final = "conduct"
"""The verbs of the buttons: of a thread with those on duty, and of a report."""

TAKE, CLOSE, REPLY, SHOW = "take", "close", "reply", "show"
"""What these buttons do."""

ABOUT, WHAT, NAME = "about", "what", "name"
"""The fields of the forms."""

ABOUTS: Final = {
    About.HELP: "Help: a question, or something that does not work",
    About.CONDUCT: "Conduct: how somebody behaves",
}
SHOWN, HIDDEN = "The conduct team may see my name", "Keep my name from the conduct team, too"

STATE: Final = "State"
FROM: Final = "From"
_OPEN: Final = "Open"
UNNAMED: Final = "Somebody who is not named. **Answer** reaches them all the same."
_FORGOTTEN: Final = "Somebody who had all deleted that I keep about them. They can't be answered."
_SAID: Final = 2_600
_QUOTED: Final = 2_200
"""How many characters of Markdown there are at most of what people wrote: a message's embeds have 6,000 in all."""

_LINES: Final = 60


def fields(abouts: Sequence[About], *, report: bool) -> list[Field]:
    """Return the fields of the form.

    Args:
        abouts: what people can turn to the help desk with.
        report: whether it is about a message, which says much already.
    """
    asked: list[Field] = []
    if len(abouts) > 1:
        choices = tuple(ABOUTS[about] for about in ((*abouts[::-1],) if report else abouts))
        how = "Reports of conduct go to a team of their own, which alone reads them."
        asked.append(ChoiceField(ABOUT, "What is it about?", choices, description=how, required=True))
    label = "What should be known about this message?" if report else "What is it?"
    how = "The message itself is handed on in any case." if report else ""
    asked.append(TextField(WHAT, label, "", TEXT, how, required=not report, long=True))
    if About.CONDUCT in abouts:
        how = "For reports of conduct. Nothing picked: your name is kept from them. They can answer you either way."
        asked.append(ChoiceField(NAME, "Your name", (SHOWN, HIDDEN), description=how))
    return asked


def word_fields(label: str, *, required: bool = True) -> list[Field]:
    """Return the field of a form that asks for some words."""
    return [TextField(WHAT, label, "", TEXT, required=required, long=True)]


def about_of(picked: str, abouts: Sequence[About]) -> About | None:
    """Return what a form is about, None where it does not say."""
    return abouts[0] if len(abouts) == 1 else next((one for one in abouts if ABOUTS[one] == picked), None)


# What those on duty read.


def request_embeds(request: HelpRequest) -> list[discord.Embed]:
    """Say in its thread what a request is about."""
    card = Card(f"Help · {request.token}", footer="Close it when it is done: the thread is then locked.")
    card.description = _quoted(request.text or "", _SAID) or "They wrote nothing besides."
    card.add("Asked by", f"<@{request.user_id}>", inline=True)
    card.add(STATE, _OPEN, inline=True)
    return [card.embed(), *quote_embeds(request.quote)]


def request_buttons(request: HelpRequest) -> tuple[ActionButton, ...]:
    """Return the buttons below a request; none once it is closed."""
    if request.closed_by:
        return ()
    take = "Take over" if request.taken_by else "Take"
    return (
        ActionButton(take, f"{TAKE}:{request.token}:{request.taken_by or 0}", verb=DESK),
        ActionButton("Close", f"{CLOSE}:{request.token}", verb=DESK, dangerous=True),
    )


def request_state(request: HelpRequest) -> str:
    """Say how far a request is."""
    if request.closed_by:
        return f"Closed by <@{request.closed_by}>"
    return f"Taken by <@{request.taken_by}>" if request.taken_by else _OPEN


def closed_notice(request: HelpRequest) -> str:
    """Tell the asker in the thread that it is closed."""
    by = "" if request.closed_by in (None, request.user_id) else f" by <@{request.closed_by}>"
    return f"<@{request.user_id}> Closed{by}. If something is left to be done, use `/help-desk` again."


# What the conduct team reads.


def report_embeds(report: Report) -> list[discord.Embed]:
    """Hand a report on."""
    card = Card(f"Conduct report · {report.token}", footer=f"Made {report.made_at:%Y-%m-%d %H:%M} UTC")
    card.description = _quoted(report.text or "", _SAID) or "They wrote nothing besides."
    card.add(FROM, _reporter(report))
    card.add(STATE, _OPEN, inline=True)
    card.add("Deleted", f"{format_dt(report.delete_at, 'f')}, with all that I keep of it", inline=True)
    return [card.embed(), *quote_embeds(report.quote)]


def report_buttons(report: Report) -> tuple[ActionButton, ...]:
    """Return the buttons below a report; the date stands in them for whoever deletes it without the database."""
    about = f"{report.token}:{int(report.delete_at.timestamp())}"
    answer = (ActionButton("Answer", f"{REPLY}:{about}", verb=CONDUCT),)
    if report.closed:
        return answer
    take = "Take over" if report.taken_by else "Take"
    return (
        *answer,
        ActionButton(take, f"{TAKE}:{about}:{report.taken_by or 0}", verb=CONDUCT),
        ActionButton("Close", f"{CLOSE}:{about}", verb=CONDUCT, dangerous=True),
    )


def report_state(report: Report, closed_by: int | None = None) -> str:
    """Say how far a report is."""
    if report.closed:
        return f"Closed by <@{closed_by}>" if closed_by else "Closed"
    return f"Taken by <@{report.taken_by}>" if report.taken_by else _OPEN


def word_embeds(report: Report, word: Word) -> list[discord.Embed]:
    """Hand on what a reporter adds."""
    card = Card(f"To conduct report · {report.token}", description=_quoted(word.text or "", _SAID))
    card.add(FROM, _reporter(report))
    return [card.embed()]


def word_buttons(report: Report) -> tuple[ActionButton, ...]:
    """Return the button below what a reporter adds."""
    return report_buttons(report)[:1]


def quote_embeds(quote: Quote | None) -> Iterator[discord.Embed]:
    """Show a reported message; its author is named, and nobody is pinged."""
    if quote is None:
        return
    card = Card("The message")
    unknown = "I no longer know what it says: I was restarted before the report was sent. The link leads to it."
    card.description = _quoted(quote.text, _QUOTED) if quote.text is not None else unknown
    card.description = card.description or "It has no text."
    card.add("By", f"<@{quote.author_id}> ({escaped_line(quote.author, 100)}, {quote.author_id})", inline=True)
    card.add("Written", format_dt(quote.written_at, "f"), inline=True)
    card.add("Where", f"[Go to the message]({quote.link})", inline=True)
    files = [f"{escaped_line(name, 60)}: <{url}>" for name, url in quote.files if _is_plain(url)]
    card.add("Files", lines_that_fit(files, 600))
    yield card.embed()


# What the asker reads.


def form_title(*, report: bool) -> str:
    """Return the title of the form."""
    return "Report this message" if report else "Help desk"


def opened_answer(request: HelpRequest) -> Answer:
    """Tell the asker where their thread is."""
    card = Card("Your thread with the help desk")
    if request.url and request.starter_id:
        card.description = f"<#{request.thread_id}>: those on duty are called there. Only you and they see it."
    else:
        card.description = (
            f"It is being opened, as {request.token}. You are called there; only you and those on duty see it. "
            "What you wrote is kept until it is there."
        )
    return Answer(card.embed())


def reported_answer(report: Report, due_at: datetime, team: str, contact: str) -> Answer:
    """Tell the reporter what happens now, and who can know."""
    card = Card(f"Your report · {report.token}")
    name = "They see your name." if report.named else "They don't see your name. I know it, to bring you their answers."
    lines = [
        (
            f"It goes to the conduct team ({team}), in a channel that only they, the server's owner and Discord can "
            f"read. {name} They can answer you through me in your direct messages."
        ),
        f"I delete it, with all that I keep of it, {format_dt(report.delete_at, 'D')}.",
        f"Is it urgent? Turn to {contact}.",
    ]
    if due_at - report.made_at >= timedelta(minutes=1):
        lines.insert(
            0,
            f"You have sent many within an hour. This one is not lost: it reaches the team {format_dt(due_at, 'R')}, "
            "without calling them.",
        )
    card.description = "\n\n".join(lines)
    return Answer(card.embed())


def refused_answer(why: str, contact: str, text: str) -> Answer:
    """Say that something could not be handed on, and give back what somebody wrote."""
    card = Card("This was not handed on")
    card.description = f"{why} Nobody has read it. Turn to {contact}."
    if said := _quoted(text, _SAID):
        card.description += f"\n\nWhat you wrote:\n{said}"
    return Answer(card.embed())


def refused_notice(channel: str | None, trouble: str) -> str:
    """Tell the organizers that a report was refused."""
    return (
        "A conduct report was refused, for I can't send it where the conduct team alone reads it "
        f"({channel or '`help_desk.conduct_channel`'}): {trouble}. The reporter knows that it reached nobody. "
        "`/status` tells when this is mended."
    )


def off_text(contact: str, *, conduct: bool = False) -> str:
    """Say whom to ask where nothing is set up."""
    what = "Reports of conduct are" if conduct else "The help desk is"
    return f"{what} not set up here. Turn to {contact}."


def too_many_text(requests: Sequence[HelpRequest]) -> str:
    """Say why one more request is not taken."""
    where = ", ".join(f"<#{one.thread_id}>" if one.thread_id else one.token for one in requests)
    return (
        f"You have {plural(len(requests), 'open request')}: {where}. Go on there, or close one. Reports of conduct are "
        "never too many."
    )


def too_often_text(again: datetime) -> str:
    """Say when one more request is taken."""
    return (
        f"You have asked for help often within an hour; the next time is {format_dt(again, 'R')}. Your open threads "
        "are there, and reports of conduct are never too many."
    )


def answer_embeds(report: Report, word: Word) -> list[discord.Embed]:
    """Bring the reporter an answer, in their direct messages."""
    card = Card(f"About your report · {report.token}", footer="Only the conduct team reads what you answer here.")
    card.description = word.text or ""
    return [card.embed()]


def answer_buttons(report: Report) -> tuple[ActionButton, ...]:
    """Return the button below an answer."""
    return (ActionButton("Answer the conduct team", f"add:{report.token}", verb=CONDUCT),)


def unseen_answer(words: Sequence[Word]) -> Answer:
    """Show answers that could not be sent as direct messages."""
    shown = list({word.report: word for word in words}.values())
    card = Card("Answers to your reports", description="\n\n".join(f"**{one.report}**\n{one.text}" for one in words))
    buttons = tuple(ActionButton(f"Answer about {one.report}", f"add:{one.report}", verb=CONDUCT) for one in shown[:5])
    return Answer(card.embed(), (buttons,))


def words_of_team(text: str) -> str:
    """Say to a reporter what the team wrote."""
    return f"The conduct team answers:\n{_quoted(text, _SAID)}"


def closing_words(text: str) -> str:
    """Say to a reporter that their report is closed."""
    return f"The conduct team has closed your report.\n{_quoted(text, _SAID)}".rstrip()


def late_words(contact: str) -> str:
    """Say to a reporter that their report has not reached the team."""
    return (
        "Your report has not reached the conduct team: I can't send it where only they read it. I keep it, and send it "
        f"as soon as that is mended. If it must not wait, turn to {contact}."
    )


ARRIVED: Final = "Your report has reached the conduct team now."


def done_answer(text: str) -> Answer:
    """Say in a line what was done."""
    return Answer(None, content=text)


def unseen_hint() -> Answer:
    """Tell somebody that there are answers for them, without telling whoever looks over their shoulder what about."""
    text = "I have a message for you that I could not send you: you take no direct messages from me."
    return Answer(None, ((ActionButton("Show it", f"{SHOW}:0", verb=CONDUCT),),), content=text)


# What /mydata says.


def kept_lines(requests: Iterable[HelpRequest], reports: Iterable[Report]) -> Iterator[str]:
    """Tell what is kept about somebody."""
    if own := list(requests):
        still = sum(not one.closed_by for one in own)
        yield (
            f"{plural(len(own), 'request')} for help, {still} of them open: your Discord id, when, and the thread. "
            "What you wrote is in the thread, for those on duty; deleting here leaves it there."
        )
    if mine := list(reports):
        dates = ", ".join(dict.fromkeys(format_dt(one.delete_at, "D") for one in mine[:5]))
        yield (
            f"That {plural(len(mine), 'report')} of conduct came from you, so that you can be answered: your Discord "
            f"id. Deleted {dates}. Deleting here takes your name off and ends the answers at once; the conduct team "
            "keeps the report itself until its date, for it protects others too."
        )


def _reporter(report: Report) -> str:
    if report.reporter_id is None:
        return _FORGOTTEN
    return f"<@{report.reporter_id}> ({report.reporter_id})" if report.named else UNNAMED


def without_name(embed: discord.Embed) -> discord.Embed:
    """Take the reporter's name off a report."""
    return with_field(embed, FROM, _FORGOTTEN)


def with_field(embed: discord.Embed, name: str, value: str) -> discord.Embed:
    """Return an embed with something else in the field of a name."""
    changed = embed.copy()
    for place, one in enumerate(changed.fields):
        if one.name == name:
            changed.set_field_at(place, name=name, value=value, inline=one.inline)
    return changed


def _quoted(text: str, limit: int) -> str:
    """Return what somebody wrote as a quotation: no line of it can look like the bot's own."""
    kept: list[str] = []
    taken = 0
    for line in escaped(text.strip(), limit - 2).splitlines():
        taken += size(line) + 3
        if len(kept) == _LINES or taken > limit + 1:
            return "\n".join([*kept, "> …"])
        kept.append(f"> {line}")
    return "\n".join(kept)


def _is_plain(url: str) -> bool:
    return url.startswith("https://") and not any(mark in url for mark in "<> \n")
