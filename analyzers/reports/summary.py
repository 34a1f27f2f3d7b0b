"""The chapter of figures: those of requests and of samples, beside those of the period before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from analyzers.blocks import Figure, Figures, Prose, Section
from analyzers.language import Message, joined, message
from analyzers.reports.figures import MEASURES, figure_of
from analyzers.reports.measuring import Whole
from analyzers.reports.metric_figures import Period as Span
from analyzers.reports.metric_figures import cache_hit_ratio, db_connections_peak, metric_figures
from analyzers.reports.periods import Period
from analyzers.reports.question import Question
from analyzers.store.interface import Store

_NEEDS: Final = {
    "db_connections_peak": "atalaia metrics run --postgresql DSN",
    "cache_hit_ratio": "atalaia metrics run --postgresql DSN",
    "redis_hit_ratio": "atalaia metrics run --redis URL",
}
_TIMES: Final = frozenset({"avg_response_time", "p50", "p95", "p99"})
FIGURES: Final = (
    *(each.name for each in MEASURES),
    *("db_connections_peak", "cache_hit_ratio", "redis_hit_ratio", "cpu_peak", "memory_peak", "disk_peak"),
)
"""The names of all figures, in their order."""
_HOST: Final = "atalaia metrics run"
_UNTESTED: Final = message("One day beside another tests no change: any may be chance.")


def figures(store: Store, question: Question, now: Whole, before: Whole) -> tuple[Figure, ...]:
    """Return all figures, compared with the period before.

    Raises:
        StoreError: When the store cannot answer.
    """
    span = _span(question, question.period.previous)
    found = (*(figure_of(each, now, before) for each in MEASURES), *metric_figures(store, span))
    return _chosen(question, found)


def _chosen(question: Question, found: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Return the figures that are asked for. A mean or a percentile never stands alone: all of them come along."""
    names = set(question.metrics)
    if names & _TIMES:
        names |= _TIMES
    return tuple(each for each in found if not names or each.name in names)


def _span(question: Question, before: Period) -> Span:
    earlier, environment = before.window(question.zone), question.contract.environment
    return Span(question.window, earlier, question.zone, environment)


def summary_section(found: Sequence[Figure]) -> Section:
    """Return the chapter; what was not measured comes with the command that has it measured."""
    return Section("summary", message("The numbers"), (Figures("figures", tuple(found)), *unmeasured(found)))


def unmeasured(found: Sequence[Figure]) -> tuple[Prose, ...]:
    """Return what to run for the figures of samples of which nothing was measured; nothing where all were."""
    lacking: dict[str, list[Message]] = {}
    for each in found:
        if each.value is None and _is_sample(each):
            lacking.setdefault(_NEEDS.get(each.name, _HOST), []).append(each.title)
    sentences = tuple(_remedy(titles, command) for command, titles in lacking.items())
    return (Prose("unmeasured", sentences, is_list=True),) if sentences else ()


def _is_sample(figure: Figure) -> bool:
    return figure.name not in {each.name for each in MEASURES}


def _remedy(titles: Sequence[Message], command: str) -> Message:
    return message(
        "Not measured: {figures}. Run {command} beside the service, and ingest its samples.",
        figures=joined(*titles),
        command=command,
    )


def week_before_section(store: Store, question: Question, now: Whole, week_before: Whole) -> Section:
    """Return a day's figures beside those of the same weekday of the week before.

    Raises:
        StoreError: When the store cannot answer.
    """
    span = _span(question, question.period.week_before)
    found = (
        *(figure_of(each, now, week_before) for each in MEASURES),
        db_connections_peak(store, span),
        cache_hit_ratio(store, span),
    )
    title = message("Beside the same weekday of the week before")
    figures = Figures("figures", _chosen(question, found))
    return Section("week_before", title, (figures, Prose("untested", (_UNTESTED,))))
