"""What SimCord's page and its server say to each other, put right on the way where Discord does otherwise.

Made for version 3 of that protocol (`protocol.schema.json` in SimCord); what is of another goes through as it is.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

PROTOCOL: Final = 3

_MENTION = re.compile(r"<(@&|@!?|#)(\d{1,20})>|</([^:\n<>]{1,100}):\d{1,20}>")
_REVISION = re.compile(rb'(?<!\\)("published_revision":\s*)\d+')
# In the texts of an embed SimCord leaves mentions as they are written; Discord shows them in these two.
_TEXTS: Final = {"description_tokens", "value_tokens"}
_KINDS: Final = {"@": "user", "@!": "user", "@&": "role", "#": "channel"}

Name = Callable[[str, int], str | None]
"""Gives the name of what is mentioned: its kind ("user", "role" or "channel") and its id."""


def with_mentions(state: dict[str, Any], name_of: Name) -> dict[str, Any]:
    """Return what a page shows, with the mentions in embeds as Discord shows them: a name in place of an id."""
    if state.get("protocolVersion") == PROTOCOL:
        for message in state["messages"].values():
            for embed in message.get("embeds", ()):
                for part in (embed, *embed.get("fields", ())):
                    for key in _TEXTS & part.keys():
                        part[key] = _named(part[key], name_of)
    return state


def _named(tokens: list[dict[str, Any]], name_of: Name) -> list[dict[str, Any]]:
    named: list[dict[str, Any]] = []
    for token in tokens:
        if token.get("type") == "text":
            named += _split(token["content"], name_of)
        elif "children" in token:
            named.append({**token, "children": _named(token["children"], name_of)})
        else:
            named.append(token)
    return named


def _split(text: str, name_of: Name) -> Iterator[dict[str, Any]]:
    after = 0
    for found in _MENTION.finditer(text):
        sign, number, command = found.groups()
        if command:
            token = {"type": "command", "id": "", "label": f"/{command}"}
        elif name := name_of(_KINDS[sign], int(number)):
            token = {"type": "mention", "kind": _KINDS[sign], "id": number, "label": f"{sign[0]}{name}"}
        else:
            continue
        if text[after : found.start()]:
            yield {"type": "text", "content": text[after : found.start()]}
        yield token
        after = found.end()
    if text[after:]:
        yield {"type": "text", "content": text[after:]}


def is_outdated(receipt: Mapping[str, Any]) -> bool:
    """Tell whether an action was refused only because something was posted since the page last looked."""
    return bool(receipt.get("rejected")) and any(
        one.get("code") == "stale-revision" for one in receipt.get("diagnostics", ())
    )


def brought_up_to_date(body: bytes, receipt: Mapping[str, Any]) -> bytes:
    """Return a refused action, as JSON or as a form with files, as the page would send it had it looked just now."""
    return _REVISION.sub(rb"\g<1>%d" % receipt["revision"], body, count=1)
