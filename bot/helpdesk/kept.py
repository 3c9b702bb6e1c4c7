"""What the help desk keeps about people, for /mydata."""

from collections.abc import Mapping, Sequence

from bot.helpdesk import answers
from bot.helpdesk.conduct import Conduct
from bot.helpdesk.service import HelpDesk
from bot.helpdesk.upkeep import Upkeep


class KeptByHelpDesk:
    """Tells, hands out and deletes it."""

    def __init__(self, help_desk: HelpDesk, conduct: Conduct, upkeep: Upkeep) -> None:
        self._help_desk = help_desk
        self._conduct = conduct
        self._upkeep = upkeep

    def told(self, user_id: int) -> Sequence[str]:
        """Tell what is kept about somebody; of a report, not what it says, which only its team has."""
        return list(answers.kept_lines(self._help_desk.of(user_id), self._conduct.of(user_id)))

    def exported(self, user_id: int) -> Mapping[str, object]:
        """Return that as what JSON can say."""
        return {**self._help_desk.exported(user_id), **self._conduct.exported(user_id)}

    async def forget(self, user_id: int) -> None:
        """Forget whose the requests and the reports are, and have the name taken off what the team reads."""
        await self._help_desk.forget(user_id)
        await self._conduct.forget(user_id)
        self._upkeep.ask()
