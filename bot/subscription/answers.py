"""How private calendar addresses are told."""

from datetime import datetime
from urllib.parse import quote

from discord.utils import format_dt

from bot.ui.answer import ActionButton, Answer, LinkButton
from bot.ui.card import Card

VERB = "calendar"
"""The verb of the buttons here."""

OFFER = "offer"
MAKE = "make"
REVOKE = "revoke"
"""What they do, as their custom ids say it."""

_GOOGLE = "https://calendar.google.com/calendar/r?cid="


def subscribe_button() -> ActionButton:
    """Return the button that leads here."""
    return ActionButton("Subscribe", OFFER, verb=VERB)


def offer_answer(made_at: datetime | None) -> Answer:
    """Offer to make an address, or another one in place of the one made then."""
    card = Card("Your agenda in your own calendar")
    card.description = (
        "I give you a private address. Your calendar reads your agenda there and keeps it up to date: what you "
        "bookmark, what moves, and what is cancelled. Whoever has the address can read your agenda: keep it to "
        "yourself."
    )
    if made_at is None:
        return Answer(card.embed(), ((ActionButton("Give me an address", MAKE, verb=VERB),),))
    card.description += (
        f"\n\nYou have an address since {format_dt(made_at, 'f')}. I keep only a hash of it and can't show it again; "
        "a new one takes its place."
    )
    revoke = ActionButton("Revoke it", REVOKE, dangerous=True, verb=VERB)
    return Answer(card.embed(), ((ActionButton("Give me a new address", MAKE, verb=VERB), revoke),))


def address_answer(url: str) -> Answer:
    """Tell somebody their address, this once."""
    webcal = f"webcal:{url.partition(':')[2]}"
    card = Card("Your calendar's address")
    card.description = (
        "Open this with your phone or computer, or add it in your calendar as a subscription (“by URL”):\n"
        f"```\n{webcal}\n```\nThe same as an ordinary address:\n```\n{url}\n```\n"
        "Whoever has it can read your agenda. I show it only now; `/agenda` gives you a new one at any time. "
        "Programs ask for news when they like: Apple's every few minutes to hours, Google's about twice a day."
    )
    google = LinkButton("Add to Google Calendar", _GOOGLE + quote(webcal, safe=""))
    return Answer(card.embed(), ((google, ActionButton("Revoke it", REVOKE, dangerous=True, verb=VERB)),))


def revoked_answer(*, served: bool) -> Answer:
    """Say that there is no address any more."""
    card = Card("Revoked", description="The address no longer works. Remove the calendar from your programs.")
    again = ActionButton("Give me a new address", MAKE, verb=VERB)
    return Answer(card.embed(), ((again,),) if served else ())
