"""The check of what the bot sends: it lets pass what Discord takes, and tells what Discord would refuse."""

import json
from typing import Any

import aiohttp
import pytest

from tests.support.payloads import NotTaken, check
from tests.support.payloads.reduce import reduce
from tests.support.process import TOKEN
from tests.support.stand_in import Guild, discord_stand_in

NOBODY: dict[str, list[str]] = {"parse": []}
MESSAGES = "/channels/12/messages"
CALLBACK = "/interactions/12/token/callback"
BUTTON = {"type": 2, "style": 2, "label": "See", "custom_id": "q:see"}
TEXT_INPUT = {"type": 4, "custom_id": "title", "style": 1, "label": "Title"}


def message(**parts: Any) -> dict[str, Any]:
    return {"content": "Lunch", "allowed_mentions": NOBODY, **parts}


def row(*buttons: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": 1, "components": list(buttons)}]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", MESSAGES, message()),
        ("POST", MESSAGES, message(embeds=[{"title": "t" * 256, "description": "d" * 4096}], components=row(BUTTON))),
        ("POST", MESSAGES, message(nonce="0123456789abcdef", enforce_nonce=True)),
        ("POST", MESSAGES, {"components": row(BUTTON)}),
        ("PATCH", f"{MESSAGES}/13", message(content=None, embeds=[])),
        ("POST", CALLBACK, {"type": 4, "data": message(flags=64)}),
        ("POST", CALLBACK, {"type": 5, "data": {"flags": 64}}),
        ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "Caching", "value": "caching"}]}}),
        ("POST", CALLBACK, {"type": 9, "data": {"custom_id": "f", "title": "Form", "components": row(TEXT_INPUT)}}),
        ("POST", "/users/@me/channels", {"recipient_id": 12}),
        # What has no body, and what the bot's own requests are not.
        ("DELETE", f"{MESSAGES}/13", None),
        ("POST", "/guilds/12/bans", {"anything": "at all"}),
    ],
)
def test_what_discord_takes_passes(method: str, path: str, body: Any) -> None:
    check(method, path, body)


@pytest.mark.parametrize(
    ("method", "path", "body", "where"),
    [
        ("POST", MESSAGES, message(content="x" * 4001), "content: "),
        ("POST", MESSAGES, message(embeds=[{"title": "t" * 257}]), "embeds/0/title: "),
        ("POST", MESSAGES, message(embeds=[{"description": "d" * 4097}]), "embeds/0/description: "),
        ("POST", MESSAGES, message(embeds=[{"title": "t"}] * 11), "embeds: "),
        ("POST", MESSAGES, message(components=row(*[BUTTON] * 6)), "components"),
        ("POST", MESSAGES, message(components=row({**BUTTON, "custom_id": "c" * 101})), "components"),
        ("POST", MESSAGES, message(components=row({**BUTTON, "label": "l" * 81})), "components"),
        ("POST", CALLBACK, {"type": 8, "data": {"choices": [{"name": "c", "value": "c"}] * 26}}, "choices"),
        ("POST", "/users/@me/channels", {"recipient_id": [12]}, "recipient_id"),
    ],
)
def test_what_discord_would_refuse_is_told_with_where_it_is(method: str, path: str, body: Any, where: str) -> None:
    with pytest.raises(NotTaken) as refused:
        check(method, path, body)

    told = str(refused.value)
    assert told.startswith(f"{method} {path}: ")
    assert where in told.splitlines()[0]
    # And the body, so that one sees what it was.
    assert json.dumps(body)[:100] in told


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", MESSAGES, {"content": "@everyone"}),
        ("POST", MESSAGES, {"embeds": [{"title": "Lunch"}]}),
        ("PATCH", f"{MESSAGES}/13", {"content": "@everyone"}),
        ("POST", CALLBACK, {"type": 4, "data": {"content": "@everyone"}}),
        ("POST", CALLBACK, {"type": 7, "data": {"content": "@everyone"}}),
        ("POST", "/webhooks/12/token", {"content": "@everyone"}),
        ("PATCH", "/webhooks/12/token/messages/@original", {"content": "@everyone"}),
    ],
)
def test_what_could_ping_somebody_is_not_taken(method: str, path: str, body: Any) -> None:
    with pytest.raises(NotTaken, match="no allowed_mentions"):
        check(method, path, body)


async def test_the_stand_in_checks_every_request_in_the_end() -> None:
    guild = Guild("announcements")
    url = f"/channels/{guild.first.id}/messages"

    async def post_without_allowed_mentions() -> None:
        async with discord_stand_in(TOKEN, guild) as discord, aiohttp.ClientSession() as session:
            headers = {"Authorization": f"Bot {TOKEN}"}
            async with session.post(discord.api + url, json={"content": "Lunch"}, headers=headers) as answer:
                assert answer.status == 200

    with pytest.raises(NotTaken, match=f"POST {url}: no allowed_mentions"):
        await post_without_allowed_mentions()


def test_of_discords_description_only_what_the_bot_sends_is_kept_and_no_prose() -> None:
    def body(schema: dict[str, Any]) -> dict[str, Any]:
        return {"requestBody": {"content": {"application/json": {"schema": schema}}}}

    class Paths(dict[str, Any]):
        """Every route there is, most of which take anything."""

        def __missing__(self, path: str) -> dict[str, Any]:
            return {method: body({}) for method in ("post", "patch", "put")}

    described = {"$ref": "#/components/schemas/Message", "description": "the message"}
    paths = Paths({"/channels/{channel_id}/messages": {"post": body(described)}})
    schemas = {
        "Message": {
            "title": "A message",
            "properties": {
                # A field may be called what elsewhere is prose.
                "title": {"type": "string", "description": "what stands above"},
                "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
            },
        },
        "Part": {"type": "object", "example": {}, "deprecated": True},
        "Elsewhere": {"type": "object"},
    }

    reduced = reduce({"paths": paths, "components": {"schemas": schemas}})

    assert reduced["routes"]["POST /channels/{channel_id}/messages"] == {"$ref": "#/components/schemas/Message"}
    assert reduced["components"]["schemas"] == {
        "Message": {
            "properties": {
                "title": {"type": "string"},
                "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Part"}},
            }
        },
        "Part": {"type": "object"},
        "SnowflakeType": {"type": ["string", "integer"]},
    }
