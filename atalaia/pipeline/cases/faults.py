"""What pydantic finds wrong with a file of cases, in words a person can act on."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from atalaia.pipeline.cases.model import CaseKeys, DefaultKeys, FileKeys, InputKeys, LetterKeys

_WANTED: Final = {
    "string_type": "text; put it in quotes",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object: names and values",
    "model_type": "an object: names and values",
    "model_attributes_type": "an object: names and values",
}


def faults_of(error: ValidationError) -> list[tuple[tuple[str | int, ...], str, bool]]:
    """Return path, words, and whether the place is that of a key, for each thing that is wrong."""
    return [(details["loc"], _words(details), details["type"] == "extra_forbidden") for details in error.errors()]


def unknown_key(name: str, keys: Sequence[str], where: str) -> str:
    """Return the words for a key that does not exist, with the one that was probably meant."""
    near = difflib.get_close_matches(name, keys, n=1, cutoff=0.5)
    remedy = f"did you mean {near[0]}?" if near else f"the keys are {', '.join(keys)}"
    return f"there is no key {name!r} {where}; {remedy}"


def _words(details: ErrorDetails) -> str:
    kind, path = details["type"], details["loc"]
    name = str(path[-1]) if path else "the file"
    if kind == "extra_forbidden":
        model, where = _model_at(path[:-1])
        return unknown_key(name, [*model.model_fields], where)
    if kind == "missing":
        return f"the key {name!r} is missing {_model_at(path[:-1])[1]}"
    if kind in ("too_short", "string_too_short"):
        return f"{_subject(path)} is empty"
    if kind == "value_error":
        return f"{_subject(path)}: {details['ctx']['error']}"
    return f"{_subject(path)} must be {_WANTED.get(kind, details['msg'])}"


def _subject(path: tuple[str | int, ...]) -> str:
    """Return what a path leads to, in words."""
    if not path:
        return "the file"
    last = path[-1]
    if isinstance(last, str):
        return last
    return f"item {last + 1} of {path[-2]}" if len(path) > 1 else f"item {last + 1}"


def _model_at(path: tuple[str | int, ...]) -> tuple[type[BaseModel], str]:
    """Return whose keys stand at a path, and where that is in words."""
    if not path:
        return FileKeys, "in a file of cases"
    if path[-1] == "input":
        return InputKeys, "below input"
    if "dead_letter" in path:
        return LetterKeys, "in a dead_letter"
    return (DefaultKeys, "below defaults") if path[0] == "defaults" else (CaseKeys, "in a case")
