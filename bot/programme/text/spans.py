"""Clean text: runs of characters, each in one style."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A run of characters in one style.

    Attributes:
        text: The characters as they are to be read, with nothing escaped.
        bold: Whether the author made them bold.
        italic: Whether the author emphasised them.
        url: The address they are, always the same characters as `text`: a reader sees where a link leads.
            Only ever http or https, without white space or angle brackets.
    """

    text: str
    bold: bool = False
    italic: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Clean text in its canonical form: no span is empty and neighbours differ in style."""

    spans: tuple[Span, ...]

    @property
    def plain(self) -> str:
        """The characters without any emphasis: what gets searched and compared."""
        if len(self.spans) == 1:
            return self.spans[0].text
        return "".join(span.text for span in self.spans)
