"""The machine: processors, memory, disks, network and processes, read with psutil.

    start_samplers(host_samplers(HostOptions(patterns=("gunicorn",))), settings.directory)

Names and meanings are those of Metricbeat's system module wherever it has one.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from logging_lib.extras import missing

try:
    import psutil as _psutil  # noqa: F401 - what all modules below need
except ModuleNotFoundError as error:
    raise missing(None, "psutil") from error
from logging_lib.metrics.host.filesystems import FilesystemSampler
from logging_lib.metrics.host.machine import MachineSampler
from logging_lib.metrics.host.options import HostOptions
from logging_lib.metrics.host.processes import ProcessSampler
from logging_lib.metrics.sample import Sampler
from logging_lib.metrics.seconds import Monotonic

__all__ = ["HostOptions", "host_samplers"]


def host_samplers(options: HostOptions | None = None, monotonic: Monotonic = time.monotonic) -> Sequence[Sampler]:
    """Return the samplers of this machine.

    They are several, each with a thread of its own in the runner, because a disk that no longer answers and a process
    that the kernel cannot look into both make the reader hang, and must not take the rest with them.
    """
    return (MachineSampler(monotonic), FilesystemSampler(), ProcessSampler(options or HostOptions(), monotonic))
