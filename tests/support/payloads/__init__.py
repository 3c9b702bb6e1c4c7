"""Whether Discord would take what the bot sends: by its own description of the API, and by this project's rules."""

import gzip
import json
import re
from functools import cache
from typing import Any

from jsonschema_rs import Draft202012Validator, ValidationError, ValidationErrorKind

from tests.support.payloads.reduce import REDUCED


class NotTaken(AssertionError):
    """Discord would refuse it, or it could ping somebody."""


def check(method: str, path: str, body: Any) -> None:
    """Check a request; one without a body, or of a route that the bot's own requests do not have, passes.

    Raises:
        NotTaken: Discord would refuse it; or it shows text and does not say who may be pinged by it.
    """
    if body is None:
        return
    for route, pattern in _routes():
        if pattern.fullmatch(f"{method} {path}"):
            problem = _problem(route, json.dumps(body, sort_keys=True, default=str))
            if problem:
                raise NotTaken(f"{method} {path}: {problem}\n{json.dumps(body, default=str)[:2000]}")
            return


@cache
def _problem(route: str, text: str) -> str:
    """Return what is wrong with a body, or nothing; most tests send many that are alike."""
    body = json.loads(text)
    wrong = next(_validator(route).iter_errors(body), None)
    if wrong:
        deepest = _deepest(wrong)
        return f"{'/'.join(map(str, deepest.instance_path))}: {deepest.message[:500]}"
    data = body.get("data") if "callback" in route and body["type"] in (4, 7) else body
    if route.endswith("/threads"):
        data = body.get("message")
    if isinstance(data, dict) and (data.get("content") or data.get("embeds")) and "allowed_mentions" not in data:
        return "no allowed_mentions"
    return ""


def _deepest(error: ValidationError) -> ValidationError:
    """Return what is wrong where a body comes nearest to one of several forms that it may have."""
    kind = error.kind
    if not isinstance(kind, ValidationErrorKind.AnyOf | ValidationErrorKind.OneOfNotValid):
        return error
    inner = [_deepest(one) for form in kind.context for one in form]
    return max(inner, key=lambda one: len(one.instance_path), default=error)


@cache
def _reduced() -> dict[str, Any]:
    reduced: dict[str, Any] = json.loads(gzip.decompress(REDUCED.read_bytes()))
    return reduced


@cache
def _routes() -> list[tuple[str, re.Pattern[str]]]:
    return [(route, re.compile(re.sub(r"\\{[^}]*\\}", "[^/]+", re.escape(route)))) for route in _reduced()["routes"]]


@cache
def _validator(route: str) -> Draft202012Validator:
    return Draft202012Validator({**_reduced()["routes"][route], "components": _reduced()["components"]})
