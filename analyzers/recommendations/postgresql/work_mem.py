"""``work-mem``: sorts and hashes that did not fit into memory and went to temporary files."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.language import Amount, message
from analyzers.recommendations.gaps import no_machine
from analyzers.recommendations.machines import memory_of
from analyzers.recommendations.measuring import ENOUGH, fraction, samples, text, total
from analyzers.recommendations.model import Aim, Asked, Finding, Rule, Suggestion
from analyzers.recommendations.postgresql.servers import ADDRESS, DATASET, MIB, UNSAMPLED, setting
from analyzers.store.query import Count, Max, Measure, Sum

NAME: Final = "work-mem"
PAGE: Final = "runbooks/slow-queries.md"
LEAST_BYTES: Final = 100 * MIB
"""Of temporary files in the window; less is not worth the memory."""
OF_FILE: Final = 3
"""How many times its temporary file a sort needs of memory, as rows are more compact on the disk: an estimate of ours,
to be checked with the ``Disk`` and ``Memory`` of ``EXPLAIN (ANALYZE)``."""
DEFAULT_MIB: Final = 4
"""``work_mem`` out of the box: PostgreSQL's documentation, "Resource Consumption"."""
MOST_MIB: Final = 64
"""For every session; a statement that needs more is given it alone, with ``SET LOCAL``."""
OF_MEMORY: Final = Fraction(1, 4)
"""Of the machine's memory, for all connections at their peak together: "the total memory used could be many times the
value of work_mem", as each sort and each session takes so much (PostgreSQL's documentation, the same page)."""


def judge(asked: Asked) -> Finding:
    """Look at the temporary files of each server, and size the memory by their mean."""
    measures: dict[str, Measure] = {
        "samples": Count(),
        "files": Sum("postgresql.database.interval.temporary.files"),
        "bytes": Sum("postgresql.database.interval.temporary.bytes"),
    }
    rows = samples(asked, DATASET, "database", measures, (ADDRESS,))
    if not rows:
        return UNSAMPLED
    suggestions, gaps = [], []
    for row in rows:
        address, files, size = text(row, ADDRESS), total(row, "files"), total(row, "bytes")
        if files < ENOUGH or size < LEAST_BYTES:
            continue
        memory, peak = memory_of(asked, DATASET, "database", ADDRESS, address), _peak(asked, address)
        if memory is None or not peak:
            gaps.append(no_machine(address))
        else:
            suggestions.append(_suggestion(address, files, size, _most(memory, peak)))
    return Finding(tuple(suggestions), tuple(gaps))


RULE: Final = Rule(NAME, message("Sorts on the disk (work_mem)"), judge)


def _peak(asked: Asked, address: str) -> Fraction | None:
    rows = samples(asked, DATASET, "server", {"peak": Max("postgresql.server.connections.used.count")}, (ADDRESS,))
    return next((fraction(row, "peak") for row in rows if row[ADDRESS] == address), None)


def _most(memory: int, peak: Fraction) -> int:
    """Return the most MiB that each of so many connections may have."""
    return min(MOST_MIB, int(memory * OF_MEMORY / peak) // MIB)


def _suggestion(address: str, files: Fraction, size: Fraction, most: int) -> Suggestion:
    mean = size / files
    needed = _power(mean * OF_FILE / MIB)
    enough = needed <= most
    mib = max(needed, 2 * DEFAULT_MIB) if enough else needed
    local = (f"SET LOCAL work_mem = '{mib}MB';",)
    advice = Advice(
        rule=NAME,
        title=(
            message("Let sorts on {server} stay in memory: work_mem, if it has less", server=address)
            if enough
            else message("Find the statements that sort on the disk of {server}", server=address)
        ),
        evidence=(
            message(
                "{files} temporary files of {mean} on average, {size} together, were written in the window",
                files=Amount(files, Unit.COUNT),
                mean=Amount(mean, Unit.BYTES),
                size=Amount(size, Unit.BYTES),
            ),
            message(
                "with the connections at their peak, each can have {most} of a quarter of the memory",
                most=Amount(most * MIB, Unit.BYTES),
            ),
        ),
        gain=message(
            "The time of writing and reading these files, which was not measured. How much memory a sort needs is an "
            "estimate (three times its file): watch the temporary files after the change, and the memory."
        ),
        commands=setting("work_mem", f"{mib}MB") if enough else (*setting("log_temp_files", "10MB"), *local),
        page=PAGE,
    )
    return Suggestion(advice, Aim.TIME, Fraction(0))


def _power(mib: Fraction) -> int:
    """Return the least power of two that is not less."""
    power = 1
    while power < mib:
        power *= 2
    return power
