"""Where in a TOML file a pydantic model complains, in the words of the file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Literal, get_args, get_origin

from pydantic import BaseModel

Location = tuple[int | str, ...]


def place_of(location: Location, model: type[BaseModel]) -> tuple[str, tuple[type[BaseModel], ...]]:
    """Return a place as the file has it, and the models that may stand there.

    Pydantic names the member of a union in its locations, which the file does not: ``rule.0.threshold.window`` is
    ``rule[1].window``.
    """
    text = ""
    here: tuple[type[BaseModel], ...] = (model,)
    for part in location:
        if isinstance(part, int):
            text += f"[{part + 1}]"
        elif not _is_field(part, here) and (chosen := _member(part, here)):
            here = chosen
        else:
            text += f".{part}" if text else part
            here = _below(part, here)
    return text, here


def suggestion(name: str, here: Sequence[type[BaseModel]], model: type[BaseModel]) -> str:
    """Return what an unknown key may have been meant for: one of this table's keys, else of any table's."""
    local = {key for each in here for key in _keys(each)}
    near = difflib.get_close_matches(name, sorted(local), n=1, cutoff=0.6)
    if near:
        return f" (did you mean {near[0]!r}?)"
    everywhere = sorted(_all_keys(model, set()))
    if name in everywhere:
        return " (it belongs to another table)"
    near = difflib.get_close_matches(name, everywhere, n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""


def parent(location: Location, model: type[BaseModel]) -> tuple[type[BaseModel], ...]:
    """Return the models of the table that a key stands in."""
    return place_of(location[:-1], model)[1]


def _is_field(part: str, models: Iterable[type[BaseModel]]) -> bool:
    return any(part in _keys(each) for each in models)


def _member(part: str, models: Sequence[type[BaseModel]]) -> tuple[type[BaseModel], ...]:
    """Return the models of a union that its tag, or the name of one of its types, means."""
    return tuple(each for each in models if part == each.__name__ or part in _tags(each)) or (
        tuple(models) if part in {"str", "int", "bool", "decimal"} else ()
    )


def _below(part: str, models: Iterable[type[BaseModel]]) -> tuple[type[BaseModel], ...]:
    found: list[type[BaseModel]] = []
    for model in models:
        for name, field in model.model_fields.items():
            if part == (field.alias or name):
                found += _models(field.annotation)
    return tuple(found)


def _tags(model: type[BaseModel]) -> set[str]:
    """Return the texts that a field of a model can only be: what tells the members of a union apart."""
    literals = (field.annotation for field in model.model_fields.values() if get_origin(field.annotation) is Literal)
    return {str(value) for literal in literals for value in get_args(literal)}


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _all_keys(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    """Return every key that a model or one below it knows."""
    if model in seen:
        return set()
    seen.add(model)
    keys = _keys(model)
    for field in model.model_fields.values():
        for nested in _models(field.annotation):
            keys |= _all_keys(nested, seen)
    return keys


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    found: list[type[BaseModel]] = []
    for part in getattr(annotation, "__args__", ()):
        found += _models(part)
    return found
