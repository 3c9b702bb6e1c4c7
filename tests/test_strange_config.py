"""Any configuration at all: it is taken, or refused with one line that can be read."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.config import Config, load
from bot.errors import UserError

ODD_TEXTS = (
    *(
        "",
        " ",
        "#general",
        "@everyone",
        "<@&1>",
        "123456789012345678",
        "a\nb",
        "\0",
        "\x1b[2J",
        "https://",
        "https://[",
    ),
    *("UTC", "/etc/localtime", "..", "America/Los_Angeles", "10 minutes", "99999 days", "٣ days", "localhost:1"),
    *("2026-05-18T18:00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "24:00", "1:00", "-1:00"),
)
TEXTS = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), st.sampled_from(ODD_TEXTS))
VALUES = st.recursive(
    st.one_of(
        TEXTS.map(json.dumps),
        st.integers().map(str),
        st.floats().map(lambda number: repr(number).replace("1e+", "1.0e+")),
        st.booleans().map(lambda truth: str(truth).lower()),
        st.datetimes().map(lambda moment: moment.isoformat()),
        st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()[:40]),
        st.dates().map(str),
        st.times().map(str),
        st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-03-29T01:30:00"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(TEXTS, inner, max_size=2).map(
            lambda items: "{" + ", ".join(f"{json.dumps(key)} = {value}" for key, value in items.items()) + "}"
        ),
    ),
    max_leaves=4,
)
KEYS = {
    "conference": ("name", "timezone", "notice"),
    "programme": ("source", "refresh", "format", "timezone", "columns", "public", "auto_apply", "sheet", "sources"),
    "database": ("path",),
    "discord": ("public_channels", "organizers", "servers", "moderators", "log_channel", "strict_roles"),
    "announcements": ("channels", "roles"),
    "reminders": ("channel", "minutes_before", "ping", "direct_per_minute", "moved_by_minutes"),
    "logging": ("level", "format"),
    "metrics": ("listen",),
    'sessions."opening"': ("start", "end", "timezone"),
}
SOUND = {
    "conference": {"name": '"MLSys"', "timezone": '"Europe/Lisbon"'},
    "programme": {"source": '"page.txt"'},
    'sessions."opening"': {"start": "2026-05-18T18:00:00"},
}


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A configuration that is sound but for a few values."""
    tables: dict[str, dict[str, str]] = {name: dict(SOUND.get(name, {})) for name in KEYS}
    for _ in range(draw(st.integers(1, 3))):
        table = draw(st.sampled_from(sorted(KEYS)))
        tables[table][draw(st.sampled_from(KEYS[table]))] = draw(VALUES)
    return "".join(
        f"[{name}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
        for name, keys in tables.items()
        if keys
    )


def looked_at(folder: Path, text: str) -> Config | None:
    """Load a configuration; what is refused is refused with one line."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8", newline="\n")
    try:
        return load(path)
    except UserError as error:
        refusal = str(error)
    assert refusal.isprintable()
    assert refusal.startswith(f"{path}: ")
    return None


def used(config: Config) -> list[Any]:
    """Do with a configuration what the bot does with it first."""
    for times in config.times.values():
        assert times.starts_at.tzinfo is UTC
        assert datetime(1969, 1, 1, tzinfo=UTC) < times.starts_at < datetime(2201, 1, 1, tzinfo=UTC)
    return [config.programme.listed, config.reminders.leads, config.reminders.threshold, config.model_dump_json()]


@given(documents())
def test_a_strange_value_is_taken_or_refused_with_one_line(tmp_path_factory: Any, text: str) -> None:
    config = looked_at(tmp_path_factory.getbasetemp(), text)
    if config:
        assert used(config)


@given(st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.lists(VALUES).map("\nx = ".join)))
def test_any_text_is_refused_with_one_line(tmp_path_factory: Any, text: str) -> None:
    assert looked_at(tmp_path_factory.getbasetemp(), text) is None
