"""The tables in the documents that benchmarks make of histories with planted incidents."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_DOCS: Final = Path(__file__).resolve().parents[2] / "docs"


def section(table: str, seed: int) -> list[str]:
    """Return the lines of a document, such as ``alerts-table.md``, about one history."""
    text = (_DOCS / table).read_text(encoding="utf-8")
    return text.split(f"## Seed {seed}\n")[1].split("## Seed")[0].splitlines()
