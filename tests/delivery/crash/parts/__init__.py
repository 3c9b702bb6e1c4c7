"""What the bot does for people, played in every run: a module each, found by itself; `tests.delivery.crash` has how."""

import importlib
import pkgutil
from functools import cache

from tests.delivery.crash.part import Part


@cache
def parts() -> dict[str, type[Part]]:
    """Return all parts by their names, which are those of their modules."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}").PART for name in names}


def methods_of_parts() -> dict[str, str]:
    """Return the methods at which the parts have the bot killed, by what they call them."""
    return {f"{name}, {what}": method for name, part in parts().items() for what, method in part.points.items()}
