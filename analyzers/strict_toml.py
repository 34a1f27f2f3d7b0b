"""Read a TOML file into a strict pydantic model: an unknown key is an error that suggests the right one."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeAlias, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from analyzers.toml_places import parent, place_of, suggestion
from logging_lib.errors import AtalaiaError

_Model = TypeVar("_Model", bound=BaseModel)

TomlDocument: TypeAlias = Mapping[str, object]

_UNKNOWN: Final = "extra_forbidden"
_NO_TAG: Final = "union_tag_not_found"
_WRONG_TAG: Final = "union_tag_invalid"
_QUOTED: Final = re.compile(r"'([^']*)'")


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
    document = read_document(path, what)
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise TomlError(f"{path}: {complaints(error, model)}", f"repair the {what}") from error


def read_document(path: Path, what: str) -> TomlDocument:
    """Return a file as TOML says it; see :func:`read_toml`.

    Raises:
        TomlError: When the file cannot be read or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as error:
        raise TomlError(f"cannot read the {what} in {path}: {error}", "name a readable file in UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise TomlError(f"{path} is no TOML: {error}", "repair the file at that place") from error


def complaints(error: ValidationError, model: type[BaseModel]) -> str:
    """Return every complaint of a model in one line, each with its place."""
    return "; ".join(_complaint(each, model) for each in error.errors(include_url=False, include_context=False))


def _complaint(each: ErrorDetails, model: type[BaseModel]) -> str:
    place, _ = place_of(each["loc"], model)
    if each["type"] == _UNKNOWN:
        return f"{place}: unknown key{suggestion(str(each['loc'][-1]), parent(each['loc'], model), model)}"
    if each["type"] in {_NO_TAG, _WRONG_TAG}:
        return _about_tag(place, each)
    message = each["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def _about_tag(place: str, each: ErrorDetails) -> str:
    """Say which kinds of table there are; pydantic's own words tell of tags and discriminators."""
    quoted = _QUOTED.findall(each["msg"])
    if each["type"] == _NO_TAG:
        return f"{place}: needs {quoted[0]!r}"
    tag, key, known = quoted[0], quoted[1], quoted[2:]
    near = difflib.get_close_matches(tag, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
    return f"{place}.{key}: there is no {key} {tag!r} ({hint})"
