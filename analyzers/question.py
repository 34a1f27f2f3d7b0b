"""The part of a report that says what was asked, and its hash: a question that was changed later is told at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

from analyzers.store.document import JsonValue


def question_hash(question: Mapping[str, JsonValue]) -> str:
    """Return the SHA-256, in hexadecimal, of a question; the order of its keys does not matter.

    Who edits a question can compute its hash anew. Then the numbers no longer fit the question, and differ.
    """
    text = json.dumps(question, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def instant_text(instant: datetime) -> str:
    """Return an instant in UTC as ``2024-10-05T22:00:00Z``, with sub-seconds only where there are any."""
    return instant.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
