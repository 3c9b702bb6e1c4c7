"""Makes `requests.json.gz`: python -m tests.support.payloads.reduce openapi.json.

From Discord's own description of its HTTP API (https://github.com/discord/discord-api-spec, specs/openapi.json; MIT
licence, Copyright Discord) it keeps what may be sent by the requests that the bot makes, and drops all prose.
"""

import gzip
import json
import sys
from pathlib import Path
from typing import Any

REDUCED = Path(__file__).with_name("requests.json.gz")

_ROUTES = (
    ("post", "/channels/{channel_id}/messages"),
    ("patch", "/channels/{channel_id}/messages/{message_id}"),
    ("patch", "/channels/{channel_id}"),
    ("post", "/channels/{channel_id}/threads"),
    ("post", "/channels/{channel_id}/messages/{message_id}/threads"),
    ("post", "/interactions/{interaction_id}/{interaction_token}/callback"),
    ("post", "/webhooks/{webhook_id}/{webhook_token}"),
    ("patch", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"),
    ("put", "/applications/{application_id}/commands"),
    ("post", "/guilds/{guild_id}/scheduled-events"),
    ("patch", "/guilds/{guild_id}/scheduled-events/{guild_scheduled_event_id}"),
    ("post", "/users/@me/channels"),
)
_PROSE = ("description", "title", "x-speakeasy-enums", "deprecated", "example", "examples")
_REFERENCE = "#/components/schemas/"


def reduce(whole: dict[str, Any]) -> dict[str, Any]:
    """Keep the schemas of the bot's requests, and those that they refer to."""
    schemas = whole["components"]["schemas"]
    routes = {
        f"{method.upper()} {path}": _bare(
            whole["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]
        )
        for method, path in _ROUTES
    }
    kept: dict[str, Any] = {}
    todo = _referred(routes)
    while todo:
        name = todo.pop()
        if name not in kept:
            kept[name] = _bare(schemas[name])
            todo |= _referred(kept[name])
    kept["SnowflakeType"] = {"type": ["string", "integer"]}  # Discord reads numbers as well, which discord.py sends
    return {"routes": routes, "components": {"schemas": kept}}


def _bare(schema: Any) -> Any:
    """Drop the prose; in `properties` every name is one of Discord's."""
    if isinstance(schema, list):
        return [_bare(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        name: {inner: _bare(part) for inner, part in value.items()} if name == "properties" else _bare(value)
        for name, value in schema.items()
        if name not in _PROSE
    }


def _referred(schema: Any) -> set[str]:
    text = json.dumps(schema)
    return {part.partition('"')[0] for part in text.split(_REFERENCE)[1:]}


if __name__ == "__main__":
    source = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    REDUCED.write_bytes(gzip.compress(json.dumps(reduce(source), separators=(",", ":")).encode(), mtime=0))
