"""What tables call their columns: the names in use for each field, and finding the row that has them.

A field is what the bot calls a column; the configuration may name the columns of any of them. Names are compared
without case, accents, spaces, punctuation, `*` and "(Optional)".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.errors import UserError
from bot.programme.names import fold
from bot.sources.reading.paper_links import LINK_NAMES
from bot.sources.reading.problems import shown
from bot.sources.reading.values import uncased
from bot.sources.reading.when import Cell

# The surest name first: of several columns for a field the first one of these is read.
_NAMES: Final[Mapping[str, str]] = {
    "entry": "entry",
    "session_key": "session_key",
    "session_kind": "session_kind session_type session_format session_category",
    "session": "session session_short session_name session_title sitzung seance sesion sessao",
    "sessions": "sessions",
    "session_track": "session_track",
    "session_room": "session_room session_location session_venue",
    "session_starts_at": "session_starts_at session_start session_start_time session_begin",
    "session_ends_at": "session_ends_at session_end session_end_time",
    "session_date": "session_date session_day",
    "chairs": """
        chairs chair session_chairs session_chair session_chair(s) chair(s) role_session_chairs moderators moderator
        moderator(s) role_moderators session_moderators session_moderator chaired_by moderated_by vorsitz moderation
    """,
    "chair_affiliations": "chair_affiliations",
    "session_abstract": "session_abstract session_description session_info",
    "session_id": "session_id session_code session_number session_no session_nr session_# session_uid",
    "session_links": "session_links",
    "date": """
        date start_date presentation_date event_date talk_date conference_date day conference_day datum fecha data jour
        日期 日付 날짜
    """,
    "end_date": "end_date date_end",
    "starts_at": """
        starts_at start_at start_time start start_date_time start_datetime time_start begin begin_time begins begins_at
        from talk_start presentation_start presentation_time scheduled_at scheduled_time beginn anfang startzeit
        heure_de_debut debut hora_de_inicio hora_inicio inicio ora_inizio inizio 开始时间 開始
    """,
    "ends_at": """
        ends_at end_at end_time end end_date_time end_datetime time_end finish finish_time finishes ends to until till
        talk_end presentation_end ende endzeit heure_de_fin fin hora_de_fin hora_fin fim ora_fine fine 结束时间 終了
    """,
    "time": """
        time time_slot timeslot slot times hours schedule when uhrzeit zeit heure horaire hora horario ora 时间 時間
    """,
    "duration": """
        duration duration_minutes duration_min duration_in_minutes scheduled_duration length length_minutes minutes
        dauer duree
    """,
    "zone": "timezone time_zone tz zeitzone",
    "room": """
        room location venue place room_location room_name location_name hall stage auditorium room_venue where raum saal
        ort salle lieu sala lugar local 会场 会場 教室
    """,
    "board": """
        board board_number board_no board_# poster_number poster_board poster_board_number poster_no poster_# poster_nr
        poster_position board_position poster_location posternummer poster
    """,
    "order": "presentation_order order order_in_session sequence session_position position_in_session",
    "level": "session_or_sub_session session_or_sub_session_sub session_or_subsession session_sub",
    "key": "key paper_key",
    "title": """
        title paper_title title_of_paper talk_title presentation_title contribution_title submission_title
        abstract_title poster_title event_title proposal_title session_or_talk_title talk presentation event_name event
        subject titel vortragstitel titre titulo titolo titulo_do_trabalho 标题 题目 論文題目 タイトル 演題 제목
    """,
    "authors": """
        authors author author(s) author_names author_name author_list list_of_authors all_authors authors_list
        authors_names autoren autor autor(en) auteurs auteur autores autori 作者 著者 저자
    """,
    "speakers": """
        speakers speaker speaker(s) speaker_names speaker_name presenters presenter presenter(s) presenter_name
        presented_by presenting_author presenting_authors panelists instructors artists redner vortragende referent
        referenten sprecher intervenants orateur orateurs ponentes ponente oradores relatori 讲者 发表者 発表者 발표자
    """,
    "affiliations": """
        affiliations affiliation affiliation(s) institutions institution institution(s) organisations organisation
        organizations organization author_affiliations author_affiliation authors_affiliations speaker_affiliation
        presenter_affiliation aff company employer university institut institut(e) 单位 所属
    """,
    "abstract": """
        abstract abstract_text abstract_plain description summary talk_abstract long_description details synopsis
        zusammenfassung beschreibung kurzfassung resume resumen resumo descripcion riassunto 摘要 概要 초록
    """,
    "kind": """
        kind type presentation_type paper_type contribution_type submission_type talk_type session_presentation_type
        format presentation_format event_type category presentation_mode art typ tipo
    """,
    "track": "track tracks track_name track_title theme stream subject_area primary_subject_area area thema",
    "topics": """
        topics topic topic(s) keywords keyword keyword(s) tags tag subjects subject_areas schlagworter mots_cles
    """,
    "id": """
        id uid pid paper_id paperid submission_id submission_# submission paper_number paper_no paper_# paper_nr
        submission_number submission_no contribution_id abstract_id abstract_number abstract_no talk_id
        presentation_id event_id unique_id external_id # no nr number code_id
    """,
    "other_ids": "other_ids",
    "links": "links",
    "status": "status decision state acceptance final_decision decision_status acceptance_status paper_status",
    "shown": "accepted public visible published is_public is_accepted confirmed active",
    "hidden": "deleted withdrawn hidden cancelled canceled rejected is_deleted is_hidden retracted private",
    "name": "name full_name",
    "paper": "paper",
    "first_name": "first_name firstname given_name vorname prenom",
    "last_name": "last_name lastname family_name surname nachname nom",
    "email": "email e_mail mail email_address",
    "bio": "bio biography position job_title",
}
_MORE_LINK_NAMES: Final[Mapping[str, str]] = {
    "url": "web_page webpage website website_url page page_url paper_link event_url 链接",
    "pdf": "paper_pdf pdf_link full_text full_text_url fulltext_url",
    "doi": "doi_link doi_url",
    "video": "recorded_video_url video_link recording recording_url recorded_video youtube_link youtube_url",
    "code": "source_code repository repository_url github_link github_url code_link",
    "slides": "slides_link slide_deck presentation_url",
}
LINK_FIELDS: Final = tuple(LINK_NAMES)

TOGETHER: Final = frozenset("session chairs topics status shown hidden".split())
"""The fields whose columns are all read where there are several; of the others only the surest is, or all numbered."""

_OF_SESSIONS: Final = frozenset(
    "starts_at session_starts_at time date session_date room session_room id session_id authors speakers".split()
)
_PEOPLE: Final = ("first_name", "last_name", "email", "bio")
_NUMBERED: Final = re.compile(
    r"(?:co)?(?P<what>authors?|speakers?|presenters?|chairs?|moderators?|keywords?|topics?|affiliations?|institutions?)"
    r"(?:formatted|name|#|no)*[0-9]{1,2}(?P<of>name|affiliation|institution|organisation)?"
)
_NUMBERED_RANK: Final = 1000
_NUMBERED_FIELDS: Final = {
    "author": "authors",
    "speaker": "speakers",
    "presenter": "speakers",
    "chair": "chairs",
    "moderator": "chairs",
    "keyword": "topics",
    "topic": "topics",
    "affiliation": "affiliations",
    "institution": "affiliations",
}
_REMARK: Final = re.compile(r"\((?:optional|required|mandatory|optionnel|obligatoire|opcional|pflicht)\)|\*")
_NOT_A_LETTER: Final = re.compile(r"[^\w#]+|_")
_BEGIN_BELOW: Final = re.compile(r"\bstart\b.{1,40}\bbelow\b", re.IGNORECASE)
_MOST_CHARACTERS: Final = 80
"""No column has a longer name."""

HEADER_WITHIN: Final = 60
"""How many rows of a table are searched for the one that names its columns."""


@dataclass(frozen=True, slots=True)
class Header:
    """The row that names the columns of a table.

    Attributes:
        at: its place among the rows.
        names: what it calls its columns, as written.
        fields: the places of the columns of each field, the surest first.
    """

    at: int
    names: tuple[str, ...]
    fields: Mapping[str, tuple[int, ...]]

    @property
    def unknown(self) -> tuple[str, ...]:
        """The names of columns that are of no field."""
        known = {at for places in self.fields.values() for at in places}
        return tuple(name for at, name in enumerate(self.names) if at not in known and name.strip())

    @property
    def is_programme(self) -> bool:
        """Whether rows under it can be papers or sessions: it has titles, or sessions and something about them."""
        return "title" in self.fields or ("session" in self.fields and not _OF_SESSIONS.isdisjoint(self.fields))

    @property
    def lists_affiliations(self) -> bool:
        """Whether rows under it are people with their affiliations, and no papers."""
        return (
            not self.is_programme
            and "affiliations" in self.fields
            and not {"name", "last_name"}.isdisjoint(self.fields)
        )


def bare_name(name: str) -> str:
    """Return a name of a column as names are compared."""
    return _bare(name) if len(name) <= _MOST_CHARACTERS else ""


def find_header(rows: Sequence[Sequence[Cell]], columns: Mapping[str, Sequence[str]] | None = None) -> Header | None:
    """Return the row that names the columns of a table, or None when no row does.

    That is the row which names the most fields, below a row such as "START YOUR AGENDA BELOW" if there is one. Of
    several such rows it is the last one (there is a sample above it), unless all are the same (each day has its own).

    Args:
        rows: the first rows of the table.
        columns: which columns are what, by the names of the fields, as the configuration says.
    """
    found = [header for at, row in enumerate(rows) if (header := _header(at, row, columns or {}))]
    begin = max((at for at, row in enumerate(rows) if _says_begin(row)), default=-1)
    found = [header for header in found if header.at > begin] or found
    if not found:
        return None
    most = max(len(header.fields) for header in found)
    best = [header for header in found if len(header.fields) == most]
    same = len({tuple(map(bare_name, header.names)) for header in best}) == 1
    return best[0] if same or most < 3 else best[-1]


def check_named(header: Header, columns: Mapping[str, Sequence[str]], where: str) -> None:
    """Raise `UserError` when the configuration names a field that is none, or a column that a table has not."""
    if unknown := [name for name in columns if name not in FIELDS]:
        raise UserError(
            f"{where}: the configuration says which column is “{shown(unknown[0])}”, but there is no such field. The "
            f"fields are: {', '.join(sorted(FIELDS))}."
        )
    there = {uncased(name) for name in header.names}
    missing = [name for names in columns.values() for name in names if uncased(name) not in there]
    if missing:
        raise UserError(
            f"{where}: the configuration names a column “{shown(missing[0])}”, but the columns are: "
            f"{listed(header.names)}."
        )


def listed(names: Iterable[str], most: int = 20) -> str:
    """Return names of columns for a message, the first of them if there are many."""
    quoted = [f"“{shown(name)}”" if name.strip() else "(no name)" for name in dict.fromkeys(names)]
    more = f" and {len(quoted) - most} more" if len(quoted) > most else ""
    return f"{', '.join(quoted[:most])}{more}"


def _header(at: int, row: Sequence[Cell], columns: Mapping[str, Sequence[str]]) -> Header | None:
    names = tuple(cell if isinstance(cell, str) else "" for cell in row)
    places: dict[str, list[tuple[int, int]]] = {}
    named = {uncased(name): (field, rank) for field, given in columns.items() for rank, name in enumerate(given)}
    for place, name in enumerate(names):
        if found := named.get(uncased(name)) or _KNOWN.get(bare_name(name)) or _numbered(bare_name(name)):
            field, rank = found
            if field not in columns or uncased(name) in named:
                places.setdefault(field, []).append((rank, place))
    _settle(places)
    fields = {field: _chosen(field, found, field in columns) for field, found in places.items()}
    return Header(at, names, fields) if fields else None


def _settle(places: dict[str, list[tuple[int, int]]]) -> None:
    """Decide what columns are whose names mean one thing beside some columns and another beside others."""
    if "name" in places and not any(field in places for field in _PEOPLE):
        # Only in a list of people is a name not that of a talk.
        places.setdefault("title", places["name"])
        del places["name"]
    if "paper" in places:
        # Beside a title it is a number.
        places.setdefault("id" if "title" in places else "title", places["paper"])
        del places["paper"]
    if "session_id" in places and "title" in places and not {"session", "sessions"} & places.keys():
        # Some tools call a talk a session.
        places.setdefault("id", places["session_id"])
        del places["session_id"]


def _chosen(field: str, found: Sequence[tuple[int, int]], is_named: bool) -> tuple[int, ...]:
    """Return the places of the columns that are read for a field, of those found with their ranks."""
    surest = min(found)
    kept = found if field in TOGETHER or is_named or surest[0] >= _NUMBERED_RANK else [surest]
    return tuple(place for _, place in sorted(kept))


def _numbered(bare: str) -> tuple[str, int] | None:
    """Return the field of a column such as "Author 2" or "Speaker 1 Affiliation"."""
    match = _NUMBERED.fullmatch(bare)
    if match is None:
        return None
    field = _NUMBERED_FIELDS[match["what"].removesuffix("s")]
    if match["of"] not in (None, "name"):
        field = "chair_affiliations" if field == "chairs" else "affiliations"
    return field, _NUMBERED_RANK + int("".join(filter(str.isdecimal, bare)))


def _says_begin(row: Sequence[Cell]) -> bool:
    return any(isinstance(cell, str) and _BEGIN_BELOW.search(cell[:200]) is not None for cell in row[:3])


@lru_cache(maxsize=4000)
def _bare(name: str) -> str:
    return _NOT_A_LETTER.sub("", _REMARK.sub("", fold(name)))


def _known() -> Mapping[str, tuple[str, int]]:
    known: dict[str, tuple[str, int]] = {}
    for names in (_NAMES, LINK_NAMES, _MORE_LINK_NAMES):
        for field, text in names.items():
            for rank, name in enumerate(text.split()):
                known.setdefault(_bare(name), (field, rank))
    return known


_KNOWN: Final = _known()
FIELDS: Final = frozenset(_NAMES) | frozenset(LINK_NAMES)
"""The names of all fields."""
