"""Text of others on a line of a log or a terminal: it ends no line, and nothing in it is obeyed."""


def one_line(text: str) -> str:
    r"""Return a text on one line: line breaks, control and direction characters as Python writes them (`\n`)."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode() for character in text
    )
