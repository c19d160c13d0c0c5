"""The figures of a running playbook in Prometheus' text form. No label holds anything that a customer wrote.

See https://prometheus.io/docs/instrumenting/exposition_formats/.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from playbook_engine.model.decision import Decision
from playbook_engine.serve.loop import Loop
from playbook_engine.study.summary import Summary

MINUTE, HOUR = 60, 3_600
BUCKETS = (MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, *(hours * HOUR for hours in (1, 2, 4, 8, 12, 24, 48)))
"""Seconds until the first reply, by which they are told apart."""


class Counted:
    """A summary that stays as small as it is, however long it is added to: reply times are kept by bucket."""

    def __init__(self) -> None:
        self.summary = Summary()
        self.replies = {who: [0] * (len(BUCKETS) + 1) for who in self.summary.first_replies}
        self.seconds = dict.fromkeys(self.replies, 0.0)
        self.latest_timer = 0
        """How late the latest timer was, in ms."""

    def timer(self, lateness: int) -> None:
        """Hears how late a timer was, in ms."""
        self.latest_timer = max(self.latest_timer, lateness)

    def add(self, decision: Decision) -> None:
        """Counts one decision."""
        self.summary.add(decision)
        for who, times in self.summary.first_replies.items():
            for ms in times:
                self.replies[who][bisect_left(BUCKETS, ms / 1_000)] += 1
                self.seconds[who] += ms / 1_000
            times.clear()


def exposition(counted: Counted, loop: Loop, refused: Mapping[str, int]) -> str:
    """All figures since this process began."""
    registry = CollectorRegistry(auto_describe=False)
    found = [*_of_summary(counted.summary), _first_replies(counted), *_of_loop(counted, loop, refused)]
    registry.register(_Figures(found))
    return generate_latest(registry).decode()


class _Figures:
    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _of_summary(summary: Summary) -> Iterator[Metric]:
    yield _counter("events", "Events decided", ("type",), _by_one(summary.events))
    yield _counter("incidents", "Incidents opened", (), {(): summary.incidents})
    yield _counter("repetitions", "Events that had come before", (), {(): summary.duplicates})
    yield _counter("set_aside", "Pieces of input set aside", ("reason",), _by_one(summary.set_aside))
    yield _counter("duties", "What became of duties", ("step", "department", "fate"), _by_all(summary.duties))
    yield _counter("escalations", "Levels of ladders reached", ("level", "person"), _by_all(summary.levels))
    yield _counter("undecided", "What nobody had decided", ("reason",), _by_one(summary.undecided))
    yield _counter("deliveries", "Deliveries by what became of them", ("action", "state"), _by_all(summary.deliveries))


def _first_replies(counted: Counted) -> Metric:
    about = "Time from an incident's first message to its first reply"
    metric = HistogramMetricFamily("playbook_first_reply_seconds", about, labels=("by",))
    for who, counts in counted.replies.items():
        sums = list(accumulate(counts))
        bounds = [*(str(float(most)) for most in BUCKETS), "+Inf"]
        metric.add_metric([who], list(zip(bounds, map(float, sums), strict=True)), counted.seconds[who])
    return metric


def _of_loop(counted: Counted, loop: Loop, refused: Mapping[str, int]) -> Iterator[Metric]:
    figures, watchdog = loop.figures, loop.watchdog
    yield _counter("requests", "Requests by their end", ("end",), _by_one(figures.requests))
    yield _counter("refused_requests", "Requests turned away", ("reason",), _by_one(refused))
    yield _counter("faults", "Turns of the loop that failed", (), {(): figures.faults})
    yield _counter("late_timers", "Timers worked off more than a minute late", (), {(): watchdog.late})
    yield _gauge("waiting_requests", "Requests that wait for their turn", loop.waiting)
    yield _gauge("latest_timer_seconds", "The longest that a timer was late", counted.latest_timer / 1_000)
    yield _gauge("last_turn_seconds", "When the loop turned last, seconds since 1970", figures.last_turn / 1_000)


def _by_one(counted: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    # The loop counts on meanwhile; a copy is made at one go.
    return {(name,): n for name, n in dict(counted).items()}


def _by_all(counted: Mapping[tuple[str, str, str], int] | Mapping[tuple[str, str], int]) -> dict[tuple[str, ...], int]:
    return {tuple(names): n for names, n in dict(counted).items()}


def _counter(name: str, about: str, labels: tuple[str, ...], values: Mapping[tuple[str, ...], int]) -> Metric:
    metric = CounterMetricFamily(f"playbook_{name}", about, labels=labels)
    for label, value in sorted(values.items()):
        metric.add_metric(label, value)
    return metric


def _gauge(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(f"playbook_{name}", about, value=value)
