"""Write a predicate in the filter language, so that what was asked can be shown and typed again."""

from __future__ import annotations

import re
from typing import Final

from analyzers.store.query import (
    And,
    Comparison,
    Contains,
    Equals,
    Exists,
    In,
    InNetwork,
    Not,
    Or,
    Predicate,
    Prefix,
    Range,
    Scalar,
    Words,
)

_BARE: Final = re.compile(r"[\w./+-]+", re.ASCII)
_ESCAPED: Final = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})


def print_where(predicate: Predicate) -> str:
    """Return the filter that :func:`~analyzers.selection.where.parse_where` reads as an equivalent predicate."""
    match predicate:
        case And(()):
            return "*"
        case Or(()):
            return "not *"
        case And(parts):
            return " and ".join(_operand(part, len(parts)) for part in parts)
        case Or(parts):
            return " or ".join(_operand(part, len(parts)) for part in parts)
        case Not(inner):
            return f"not {_operand(inner, 2)}"
        case _:
            return _condition(predicate)


def _operand(predicate: Predicate, siblings: int) -> str:
    """Wrap whatever the operators around it could tear apart."""
    text = print_where(predicate)
    return f"({text})" if siblings > 1 and _compound(predicate) else text


def _compound(predicate: Predicate) -> bool:
    match predicate:
        case And(parts) | Or(parts):
            return len(parts) > 1 or (len(parts) == 1 and _compound(parts[0]))
        case Range(_, gte, gt, lte, lt):
            return sum(bound is not None for bound in (gte, gt, lte, lt)) > 1
        case _:
            return False


def _condition(predicate: Comparison) -> str:
    match predicate:
        case Equals(field, value):
            return f"{field} = {_scalar(value)}"
        case In(_, ()):
            return "not *"
        case In(field, values):
            return f"{field} in ({', '.join(map(_scalar, values))})"
        case Prefix(field, prefix):
            return f"{field}:{_scalar(prefix)}*" if prefix else f"{field}:*"
        case InNetwork(field, network):
            return f"{field} = {_scalar(network)}"
        case _:
            return _open(predicate)


def _open(predicate: Exists | Range | Contains | Words) -> str:
    match predicate:
        case Contains(field, text) | Words(field, text):
            return f"{field} ~ {_scalar(text)}"
        case Range():
            return _range(predicate)
        case _:
            return f"{predicate.field}:*"


def _range(predicate: Range) -> str:
    bounds = ((">=", predicate.gte), (">", predicate.gt), ("<=", predicate.lte), ("<", predicate.lt))
    given = [f"{predicate.field} {sign} {bound!r}" for sign, bound in bounds if bound is not None]
    return " and ".join(given) if given else f"{predicate.field}:*"


def _scalar(value: Scalar) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    return value if _BARE.fullmatch(value) else f'"{value.translate(_ESCAPED)}"'
