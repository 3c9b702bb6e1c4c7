"""Values as JSON exports hold them: texts in one language or several, identifiers as numbers or texts."""

import re
from typing import Any, TypeAlias, TypeVar

import msgspec

from bot.errors import UserError
from bot.sources.reading.file import File

Words: TypeAlias = str | int | float | dict[str, Any] | None
"""A text, a text in several languages such as {"en": …, "fr": …}, or an object that has such a `name`."""

Identifier: TypeAlias = str | int | None

_Record = TypeVar("_Record")
_PLACE = re.compile(r" - at `\$(?P<path>[^`]*)`\Z")


def words(value: Words) -> str:
    """Return the text of a value: in English where it has several languages, else in the first one it has."""
    for _ in range(2):
        if isinstance(value, dict) and isinstance(value.get("name"), str | int | dict):
            value = value["name"]
    if isinstance(value, dict):
        texts = {name: text for name, text in value.items() if isinstance(text, str) and text.strip()}
        english = next((texts[name] for name in texts if name.casefold().startswith("en")), None)
        return english or next(iter(texts.values()), "")
    return "" if value is None else str(value)


def uncased(text: str) -> str:
    """Return a text so that it equals the same words in other case and with other white space."""
    return " ".join(text.casefold().split())


def identifier(value: Identifier) -> str | None:
    """Return an identifier as a text; an empty one is none."""
    return None if value is None else str(value).strip() or None


def json_or_none(file: File) -> Any:  # noqa: ANN401 - whatever the document holds
    """Return the document of a JSON file, or None when it is none. Never raises."""
    if not file.looks_like_json:
        return None
    try:
        return file.json
    except UserError:
        return None


def checked(file: File, description: str, *, is_recognised: bool) -> Any:  # noqa: ANN401 - whatever the document holds
    """Return the document of a JSON file that is to be in a certain format.

    Raises:
        UserError: it is no valid JSON, or in another format.
    """
    document = file.json
    if not is_recognised:
        raise UserError(f"{file.name}: it is not {description}. Let the bot find out the format, or export it again.")
    return document


def converted(
    file: File,
    document: Any,  # noqa: ANN401 - it is checked here
    kind: type[_Record],
    within: str = "",
) -> _Record:
    """Return a document as the records it is made of; numbers may be written as texts.

    Args:
        file: where it is from, for messages.
        document: the whole document or a part of it.
        kind: what it is made of.
        within: where the part is in the document, for messages.

    Raises:
        UserError: something in it is of another type; the message names the place.
    """
    try:
        return msgspec.convert(document, kind, strict=False)
    except msgspec.ValidationError as error:
        reason = str(error)
        place = _PLACE.search(reason)
        path = within + (place["path"] if place else "")
        fault = _PLACE.sub("", reason).replace("`", "").replace("Expected", "expected").rstrip(".")
        raise UserError(
            f"{file.name}: {path.lstrip('.') or 'the whole of it'}: {fault}. That is not how this format is written; "
            "export the file again, or mend it there."
        ) from None
    except RecursionError:
        raise UserError(f"{file.name}: its brackets are nested too deeply for a programme.") from None
