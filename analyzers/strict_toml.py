"""Read a TOML file into a strict pydantic model: an unknown key is an error that suggests the right one."""

from __future__ import annotations

import difflib
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from logging_lib.errors import AtalaiaError

_Model = TypeVar("_Model", bound=BaseModel)

_UNKNOWN: Final = "extra_forbidden"


class TomlError(AtalaiaError):
    """A TOML file cannot be read, or says something that cannot be meant."""


def read_toml(path: Path, model: type[_Model], what: str) -> _Model:
    """Return what a file says. Decimal numbers are read as ``Decimal``, so that 99.9 is exactly that.

    Args:
        path: The file.
        model: What it must say; its own and nested models forbid extra keys.
        what: What the file is, for messages: ``contract``, ``alert rules``.

    Raises:
        TomlError: When the file cannot be read or is no TOML, or with every complaint of the model at once, each naming
            the place (``objective[2].target``) and, for an unknown key, the known one that looks like it.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as error:
        raise TomlError(f"cannot read the {what} in {path}: {error}", "name a readable file in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise TomlError(f"{path} is no TOML: {error}", "repair the file at that place") from error
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise TomlError(f"{path}: {complaints(error, model)}", f"repair the {what}") from error


def complaints(error: ValidationError, model: type[BaseModel]) -> str:
    """Return every complaint of a model in one line, each with its place."""
    return "; ".join(_complaint(each, model) for each in error.errors(include_url=False, include_context=False))


def _complaint(each: ErrorDetails, model: type[BaseModel]) -> str:
    place = _place(each["loc"])
    if each["type"] == _UNKNOWN:
        return f"{place}: unknown key{_suggestion(str(each['loc'][-1]), model)}"
    message = each["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def _place(location: tuple[int | str, ...]) -> str:
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _suggestion(name: str, model: type[BaseModel]) -> str:
    near = difflib.get_close_matches(name, sorted(_keys(model, set())), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""


def _keys(model: type[BaseModel], seen: set[type[BaseModel]]) -> set[str]:
    """Return every key that a model or one below it knows."""
    keys: set[str] = set()
    if model in seen:
        return keys
    seen.add(model)
    for name, field in model.model_fields.items():
        keys.add(field.alias or name)
        for nested in _models(field.annotation):
            keys |= _keys(nested, seen)
    return keys


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    found: list[type[BaseModel]] = []
    for part in getattr(annotation, "__args__", ()):
        found += _models(part)
    return found
