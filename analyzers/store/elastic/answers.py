"""The shape of what is sent to and read from Elasticsearch, and how to step into an answer without guessing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from analyzers.store.interface import StoreError

Json: TypeAlias = "Mapping[str, Json] | list[Json] | str | int | float | bool | None"
JsonObject: TypeAlias = Mapping[str, Json]


def an_object(value: Json, name: str) -> JsonObject:
    """Return a value of an answer that must be an object.

    Raises:
        StoreError: When it is not: what answered is not an Elasticsearch we know.
    """
    if isinstance(value, Mapping):
        return value
    raise _strange(name)


def a_list(value: Json, name: str) -> list[Json]:
    """Return a value of an answer that must be a list.

    Raises:
        StoreError: When it is not.
    """
    if isinstance(value, list):
        return value
    raise _strange(name)


def a_number(value: Json, name: str) -> int | float:
    """Return a value of an answer that must be a number.

    Raises:
        StoreError: When it is not.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise _strange(name)


def a_count(value: Json, name: str) -> int:
    """Return a value of an answer that must be a whole number.

    Raises:
        StoreError: When it is not.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _strange(name)


def a_text(value: Json, name: str) -> str:
    """Return a value of an answer that must be text.

    Raises:
        StoreError: When it is not.
    """
    if isinstance(value, str):
        return value
    raise _strange(name)


def _strange(name: str) -> StoreError:
    return StoreError(
        f"the answer's {name} is not what Elasticsearch 9 sends", "check that --store names Elasticsearch"
    )
