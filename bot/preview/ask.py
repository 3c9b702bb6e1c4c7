"""Commands typed in the terminal, answered by the real bot in a simulated server."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import discord
from discord import app_commands
from simcord.backend.errors import BackendError, SetupError
from simcord.results import InteractionResult, ResponseMessage

from bot.client import ConferenceBot
from bot.config import Config
from bot.errors import UserError
from bot.permissions import Audience
from bot.preview.world import World, simulated
from bot.ui.terminal import boxed, embed_lines, readable

AnyCommand = app_commands.Command[Any, ..., Any]


@dataclass(frozen=True, slots=True)
class TypedCommand:
    """A command as typed: its full name and its options."""

    name: str
    options: dict[str, str | int | float | bool]


async def ask(
    config: Config, questions: Sequence[str], audience: Audience, *, as_json: bool, begins: datetime | None = None
) -> int:
    """Ask all questions in order in one simulated server, at a moment or now, and print the answers.

    Returns:
        The exit status: 0 when the bot answered every question, 1 when one failed or was refused.

    Raises:
        UserError: a question is no command of the bot, or the bot can't start.
    """
    async with simulated(config, begins) as world:
        status = 0
        payloads: list[Any] = []
        for question in questions:
            answered, sent, result = await _run(world, audience, parse(question, world.bot))
            status = status if answered else 1
            payloads += sent
            if not as_json:
                print(f"{audience}: {question}")
                print("\n".join(_shown(result)))
                print()
        if as_json:
            print(json.dumps(payloads, indent=2, ensure_ascii=False))
        return status


def parse(question: str, bot: ConferenceBot) -> TypedCommand:
    """Take apart a command as Discord shows it: `/search query:kv cache session:poster`.

    Raises:
        UserError: there is no such command, or an option is not one of its options or misses its value.
    """
    text = question.strip().removeprefix("/")
    by_name = {
        command.qualified_name: command
        for command in bot.tree.walk_commands()
        if isinstance(command, app_commands.Command)
    }
    fitting = [name for name in by_name if re.match(rf"{re.escape(name)}(\s|$)", text)]
    if not fitting:
        known = ", ".join(f"/{name}" for name in sorted(by_name))
        raise UserError(f"{question!r}: no such command. The bot has: {known}.")
    name = max(fitting, key=len)
    return TypedCommand(name, dict(_options(question, text[len(name) :], by_name[name])))


def _options(question: str, text: str, command: AnyCommand) -> Iterator[tuple[str, str | int | float | bool]]:
    """Cut the text where one of the command's options begins; a value may have spaces and colons of its own."""
    parameters = {parameter.display_name: parameter for parameter in command.parameters}
    allowed = ", ".join(f"{name}:" for name in parameters) or "none"
    if not parameters and text.strip():
        raise UserError(f"{question!r}: /{command.qualified_name} has no options.")
    names = "|".join(map(re.escape, parameters)) or "(?!)"
    before, *parts = re.split(rf"(?:^|\s)({names}):", text)
    if before.strip():
        raise UserError(
            f"{question!r}: “{before.strip()}” is no option of /{command.qualified_name}; options: {allowed}."
        )
    for name, value in zip(parts[::2], parts[1::2], strict=True):
        if parts[::2].count(name) > 1 or not value.strip():
            raise UserError(f"{question!r}: {name}: takes one value.")
        yield name, _value(question, parameters[name], value.strip())


def _value(question: str, parameter: app_commands.Parameter, text: str) -> str | int | float | bool:
    kinds = discord.AppCommandOptionType
    try:
        match parameter.type:
            case kinds.integer:
                return int(text)
            case kinds.number:
                return float(text)
            case kinds.boolean:
                return {"true": True, "false": False}[text.lower()]
            case _:
                return text
    except (ValueError, KeyError):
        raise UserError(f"{question!r}: {parameter.display_name}: {text!r} is no {parameter.type.name}.") from None


async def _run(
    world: World, audience: Audience, command: TypedCommand
) -> tuple[bool, list[Any], InteractionResult | None]:
    """Run a command; return whether it was answered, the payloads the bot sent, and the result."""
    errors = world.env.error_cursor
    requests = len(world.env.http_requests)
    try:
        result = await world.people[audience].slash(world.channel, command.name, **command.options)
    except (SetupError, BackendError) as error:
        # Discord would not let this person send the command at all.
        raise UserError(f"/{command.name}: {error}") from None
    # What the bot posts of its own accord meanwhile, such as the board, is no answer.
    sent = [
        entry.json
        for entry in world.env.http_requests[requests:]
        if entry.json is not None and entry.path.startswith(("/interactions/", "/webhooks/"))
    ]
    answered = (result.response or result.modal) is not None and not world.env.errors_since(errors)
    return answered, sent, result


def _shown(result: InteractionResult | None) -> Iterator[str]:
    messages = [message for message in (result.response, *result.followups) if message] if result else []
    if result and result.modal:
        yield from boxed(_fields(result.modal), "a form, which is filled in on the preview's page")
    elif not messages:
        yield "  (no answer)"
    for message in messages:
        yield from boxed(_lines(message), "only you see this" if message.ephemeral else "everyone sees this")


def _fields(form: dict[str, Any]) -> Iterator[str]:
    yield str(form["title"])
    yield ""
    for field in form["components"]:
        yield f"    {field['label']}: {field['component'].get('value') or ''}"


def _lines(message: ResponseMessage) -> Iterator[str]:
    if message.content:
        yield from readable(message.content)
    for embed in message.embeds:
        yield from embed_lines(embed)
    for row in message.components:
        yield from _row_lines(row["components"])


def _row_lines(components: Sequence[dict[str, Any]]) -> Iterator[str]:
    buttons = [component for component in components if component["type"] == discord.ComponentType.button.value]
    if buttons:
        yield "  ".join(
            f"({button['label']})" if button.get("disabled") else f"[{_said(button)}]" for button in buttons
        )
    for menu in (component for component in components if component not in buttons):
        yield f"[{menu.get('placeholder', 'menu')} ▾]"
        yield from (f"    ▸ {option['label']}" for option in menu.get("options", ()))


def _said(button: dict[str, Any]) -> str:
    """Return what a button says; in a terminal nobody can press one that leads somewhere, so its address is told."""
    return f"{button['label']}: {button['url']}" if button.get("url") else str(button["label"])
