"""What somebody does with the bot, and what came back: commands, presses, forms."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.stand_in.guild import Channel, Guild, change_message, make_message
from tests.support.stand_in.people import ALL_PERMISSIONS, APPLICATION_ID, BOT, Person

_COMMAND, _COMPONENT, _AUTOCOMPLETE, _MODAL = 2, 3, 4, 5
_TEXT_INPUT, _FILE_UPLOAD = 4, 19
_MESSAGE, _DEFERRED, _DEFERRED_UPDATE, _UPDATE, _CHOICES, _FORM = 4, 5, 6, 7, 8, 9
_EPHEMERAL, _LOADING = 64, 128
_OPTION_TYPES = {bool: 5, int: 4, float: 10, str: 3}

UNKNOWN_INTERACTION = 10062
ACKNOWLEDGED_ALREADY = 40060


@dataclass
class Exchange:
    """Something that somebody did, and what the bot answered.

    Attributes:
        payload: the interaction as the gateway sends it.
        channel: where it was done.
        acknowledged: how the bot acknowledged it: its callback as it came; None as long as it has not.
        original: the answer, or the message that was pressed; None where there is neither.
        followups: further messages, the oldest first.
        expired: whether Discord knows nothing of it any more, as after three seconds without an answer.
        changed: set when something came back.
    """

    payload: dict[str, Any]
    channel: Channel
    acknowledged: dict[str, Any] | None = None
    original: dict[str, Any] | None = None
    followups: list[dict[str, Any]] = field(default_factory=list)
    expired: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def form(self) -> dict[str, Any] | None:
        """The form that was opened, if one was."""
        if self.acknowledged and self.acknowledged["type"] == _FORM:
            opened: dict[str, Any] = self.acknowledged["data"]
            return opened
        return None

    @property
    def shown(self) -> dict[str, Any] | None:
        """The answer, or the message that was pressed; None while there is only the sign that the bot is at work."""
        return None if self.original is None or self.original["flags"] & _LOADING else self.original

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Everything the bot said, the oldest first; a pressed message as it is now."""
        return [*([self.original] if self.original else []), *self.followups]

    def button(self, label: str) -> str:
        """Return the custom id of the button of that label, on any of the messages; KeyError if there is none."""
        return self.button_on(label)[0]

    def button_on(self, label: str) -> tuple[str, dict[str, Any]]:
        """Return the custom id of the button of that label, and the message it is on; KeyError if there is none."""
        for message in reversed(self.messages):
            for row in message["components"]:
                for button in row.get("components", ()):
                    if button.get("label") == label and "custom_id" in button:
                        return str(button["custom_id"]), message
        raise KeyError(label)

    def acknowledge(self, callback: dict[str, Any]) -> dict[str, Any] | None:
        """Take the bot's acknowledgement; None when there was one before."""
        if self.acknowledged is not None:
            return None
        self.acknowledged = callback
        data = callback.get("data") or {}
        if callback["type"] in (_MESSAGE, _DEFERRED):
            self.original = self._message(data)
        elif callback["type"] == _UPDATE and self.original:
            change_message(self.original, data, self.channel.guild.clock())
        self.changed.set()
        response: dict[str, Any] = {
            "interaction": {
                "id": self.payload["id"],
                "type": self.payload["type"],
                "response_message_loading": callback["type"] == _DEFERRED,
            },
        }
        if self.original and callback["type"] not in (_CHOICES, _FORM):
            response["interaction"]["response_message_id"] = self.original["id"]
            response["resource"] = {"type": callback["type"], "message": self.original}
        return response

    def follow_up(self, payload: dict[str, Any]) -> dict[str, Any]:
        """Take a further message; the first one after a deferral is the answer."""
        deferred = self.acknowledged is not None and self.acknowledged["type"] == _DEFERRED
        if deferred and self.original and self.original["flags"] & _LOADING:
            self.original["flags"] &= ~_LOADING
            message = change_message(self.original, payload, self.channel.guild.clock())
        else:
            message = self._message(payload)
            self.followups.append(message)
        self.changed.set()
        return message

    def edit(self, message_id: str, payload: dict[str, Any]) -> dict[str, Any] | None:
        """Change the answer or a further message; None if there is none such."""
        message = self.find(message_id)
        if message is None:
            return None
        message["flags"] &= ~_LOADING
        change_message(message, payload, self.channel.guild.clock())
        self.changed.set()
        return message

    def find(self, message_id: str) -> dict[str, Any] | None:
        """Return the answer, or a further message."""
        if message_id == "@original":
            return self.original
        return next((message for message in self.messages if message["id"] == message_id), None)

    def delete(self, message_id: str) -> bool:
        """Delete the answer or a further message."""
        message = self.find(message_id)
        if message is self.original:
            self.original = None
        elif message:
            self.followups.remove(message)
        self.changed.set()
        return message is not None

    def _message(self, payload: dict[str, Any]) -> dict[str, Any]:
        deferred = _LOADING if self.acknowledged and self.acknowledged["type"] == _DEFERRED and not self.original else 0
        flags = (payload.get("flags") or 0) | deferred
        last = max((int(message["id"]) for message in self.messages), default=0)
        made = make_message({**payload, "flags": flags}, BOT, self.channel.id, self.channel.guild.clock(), last)
        person = self.payload.get("user") or self.payload["member"]["user"]
        made["interaction_metadata"] = {
            "id": self.payload["id"],
            "type": self.payload["type"],
            "user": person,
            "authorizing_integration_owners": {},
        }
        if not flags & _EPHEMERAL:
            self.channel.messages.append(made)
        return made


