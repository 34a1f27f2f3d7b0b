"""The counters of pipelines in Prometheus' text form.

Names follow Logstash's words (events in, out) and Prometheus' conventions for units and suffixes:
https://prometheus.io/docs/practices/naming/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector, CollectorRegistry

from atalaia.pipeline.runtime.snapshots import PluginCounts, Snapshot

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
_PLUGIN_LABELS: Final = ("pipeline", "kind", "plugin", "id")
_ARM_LABELS: Final = ("pipeline", "kind", "arm", "file", "line", "column")
_Measure = Callable[[PluginCounts], float]
_PLUGIN: Final[Sequence[tuple[str, str, _Measure]]] = (
    ("events_in", "Events handed to a plugin; for an input, read by it.", lambda each: each.events_in),
    ("events_out", "Events that went on from a plugin.", lambda each: each.events_out),
    ("events_dropped", "Events a plugin dropped.", lambda each: each.dropped),
    ("events_failed", "Events a plugin could not work on: tagged, or dead-lettered.", lambda each: each.failed),
    ("seconds", "Time spent in a plugin, estimated from a sample of the events.", lambda each: each.seconds),
)


def prometheus_text(snapshots: Sequence[Snapshot], now: datetime) -> bytes:
    """Return what ``/metrics`` answers.

    Args:
        snapshots: The counters of every pipeline.
        now: The present instant, by which a pipeline that says nothing any more is told from one that runs.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Snapshots(snapshots, now))
    return generate_latest(registry)


class _Snapshots(Collector):
    """Gives snapshots as Prometheus' families."""

    def __init__(self, snapshots: Sequence[Snapshot], now: datetime) -> None:
        self._snapshots = snapshots
        self._now = now

    def collect(self) -> Iterable[Metric]:
        """Yield a family for each measure."""
        yield self._up()
        yield from self._plugins()
        yield self._arms()

    def _up(self) -> Metric:
        family = GaugeMetricFamily(
            "atalaia_pipeline_up",
            "Whether a pipeline runs: 1, or 0 when its counters are of the past.",
            labels=["pipeline"],
        )
        for snapshot in self._snapshots:
            family.add_metric([snapshot.pipeline], float(snapshot.is_up(self._now)))
        return family

    def _plugins(self) -> Iterator[Metric]:
        for name, text, measure in _PLUGIN:
            family = CounterMetricFamily(f"atalaia_pipeline_plugin_{name}", text, labels=_PLUGIN_LABELS)
            for snapshot in self._snapshots:
                for each in snapshot.plugins:
                    family.add_metric([snapshot.pipeline, each.kind, each.name, each.id], measure(each))
            yield family

    def _arms(self) -> Metric:
        family = CounterMetricFamily(
            "atalaia_pipeline_arm_events", "Events that went through an arm of a branch.", labels=_ARM_LABELS
        )
        for snapshot in self._snapshots:
            for each in snapshot.arms:
                place = [each.file, str(each.line), str(each.column)]
                family.add_metric([snapshot.pipeline, each.kind, each.keyword, *place], each.taken)
        return family
