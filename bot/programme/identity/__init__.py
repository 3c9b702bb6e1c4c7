"""Keys: what people, buttons and reminders call a session or a paper.

A key is made once, from the words a person would type, and then stays with its paper: a reload recognises the
paper and keeps the key even when the order of the file, the title or the abstract has changed.
"""

from bot.programme.identity.keys import KEY_LIMIT, NamesNeeded
from bot.programme.identity.labels import label_of, system_name
from bot.programme.identity.recognition import Recognised, Recognition, assign_keys, recognise

__all__ = [
    "KEY_LIMIT",
    "NamesNeeded",
    "Recognised",
    "Recognition",
    "assign_keys",
    "label_of",
    "recognise",
    "system_name",
]
