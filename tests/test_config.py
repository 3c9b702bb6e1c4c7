"""The configuration: what a file may say, and the one line its mistakes are answered with."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from bot.config import Config, Contribution, Format, ListedSource, SessionTime, load, token
from bot.errors import UserError
from bot.sources.join import FIELDS
from bot.sources.read import format_names

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
MINIMAL = '[conference]\nname = "MLSys 2026"\ntimezone = "America/Los_Angeles"\n[programme]\nsource = "page.txt"\n'
SESSION = f'{MINIMAL}[sessions."opening"]\n'
SEVERAL = MINIMAL.replace('source = "page.txt"\n', "") + "".join(
    f'[[programme.sources]]\npath = "{name}"\n' for name in ("papers.csv", "sessions.yml")
)


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(path: Path) -> str:
    """The one line that a file is refused with."""
    with pytest.raises(UserError) as caught:
        load(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message.removeprefix(f"{path}: ")


def tables() -> dict[str, type[BaseModel]]:
    found: dict[str, type[BaseModel]] = {"sessions": SessionTime}
    for name, field in Config.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found[name] = field.annotation
    return found


def test_the_example_loads() -> None:
    config = load(EXAMPLE)
    assert config.conference.name == "MLSys 2026"
    assert config.programme.source == EXAMPLE.parent / "data" / "mlsys-2026-poster-session-1.txt"


def test_the_example_explains_every_key_and_no_other() -> None:
    explained: dict[str, set[str]] = {}
    keys: set[str] = set()
    for line in EXAMPLE.read_text(encoding="utf-8").splitlines():
        if header := re.fullmatch(r"(?:# )?\[(\w+)(?:\..*)?\]", line):
            keys = explained.setdefault(header[1], set())
        elif setting := re.match(r"(?:# )?(\w+) = ", line):
            keys.add(setting[1])
        elif line.strip("# ") == "[[programme.sources]]":
            keys.add("sources")
    assert explained == {name: set(table.model_fields) for name, table in tables().items()}


def test_the_example_of_several_sources_loads(tmp_path: Path) -> None:
    shown = re.findall(r"^#     (.+)$", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    programme = load(write(tmp_path, MINIMAL.replace('source = "page.txt"', "\n".join(shown)))).programme
    assert [source.origin for source in programme.listed] == [
        tmp_path / "papers.csv",
        "https://example.org/schedule.xml",
    ]
    assert set(re.findall(r"^(\w+) = ", "\n".join(shown), re.MULTILINE)) <= set(ListedSource.model_fields)


def test_the_example_with_its_comments_taken_away_still_loads(tmp_path: Path) -> None:
    text = re.sub(r"^# (?=\[|\w+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    data = tomllib.loads(text)
    assert set(data["sessions"]["poster-session-1-opening"]) == {"start", "end", "timezone"}
    assert load(write(tmp_path, text)).times["poster-session-1-opening"].starts_at == datetime(
        2026, 5, 19, 1, tzinfo=UTC
    )


def test_the_defaults_of_the_example_are_the_defaults(tmp_path: Path) -> None:
    config, example = load(write(tmp_path, MINIMAL)), load(EXAMPLE)
    assert config.database.path == tmp_path / "data" / "conference.sqlite3"
    assert config.logging == example.logging
    assert config.discord.welcome
    assert config.discord.public_channels == config.discord.organizers == config.discord.moderators == ()
    assert load(write(tmp_path, MINIMAL.replace("timezone", "# timezone"))).conference.timezone == "UTC"


@pytest.mark.parametrize(
    ("text", "minutes"), [("1 minute", 1), ("10 minutes", 10), ("2 Hours", 120), ("1day", 1440), (" 90 minutes ", 90)]
)
def test_the_time_to_look_again_is_written_in_words(text: str, minutes: int, tmp_path: Path) -> None:
    (source,) = load(write(tmp_path, f'{MINIMAL}refresh = "{text}"')).programme.listed
    assert source.refresh == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("text", "there"),
    [("127.0.0.1:9100", ("127.0.0.1", 9100)), ("[::1]:80", ("::1", 80)), (" localhost:0 ", ("localhost", 0))],
)
def test_where_to_listen_is_an_address_and_a_port(text: str, there: tuple[str, int], tmp_path: Path) -> None:
    config = load(write(tmp_path, f'{MINIMAL}[metrics]\nlisten = "{text}"'))
    assert config.metrics.listen == there
    assert load(write(tmp_path, MINIMAL)).metrics.listen is None


def test_a_source_has_its_own_time_to_look_again_or_that_of_all(tmp_path: Path) -> None:
    sources = '[[programme.sources]]\npath = "a.txt"\n[[programme.sources]]\npath = "b.txt"\nrefresh = "1 minute"\n'
    text = MINIMAL.replace('source = "page.txt"\n', 'refresh = "2 hours"\n' + sources)
    listed = load(write(tmp_path, text)).programme.listed
    assert [one.refresh for one in listed] == [timedelta(hours=2), timedelta(minutes=1)]


MISTAKES: dict[str, tuple[str | bytes, list[str]]] = {
    "unknown table": ("[confrence]\n" + MINIMAL, ["confrence", "unknown key", "conference, programme"]),
    "unknown key": (
        MINIMAL.replace("timezone", "time_zone"),
        ["conference.time_zone", "unknown key", "name, timezone, notice"],
    ),
    "unknown key of a session": (
        f"{SESSION}start = 2026-05-18T18:00:00\nends = 2026-05-18T19:00:00",
        ["sessions.opening.ends", "unknown key", "start, end, timezone"],
    ),
    "missing table": ('[programme]\nsource = "page.txt"', ["conference", "missing"]),
    "missing key": (
        '[conference]\nname = "MLSys"\n[programme]\n',
        ["programme: source is missing", "[[programme.sources]]"],
    ),
    "one source and several": (
        f'{MINIMAL}[[programme.sources]]\npath = "papers.csv"\n',
        ["programme: ", "either source or [[programme.sources]]"],
    ),
    "several sources of which one is nowhere": (
        SEVERAL.replace('path = "papers.csv"', "", 1),
        ["programme.sources.0", "either a path or an address"],
    ),
    "a source that is in two places": (
        f'{SEVERAL}address = "https://example.org/x.csv"\n',
        ["programme.sources.1", "either a path or an address"],
    ),
    "an unknown key of a source": (
        SEVERAL.replace("path", "file", 1),
        ["programme.sources.0.file", "unknown key", "format, timezone, sheet, public, columns, path, address"],
    ),
    "a source at an address without encryption": (
        SEVERAL.replace('path = "papers.csv"', 'address = "http://example.org/x.csv"'),
        ["programme.sources.0.address", "begins with https://"],
    ),
    "a key that belongs to one of several sources": (
        SEVERAL.replace("[programme]", '[programme]\nformat = "table"'),
        ["programme: format belongs into one of [[programme.sources]]"],
    ),
    "a format that is none": (f'{MINIMAL}format = "excel"', ["programme.format", "'page-text'", "'table'"]),
    "a zone of the source that is none": (f'{MINIMAL}timezone = "CET5"', ["programme.timezone", "“CET5” is not"]),
    "columns that are numbers": (
        f"{MINIMAL}columns = {{ title = 1 }}",
        ["programme.columns.title", "a text or a list of texts"],
    ),
    "values that are numbers": (f"{MINIMAL}public = [1]", ["programme.public", "a text or a list of texts"]),
    "missing start": (f"{SESSION}end = 2026-05-18T18:00:00", ["sessions.opening.start", "missing"]),
    "table that is a text": ('programme = "x"\n[conference]\nname = "a"', ["programme", "dictionary"]),
    "name that is a number": (MINIMAL.replace('"MLSys 2026"', "2026"), ["conference.name", "string"]),
    "empty name": (MINIMAL.replace("MLSys 2026", ""), ["conference.name", "at least 1 character"]),
    "long name": (MINIMAL.replace("MLSys 2026", "x" * 81), ["conference.name", "at most 80 characters"]),
    "source that is a number": (
        MINIMAL.replace('"page.txt"', "5"),
        ["programme.source: allowed is the path of a file"],
    ),
    "time to look again without a unit": (f'{MINIMAL}refresh = "10"', ["programme.refresh", '"10 minutes"']),
    "time to look again that is a number": (f"{MINIMAL}refresh = 600", ["programme.refresh", "at least one minute"]),
    "time to look again in seconds": (f'{MINIMAL}refresh = "30 seconds"', ["programme.refresh", "at least one minute"]),
    "no time to look again": (f'{MINIMAL}refresh = "0 minutes"', ["programme.refresh", "at least one minute"]),
    "small change": (f'{MINIMAL}auto_apply = ["times", "papers"]', ["programme.auto_apply.1", "'times', 'rooms'"]),
    "path that is a list": (f"{MINIMAL}[database]\npath = []", ["database.path", "path"]),
    "list that is a text": (f'{MINIMAL}[discord]\norganizers = "Chairs"', ["discord.organizers", "tuple"]),
    "role that is a fraction": (
        f"{MINIMAL}[discord]\norganizers = [1.5]",
        ["discord.organizers.0", "a name in quotes, or an id"],
    ),
    "role that is a truth": (f"{MINIMAL}[discord]\norganizers = [true]", ["discord.organizers.0", "an id without"]),
    "negative id": (f"{MINIMAL}[discord]\npublic_channels = [-4]", ["discord.public_channels.0", "-4 is no id"]),
    "id beyond all": (f"{MINIMAL}[discord]\nlog_channel = {10**30}", ["discord.log_channel", "is no id"]),
    "id in quotes": (
        f'{MINIMAL}[discord]\norganizers = ["123456789012345678"]',
        ["discord.organizers.0: “123456789012345678” is an id: write it without the quotes"],
    ),
    "channel with its sign": (
        f'{MINIMAL}[reminders]\nchannel = "#announcements"',
        ["reminders.channel: “#announcements”: write the name alone, without # or @"],
    ),
    "role with its sign": (f'{MINIMAL}[reminders]\nping = "@Attendees"', ["reminders.ping: “@Attendees”: write"]),
    "mention of a channel": (f'{MINIMAL}[reminders]\nchannel = "<#123456789012345678>"', ["write the name alone"]),
    "nameless role": (f'{MINIMAL}[announcements]\nroles = [" "]', ["announcements.roles.0", "empty"]),
    "server in quotes": (
        f'{MINIMAL}[discord]\nservers = ["123456789012345678"]',
        ["discord.servers.0: allowed is an id without quotes"],
    ),
    "server by name": (f'{MINIMAL}[discord]\nservers = ["MLSys"]', ["discord.servers.0: allowed is an id"]),
    "name on two lines": (MINIMAL.replace("MLSys 2026", "MLSys\\n2026"), ["conference.name", "on one line"]),
    "path that is none": (MINIMAL.replace("page.txt", "page\\u0000.txt"), ["programme.source", "no path"]),
    "path of the database that is none": (f'{MINIMAL}[database]\npath = "a\\u0000"', ["database.path", "no path"]),
    "year 1": (f"{SESSION}start = 0001-01-01T00:00:00", ["sessions.opening.start", "the year 1 is hardly meant"]),
    "year 1 with an offset": (f"{SESSION}start = 0001-01-01T00:00:00+14:00", ["opening.start", "the year 1 is"]),
    "year 9999": (
        f"{SESSION}start = 2026-05-18T18:00:00\nend = 9999-12-31T23:59:59-12:00",
        ["sessions.opening.end", "the year 9999 is hardly meant"],
    ),
    "number without end": (f"{MINIMAL}[reminders]\nminutes_before = [{'9' * 5000}]", ["not valid TOML", "digits"]),
    "brackets without end": (f"x = {'[' * 5000}", ["not valid TOML", "nested too deeply"]),
    "a thousand mistakes": (
        f"{MINIMAL}[discord]\norganizers = [{', '.join(['1.5'] * 1000)}]",
        ["discord.organizers.9", "and 990 more"],
    ),
    "a key with a line break": (f'{MINIMAL}"a\\nb" = 1', ["programme.a\\nb", "unknown key"]),
    "truth that is a word": (f'{MINIMAL}[discord]\nwelcome = "maybe"', ["discord.welcome", "boolean"]),
    "level": (f'{MINIMAL}[logging]\nlevel = "loud"', ["logging.level", "'debug', 'info', 'warning' or 'error'"]),
    "level that is a number": (f"{MINIMAL}[logging]\nlevel = 10", ["logging.level", "'debug', 'info', 'warning'"]),
    "format of the log": (f'{MINIMAL}[logging]\nformat = "xml"', ["logging.format", "'text' or 'json'"]),
    "port alone": (f'{MINIMAL}[metrics]\nlisten = ":9100"', ["metrics.listen", '"127.0.0.1:9100"']),
    "port as a number": (f"{MINIMAL}[metrics]\nlisten = 9100", ["metrics.listen", '"127.0.0.1:9100"']),
    "port that is none": (f'{MINIMAL}[metrics]\nlisten = "localhost:65536"', ["metrics.listen", "and a port"]),
    "an address to listen at": (f'{MINIMAL}[metrics]\nlisten = "http://x:1"', ["metrics.listen", "and a port"]),
    "zone": (
        MINIMAL.replace("America/Los_Angeles", "Pacific Time"),
        ["conference.timezone", "“Pacific Time” is not an IANA time zone", "America/Los_Angeles"],
    ),
    "zone that is a folder": (MINIMAL.replace("/Los_Angeles", ""), ["conference.timezone", "“America” is not"]),
    "zone that is a path": (
        MINIMAL.replace("America/Los_Angeles", "../../etc/passwd"),
        ["conference.timezone", "is not an IANA time zone"],
    ),
    "empty zone": (MINIMAL.replace("America/Los_Angeles", ""), ["conference.timezone", "is not an IANA time zone"]),
    "zone of a session": (
        f'{SESSION}start = 2026-05-18T18:00:00\ntimezone = "PST8"',
        ["sessions.opening.timezone", "“PST8” is not an IANA time zone"],
    ),
    "start that is a number": (
        f"{SESSION}start = 1779152400",
        ["sessions.opening.start", "allowed is a date with a time", "2026-05-18T18:00:00"],
    ),
    "start that is a number in quotes": (
        f'{SESSION}start = "1779152400"',
        ["sessions.opening.start", "a date with a time"],
    ),
    "start that is a date": (f"{SESSION}start = 2026-05-18", ["sessions.opening.start", "a date with a time"]),
    "start that is a date in quotes": (f'{SESSION}start = "2026-05-18"', ["sessions.opening.start", "time"]),
    "start that is a time of day": (f"{SESSION}start = 18:00:00", ["sessions.opening.start", "a date with a time"]),
    "start that is words": (f'{SESSION}start = "Monday at six"', ["sessions.opening.start", "a date with a time"]),
    "end before start": (
        f"{SESSION}start = 2026-05-18T18:00:00\nend = 2026-05-18T17:00:00",
        ["sessions.opening", "end must be after start"],
    ),
    "end at start": (
        f"{SESSION}start = 2026-05-18T18:00:00\nend = 2026-05-18T18:00:00",
        ["sessions.opening", "end must be after start"],
    ),
    "end before start in another zone": (
        f"{SESSION}start = 2026-05-18T18:00:00\nend = 2026-05-18T19:00:00Z",
        ["sessions.opening", "end must be after start"],
    ),
    "time that does not exist": (
        f"{SESSION}start = 2026-03-08T02:30:00",
        ["sessions.opening", "2026-03-08 02:30 does not exist in America/Los_Angeles", "offset"],
    ),
    "end that does not exist": (
        f"{SESSION}start = 2026-03-08T01:00:00\nend = 2026-03-08T02:30:00",
        ["sessions.opening", "2026-03-08 02:30 does not exist in America/Los_Angeles"],
    ),
    "time that comes twice": (
        f"{SESSION}start = 2026-11-01T01:30:00",
        ["sessions.opening", "2026-11-01 01:30 comes twice in America/Los_Angeles", "2026-11-01T01:30:00-07:00"],
    ),
    "time that does not exist elsewhere": (
        f'{SESSION}start = 2026-03-29T01:30:00\ntimezone = "Europe/Lisbon"',
        ["2026-03-29 01:30 does not exist in Europe/Lisbon"],
    ),
    "time that comes twice by half an hour": (
        f'{SESSION}start = 2026-04-05T01:45:00\ntimezone = "Australia/Lord_Howe"',
        ["2026-04-05 01:45 comes twice in Australia/Lord_Howe", "2026-04-05T01:45:00+11:00"],
    ),
    "not TOML": ("[conference]\nname = MLSys 2026", ["not valid TOML", "line 2"]),
    "same key twice": (MINIMAL + '[conference]\nname = "x"', ["not valid TOML", "line 6"]),
    "empty": ("", ["conference: missing", "programme: missing"]),
    "not UTF-8": (MINIMAL.encode().replace(b"MLSys", b"MLSys\xe9"), ["not valid TOML"]),
    "UTF-16": (MINIMAL.encode("utf-16"), ["not valid TOML"]),
    "binary": (b"\x89PNG\r\n\x1a\n\0\0", ["not valid TOML"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_answered_with_one_line_that_names_the_key_and_what_is_allowed(
    mistake: str, tmp_path: Path
) -> None:
    text, expected = MISTAKES[mistake]
    message = refusal(write(tmp_path, text))
    for part in expected:
        assert part in message


def test_several_mistakes_are_named_at_once(tmp_path: Path) -> None:
    message = refusal(write(tmp_path, '[conference]\nnme = "x"\n[logging]\nlevel = "loud"'))
    assert all(key in message for key in ("conference.name", "conference.nme", "programme", "logging.level"))


def test_a_wrong_role_is_explained_without_the_words_of_the_library_that_checks_it(tmp_path: Path) -> None:
    message = refusal(write(tmp_path, f"{MINIMAL}[discord]\nmoderators = [1.5]"))
    assert "constrained" not in message
    assert "pydantic" not in message


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    message = refusal(tmp_path / "nowhere" / "config.toml")
    assert "no such file" in message
    assert "config.example.toml" in message


def test_a_folder_is_not_a_configuration(tmp_path: Path) -> None:
    assert "is a directory" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        ("America/Los_Angeles", "2026-05-18T18:00:00", datetime(2026, 5, 19, 1, tzinfo=UTC)),
        ("America/Los_Angeles", "2026-12-01T09:00:00", datetime(2026, 12, 1, 17, tzinfo=UTC)),
        ("America/Los_Angeles", "2026-03-08T03:00:00", datetime(2026, 3, 8, 10, tzinfo=UTC)),
        ("America/Los_Angeles", "2026-03-08T01:59:00", datetime(2026, 3, 8, 9, 59, tzinfo=UTC)),
        ("Europe/Lisbon", "2026-07-01T09:00:00", datetime(2026, 7, 1, 8, tzinfo=UTC)),
        ("Europe/Lisbon", "2026-01-15T09:00:00", datetime(2026, 1, 15, 9, tzinfo=UTC)),
        ("Asia/Kolkata", "2026-05-18T09:00:00", datetime(2026, 5, 18, 3, 30, tzinfo=UTC)),
        ("Pacific/Auckland", "2026-01-15T09:00:00", datetime(2026, 1, 14, 20, tzinfo=UTC)),
        ("Pacific/Auckland", "2026-07-15T09:00:00", datetime(2026, 7, 14, 21, tzinfo=UTC)),
    ],
)
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_local_time_is_converted_by_its_zone(
    zone: str, local: str, utc: datetime, quote: str, tmp_path: Path
) -> None:
    start = f"start = {quote}{local}{quote}\n"
    by_conference = load(write(tmp_path, SESSION.replace("America/Los_Angeles", zone) + start))
    by_session = load(write(tmp_path, f'{SESSION}{start}timezone = "{zone}"\n'))
    assert by_conference.times["opening"].starts_at == utc
    assert by_session.times["opening"].starts_at == utc


@pytest.mark.parametrize(
    "start", ["2026-11-01T01:30:00-07:00", "2026-11-01T01:30:00-08:00", "2026-03-08T02:30:00+02:00"]
)
def test_a_time_with_an_offset_is_that_moment_in_any_zone(start: str, tmp_path: Path) -> None:
    times = load(write(tmp_path, f"{SESSION}start = {start}\n")).times["opening"]
    assert times.starts_at == datetime.fromisoformat(start)
    assert times.starts_at.tzinfo is UTC
    assert times.ends_at is None


def test_the_suggested_way_to_write_a_time_is_accepted(tmp_path: Path) -> None:
    for start in ("2026-11-01T01:30:00", "2026-03-08T02:30:00"):
        message = refusal(write(tmp_path, f"{SESSION}start = {start}\n"))
        suggestion = re.search(r"such as (\S+[+-]\d\d:\d\d)", message)
        assert suggestion
        assert list(load(write(tmp_path, f"{SESSION}start = {suggestion[1]}\n")).times) == ["opening"]


def test_relative_paths_start_at_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "conf").mkdir()
    path = write(tmp_path / "conf", f'{MINIMAL}[database]\npath = "../bot.sqlite3"\n')
    config = load(path)
    assert config.programme.source == tmp_path / "conf" / "page.txt"
    assert config.database.path.resolve() == tmp_path / "bot.sqlite3"
    monkeypatch.chdir(tmp_path)
    (source,) = load(Path("conf/config.toml")).programme.listed
    assert Path(source.origin).resolve() == tmp_path / "conf" / "page.txt"


def test_paths_of_several_sources_start_at_the_folder_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "conf").mkdir()
    listed = load(write(tmp_path / "conf", SEVERAL.replace("sessions.yml", "/srv/sessions.yml"))).programme.listed
    assert [source.origin for source in listed] == [tmp_path / "conf" / "papers.csv", Path("/srv/sessions.yml")]


def test_what_is_said_of_the_only_source_is_said_of_it_alone(tmp_path: Path) -> None:
    text = f"""{MINIMAL}
    format = "table"
    timezone = "Asia/Tokyo"
    sheet = "Agenda"
    public = "Shepherded"
    columns = {{ title = "Name", authors = ["First", "Second"] }}
    """
    (source,) = load(write(tmp_path, text)).programme.listed
    assert (source.path, source.format, source.timezone) == (tmp_path / "page.txt", "table", "Asia/Tokyo")
    assert (source.sheet, source.public) == ("Agenda", ("Shepherded",))
    assert source.columns == {"title": ("Name",), "authors": ("First", "Second")}


def test_a_format_is_one_that_there_is_a_reader_for() -> None:
    assert sorted(get_args(Format)) == sorted(format_names())


def test_a_source_contributes_what_sources_are_joined_by() -> None:
    assert set(get_args(Contribution)) == FIELDS


def test_absolute_paths_stay(tmp_path: Path) -> None:
    text = MINIMAL.replace("page.txt", "/srv/page.txt") + '[database]\npath = "/srv/bot.sqlite3"\n'
    config = load(write(tmp_path, text))
    assert (config.programme.source, config.database.path) == (Path("/srv/page.txt"), Path("/srv/bot.sqlite3"))


def test_roles_and_channels_are_names_or_ids(tmp_path: Path) -> None:
    text = f'{MINIMAL}[discord]\norganizers = ["Chairs", 123456789012345678]\npublic_channels = ["2026"]\n'
    discord = load(write(tmp_path, text)).discord
    assert discord.organizers == ("Chairs", 123456789012345678)
    assert discord.public_channels == ("2026",)


@pytest.mark.parametrize("value", [None, "", "  \n"])
def test_a_missing_token_is_named(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("DISCORD_TOKEN", value)
    with pytest.raises(UserError, match=r"^DISCORD_TOKEN: not set\. .*Developer Portal") as caught:
        token()
    assert "\n" not in str(caught.value)


def test_the_token_is_taken_without_the_white_space_around_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", " abc.def\n")
    assert token() == "abc.def"
