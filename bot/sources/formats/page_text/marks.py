"""Short lines that say something about a paper: its poster's number, its place, what kind it is, or nothing at all."""

import re
from typing import Final

from bot.programme.names import fold

LONGEST_MARK: Final = 100
"""No such line has more characters."""

_MOST_WORDS: Final = 6

_NUMBER = r"(?P<board>[A-Z]{0,3}[-.]?\d{1,5}[A-Z]?)"
_BOARD = re.compile(
    r"(?:#\s?|(?:poster|board|poster board|paper|stand|nr\.?|no\.?|number)(?: (?:no\.?|nr\.?|number))?[: ]\s?#?\s?)"
    + _NUMBER,
    re.IGNORECASE,
)
_PLACE_AND_BOARD = re.compile(
    rf"(?P<place>[^#]{{2,60}}?)[\s,;:–—-]+(?:poster\s|board\s|poster board\s)?#\s?{_NUMBER}", re.IGNORECASE
)
_PLACE = re.compile(
    r"\b(?:halls?|halle|exhall|ballroom|rooms?|exhibit|exhibition|foyer|auditorium|pavilion|lobby|theat(?:er|re)|lounge"
    r"|arena|atrium|plenary|salle|salon|saal|raum|aula|sala|auditorio|amphi|amphitheatre|horsaal|floor|level|building"
    r"|terrace|gallery|stage|zoom)\b"
)
_PLACE_WORD = re.compile(r"[^a-z]\S*|level|floor|room|hall|of|and|the|de|la|du|des|im|in|\+|&")
_KIND = (
    r"(?:oral|poster|spotlight|highlight|talk|demo|demonstration|keynote|tutorial|workshop|panel|long|short|full"
    r"|lightning|invited|contributed|virtual|in person|online|remote|journal|industry|findings|main|position|system"
    r"|regular|technical|best|outstanding|notable|distinguished|awards?|candidate|nominee|finalist|winner|hono(?:u)?rable"
    r"|mention|runner up|top|test of time|student|paper|presentation)"
)
_BADGE = re.compile(rf"{_KIND}(?: (?:{_KIND}|[0-9]{{1,2}} ?%?|for|of|the|conference)){{0,5}}")
_BUTTONS: Final = frozenset(
    (
        "abstract|show abstract|hide abstract|view abstract|more|show more|show less|read more|details|show details|pdf"
        "|view full details|paper|papers|paper pdf|video|slides|code|project page|openreview|bookmark|add to calendar"
        "|view paper|paper link|view poster|visit poster|visit project page|poster link"
    ).split("|")
)


def unbracketed(text: str) -> str:
    """Return a line without the brackets that some pages put around what they say of a paper."""
    return text[1:-1].strip() if (text[:1], text[-1:]) in {("[", "]"), ("(", ")")} else text


def board_and_place(text: str) -> tuple[str | None, str | None]:
    """Return the number of a poster's board and its place, where a line is nothing but these."""
    if len(text) > LONGEST_MARK:
        return None, None
    if match := _BOARD.fullmatch(text):
        return match["board"], None
    if match := _PLACE_AND_BOARD.fullmatch(text):
        return match["board"], match["place"].strip(" ,;:–—-")
    return None, text if is_place(text) else None


def is_place(text: str) -> bool:
    """Tell whether a line names a place, such as "East Exhibit Hall A-C", and nothing else."""
    words = text.split()
    return (
        len(text) <= LONGEST_MARK
        and len(words) <= 8
        and not any(character in text for character in "?!⋅•∙‧")
        and text.count(",") < 2
        and ": " not in text
        and all(_PLACE_WORD.match(word) for word in words)
        and bool(_PLACE.search(fold(text)))
    )


def is_badge(text: str) -> bool:
    """Tell whether a line only says what kind of paper it is, such as "Oral" or "Best Paper Award"."""
    return text.count(" ") < _MOST_WORDS and bool(_BADGE.fullmatch(fold(text)))


def is_button(text: str) -> bool:
    """Tell whether a line is what one clicks on the page."""
    return text.count(" ") < _MOST_WORDS and fold(text) in _BUTTONS
