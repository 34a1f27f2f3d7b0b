"""``make bench``: what the parts cost, as ratios within one run; ``make bench BENCH="request"`` runs some of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from benchmarks import access_pipeline, request_pipeline

BENCHMARKS: Final[Mapping[str, Callable[[], None]]] = MappingProxyType(
    {"request": request_pipeline.main, "access": access_pipeline.main}
)


def main(names: list[str]) -> int:
    """Run the benchmarks of these names, all by default."""
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        print(f"there is no benchmark {unknown[0]!r}; there are {', '.join(BENCHMARKS)}", file=sys.stderr)
        return 2
    for name in names or BENCHMARKS:
        print(f"== {name}")
        BENCHMARKS[name]()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
