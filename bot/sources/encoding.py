"""From bytes to text, in the encodings that files come in."""

import re

from bot.errors import UserError

_SURROGATE = re.compile("[\ud800-\udfff]")


def decode(data: bytes, name: str) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark, or in UTF-16 with one.

    Raises:
        UserError: it is in another encoding.
    """
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # The error counts from behind the byte order mark.
        before = error.object[: error.start].decode(encoding, "replace")
        line = len(re.split(r"\r\n|\r|\n", before))
        raise UserError(
            f"{name}: line {line}: byte 0x{error.object[error.start]:02x} is not "
            f"{'UTF-16' if encoding == 'utf-16' else 'UTF-8'}. Save the file as UTF-8."
        ) from None


def beginning(data: bytes) -> str:
    """Return the first lines of what may be a text, without what comes before them. Never raises."""
    head = data[: 64 * 1024]
    return head.decode(_encoding(head), "replace").lstrip()


def without_surrogates(text: str) -> str:
    """Return a text that can be written in UTF-8: halves of characters become the replacement character."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _encoding(data: bytes) -> str:
    return "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
