"""Small files of every format that the bot reads, each with the name of the reader that is to take it."""

import io
import json
from typing import Any, Final

import openpyxl

START, END = "2031-07-04T10:00:00+02:00", "2031-07-04T10:25:00+02:00"


def _json(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def _workbook(*rows: list[str]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


_OWN = {
    "form": "conference-programme/2",
    "sessions": [
        {
            "key": "talks",
            "name": "Talks",
            "room": "Hall",
            "starts_at": START,
            "ends_at": END,
            "appearances": [{"paper": 0}, {"paper": "batching", "board": "7"}],
        },
        {"name": "Lunch"},
    ],
    "papers": [
        {"title": "Caching", "authors": ["Ada Lovelace", {"name": "Bo Li", "affiliations": ["Uni B"]}]},
        {"key": "batching", "title": "Batching", "authors": ["Bo Li"], "abstract": "We batch."},
    ],
}
_FIRST_OWN = {
    "form": "conference-programme/1",
    "sessions": [{"name": "Posters", "papers": [{"title": "Caching", "authors": ["Ada Lovelace"], "number": "7"}]}],
}
_PAPERS = [
    {"title": "Caching", "authors": ["Ada Lovelace", "Bo Li"], "abstract": "We cache.", "session": "Posters"},
    {"title": "Batching", "author": "Bo Li; Cy Roe", "aff": "Uni B; Uni C", "status": "Poster"},
    {"title": "Secret", "author": "Di", "status": "Reject"},
]
_OWN_TABLE = (
    "entry,session_key,session_kind,session,session_track,session_room,session_starts_at,session_ends_at,chairs,"
    "chair_affiliations,session_abstract,session_id,session_links,starts_at,ends_at,room,board,key,title,authors,"
    "affiliations,abstract,kind,track,topics,id,other_ids,links\n"
    "s1p1,,,Posters,,Hall,,,,,,,,,,,,,Caching,Ada Lovelace,,,,,,,,\n"
)
_TABLE = (
    "Title,Authors,Abstract,Session,Room,Start,End\n"
    "Caching,Ada Lovelace; Bo Li,We cache.,Talks,Hall,2031-07-04 10:00,2031-07-04 10:20\n"
    "Batching,Bo Li,,Talks,Hall,2031-07-04 10:20,2031-07-04 10:40\n"
    ",,,Lunch,,,\n"
)
_EASYCHAIR = (
    "#,title,authors,submitted,last updated,form fields,keywords,decision,notified,reviews sent,abstract,deleted?\n"
    '1,Caching,"Ada Lovelace and Bo Li",2024-11-19 12:50,2024-11-19,,caches,accept,no,no,We cache.,no\n'
    "2,Secret,Di,2024-11-19 12:50,2024-11-19,,,reject,no,no,x,no\n"
)
_EASYCHAIR_AUTHORS = (
    "submission #,first name,last name,email,country,affiliation,Web page,person #,corresponding?\n"
    "1,Ada,Lovelace,a@example.org,UK,Uni A,,2,no\n"
    "1,Bo,Li,b@example.org,UK,Uni B,,3,no\n"
)
_CONFTOOL = (
    '"paperID";"authors";"organisations";"title";"keywords";"abstract";"acceptance_status";"acceptance";"session_ID";'
    '"session_short";"session_title";"session_start";"session_end";"session_room"\n'
    '101;"Lovelace, Ada (1); Li, Bo (2)";"1: Uni A; 2: Uni B";"Caching";"disks";"<p>One</p>";1;"Accepted (Oral)";7;'
    '"S1";"Storage";"2024-03-18 08:30";"2024-03-18 10:00";"Hall"\n'
    '102;"X";"";"Secret";"";"";-1;"Rejected";;;;;;\n'
)
_NOTE = {
    "id": "Zx9",
    "forum": "Zx9",
    "number": 17,
    "content": {
        "title": {"value": "Caching"},
        "authors": {"value": ["Ada Lovelace", "Bo Li"]},
        "abstract": {"value": "We cache."},
        "venue": {"value": "Example 2031 poster"},
        "venueid": {"value": "Example.org/2031/Conference"},
    },
}
_OLD_NOTE = {
    **_NOTE,
    "invitation": "Example.org/2031/Conference/-/Blind_Submission",
    "content": {"title": "Caching", "authors": ["Ada Lovelace"], "venue": "Example 2031 poster", "venueid": "x"},
}
_SITE_EVENT = {
    "id": 100,
    "uid": "abc",
    "name": "Caching",
    "authors": [{"id": 1, "fullname": "Ada Lovelace", "institution": "Uni A"}],
    "abstract": "We cache.",
    "decision": "Accept (poster)",
    "session": "Poster Session 1",
    "eventtype": "Poster",
    "room_name": "Hall",
    "virtualsite_url": "/virtual/2031/poster/100",
    "starttime": START,
    "endtime": END,
    "eventmedia": [],
    "visible": True,
    "poster_position": "#101",
}
_SITE_ORAL = {**_SITE_EVENT, "id": 200, "eventtype": "Oral", "session": "Oral 1A", "room_name": "B", "uid": "abc"}
_CALENDAR_EVENTS = [
    {"title": "Opening", "start": START, "end": END, "location": "Hall", "category": "time", "calendarId": "---"},
    {"title": "Lunch", "start": END, "end": END, "location": "", "category": "time", "calendarId": "---"},
]
_PAPER_SESSIONS = """\
# sessions
1A:
  date: 2031-07-04_05:00:00
  papers:
  - main.1
  - main.2
1B:
  start_time: 2031-07-04 06:00:00+02:00
  end_time: 2031-07-04 07:00:00+02:00
  papers:
  - main.2
"""
_SPEAKERS = "- UID: s1\n  title: On caches\n  speaker: Ada Lovelace\n  abstract: We cache.\n  session: Keynotes\n"
_WORKSHOPS = """\
- UID: W1
  title: Workshop on Caches
  organizers: Ada Lovelace, Bo Li and Cy Roe
  abstract: |
    Caches are everywhere, and nobody knows why. This workshop brings together those who want to know, and those who do.
  location: Room 3
  sessions:
  - start_time: 2031-07-04 09:00:00
    end_time: 2031-07-04 12:00:00
"""
_SIGCHI = {
    "schemeVersion": 3,
    "conference": {"id": 1, "shortName": "BEES", "timeZoneOffset": -300},
    "rooms": [{"id": 40, "name": "Hall"}],
    "tracks": [{"id": 50, "name": "Papers", "typeId": 10}],
    "contentTypes": [{"id": 10, "name": "Paper"}],
    "timeSlots": [{"id": 60, "type": "SESSION", "startDate": 1635843600000, "endDate": 1635848400000}],
    "sessions": [{"id": 70, "name": "Insects", "typeId": 10, "roomId": 40, "contentIds": [80], "timeSlotId": 60}],
    "events": [{"id": 71, "name": "Opening", "startDate": 1635840000000, "endDate": 1635843600000}],
    "contents": [{"id": 80, "typeId": 10, "title": "Bees", "trackId": 50, "authors": [{"personId": 90}]}],
    "people": [{"id": 90, "firstName": "Ada", "lastName": "Bee"}],
}
_SUBMISSION = {
    "code": "BEEEES",
    "title": "Bees",
    "speakers": [{"code": "ADABEE", "name": "Ada Bee"}],
    "submission_type": {"id": 3, "name": {"en": "Talk"}},
    "track": {"id": 9, "name": {"en": "Biology"}},
    "state": "confirmed",
    "abstract": "They hum.",
    "duration": 25,
    "slots": [{"id": 31, "room": {"id": 4, "name": {"en": "Hall"}}, "start": START, "end": END}],
}
_WIDGET = {
    "talks": [{"code": "BEEEES", "title": "Bees", "speakers": ["ADABEE"], "start": START, "end": END, "room": 4}],
    "speakers": [{"code": "ADABEE", "name": "Ada Bee"}],
    "rooms": [{"id": 4, "name": {"en": "Hall"}}],
    "tracks": [],
    "version": "1.0",
    "timezone": "Europe/Vienna",
}
_FRAB_EVENT = {
    "guid": "6a0e7a2e-0000-4000-8000-000000000001",
    "id": 11,
    "date": START,
    "start": "10:00",
    "duration": "00:25",
    "room": "Hall",
    "title": "Bees",
    "track": "Biology",
    "type": "lecture",
    "abstract": "They hum.",
    "persons": [{"id": 5, "public_name": "Ada Bee"}],
    "links": [],
}
_FRAB_DAY = {"index": 1, "date": "2031-07-04", "rooms": {"Hall": [_FRAB_EVENT]}}
_FRAB = {"schedule": {"conference": {"acronym": "bees", "time_zone_name": "Europe/Vienna", "days": [_FRAB_DAY]}}}
_FRAB_XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<schedule>
  <conference><title>Bees</title><days>1</days><time_zone_name>Europe/Vienna</time_zone_name></conference>
  <day index="1" date="2031-07-04"><room name="Hall">
    <event guid="g1" id="11"><date>{START}</date><start>10:00</start><duration>00:25</duration><room>Hall</room>
      <title>Bees</title><track>Biology</track><type>lecture</type><abstract>They hum.</abstract>
      <persons><person id="5">Ada Bee</person></persons></event>
  </room></day>
</schedule>
"""
_SESSIONIZE_SESSION = {
    "id": "101",
    "title": "Bees",
    "description": "They hum.",
    "startsAt": "2031-07-04T10:00:00",
    "endsAt": "2031-07-04T10:45:00",
    "isServiceSession": False,
    "isPlenumSession": False,
    "speakers": ["a-1"],
    "categoryItems": [11],
    "questionAnswers": [],
    "roomId": 5,
    "status": "Accepted",
}
_SESSIONIZE = {
    "sessions": [_SESSIONIZE_SESSION],
    "speakers": [{"id": "a-1", "firstName": "Ada", "lastName": "Bee", "fullName": "Ada Bee", "tagLine": "Hive"}],
    "questions": [],
    "categories": [{"id": 1, "title": "Track", "items": [{"id": 11, "name": "Insects"}]}],
    "rooms": [{"id": 5, "name": "Hall"}],
}
_SESSIONIZE_GROUPS = [
    {
        "groupId": None,
        "groupName": "All",
        "sessions": [
            {
                **_SESSIONIZE_SESSION,
                "room": "Hall",
                "speakers": [{"id": "a-1", "name": "Ada Bee"}],
                "categories": [{"id": 1, "name": "Track", "categoryItems": [{"id": 11, "name": "Insects"}]}],
            }
        ],
    }
]
_SESSIONIZE_GRID = [
    {
        "date": "2031-07-04T00:00:00",
        "rooms": [{"id": 5, "name": "Hall", "sessions": [_SESSIONIZE_GROUPS[0]["sessions"][0]]}],  # type: ignore[index]
        "timeSlots": [],
    }
]
_INDICO_WHEN = {"date": "2031-07-04", "time": "10:00:00", "tz": "Europe/Zurich"}
_CONTRIBUTION = {
    "entryType": "Contribution",
    "id": "c31",
    "contributionId": 531,
    "title": "Bees",
    "description": "<p>They hum.</p>",
    "startDate": _INDICO_WHEN,
    "endDate": {**_INDICO_WHEN, "time": "10:20:00"},
    "room": "Hall",
    "presenters": [{"firstName": "Ada", "familyName": "Bee", "name": "Ada Bee", "affiliation": "Hive"}],
}
_SLOT = {
    "entryType": "Session",
    "id": "s3",
    "sessionId": 4,
    "title": "Insects",
    "startDate": _INDICO_WHEN,
    "endDate": {**_INDICO_WHEN, "time": "11:00:00"},
    "room": "Hall",
    "entries": {"c31": _CONTRIBUTION},
}
_INDICO = {"_type": "HTTPAPIResult", "count": 1, "results": {"7": {"20310704": {"s3": _SLOT}}}}
_INDICO_EVENT = {
    "count": 1,
    "_type": "HTTPAPIResult",
    "results": [
        {
            "_type": "Conference",
            "id": "7",
            "title": "Bees 2031",
            "startDate": _INDICO_WHEN,
            "endDate": _INDICO_WHEN,
            "contributions": [
                {
                    "id": "31",
                    "title": "Bees",
                    "session": "Insects",
                    "speakers": [{"fullName": "Bee, Ada", "affiliation": "Hive"}],
                    "startDate": _INDICO_WHEN,
                    "endDate": {**_INDICO_WHEN, "time": "10:20:00"},
                }
            ],
        }
    ],
}
_ICS = "\r\n".join(
    [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bees//"),
        *("BEGIN:VEVENT", "UID:u1", "SUMMARY:Bees", "DTSTART:20310704T080000Z", "DTEND:20310704T090000Z", "END:VEVENT"),
        *("END:VCALENDAR", ""),
    ]
)
_PAGE = """\
Poster Session
Poster Session 1
Hall
Caching
Ada Lovelace ⋅ Bo Li
We study caches. They help nearly everywhere, and here we say how much, and what they cost.
Batching
Bo Li ⋅ Cy Roe
We batch what can be batched. That is nearly everything, and it is faster than doing one thing after another.
"""

SAMPLES: Final[dict[str, tuple[str, bytes]]] = {
    "own form": ("paper-list", _json(_OWN)),
    "first own form": ("paper-list", _json(_FIRST_OWN)),
    "list of papers": ("paper-list", _json(_PAPERS)),
    "list of papers in an object": ("paper-list", _json({"papers": _PAPERS})),
    "own table": ("table", _OWN_TABLE.encode()),
    "table": ("table", _TABLE.encode()),
    "table with semicolons": ("table", _TABLE.replace(";", "/").replace(",", ";").encode("utf-16")),
    "workbook": ("table", _workbook(["Title", "Authors", "Session"], ["Caching", "Ada Lovelace", "Talks"])),
    "EasyChair": ("table", _EASYCHAIR.encode()),
    "EasyChair's authors": ("table", _EASYCHAIR_AUTHORS.encode()),
    "ConfTool": ("table", _CONFTOOL.encode()),
    "OpenReview": ("openreview", _json({"notes": [_NOTE], "count": 1})),
    "OpenReview, version 1": ("openreview", _json([_OLD_NOTE])),
    "virtual site": ("virtual-site", _json({"count": 2, "results": [_SITE_EVENT, _SITE_ORAL]})),
    "virtual site's abstracts": ("virtual-site", _json({"100": "We cache.", "200": "We batch."})),
    "Mini-Conf's calendar": ("mini-conf", _json(_CALENDAR_EVENTS)),
    "Mini-Conf's sessions": ("mini-conf", _PAPER_SESSIONS.encode()),
    "Mini-Conf's speakers": ("mini-conf", _SPEAKERS.encode()),
    "Mini-Conf's workshops": ("mini-conf", _WORKSHOPS.encode()),
    "SIGCHI": ("sigchi", _json(_SIGCHI)),
    "pretalx's submissions": ("pretalx", _json({"count": 1, "next": None, "results": [_SUBMISSION]})),
    "pretalx's widget": ("pretalx", _json(_WIDGET)),
    "frab as JSON": ("frab", _json(_FRAB)),
    "frab as XML": ("frab", _FRAB_XML.encode()),
    "Sessionize": ("sessionize", _json(_SESSIONIZE)),
    "Sessionize's groups": ("sessionize", _json(_SESSIONIZE_GROUPS)),
    "Sessionize's grid": ("sessionize", _json(_SESSIONIZE_GRID)),
    "Indico's timetable": ("indico", _json(_INDICO)),
    "Indico's contributions": ("indico", _json(_INDICO_EVENT)),
    "calendar": ("icalendar", _ICS.encode()),
    "page text": ("page-text", _PAGE.encode()),
}
"""By what it is: the name of its reader, and the file."""
