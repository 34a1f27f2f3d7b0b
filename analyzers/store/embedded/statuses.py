"""Classes of statuses in SQL: by the number before the ``xx``, which costs a query of all events less than a text."""

from __future__ import annotations

from typing import Final

_BEHIND: Final = "xx"


def class_key(column: str) -> str:
    """Return the number of a status' class; below 0, ``//`` rounds upwards."""
    number = f"{column}::BIGINT"
    return f"(({number} - (({number} % 100) + 100) % 100) // 100)"


def class_text(key: str) -> str:
    """Return a class' name in SQL, by which equals are ranked."""
    return f"({key} || '{_BEHIND}')"


def class_named(key: int) -> str:
    """Return the name of the class with a number."""
    return f"{key}{_BEHIND}"


def key_of_class(name: str) -> int:
    """Return the number of the class with a name."""
    return int(name.removesuffix(_BEHIND))
