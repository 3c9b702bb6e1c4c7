"""From a field as a programme's source holds it to clean text with neutral emphasis.

Abstracts arrive as their authors typed them: with LaTeX and Markdown, with macros that only the paper defines, with
words cut in two by the line breaks of a PDF. Here they become spans of plain characters, some of them bold, italic
or an address. How a span looks in Discord is up to `bot.ui.markdown`.
"""

from bot.programme.text.broken_words import words_of
from bot.programme.text.cleaning import clean
from bot.programme.text.macros import undefined_macros
from bot.programme.text.spans import Span, Text
from bot.programme.text.typography import tidy

__all__ = ["Span", "Text", "clean", "tidy", "undefined_macros", "words_of"]
