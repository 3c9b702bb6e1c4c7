"""The link that invites the bot: for this bot, with the permissions that its configuration needs and no others."""

import base64
from typing import Any
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.admin.invitation import application_of, invitation, needed_permissions
from bot.config import Config
from tests.support.server import MakeConfig

SEES = {"view_channel"}
WRITES = SEES | {"send_messages", "embed_links", "read_message_history"}
THREADS = {"create_public_threads", "send_messages_in_threads"}
EVENTS = {"create_events", "manage_events"}
QUIET = {"welcome": False, "events": False}


@pytest.mark.parametrize(
    ("tables", "needed"),
    [
        ({"discord": {}}, WRITES | EVENTS),
        ({"discord": {"events": False}}, WRITES),
        ({"discord": {"welcome": False}}, SEES | EVENTS),
        ({"discord": QUIET}, SEES),
        ({"discord": QUIET, "announcements": {"channels": ["news"]}}, WRITES),
        ({"discord": QUIET, "reminders": {"channel": "news"}}, WRITES),
        ({"discord": {**QUIET, "organizers_channel": "chairs"}}, WRITES),
        ({"discord": QUIET, "meetups": {"channel": "meetups"}}, WRITES | THREADS | {"manage_threads"}),
        ({"discord": {**QUIET, "moderators_channel": "programme"}}, WRITES),
        ({"discord": {**QUIET, "log_channel": 17}}, WRITES),
        ({"discord": QUIET, "board": {"channels": ["board"]}}, WRITES),
    ],
    ids=[
        "as it comes",
        "no events",
        "no welcome",
        "answers only",
        "announcements",
        "reminders",
        "organizers",
        "meetups",
        "moderators",
        "log",
        "board",
    ],
)
def test_the_bot_asks_for_what_its_configuration_needs_and_for_nothing_else(
    tables: dict[str, Any], needed: set[str], make_config: MakeConfig
) -> None:
    permissions = discord.Permissions(**dict.fromkeys(needed, True))
    config = make_config(**tables)
    assert needed_permissions(config) == permissions
    assert parse_qs(urlsplit(invitation(config, 7)).query)["permissions"] == [str(permissions.value)]


@pytest.fixture
def config(make_config: MakeConfig) -> Config:
    return make_config()


def test_the_link_names_the_bot_and_lets_it_have_commands(config: Config) -> None:
    link = urlsplit(invitation(config, 900000000000000001))
    asked = parse_qs(link.query)
    assert (link.scheme, link.hostname, link.path) == ("https", "discord.com", "/oauth2/authorize")
    assert asked["client_id"] == ["900000000000000001"]
    assert set(asked["scope"][0].split()) == {"bot", "applications.commands"}


def test_where_the_bot_is_not_known_yet_the_link_has_a_place_for_it(config: Config) -> None:
    assert "client_id=YOUR_APPLICATION_ID&" in invitation(config, None)


@given(st.integers(min_value=1, max_value=2**63 - 1), st.booleans())
def test_a_token_tells_whose_it_is(application: int, padded: bool) -> None:
    first = base64.b64encode(str(application).encode()).decode()
    token = f"{first if padded else first.rstrip('=')}.Gh0St1.not-a-secret"
    assert application_of(token) == application


@pytest.mark.parametrize(
    "token",
    [
        "",
        ".",
        "abc",
        "not a token",
        "ä.b.c",
        "====.b.c",
        "aGVsbG8.b.c",
        "8J-mnA.b.c",
        "4pGg.b.c",
        f"{'MTEx' * 2000}.b.c",
    ],
)
def test_what_is_no_token_tells_nothing(token: str) -> None:
    assert application_of(token) is None


@given(st.text())
def test_whatever_stands_in_place_of_a_token_is_no_error(token: str) -> None:
    found = application_of(token)
    assert found is None or found >= 0
