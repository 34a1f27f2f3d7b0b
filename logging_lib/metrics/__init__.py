"""Samplers: the numbers of the machine and its servers, read at an interval and written as log records.

    settings = logging_lib.configure(service="ti-osn")
    start_samplers([*host_samplers(), load("postgresql", dsn)], settings.directory)

A sampler reads, ``emit`` turns what it read into records for the one output, ``Runner`` calls samplers at whole
intervals. ``atalaia metrics run`` is the same as a program of its own. What each sampler needs is imported when it is
loaded.
"""

from typing import TYPE_CHECKING

from logging_lib.lazy import lazily

if TYPE_CHECKING:
    from logging_lib.metrics.emitting import emit
    from logging_lib.metrics.registry import load
    from logging_lib.metrics.runner import Runner
    from logging_lib.metrics.sample import Sample, Sampler, SamplingError
    from logging_lib.metrics.threads import start_samplers

__all__ = ["Runner", "Sample", "Sampler", "SamplingError", "emit", "load", "start_samplers"]

__getattr__ = lazily(
    __name__,
    {
        "Runner": "runner",
        "Sample": "sample",
        "Sampler": "sample",
        "SamplingError": "sample",
        "emit": "emitting",
        "load": "registry",
        "start_samplers": "threads",
    },
)
