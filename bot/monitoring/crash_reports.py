"""Reports of errors to Sentry, where whoever runs the bot has set it up; nothing about any person is in them.

sentry-sdk is an extra of the installation, and is imported only where it is used.
"""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import discord

from bot.errors import UserError

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

VARIABLE = "SENTRY_DSN"
"""The environment variable that says where reports go, and that there are any."""

_FLUSHED_WITHIN = 2.0
"""How long the end of the bot waits for reports that are still on their way, in seconds."""

_KEPT: Final = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment")
_KEPT_OF_FRAMES: Final = ("filename", "function", "module", "lineno", "in_app")

log = logging.getLogger(__name__)


@contextmanager
def reporting(environment: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Report what is logged as an error for as long as the block lasts, if the environment says where to.

    Raises:
        UserError: it does, and sentry-sdk is not installed, or the address is none.
    """
    address = environment.get(VARIABLE, "").strip()
    if not address:
        yield
        return
    try:
        import sentry_sdk  # noqa: PLC0415 - an extra, which a bot without reports does not have
        from sentry_sdk.integrations.dedupe import DedupeIntegration  # noqa: PLC0415
        from sentry_sdk.integrations.logging import LoggingIntegration  # noqa: PLC0415
        from sentry_sdk.utils import BadDsn  # noqa: PLC0415
    except ModuleNotFoundError:
        raise UserError(f"{VARIABLE} is set, but sentry-sdk is not installed: pip install '.[sentry]'.") from None
    try:
        sentry_sdk.init(
            address,
            # The others look into requests, machines and variables; these two only hand on what is logged.
            default_integrations=False,
            auto_enabling_integrations=False,
            integrations=[LoggingIntegration(level=None), DedupeIntegration()],
            before_send=without_people,
            include_local_variables=False,
            include_source_context=False,
            max_breadcrumbs=0,
            traces_sample_rate=0.0,
            auto_session_tracking=False,
            send_client_reports=False,
        )
    except BadDsn as error:
        raise UserError(f"{VARIABLE}: {error}. Copy it anew from the project's settings in Sentry.") from None
    log.info("errors are reported to Sentry, as %s says", VARIABLE)
    try:
        yield
    finally:
        sentry_sdk.get_client().close(timeout=_FLUSHED_WITHIN)
        sentry_sdk.get_global_scope().set_client(None)


def without_people(event: "Event", hint: "Hint") -> "Event":
    """Keep of a report where in the code something went wrong, and nothing that anybody wrote or is called.

    An error's own text may quote what was asked, and so may what is put into a line of the log. What stays of such a
    line is its text as it stands in the code, and the reference that the person was told.
    """
    kept: dict[str, Any] = {name: event.get(name) for name in _KEPT if event.get(name) is not None}
    record: logging.LogRecord | None = hint.get("log_record")
    # Only the bot's own lines are known to have what they are about in their arguments.
    if record is not None and record.name.split(".")[0] in ("bot", "cogs") and isinstance(record.msg, str):
        kept["logentry"] = {"message": record.msg}
    kept["tags"] = dict(_tags(record, hint.get("exc_info")))
    errors: Any = event.get("exception") or {}
    kept["exception"] = {"values": [_error(error) for error in errors.get("values") or ()]}
    stripped: Event = kept  # type: ignore[assignment]
    return stripped


def _tags(record: logging.LogRecord | None, exc_info: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - as it comes
    if reference := getattr(record, "reference", None):
        yield "reference", str(reference)
    error = exc_info[1] if isinstance(exc_info, tuple) else None
    if isinstance(error, discord.HTTPException):
        yield "discord_status", str(error.status)
        yield "discord_code", str(error.code)


def _error(error: Mapping[str, Any]) -> dict[str, Any]:
    frames = (error.get("stacktrace") or {}).get("frames") or ()
    return {
        "type": error.get("type"),
        "module": error.get("module"),
        "mechanism": {key: value for key, value in (error.get("mechanism") or {}).items() if key != "data"},
        "stacktrace": {
            "frames": [{name: frame[name] for name in _KEPT_OF_FRAMES if name in frame} for frame in frames]
        },
    }
