"""Reading what the bot wrote, as Discord and people do."""

import re
from collections.abc import Iterator
from typing import Any

import discord
from simcord.results import InteractionResult, ResponseMessage

from bot.ui import limits


def shown(result: InteractionResult) -> ResponseMessage:
    """Return the message an interaction was answered with."""
    assert result.response is not None, f"no answer: {result}"
    return result.response


def key_shown(result: InteractionResult) -> str:
    """Return the key of the paper that an answer shows, by its button; nothing where it shows none."""
    buttons = buttons_of(shown(result))
    ids = [buttons[label]["custom_id"] for label in ("Bookmark", "Remove bookmark") if label in buttons]
    return str(ids[0]).removeprefix("mark:") if ids else ""


def embed_of(result: InteractionResult) -> discord.Embed:
    """Return the embed of the message an interaction was answered with."""
    (embed,) = shown(result).embeds
    return embed


Component = dict[str, Any]


def components_of(message: ResponseMessage | discord.Message) -> list[Component]:
    """Return all buttons and menus of a message in order."""
    rows: list[Any] = (
        message.components if isinstance(message, ResponseMessage) else [row.to_dict() for row in message.components]
    )
    return [component for row in rows for component in row["components"]]


def buttons_of(message: ResponseMessage | discord.Message) -> dict[str, Component]:
    """Return the buttons of a message by their labels."""
    return {
        component["label"]: component
        for component in components_of(message)
        if component["type"] == discord.ComponentType.button.value
    }


def menus_of(message: ResponseMessage | discord.Message) -> dict[str, list[Component]]:
    """Return the options of a message's menus by the menus' placeholders."""
    return {
        component["placeholder"]: component["options"]
        for component in components_of(message)
        if component["type"] == discord.ComponentType.string_select.value
    }


def menu_id(message: ResponseMessage | discord.Message, placeholder: str) -> str:
    """Return the custom id of the menu with a placeholder."""
    (found,) = (c["custom_id"] for c in components_of(message) if c.get("placeholder") == placeholder)
    return str(found)


def markdown_of(message: ResponseMessage | discord.Message) -> Iterator[str]:
    """Return every text of a message that Discord reads as Markdown."""
    yield message.content
    for embed in message.embeds:
        yield from (text for text in (embed.title, embed.description) if text)
        for entry in embed.fields:
            yield from (text for text in (entry.name, entry.value) if text)


def assert_within_limits(message: ResponseMessage | discord.Message) -> None:
    """Check everything Discord limits about a message, counting as strictly as anybody says it counts."""
    size = limits.size
    assert size(message.content) <= 2000
    assert sum(len(embed) for embed in message.embeds) <= 6000
    for embed in message.embeds:
        texts = [embed.title or "", embed.description or "", embed.footer.text or ""]
        texts += [text or "" for entry in embed.fields for text in (entry.name, entry.value)]
        assert sum(map(size, texts)) <= 6000
        assert 1 <= size(embed.title or "") <= 256
        assert size(embed.description or "") <= 4096
        assert size(embed.footer.text or "") <= 2048
        assert len(embed.fields) <= 25
        assert all(1 <= size(entry.name or "") <= 256 for entry in embed.fields)
        assert all(1 <= size(entry.value or "") <= 1024 for entry in embed.fields)
    assert len(message.components) <= 5
    components = components_of(message)
    ids = [component["custom_id"] for component in components if component.get("custom_id")]
    assert len(set(ids)) == len(ids)
    assert all(1 <= size(identifier) <= 100 for identifier in ids)
    for label, button in buttons_of(message).items():
        assert 1 <= size(label) <= 80
        assert len(button.get("url") or "") <= 512
    for placeholder, options in menus_of(message).items():
        assert size(placeholder) <= 150
        assert 1 <= len(options) <= 25
        assert len({option["value"] for option in options}) == len(options)
        for option in options:
            assert 1 <= size(option["label"]) <= 100
            assert 1 <= size(option["value"]) <= 100
            assert size(option.get("description") or "") <= 100


_OURS = re.compile(
    r"<t:\d+(?::[fFRt])?>|</[a-z -]+:\d+>|<@\d+>(?=$)|`/[a-z-]+`"
    r"|<(?P<address>https?://[^\s<>]+)>|https?://[^\s<]+[^<.,:;\"')\]\s]"
    r"|(?<=[*\n])#(?=\S)|(?<!.)#(?=\S)"
)
_ESCAPED = re.compile(r"\\([^\w\s]|_)")
_EMOJI = re.compile(r":[\w+-]+:")
_LINE_MARK = re.compile(r" *(?:[-+]|\d+\.|#{1,3}|-#)\s")


def displayed(markdown: str) -> tuple[str, set[str]]:
    """Read a text as Discord does: return what is shown, and which runs of it are bold.

    Fails when the text has markup that the bot does not write itself: whatever the programme says must be shown as
    the characters it is. Addresses, timestamps and command mentions are left as they are.
    """
    shown, bold, runs, position = "", False, set(), 0
    italic, begun = False, 0
    while position < len(markdown):
        if match := _ESCAPED.match(markdown, position):
            shown, position = shown + match[1], match.end()
        elif match := _OURS.match(markdown, position):
            shown, position = shown + (match["address"] or match[0]), match.end()
        elif match := re.compile(r"\*{1,3}").match(markdown, position):
            after = markdown[match.end() : match.end() + 1]
            strong, slanted = len(match[0]) > 1, len(match[0]) != 2
            opens = not (bold if strong else italic)
            hugs = after.strip("\n ") if opens else shown[-1:].strip("\n ")
            assert hugs, f"emphasis does not hug its words: {markdown[:position]!r} >> {markdown[position:]!r}"
            if strong:
                bold = opens
                begun = len(shown) if opens else begun
                runs |= set() if opens else {shown[begun:]}
            italic = italic != slanted
            position = match.end()
        else:
            character = markdown[position]
            rest = markdown[position:]
            assert character not in "_~`|<>@[]\\", f"unescaped {character!r}: …{markdown[max(position - 30, 0) :]!r}"
            assert not _EMOJI.match(rest), f"an emoji: {rest!r}"
            if not shown or shown.endswith("\n"):
                assert not _LINE_MARK.match(rest), f"a list or a heading: {rest!r}"
            shown, position = shown + character, position + 1
    assert not bold, f"bold without an end: {markdown!r}"
    assert not italic, f"italics without an end: {markdown!r}"
    return shown.replace("\u200b", ""), runs
