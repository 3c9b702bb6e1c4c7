"""The bot itself and those who use it, as Discord describes them."""

from dataclasses import dataclass
from typing import Any

APPLICATION_ID = "900000000000000001"

BOT: dict[str, Any] = {
    "id": APPLICATION_ID,
    "username": "conference-bot",
    "discriminator": "0",
    "global_name": None,
    "avatar": None,
    "bot": True,
    "verified": True,
    "mfa_enabled": False,
    "flags": 0,
    "locale": "en-US",
}
APPLICATION: dict[str, Any] = {
    "id": APPLICATION_ID,
    "name": "conference-bot",
    "icon": None,
    "description": "",
    "bot_public": True,
    "bot_require_code_grant": False,
    "owner": BOT,
    "team": None,
    "verify_key": "",
    "flags": 0,
    "rpc_origins": [],
    "interactions_endpoint_url": None,
}
ALL_PERMISSIONS = (1 << 50) - 1


@dataclass
class Role:
    """A role of a server.

    Attributes:
        held: by how many people, as Discord counts.
    """

    id: str
    name: str
    permissions: int = 0
    mentionable: bool = True
    held: int = 0

    def describe(self) -> dict[str, Any]:
        """Return the role as Discord describes it."""
        return {
            "id": self.id,
            "name": self.name,
            "permissions": str(self.permissions),
            "position": 0 if self.name == "@everyone" else 1,
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "managed": False,
            "mentionable": self.mentionable,
            "flags": 0,
        }


@dataclass
class Person:
    """Somebody with an account."""

    id: str
    name: str
    roles: tuple[Role, ...] = ()

    def describe(self) -> dict[str, Any]:
        """Return the account as Discord describes it."""
        return {
            "id": self.id,
            "username": self.name,
            "discriminator": "0",
            "global_name": None,
            "avatar": None,
        }

    def describe_member(self) -> dict[str, Any]:
        """Return the membership as Discord describes it."""
        return describe_member(self.describe(), self.roles)


def describe_member(user: dict[str, Any], roles: tuple[Role, ...] = ()) -> dict[str, Any]:
    """Return somebody's membership of a server as Discord describes it."""
    return {
        "user": user,
        "roles": [role.id for role in roles],
        "joined_at": "2026-01-01T00:00:00+00:00",
        "deaf": False,
        "mute": False,
        "flags": 0,
    }
