"""The configuration: one typed, validated object, read once from a TOML file. Secrets are not in it."""

import json
import os
import re
import tomllib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, Self
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

from bot.errors import UserError
from bot.one_line import one_line
from bot.programme.build import Times
from bot.programme.local_time import ClockChange, moment_at, offset_text

_MOST_MISTAKES = 10

TOKEN_VARIABLE = "DISCORD_TOKEN"  # noqa: S105 - the name of the variable, not a token

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_TIME = re.compile(r"\d:\d\d")
_LISTEN = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})")
_ID = re.compile(r"\d{15,20}")
_IDS_END = 2**63
YEARS = range(1970, 2200)
"""What is a year of a conference, and no slip."""

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
"""How the pictures begin that Discord shows, besides WebP."""

_LARGEST_PICTURE = 10 * 2**20
"""How large a file may be that a bot hands out: Discord's own limit, in most servers, in bytes."""

_DURATION = re.compile(r"(\d{1,5}) ?(minute|hour|day)s?")


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"“{name}” is not an IANA time zone, such as America/Los_Angeles") from None
    return name


def _in_range(moment: datetime) -> datetime:
    if moment.year not in YEARS:
        raise ValueError(f"the year {moment.year} is hardly meant; allowed is a date with a time in our days")
    return moment


