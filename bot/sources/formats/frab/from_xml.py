"""Reading pentabarf's and frab's `schedule.xml`, which pretalx, FOSDEM and others write as well."""

import re
from collections.abc import Iterator
from datetime import time
from typing import Final
from xml.etree.ElementTree import Element, ParseError, TreeBuilder  # nosec B405 - parsing is defusedxml's

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from bot.errors import UserError
from bot.sources.formats.frab.event import Event, Person, PlacedEvent, Reference, Schedule
from bot.sources.reading.file import File
from bot.sources.reading.talks import NIGHT_ENDS

_LINE: Final = "line of the file"
"""Where an element keeps its line: no attribute of XML can have such a name."""

_ROOT: Final = re.compile(r"<schedule[\s>]")


def is_schedule(beginning: str) -> bool:
    """Tell whether the beginning of a file is that of a schedule in the form of frab. Never raises."""
    rest = beginning.lstrip("\ufeff \t\r\n")
    while rest.startswith(("<?", "<!")):
        closing = "?>" if rest.startswith("<?") else "-->" if rest.startswith("<!--") else ">"
        _, found, rest = rest.partition(closing)
        if not found:
            return False
        rest = rest.lstrip()
    return _ROOT.match(rest) is not None and "<conference" in rest


def schedule_of(file: File) -> Schedule:
    """Return the schedule of an XML file.

    Raises:
        UserError: it is no sound XML, or has entities of its own, which can be made to fill the memory.
    """
    root = _parsed(file)
    return Schedule(
        zone=_text(root, "conference/time_zone_name"),
        base=_text(root, "conference/base_url"),
        night_ends=_night_ends(_text(root, "conference/day_change")),
        events=list(_placed(root)),
    )


class _WithLines(TreeBuilder):
    """Builds the tree of a document whose events know their lines."""

    parser: DefusedXMLParser
    lines_before = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        """Take the beginning of an element."""
        element = super().start(tag, attrs)
        if tag == "event":
            element.set(_LINE, str(self.lines_before + self.parser.parser.CurrentLineNumber))
        return element


def _parsed(file: File) -> Element:
    builder = _WithLines()
    builder.parser = parser = DefusedXMLParser(target=builder, forbid_dtd=False)
    # Some sites send an empty line first, which XML forbids.
    data = file.data.lstrip(b" \t\r\n")
    builder.lines_before = file.data.count(b"\n", 0, len(file.data) - len(data))
    try:
        parser.feed(data)
        root = parser.close()
    except DefusedXmlException:
        raise UserError(
            f"{file.name}: it defines or refers to entities, which no schedule needs and which can be made to fill the "
            "memory. Export it again, or take the lines with <!ENTITY out."
        ) from None
    except ParseError as error:
        line, column = error.position[0] + builder.lines_before, error.position[1]
        fault = str(error).partition(": line ")[0]
        raise UserError(
            f"{file.name}: line {line}, column {column + 1}: no valid XML: {fault}. The file may have been cut off; "
            "export it again."
        ) from None
    except (LookupError, ValueError) as error:
        raise UserError(f"{file.name}: its encoding is not known ({error}). Save the file as UTF-8.") from None
    if root.tag != "schedule":
        raise UserError(f"{file.name}: it is no schedule in the form of pentabarf or frab: no <schedule> around it.")
    return root


def _placed(root: Element) -> Iterator[PlacedEvent]:
    for number, day in enumerate(root.iter("day")):
        date = day.get("date") or (day.get("start") or "")[:10] or str(number)
        for element in day.findall("event"):
            yield _placed_event(element, date, None)
        for room in day.findall("room"):
            for element in room.findall("event"):
                yield _placed_event(element, date, room.get("name"))


def _placed_event(element: Element, date: str, room: str | None) -> PlacedEvent:
    line = element.get(_LINE)
    room = (room or "").strip() or _text(element, "room")
    return PlacedEvent(_event(element), date, room, int(line) if line else None)


def _event(element: Element) -> Event:
    return Event(
        guid=element.get("guid"),
        id=element.get("id"),
        code=element.get("code"),
        title=_text(element, "title"),
        subtitle=_text(element, "subtitle"),
        track=_text(element, "track"),
        type=_text(element, "type"),
        abstract=_text(element, "abstract"),
        description=_text(element, "description"),
        date=_text(element, "date"),
        start=_text(element, "start"),
        duration=_text(element, "duration"),
        url=_text(element, "url"),
        recording_url=_text(element, "recording/url") or _text(element, "video_download_url"),
        status=_text(element, "status") or element.get("status"),
        state=_text(element, "state") or element.get("state"),
        persons=[Person(name="".join(person.itertext())) for person in element.iterfind("persons/person")],
        links=_references(element, "links/link"),
        attachments=_references(element, "attachments/attachment"),
    )


def _references(element: Element, path: str) -> list[Reference | str]:
    return [
        Reference(url=found.get("href") or found.get("url"), title=found.text, type=found.get("type"))
        for found in element.iterfind(path)
    ]


def _text(element: Element, path: str) -> str | None:
    return (element.findtext(path) or "").strip() or None


def _night_ends(text: str | None) -> time:
    try:
        return time.fromisoformat(text or "")
    except ValueError:
        return NIGHT_ENDS