class Interactions:
    """Makes interactions, and keeps what became of them."""

    def __init__(self) -> None:
        self.by_token: dict[str, Exchange] = {}

    def command(
        self,
        person: Person,
        channel: Channel,
        command: dict[str, Any],
        options: Mapping[str, Any],
        *,
        focused: str = "",
    ) -> Exchange:
        """Somebody uses a command; its name may have several words."""
        words = command["called"].split()
        resolved: dict[str, dict[str, Any]] = {"roles": {}, "channels": {}}
        values = [self._option(name, value, resolved, focused=name == focused) for name, value in options.items()]
        for word in reversed(words[1:]):
            values = [{"type": 1 if word == words[-1] else 2, "name": word, "options": values}]
        data = {"id": command["id"], "name": words[0], "type": 1, "options": values, "resolved": resolved}
        return self._begin(_AUTOCOMPLETE if focused else _COMMAND, person, channel, data)

    def press(self, person: Person, channel: Channel, custom_id: str, message: dict[str, Any]) -> Exchange:
        """Somebody presses a button of a message."""
        exchange = self._begin(_COMPONENT, person, channel, {"custom_id": custom_id, "component_type": 2}, message)
        exchange.original = message
        return exchange

    def submit(self, opened: Exchange, person: Person, typed: Mapping[str, str]) -> Exchange:
        """Somebody hands back a form that was opened, with other texts in the fields of these names.

        Into a field for files goes the address of one.
        """
        form = opened.form
        assert form, "no form was opened"
        labels = []
        files: dict[str, dict[str, Any]] = {}
        for number, label in enumerate(form["components"], start=1):
            asked = label["component"]
            filled = {"type": asked["type"], "id": 100 + number, "custom_id": asked["custom_id"]}
            if asked["type"] == _TEXT_INPUT:
                filled["value"] = typed.get(asked["custom_id"], asked.get("value") or "")
            elif asked["type"] == _FILE_UPLOAD:
                file_id = opened.channel.guild.new_id(980)
                url = typed.get(asked["custom_id"])
                files |= {file_id: {"id": file_id, "filename": "file", "size": 1000, "url": url}} if url else {}
                filled["values"] = [file_id] if url else []
            else:
                filled["values"] = (
                    typed[asked["custom_id"]].splitlines() if asked["custom_id"] in typed else _picked(asked)
                )
            labels.append({"type": label["type"], "id": number, "component": filled})
        data = {"custom_id": form["custom_id"], "components": labels, "resolved": {"attachments": files}}
        exchange = self._begin(_MODAL, person, opened.channel, data, opened.original)
        exchange.original = opened.original
        return exchange

    def _option(self, name: str, value: Any, resolved: dict[str, dict[str, Any]], *, focused: bool) -> dict[str, Any]:
        option: dict[str, Any] = {"name": name, "focused": True} if focused else {"name": name}
        if isinstance(value, Channel):
            resolved["channels"][value.id] = {**value.describe(), "permissions": str(ALL_PERMISSIONS)}
            return {**option, "type": 7, "value": value.id}
        if hasattr(value, "describe"):
            resolved["roles"][value.id] = value.describe()
            return {**option, "type": 8, "value": value.id}
        return {**option, "type": _OPTION_TYPES[type(value)], "value": value}

    def _begin(
        self, kind: int, person: Person, channel: Channel, data: dict[str, Any], message: dict[str, Any] | None = None
    ) -> Exchange:
        guild: Guild = channel.guild
        number = guild.new_message_id()
        token = f"token-{number}"
        in_guild = channel.person is None
        payload: dict[str, Any] = {
            "id": number,
            "application_id": APPLICATION_ID,
            "type": kind,
            "token": token,
            "version": 1,
            "data": data,
            "channel": channel.describe(),
            "channel_id": channel.id,
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": (
                {"1": person.id} if channel.uninvited else {"0": guild.id if in_guild else "0"}
            ),
            "context": 0 if in_guild else 2 if channel.uninvited else 1,
            "attachment_size_limit": 10_485_760,
            "app_permissions": str(ALL_PERMISSIONS),
        }
        if in_guild:
            permissions = guild.everyone.permissions
            for role in person.roles:
                permissions |= role.permissions
            payload["member"] = {**person.describe_member(), "permissions": str(permissions)}
            payload["guild_id"] = guild.id
            payload["guild"] = {"id": guild.id, "locale": "en-US", "features": []}
            payload["guild_locale"] = "en-US"
        else:
            payload["user"] = person.describe()
        if message:
            payload["message"] = json.loads(json.dumps(message))
        exchange = Exchange(payload, channel)
        self.by_token[token] = exchange
        return exchange


def _picked(select: Mapping[str, Any]) -> list[str]:
    """Return what is picked in a select of a form when nobody touches it."""
    chosen = [str(one["id"]) for one in select.get("default_values") or ()]
    return chosen + [option["value"] for option in select.get("options") or () if option.get("default")]
