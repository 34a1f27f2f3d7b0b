"""Every sentence that the code says: the literals of ``message`` and ``plural``, and of ``say`` in templates."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final, TypeAlias

from babel.messages.extract import extract

ROOT: Final = Path(__file__).resolve().parents[3]
KEYWORDS: Final = {"message": None, "plural": (1, 2)}
Sentence: TypeAlias = str | tuple[str, str]
"""A template, or the one for one and the one for many."""


@cache
def collected() -> dict[Sentence, str]:
    """Return each sentence and a place that says it."""
    found: dict[Sentence, str] = {}
    for package in ("analyzers", "atalaia"):
        for suffix, method in ((".py", "python"), (".html", "jinja2.ext:babel_extract")):
            for path in sorted((ROOT / package).rglob(f"*{suffix}")):
                for line, text in _said(path, method):
                    found.setdefault(text, f"{path.relative_to(ROOT)}:{line}")
    return found


def _said(path: Path, method: str) -> Iterator[tuple[int, Sentence]]:
    options = {"trimmed": "true", "silent": "false"}
    keywords = KEYWORDS if path.suffix == ".py" else KEYWORDS | {"say": None}
    for line, text, _, _ in extract(method, BytesIO(path.read_bytes()), keywords, options=options):
        if text:
            yield line, text if isinstance(text, str) else (text[0], text[1])
