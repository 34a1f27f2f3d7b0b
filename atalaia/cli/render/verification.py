"""What came of verifying a report, for a person and for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, TextIO

from analyzers.analysis import State
from analyzers.verification import Difference, Outcome, Verification
from analyzers.verification.leaves import Absent, Leaf
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import printable
from atalaia.cli.render.table import console_for, verdict

_STATES: Final = {
    Outcome.EQUAL: State.MET,
    Outcome.DIFFERS: State.MISSED,
    Outcome.UNVERIFIABLE: State.UNMEASURED,
}
_MOST: Final = 20
"""So many differences are shown; JSON has all."""


def print_verification(found: Verification, stream: TextIO) -> None:
    """Print the outcome, then each value that differs: where it is, what is reported, what was derived, and why."""
    console = console_for(stream)
    console.print(verdict(_STATES[found.outcome], found.sentence), soft_wrap=True)
    for line in _lines(found):
        console.print(printable(line), soft_wrap=True)


def verification_json(found: Verification, *, store: str) -> str:
    """Return the outcome and every difference as JSON; a side without the value lacks its key."""
    return dumped(
        {
            "outcome": found.outcome.value,
            "sentence": found.sentence,
            "kind": found.kind,
            "store": store,
            "values": found.values,
            "differences": [_object(each) for each in found.differences],
            "unverifiable": [_object(each) for each in found.unverifiable],
            "notes": list(found.notes),
        },
    )


def _lines(found: Verification) -> Iterator[str]:
    shown = [*found.differences, *found.unverifiable]
    for each in shown[:_MOST]:
        yield ""
        yield each.path
        yield f"  reported  {_text(each.reported)}"
        yield f"  derived   {_text(each.derived)}"
        if each.why:
            yield f"  why       {each.why}"
    if len(shown) > _MOST:
        yield ""
        yield f"and {len(shown) - _MOST:,} more: --format json has all"


def _text(value: Leaf) -> str:
    return repr(value) if isinstance(value, Absent) else json.dumps(value, ensure_ascii=False)


def _object(each: Difference) -> dict[str, object]:
    sides = {"reported": each.reported, "derived": each.derived}
    there = {name: value for name, value in sides.items() if not isinstance(value, Absent)}
    return {"path": each.path, **there, "why": each.why}
