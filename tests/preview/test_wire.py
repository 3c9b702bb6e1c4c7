"""What SimCord's page is told and what it sends, put right on the way."""

import json
from typing import Any

from bot.preview.wire import brought_up_to_date, is_outdated, with_mentions

NAMES = {("user", 1): "Grace", ("role", 2): "Attendees", ("channel", 3): "announcements"}


def name_of(kind: str, number: int) -> str | None:
    return NAMES.get((kind, number))


def text(content: str) -> dict[str, Any]:
    return {"type": "text", "content": content}


def state(embed: dict[str, Any], version: int = 3) -> dict[str, Any]:
    return {"protocolVersion": version, "messages": {"7": {"embeds": [embed]}}}


def test_mentions_in_an_embed_are_shown_by_their_names() -> None:
    embed = {
        "title_tokens": [text("<@1>")],
        "description_tokens": [
            {"type": "paragraph", "children": [text("From <@1> in <#3>, try </search:55>."), {"type": "break"}]}
        ],
        "fields": [
            {"name_tokens": [text("<@&2>")], "value_tokens": [text("<@&2>"), {"type": "code", "content": "<@1>"}]}
        ],
    }
    shown = with_mentions(state(embed), name_of)["messages"]["7"]["embeds"][0]
    assert shown["description_tokens"][0]["children"] == [
        text("From "),
        {"type": "mention", "kind": "user", "id": "1", "label": "@Grace"},
        text(" in "),
        {"type": "mention", "kind": "channel", "id": "3", "label": "#announcements"},
        text(", try "),
        {"type": "command", "id": "", "label": "/search"},
        text("."),
        {"type": "break"},
    ]
    assert shown["fields"][0]["value_tokens"] == [
        {"type": "mention", "kind": "role", "id": "2", "label": "@Attendees"},
        {"type": "code", "content": "<@1>"},
    ]
    # Discord shows none in titles.
    assert shown["title_tokens"] == [text("<@1>")]
    assert shown["fields"][0]["name_tokens"] == [text("<@&2>")]


def test_who_is_unknown_stays_as_written_and_so_does_another_version_of_the_protocol() -> None:
    embed = {"description_tokens": [text("<@9> and <@1>")]}
    (first, second) = with_mentions(state(embed), name_of)["messages"]["7"]["embeds"][0]["description_tokens"]
    assert (first, second["label"]) == (text("<@9> and "), "@Grace")
    later = state({"description_tokens": [text("<@1>")]}, version=4)
    assert with_mentions(json.loads(json.dumps(later)), name_of) == later


def test_an_action_that_came_too_late_is_sent_as_of_now_whatever_else_is_in_it() -> None:
    written = 'a trap: "published_revision":1'
    body = json.dumps({"options": {"query": written}, "published_revision": 4, "sequence": 2}).encode()
    refused = {"rejected": True, "revision": 6, "diagnostics": [{"code": "stale-revision"}]}
    assert is_outdated(refused)
    sent = json.loads(brought_up_to_date(body, refused))
    assert sent == {"options": {"query": written}, "published_revision": 6, "sequence": 2}
    assert not is_outdated({**refused, "diagnostics": [{"code": "busy"}]})
    assert not is_outdated({**refused, "rejected": False})
