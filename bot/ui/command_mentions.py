"""Naming a command so that it can be pressed."""


class CommandMentions:
    """Knows the commands' ids once they are registered with Discord.

    Attributes:
        ids: the commands' ids, by the first word of their names; without one a command is only named.
    """

    def __init__(self) -> None:
        self.ids: dict[str, int] = {}

    def of(self, name: str) -> str:
        """Return a command as Discord shows it, ready to be pressed."""
        identifier = self.ids.get(name.split(maxsplit=1)[0])
        return f"</{name}:{identifier}>" if identifier else f"`/{name}`"
