"""A small HTTP server for those who run the bot: /metrics for Prometheus, /healthz to ask whether it is well."""

import logging
import math
from http import HTTPStatus

from aiohttp import web

from bot.admin.condition import ConditionReader
from bot.http_server import HttpServer
from bot.monitoring.metrics import CONTENT_TYPE, Metrics

log = logging.getLogger(__name__)


class Listener:
    """Answers at one address for as long as the bot runs."""

    def __init__(self, host: str, port: int, metrics: Metrics, condition: ConditionReader) -> None:
        self._metrics = metrics
        self._condition = condition
        app = web.Application()
        app.router.add_get("/metrics", self._show_metrics)
        app.router.add_get("/healthz", self._show_health)
        self._server = HttpServer(app, host, port, "metrics.listen")

    @property
    def address(self) -> str:
        """Where it listens, once it does."""
        return self._server.address

    async def open(self) -> None:
        """Begin to listen.

        Raises:
            UserError: the address can't be used.
        """
        await self._server.open()
        log.info("metrics at %s/metrics, health at %s/healthz", self.address, self.address)

    async def close(self) -> None:
        """Stop listening."""
        await self._server.close()

    async def _show_metrics(self, _request: web.Request) -> web.Response:
        return web.Response(body=await self._metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    async def _show_health(self, _request: web.Request) -> web.Response:
        """Answer 200 while the bot gets everything done, else 503; the body says what there is to know."""
        condition = await self._condition.read()
        well = condition.connected and not condition.troubles
        sent_at = condition.pulse.last_sent_at if condition.pulse else None
        source_age = condition.source_age
        facts = {
            "status": "ok" if well else "failing",
            "connected": condition.connected,
            "troubles": [trouble.value for trouble in condition.troubles],
            "outbox_age_seconds": round(condition.outbox_age),
            "last_sent_at": sent_at.isoformat() if sent_at else None,
            # A source that was never seen has no age, and neither have none at all.
            "source_age_seconds": round(source_age) if source_age is not None and math.isfinite(source_age) else None,
        }
        return web.json_response(facts, status=HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE)
