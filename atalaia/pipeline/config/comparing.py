"""How conditions compare values: what holds alone, what is equal, and what comes first."""

from __future__ import annotations

from atalaia.pipeline.errors import EventError
from atalaia.pipeline.java import java_text
from atalaia.pipeline.timestamp import Timestamp
from atalaia.pipeline.values import Value


class IncomparableError(EventError):
    """Two values have no order; Logstash drops the event with a warning."""


def is_true(value: Value) -> bool:
    """Tell whether a field alone holds as a condition."""
    if isinstance(value, str):
        return value not in ("", "false")
    if isinstance(value, list | dict):
        return True
    return value is not None and java_text(value) not in ("", "false")


def same(left: Value, right: Value) -> bool:
    """Tell whether two values are equal of their type: 5 is not 5.0, and true is not 1."""
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    return type(left) is type(right) and left == right


def compare(left: Value, right: Value) -> int:
    """Return a number below, at or above 0 as ``left`` is before, equal to or after ``right``.

    Null and booleans count as equal to anything, as Ruby objects without an order do in Logstash.

    Raises:
        IncomparableError: When the two are of kinds that have no order.
    """
    if left is None or isinstance(left, bool):
        return 0
    if isinstance(left, int | float) and isinstance(right, int | float) and not isinstance(right, bool):
        return (left > right) - (left < right)
    if isinstance(left, str) and isinstance(right, str):
        a, b = left.encode("utf-8", "surrogatepass"), right.encode("utf-8", "surrogatepass")
        return (a > b) - (a < b)
    if isinstance(left, Timestamp) and isinstance(right, Timestamp):
        return (left > right) - (left < right)
    raise IncomparableError(f"{left!r} cannot be compared with {right!r}", "test or convert the field first")
