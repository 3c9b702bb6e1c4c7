"""The bot's numbers, as Prometheus reads them; no name, no id and no text of anybody's is among them."""

import asyncio
import logging
import math
from collections.abc import Callable, Iterator
from typing import Final

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.admin.condition import Condition, ConditionReader
from bot.delivery.model import State
from bot.delivery.rows import Outbox
from bot.editions.model import Edition
from bot.monitoring.traffic import Traffic
from bot.ui.timings import Handled, Timings

CONTENT_TYPE = CONTENT_TYPE_LATEST

_BOUNDS: Final = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0, 30.0)
"""The upper bounds of the histogram's bars, in seconds."""

_KINDS: Final = {"application_command": "command", "component": "button", "modal_submit": "form"}
"""What people call what Discord calls otherwise."""

log = logging.getLogger(__name__)


class Metrics:
    """Gathers the numbers when they are asked for."""

    def __init__(
        self,
        condition: ConditionReader,
        outbox: Outbox,
        edition: Callable[[], Edition],
        timings: Timings,
        traffic: Traffic,
    ) -> None:
        self._condition = condition
        self._outbox = outbox
        self._edition = edition
        self._registry = registry = CollectorRegistry()
        for process in (ProcessCollector, PlatformCollector, GCCollector):
            process(registry=registry)
        registry.register(_Counted(timings, traffic))

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"conference_bot_{name}", text, labels, registry=registry)

        self._handled = Histogram(
            "conference_bot_interaction_seconds",
            "How long interactions took until all was done, by command or button and by outcome",
            ("kind", "name", "outcome"),
            buckets=_BOUNDS,
            registry=registry,
        )
        self._connected = gauge("connected", "Whether Discord's gateway is connected")
        self._troubles = gauge("troubles", "How many things the health check finds wrong")
        self._deliveries = gauge("deliveries", "How many deliveries are in each state", "state")
        self._overdue = gauge("overdue_deliveries", "How many deliveries should have been sent by now")
        self._outbox_age = gauge("outbox_age_seconds", "For how long the oldest overdue delivery has been overdue")
        self._last_sent = gauge("last_sent_timestamp_seconds", "When a delivery was last sent")
        self._source_age = gauge("source_age_seconds", "How long ago a watched source was last seen", "source")
        self._loaded = gauge("programme_loaded_timestamp_seconds", "When the programme in use was loaded")
        self._papers = gauge("papers", "How many papers and talks the programme in use has")
        self._sessions = gauge("sessions", "How many sessions the programme in use has")
        timings.follow = self._note

    async def text(self) -> bytes:
        """Return all numbers as they are now, in the format of `CONTENT_TYPE`."""
        condition = await self._condition.read()
        try:
            states = await self._outbox.states() if condition.pulse else {}
        except Exception:
            log.exception("the deliveries could not be counted")
            states = {}
        self._set(condition, states)
        return await asyncio.to_thread(generate_latest, self._registry)

    def _set(self, condition: Condition, states: dict[State, int]) -> None:
        edition, pulse = self._edition(), condition.pulse
        self._connected.set(condition.connected)
        self._troubles.set(len(condition.troubles))
        for state in State:
            self._deliveries.labels(state.value).set(states.get(state, 0) if states or pulse else math.nan)
        self._overdue.set(pulse.overdue if pulse else math.nan)
        self._outbox_age.set(condition.outbox_age if pulse else math.nan)
        self._last_sent.set(pulse.last_sent_at.timestamp() if pulse and pulse.last_sent_at else math.nan)
        self._source_age.clear()
        for source in condition.sources:
            age = (condition.at - source.seen_at).total_seconds() if source.seen_at else math.inf
            self._source_age.labels(source.name).set(age)
        self._loaded.set(edition.version.loaded_at.timestamp() if edition.version else math.nan)
        self._papers.set(len(edition.programme.papers))
        self._sessions.set(len(edition.programme.sessions))

    def _note(self, handled: Handled) -> None:
        kind = _KINDS.get(handled.kind, handled.kind)
        self._handled.labels(kind, handled.name, handled.outcome.value).observe(handled.seconds)


class _Counted(Collector):
    """What the bot counts anyway."""

    def __init__(self, timings: Timings, traffic: Traffic) -> None:
        self._timings = timings
        self._traffic = traffic

    def collect(self) -> Iterator[Metric]:
        arrivals = CounterMetricFamily(
            "conference_bot_interactions", "How many interactions have arrived", labels=["kind"]
        )
        for kind, number in list(self._timings.arrivals.items()):
            arrivals.add_metric([_KINDS.get(kind, kind)], number)
        requests = CounterMetricFamily(
            "conference_bot_discord_requests", "How many requests went to Discord", labels=["method", "status"]
        )
        for (method, status), number in list(self._traffic.requests.items()):
            requests.add_metric([method, status], number)
        limits = CounterMetricFamily(
            "conference_bot_rate_limits", "How many requests met a rate limit, by whose it was", labels=["scope"]
        )
        for scope, number in list(self._traffic.limits.items()):
            limits.add_metric([scope], number)
        waited = CounterMetricFamily(
            "conference_bot_rate_limited_seconds", "For how long Discord asked to wait at a rate limit"
        )
        waited.add_metric([], self._traffic.waited)
        yield from (arrivals, requests, limits, waited)
