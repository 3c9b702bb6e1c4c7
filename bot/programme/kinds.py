"""What kind of session or paper a source means, whatever it calls it, and what people call what is shown in it."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot.programme.names import fold


class Kind(StrEnum):
    """What a session or a paper is."""

    POSTER = "poster"
    ORAL = "oral"
    TALK = "talk"
    LIGHTNING_TALK = "lightning talk"
    PAPER = "paper"
    KEYNOTE = "keynote"
    TUTORIAL = "tutorial"
    WORKSHOP = "workshop"
    PANEL = "panel"
    DISCUSSION = "discussion"
    DEMO = "demo"
    EXHIBITION = "exhibition"
    CEREMONY = "ceremony"
    MEETING = "meeting"
    REGISTRATION = "registration"
    BREAK = "break"
    SOCIAL = "social"
    OTHER = "other"


# Words mean a kind of their own only when they are the whole name; elsewhere they are what a session is about.
_WHOLE_NAMES: Final = {
    "article": Kind.PAPER,
    "board": Kind.MEETING,
    "communication": Kind.ORAL,
    "communications": Kind.ORAL,
    "conference": Kind.TALK,
    "conferences": Kind.TALK,
    "findings": Kind.PAPER,
    "full": Kind.PAPER,
    "introduction": Kind.CEREMONY,
    "lab": Kind.WORKSHOP,
    "labs": Kind.WORKSHOP,
    "long": Kind.PAPER,
    "main": Kind.PAPER,
    "meal": Kind.BREAK,
    "pause": Kind.BREAK,
    "presentation": Kind.TALK,
    "presentations": Kind.TALK,
    "research": Kind.PAPER,
    "short": Kind.PAPER,
    "speech": Kind.TALK,
    "stand": Kind.EXHIBITION,
    "tour": Kind.SOCIAL,
    "training": Kind.TUTORIAL,
}

# In the order in which they are tried: a name often holds two, such as "Lunch and poster session" or "Opening keynote",
# and the one that comes first here says more. They are written as `fold` leaves them, without accents, are looked for
# at the beginning of a word, and are separated by a bar between spaces.
_WORDS: Final = {
    Kind.LIGHTNING_TALK: r"""
        lightning | pecha ?kucha | fast forward | flash (?:talk|presentation) | elevator pitch | ignite talk
        | poster (?:spotlight|pitch|teaser)
    """,
    Kind.POSTER: r"poster | d?affiche | cartel(?:es)?\b | late breaking",
    Kind.KEYNOTE: r"""
        key ?note | plenar | plenier | (?:invited|distinguished) (?:talk|speaker|lecture) | test of time | fireside
        | hauptvortrag | conferenc[ei]a? (?:magistral|invitee?)
    """,
    Kind.TUTORIAL: r"tutor | short course | master ?class | training (?:course|session)",
    Kind.PANEL: r"panel | podiumsdiskussion | tables? rondes? | mesas? redondas? | debat",
    Kind.DISCUSSION: r"""
        bofs?\b | birds of | round ?table | (?:open|group|general) discussion | discussion (?:group|session)
        | diskussion | meet ?up | town ?hall | q ?(?:&|and) ?a\b | ask me anything | unconference | open space | mentor
        | breakout
    """,
    Kind.DEMO: r"demos?\b | demonstrations?\b | vorfuhrung | show ?case | interactivity",
    Kind.ORAL: r"oral | podium | spotlight | comunicacion oral",
    Kind.TALK: r"""
        talks?\b | lectures?\b | (?:short|long|full|paper|regular) presentation | \w*vortrag | exposes?\b | charla
        | ponencia | conferencia | conferences? (?:courte|longue) | dev ?room | main ?track | webinar
    """,
    Kind.WORKSHOP: r"work ?shop | atelier | taller | hackathon | sprint | hands on | competition",
    Kind.EXHIBITION: r"""
        exhibit | expo\b | stands\b | booth | sponsor | ausstellung | exposicion | art gallery | (?:job|careers?) fair
    """,
    Kind.REGISTRATION: r"""
        registration | registrierung | anmeldung | check ?in | badge | inscri(?:ption|pcion) | accueil | einlass
    """,
    Kind.SOCIAL: r"""
        social | reception | recepcion | banquet | bankett | dinner | party | empfang | abendessen | diner\b | cocktail
        | coctel | cena\b | happy hour | gala\b | excursion | ausflug | exkursion | \w* tour\b | concert | konzert
        | karaoke | drinks | apero | networking | mixer | pub quiz | game night | fiesta | soiree
    """,
    Kind.BREAK: r"""
        breaks?\b | coffee | lunch | breakfast | (?:kaffee|mittags)pause | pause (?:cafe|dejeuner) | mittag | fruhstuck
        | dejeuner | descanso | pausa\b | cafe\b | almuerzo | comida | desayuno | refreshment | snack
    """,
    Kind.CEREMONY: r"""
        opening | closing | ceremon | award | prize | welcome | remarks | eroffnung | abschluss | begrussung
        | preisverleihung | ouverture | cloture | bienvenue | inauguracion | clausura | apertura | bienvenida | wrap up
        | farewell
    """,
    Kind.MEETING: r"meeting | assembl | mitgliederversammlung | asamblea | committee",
    Kind.PAPER: r"papers?\b | articles\b | articulo | beitrag",
}


def _pattern(words: str) -> re.Pattern[str]:
    """Return what finds any of the words at the beginning of a word."""
    alternatives = re.sub(r"\s+[|]\s+", "|", words.strip())
    return re.compile(rf"\b(?:{alternatives})")


_PATTERNS: Final = tuple((kind, _pattern(words)) for kind, words in _WORDS.items())
_NUMBERED: Final = re.compile(r"(?: (?:session|sessions|sitzung|sesion|[0-9]{1,3}[a-z]?))+")

_MOST_CHARACTERS: Final = 200
"""No kind has a longer name; what goes on is no longer looked at."""

_TALKS: Final = frozenset({Kind.ORAL, Kind.TALK, Kind.LIGHTNING_TALK, Kind.KEYNOTE})


@lru_cache(maxsize=1_000)
def kind_of(text: str) -> Kind:
    """Return what a source means by its name of a kind, such as "Poster Session", "Invited Talk" or "Kaffeepause".

    The name of a session may be asked as well, where the source calls all of them "Session". What names no kind is
    `Kind.OTHER`, so that it is taken for nothing that it is not.
    """
    bare = fold(text[:_MOST_CHARACTERS])
    whole = _WHOLE_NAMES.get(bare) or _WHOLE_NAMES.get(_NUMBERED.sub("", bare))
    if whole:
        return whole
    return next((kind for kind, pattern in _PATTERNS if pattern.search(bare)), Kind.OTHER)


def noun(kind: Kind, number: int) -> str:
    """Return what people call what is shown in a session of this kind: "posters", "talk", "papers"."""
    one = "poster" if kind is Kind.POSTER else "talk" if kind in _TALKS else "paper"
    return one if number == 1 else f"{one}s"
