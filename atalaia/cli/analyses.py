"""The commands that answer questions about stored requests."""

from __future__ import annotations

from typing import Final, Unpack

import click

from analyzers.jobs import ANALYSES
from analyzers.thresholds import load_thresholds
from atalaia.cli.asking import Typed, answer
from atalaia.cli.options import ENVIRONMENT, selecting
from atalaia.cli.runtime import Runtime
from atalaia.cli.teaching import Command

_STATUS = "Exit status: 0 met, 1 missed, 2 nothing to judge or a mistake."

_HELP: Final = {
    "errors": (
        (
            "Which share of the requests failed, with the number of requests beside it. An error is a response "
            "status of "
            "500 or above. The share over the whole window is judged by the error-rate thresholds."
        ),
        (
            "atalaia errors --window 24h --by endpoint",
            "atalaia errors --by network --top 10",
            "atalaia errors --every day --tz America/Sao_Paulo",
            "atalaia errors --by status_code --where 'status_code >= 400' --format json",
        ),
    ),
    "latency": (
        (
            "How long responses took: the 50th, 95th and 99th percentile in seconds (nearest rank over all "
            "requests of a "
            "group, never an average of percentiles). The p95 of the whole window is judged by the response-time "
            "thresholds of --environment. Requests without a response time are counted but not measured."
        ),
        (
            "atalaia latency --window 24h --by endpoint",
            "atalaia latency --every hour --since yesterday --until today",
            "atalaia latency --where 'endpoint = \"/relatorios\"' --format csv",
        ),
    ),
    "throughput": (
        (
            "How many requests there were, and how many a second over the elapsed time of the window or of the "
            "bucket. A "
            "window without any request is unmeasured: silence may be an outage."
        ),
        (
            "atalaia throughput --every hour --window 24h",
            "atalaia throughput --by service --by endpoint",
            "atalaia throughput --by browser --top 5",
        ),
    ),
    "availability": (
        (
            "Which share of the requests did not fail, judged as the complement of the error-rate thresholds of "
            "--environment. The promise of 99.9 % is judged by 'atalaia sla show'."
        ),
        (
            "atalaia availability --every week --tz Europe/Lisbon",
            "atalaia availability --window 30d --by endpoint --format csv",
        ),
    ),
}


def analysis_command(name: str) -> click.Command:
    """Return the command of one of the analyses in ``analyzers.jobs``."""
    job = ANALYSES[name]
    text, examples = _HELP[name]

    @click.command(name, cls=Command, help=f"{text}\n\n{_STATUS}", short_help=job.description, examples=examples)
    @selecting
    @ENVIRONMENT
    @click.pass_obj
    def command(runtime: Runtime, /, environment: str, **typed: Unpack[Typed]) -> int:
        thresholds = load_thresholds(environment)
        return answer(runtime, typed, lambda store, chosen: job.run(store, chosen, thresholds), ranks=job.ranks)

    return command


errors = analysis_command("errors")
latency = analysis_command("latency")
throughput = analysis_command("throughput")
availability = analysis_command("availability")