def _name_or_id(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        if not 0 < value < _IDS_END:
            raise ValueError(f"{value} is no id of Discord's")
        return value
    if not isinstance(value, str):  # pydantic takes a ValueError alone
        raise ValueError("allowed is a name in quotes, or an id without quotes")  # noqa: TRY004
    if not value.strip():
        raise ValueError("allowed is a name, or an id; this one is empty")
    if _ID.fullmatch(value.strip()):
        raise ValueError(f"“{value.strip()}” is an id: write it without the quotes")
    if value.lstrip()[0] in "#@<&":
        raise ValueError(f"“{value}”: write the name alone, without # or @, or else the id")
    return value


def _id(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < _IDS_END:
        raise ValueError("allowed is an id without quotes, such as 123456789012345678")
    return value


def _path(value: object) -> object:
    if isinstance(value, str) and "\0" in value:
        raise ValueError("no path has such a character")
    return value


def _printable(name: str) -> str:
    if not name.isprintable():
        raise ValueError("allowed are characters that can be seen, on one line")
    return name


def _moment(value: object) -> object:
    # A number would pass as seconds since 1970, and a date as its midnight.
    if not isinstance(value, datetime | str) or (isinstance(value, str) and not _TIME.search(value)):
        raise ValueError("allowed is a date with a time, such as 2026-05-18T18:00:00")
    return value


def _duration(value: object) -> object:
    if isinstance(value, timedelta):
        return value
    found = _DURATION.fullmatch(value.strip().lower()) if isinstance(value, str) else None
    if found is None or int(found[1]) < 1:
        raise ValueError('allowed is a time of at least one minute, such as "10 minutes", "2 hours" or "1 day"')
    return timedelta(**{f"{found[2]}s": int(found[1])})


def _listen(value: object) -> object:
    if isinstance(value, tuple):
        return value
    found = _LISTEN.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or int(found[3]) > 65_535:
        raise ValueError('allowed is an address of this machine and a port, such as "127.0.0.1:9100"')
    return found[1] or found[2], int(found[3])


def _public_url(value: object) -> object:
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise ValueError('allowed is an address that begins with https://, such as "https://bot.example.org"')
    return urlunsplit(parts).rstrip("/")


Zone = Annotated[str, AfterValidator(_zone)]
Moment = Annotated[datetime, BeforeValidator(_moment), AfterValidator(_in_range)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
"""A number of whole minutes, hours or days, as in "10 minutes"."""

SmallChange = Literal["times", "rooms", "abstracts", "titles", "authors", "links"]
"""What can change in the source without anybody being asked."""

NameOrId = Annotated[str | int, BeforeValidator(_name_or_id)]
"""A Discord channel or role: its name, or its id, which survives a renaming."""


class HasId(Protocol):
    """What has an id of Discord's."""

    @property
    def id(self) -> int:
        """Discord's id."""
        ...


def is_named(item: HasId, name: str, wanted: Iterable[NameOrId]) -> bool:
    """Tell whether a role or a channel is one of those the configuration names, by id or by name."""
    return any(item.id == entry if isinstance(entry, int) else name == entry for entry in wanted)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Conference(_Table):
    """`[conference]`: what the conference is called and where it is."""

    name: Annotated[str, AfterValidator(_printable)] = Field(min_length=1, max_length=80)
    timezone: Zone = "UTC"
    notice: str | None = Field(default=None, max_length=500)


def _origin(value: object) -> object:
    if isinstance(value, Path):
        return value
    found = _SCHEME.match(value) if isinstance(value, str) else None
    if not isinstance(value, str) or (found and found[0].lower() != "https://"):
        raise ValueError("allowed is the path of a file, or an address that begins with https://")
    return value if found else Path(str(_path(value)))


def _https(value: object) -> object:
    if not isinstance(value, str) or not value.lower().startswith("https://"):
        raise ValueError("allowed is an address that begins with https://")
    return value


def _one_or_several(value: object) -> object:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list | tuple) or not all(isinstance(one, str) and one.strip() for one in values):
        raise ValueError("allowed is a text or a list of texts")
    return tuple(values)


Texts = Annotated[tuple[str, ...], BeforeValidator(_one_or_several)]

Format = Literal[
    "frab",
    "icalendar",
    "indico",
    "mini-conf",
    "openreview",
    "page-text",
    "paper-list",
    "pretalx",
    "sessionize",
    "sigchi",
    "table",
    "virtual-site",
]
"""What the readers are called."""


Contribution = Literal["papers", "sessions", "abstracts", "authors", "times", "rooms", "topics", "links"]
"""What one of several sources can be taken for."""


class SourceHints(_Table):
    """What may be said of a source besides where it is."""

    format: Format | None = None
    timezone: Zone | None = None
    sheet: str | None = Field(default=None, min_length=1)
    public: Texts = ()
    columns: dict[str, Texts] = Field(default_factory=dict)


class ListedSource(SourceHints):
    """`[[programme.sources]]`: one of the sources, a file or an https address."""

    path: Annotated[Path, BeforeValidator(_path)] | None = None
    address: Annotated[str, BeforeValidator(_https)] | None = None
    contributes: tuple[Contribution, ...] | None = Field(default=None, min_length=1)
    refresh: Duration | None = None

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if (self.path is None) == (self.address is None):
            raise ValueError("each source needs either a path or an address")
        return self

    @property
    def origin(self) -> Path | str:
        """Where it is: the path of a file, or an address."""
        return self.path or self.address or ""


class ProgrammeSource(SourceHints):
    """`[programme]`: where the session data comes from, one file or https address or several."""

    source: Annotated[Path | str, BeforeValidator(_origin)] | None = None
    sources: tuple[ListedSource, ...] = ()
    refresh: Duration | None = None
    auto_apply: tuple[SmallChange, ...] = ()

    @model_validator(mode="after")
    def _is_one_or_several(self) -> Self:
        if self.source is None and not self.sources:
            raise ValueError("source is missing: name a file or an address, or several as [[programme.sources]]")
        if self.source is not None and self.sources:
            raise ValueError("allowed is either source or [[programme.sources]], not both")
        if self.sources and (given := self.model_fields_set & SourceHints.model_fields.keys()):
            raise ValueError(f"{min(given)} belongs into one of [[programme.sources]] where these are listed")
        return self

    @property
    def listed(self) -> tuple[ListedSource, ...]:
        """The sources, also where there is only one."""
        if self.source is None:
            return tuple(one.model_copy(update={"refresh": one.refresh or self.refresh}) for one in self.sources)
        hints = {name: getattr(self, name) for name in SourceHints.model_fields}
        if isinstance(self.source, Path):
            return (ListedSource(path=self.source, refresh=self.refresh, **hints),)
        return (ListedSource(address=self.source, refresh=self.refresh, **hints),)


class Database(_Table):
    """`[database]`: where the SQLite file is."""

    path: Annotated[Path, BeforeValidator(_path)] = Path("data/conference.sqlite3")


class Discord(_Table):
    """`[discord]`: who is who, and where answers are public."""

    public_channels: tuple[NameOrId, ...] = ()
    organizers: tuple[NameOrId, ...] = ()
    moderators: tuple[NameOrId, ...] = ()
    strict_roles: bool = False
    servers: tuple[Annotated[int, BeforeValidator(_id)], ...] = ()
    organizers_channel: NameOrId | None = None
    moderators_channel: NameOrId | None = None
    log_channel: NameOrId | None = None
    welcome: bool = True
    events: bool = True
    user_install: bool = True


class Announcements(_Table):
    """`[announcements]`: where they go unless somebody says otherwise, and whom they may ping."""

    channels: tuple[NameOrId, ...] = ()
    roles: tuple[NameOrId, ...] = ()


class Reminders(_Table):
    """`[reminders]`: which channel hears before a session opens, how long before, and who is pinged."""

    channel: NameOrId | None = None
    minutes_before: tuple[Annotated[int, Field(ge=0, le=7 * 24 * 60)], ...] = (60, 10, 0)
    ping: NameOrId | None = None
    direct_per_minute: int = Field(default=60, ge=1, le=3000)
    moved_by_minutes: int = Field(default=10, ge=1, le=24 * 60)

    @property
    def leads(self) -> tuple[timedelta, ...]:
        """How long before a session's start it is reminded of."""
        return tuple(timedelta(minutes=minutes) for minutes in sorted(set(self.minutes_before), reverse=True))

    @property
    def threshold(self) -> timedelta:
        """By how much a session's start must move for its reminders to be sent again."""
        return timedelta(minutes=self.moved_by_minutes)


class Board(_Table):
    """`[board]`: the channels that have a message which says what is on now and next."""

    channels: tuple[NameOrId, ...] = ()


class Discussion(_Table):
    """`[discussion]`: where people talk about papers and sessions: a forum, or a text channel with threads."""

    forum: NameOrId | None = None
    tags: bool = True
    slow_mode_seconds: int | None = Field(default=None, ge=0, le=21_600)
    opened_per_hour: int = Field(default=20, ge=1, le=1000)


class Questions(_Table):
    """`[questions]`: whether sessions take questions from attendees, who chairs them, and whether names are needed."""

    enabled: bool = False
    chairs: tuple[NameOrId, ...] = ()
    anonymous: bool = True


WayToClaim = Literal["code", "ticket", "moderator"]
"""How people can show that they are authors."""


class Authors(_Table):
    """`[authors]`: how people can show that they are authors, and who sees first what these say."""

    claim_by: tuple[WayToClaim, ...] = ()
    tickets: Annotated[Path, BeforeValidator(_path)] | None = None
    review: bool = True

    @model_validator(mode="after")
    def _has_tickets(self) -> Self:
        if "ticket" in self.claim_by and self.tickets is None:
            raise ValueError("tickets is missing: the file with the names on the tickets, for “ticket” in claim_by")
        return self


Picture = Annotated[Path | str, BeforeValidator(_origin)]
"""The path of a picture, or the https address of one."""


class Maps(_Table):
    """`[maps]`: pictures that show where a room is: one for every room, and those that some rooms have of their own."""

    all: Picture | None = None
    rooms: dict[str, Picture] = Field(default_factory=dict)

    @property
    def named(self) -> dict[str, Path | str]:
        """All pictures, by their keys in the file."""
        named = {f"maps.rooms.{json.dumps(room, ensure_ascii=False)}": picture for room, picture in self.rooms.items()}
        return {"maps.all": self.all, **named} if self.all else named


class Meetups(_Table):
    """`[meetups]`: the channel in which attendees arrange to meet, and how many one person may open."""

    channel: NameOrId | None = None
    open_at_once: int = Field(default=2, ge=1, le=50)
    open_per_day: int = Field(default=3, ge=1, le=50)
    hours: int = Field(default=2, ge=1, le=24)
    most_people: int = Field(default=50, ge=2, le=500)
    minutes_before: int = Field(default=15, ge=1, le=24 * 60)

    @property
    def lead(self) -> timedelta:
        """How long before the beginning those who come are reminded."""
        return timedelta(minutes=self.minutes_before)


class Search(_Table):
    """`[search]`: whether the bot finds in a process of its own, beside the one that talks to Discord."""

    own_process: bool = False


class Logging(_Table):
    """`[logging]`: how much is written to standard error, and how."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"


class Metrics(_Table):
    """`[metrics]`: where whoever runs the bot can ask how it is: a host and a port, nowhere unless it is given."""

    listen: Annotated[tuple[str, int], BeforeValidator(_listen)] | None = None


class Web(_Table):
    """`[web]`: where calendars read the private agendas: from outside, and the host and port there; both or neither."""

    public_url: Annotated[str, BeforeValidator(_public_url)] | None = None
    listen: Annotated[tuple[str, int], BeforeValidator(_listen)] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.public_url and not self.listen:
            raise ValueError('listen is missing: where the bot listens, such as "127.0.0.1:8080"')
        if self.listen and not self.public_url:
            raise ValueError('public_url is missing: how that is reached from outside, "https://…"')
        return self


class HelpDesk(_Table):
    """`[help_desk]`: where people ask for help and report conduct, and who answers; each of both whole, or not at all.

    A month is long enough for a committee to decide, also about an objection. What must be known for longer is a
    decision of people, kept elsewhere.
    """

    channel: NameOrId | None = None
    helpers: tuple[NameOrId, ...] = ()
    conduct_channel: NameOrId | None = None
    conduct: tuple[NameOrId, ...] = ()
    delete_after: Duration = timedelta(days=30)
    contact: Annotated[str, AfterValidator(_printable)] | None = Field(default=None, min_length=1, max_length=200)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for channel, roles, named in (
            ("channel", "helpers", (self.channel, self.helpers)),
            ("conduct_channel", "conduct", (self.conduct_channel, self.conduct)),
        ):
            if bool(named[0]) != bool(named[1]):
                missing, there = (roles, channel) if named[0] else (channel, roles)
                raise ValueError(f"{missing} is missing: {there} is of no use without it")
        if self.channel is not None and self.channel == self.conduct_channel:
            raise ValueError("conduct_channel must be another channel than channel, one that only its team sees")
        if not timedelta(days=1) <= self.delete_after <= timedelta(days=730):
            raise ValueError('delete_after: allowed is "1 day" to "730 days"')
        return self


class SessionTime(_Table):
    """`[sessions."key"]`: when a session takes place.

    A start with an offset is that moment; one without is local time in `timezone` or else the conference's zone.
    """

    start: Moment
    end: Moment | None = None
    timezone: Zone | None = None

    def times(self, conference_zone: str) -> Times:
        """Return the moments in UTC.

        Raises:
            ValueError: a local time that does not exist or comes twice on a day when the clocks change, or an
                end that is not after the start.
        """
        zone = ZoneInfo(self.timezone or conference_zone)
        starts_at = _in_utc(self.start, zone)
        ends_at = _in_utc(self.end, zone) if self.end else None
        if ends_at and ends_at <= starts_at:
            raise ValueError("end must be after start")
        return Times(starts_at, ends_at)


class Config(_Table):
    """Everything that can be configured. `config.example.toml` explains each key."""

    conference: Conference
    programme: ProgrammeSource
    database: Database = Database()
    discord: Discord = Discord()
    announcements: Announcements = Announcements()
    reminders: Reminders = Reminders()
    board: Board = Board()
    discussion: Discussion = Discussion()
    questions: Questions = Questions()
    authors: Authors = Authors()
    maps: Maps = Maps()
    meetups: Meetups = Meetups()
    search: Search = Search()
    logging: Logging = Logging()
    metrics: Metrics = Metrics()
    web: Web = Web()
    help_desk: HelpDesk = HelpDesk()
    sessions: dict[str, SessionTime] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _times_make_sense(self) -> Self:
        for key, session in self.sessions.items():
            try:
                session.times(self.conference.timezone)
            except ValueError as error:
                raise ValueError(f"sessions.{key}: {error}") from None
        return self

    def showing(self, programme: Path, timezone: str | None = None) -> Self:
        """Return the same configuration for another conference's programme, in its zone if that is given."""
        conference = Conference(name=programme.stem[:80] or "A conference", timezone=timezone or "UTC")
        source = ProgrammeSource(source=programme)
        return self.model_copy(update={"conference": conference, "programme": source, "sessions": {}})

    @property
    def times(self) -> dict[str, Times]:
        """The configured times by session key, in UTC."""
        return {key: session.times(self.conference.timezone) for key, session in self.sessions.items()}


def load(path: Path) -> Config:
    """Read a configuration file; relative paths in it start at its own folder.

    Raises:
        UserError: the file can't be read, is not TOML, or has a wrong key or value. The message is one line that
            names the file, the key and what is allowed.
    """
    try:
        with path.open("rb") as file:
            data = tomllib.load(file)
    except OSError as error:
        raise UserError(f"{path}: {(error.strerror or str(error)).lower()}. Copy config.example.toml there.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UserError(one_line(f"{path}: not valid TOML: {error}.")) from None
    except RecursionError:
        raise UserError(f"{path}: not valid TOML: its brackets are nested too deeply.") from None
    except ValueError as error:  # a number of more digits than Python converts
        raise UserError(one_line(f"{path}: not valid TOML: {str(error).partition(';')[0]}.")) from None
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        mistakes = list(dict.fromkeys(_explain(dict(item)) for item in error.errors()))
        more = f"; and {len(mistakes) - _MOST_MISTAKES} more" if len(mistakes) > _MOST_MISTAKES else ""
        raise UserError(one_line(f"{path}: {'; '.join(mistakes[:_MOST_MISTAKES])}{more}.")) from None
    anchored = _anchored(config, path.parent)
    for key, picture in anchored.maps.named.items():
        if isinstance(picture, Path) and (problem := _picture_problem(picture)):
            raise UserError(one_line(f"{path}: {key}: {problem}."))
    return anchored


def token() -> str:
    """Return the bot's token from the environment.

    Raises:
        UserError: it is not set.
    """
    value = os.environ.get(TOKEN_VARIABLE, "").strip()
    if not value:
        raise UserError(
            f"{TOKEN_VARIABLE}: not set. Put the bot's token, from the Bot page of the Discord Developer Portal, "
            "into this environment variable."
        )
    return value


def _anchored(config: Config, folder: Path) -> Config:
    programme, origin = config.programme, config.programme.source
    source = _in(folder, origin)
    sources = tuple(
        one.model_copy(update={"path": folder / one.path}) if one.path else one for one in programme.sources
    )
    return config.model_copy(
        update={
            "programme": programme.model_copy(update={"source": source, "sources": sources}),
            "database": Database(path=folder / config.database.path),
            "authors": config.authors.model_copy(update={"tickets": _in(folder, config.authors.tickets)}),
            "maps": Maps(
                all=_in(folder, config.maps.all),
                rooms={room: _in(folder, picture) for room, picture in config.maps.rooms.items()},
            ),
        }
    )


def _in(folder: Path, origin: Path | str | None) -> Any:  # noqa: ANN401 - the same kind of thing
    return folder / origin if isinstance(origin, Path) else origin


def _picture_problem(path: Path) -> str:
    """Return why a file is no picture that Discord would show; empty where it is one."""
    try:
        with path.open("rb") as file:
            begins, size = file.read(16), os.fstat(file.fileno()).st_size
    except OSError as error:
        return f"{path}: {(error.strerror or str(error)).lower()}"
    if not begins.startswith(_PICTURES) and not (begins.startswith(b"RIFF") and begins[8:12] == b"WEBP"):
        return f"{path} is no PNG, JPEG, GIF or WebP picture"
    if size > _LARGEST_PICTURE:
        return f"{path} has {size / 2**20:.1f} MiB; Discord takes {_LARGEST_PICTURE // 2**20}"
    return ""


def _in_utc(moment: datetime, zone: ZoneInfo) -> datetime:
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    try:
        return moment_at(moment, zone)
    except ClockChange as change:
        before = offset_text(min(change.first, change.second), zone)
        raise ValueError(
            f"{change} in {zone.key}, where the clocks change; write it with its offset, such as "
            f"{moment.isoformat()}{before}"
        ) from None


def _explain(error: dict[str, Any]) -> str:
    """Put one of pydantic's errors into the words of the file: the key, and what is allowed."""
    location: tuple[str | int, ...] = error["loc"]
    where = ".".join(str(part) for part in location if part not in ("str", "constrained-int", "int"))
    match error["type"]:
        case "extra_forbidden":
            allowed = ", ".join(_keys_beside(location))
            return f"{where}: unknown key; allowed here: {allowed}"
        case "missing":
            return f"{where}: missing; this key is needed"
        case "value_error":
            message = str(error["ctx"]["error"])
            return f"{where}: {message}" if where else message
        case _:
            text = str(error["msg"])
            return f"{where}: {text[:1].lower()}{text[1:]}"


def _keys_beside(location: tuple[str | int, ...]) -> Iterable[str]:
    """Return the keys that the table holding the last part of `location` may have."""
    table: type[BaseModel] = Config
    for part in location[:-1]:
        if part == "sessions":
            table = SessionTime
        elif table is ProgrammeSource and part == "sources":
            table = ListedSource
        elif table is Config and isinstance(part, str) and part in Config.model_fields:
            annotation = Config.model_fields[part].annotation
            if isinstance(annotation, type) and issubclass(annotation, BaseModel):
                table = annotation
    return table.model_fields
