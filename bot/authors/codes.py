"""The codes by which authors show who they are: signed with the organizers' secret, so that none has to be kept."""

import hmac
import os
from base64 import b32encode
from collections.abc import Iterable
from typing import Final

from bot.authors.model import Slot, slots_of
from bot.errors import UserError
from bot.programme.model import Paper

SECRET_VARIABLE: Final = "AUTHOR_CODES_SECRET"  # noqa: S105 - the name of the variable, not a secret
"""The environment variable that holds the secret."""

_SHORTEST = 32
"""How many characters a secret has at least: nobody guesses as many random ones, whatever they are."""

_PURPOSE: Final = b"author code 1\0"
_BYTES: Final = 10
"""How much of the signature a code has: 80 bits, which nobody finds who may try ten times an hour."""

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: no letter that looks like a digit."""

_FROM_BASE32: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", _ALPHABET)
_MISREAD: Final = str.maketrans("OIL", "011")
_LENGTH: Final = 16


class Codes:
    """Makes and recognises codes."""

    def __init__(self, secret: str) -> None:
        """Take the secret.

        Raises:
            UserError: it is too short.
        """
        if len(secret) < _SHORTEST:
            raise UserError(
                f"{SECRET_VARIABLE}: too short. Codes signed with it could be forged; take {_SHORTEST} random "
                "characters or more, such as those of: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
            )
        self._secret = secret.encode("utf-8", "surrogateescape")

    def of(self, slot: Slot) -> str:
        """Return the code of an author of a paper, in four groups of four characters.

        It depends on the paper's key and on the author's name as it is folded for comparing, so that neither another
        order of the authors nor another spelling of accents makes another one.
        """
        code = self._sign(slot)
        return "-".join(code[at : at + 4] for at in range(0, _LENGTH, 4))

    def find(self, typed: str, papers: Iterable[Paper]) -> Slot | None:
        """Return the author whose code was typed; None where it is nobody's of these papers.

        It takes a microsecond or two for each author: call it in a thread for a whole programme.
        """
        code = _read(typed)
        if len(code) != _LENGTH or not code.isascii():
            return None
        slots = (slot for paper in papers for slot in slots_of(paper))
        return next((slot for slot in slots if hmac.compare_digest(self._sign(slot), code)), None)

    def _sign(self, slot: Slot) -> str:
        # No key has a line break in it.
        signed = "\n".join((slot.paper_key, slot.author_key or "", str(slot.number)))
        digest = hmac.digest(self._secret, _PURPOSE + signed.encode("utf-8", "surrogatepass"), "sha256")
        return b32encode(digest[:_BYTES]).decode("ascii").translate(_FROM_BASE32)


def codes_from_environment() -> Codes:
    """Return the codes that the secret of the environment signs.

    Raises:
        UserError: there is no secret, or one that is too short.
    """
    secret = os.environ.get(SECRET_VARIABLE, "").strip()
    if not secret:
        raise UserError(
            f"{SECRET_VARIABLE}: not set. Put a secret of your own into this environment variable, where the codes are "
            "made and where the bot runs, such as what this prints: "
            "python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    return Codes(secret)


def _read(typed: str) -> str:
    """Return a code as it was signed: people write it in any case, with other separators, and misread letters."""
    return "".join(mark for mark in typed.upper() if mark.isalnum()).translate(_MISREAD)
