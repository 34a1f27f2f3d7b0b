"""The lists of expressions: the built-in one of uap-core 0.12.0, and others from files in uap-core's format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple

import yaml
from pydantic import BaseModel, TypeAdapter

from atalaia.pipeline.agents.hints import hints
from atalaia.pipeline.agents.syntax import compile_java

BUILT_IN: Final = Path(__file__).with_name("uap_core.json")
"""The expressions that Logstash's plugin 3.3.5 carries; ``NOTICE`` beside it says where they come from."""

_BROWSER: Final = ("family_replacement", "v1_replacement", "v2_replacement")
_SYSTEM: Final = ("os_replacement", "os_v1_replacement", "os_v2_replacement", "os_v3_replacement")
_DEVICE: Final = ("device_replacement",)


class Expression(NamedTuple):
    """An expression, and what is written in place of its groups.

    Attributes:
        text: The expression, in Java's syntax.
        ignore_case: Whether capitals and small letters are the same.
        replacements: For the name and the parts of the version; ``None`` where the group is taken as it is.
        hints: In lower case, texts of which any match contains one.
    """

    text: str
    ignore_case: bool
    replacements: tuple[str | None, ...]
    hints: tuple[str, ...]


class Expressions(NamedTuple):
    """The three lists, each tried from its first to its last expression."""

    browsers: tuple[Expression, ...]
    systems: tuple[Expression, ...]
    devices: tuple[Expression, ...]


class _File(BaseModel):
    """A file in uap-core's format. Source: docs/specification.md of uap-core."""

    user_agent_parsers: list[dict[str, str]]
    os_parsers: list[dict[str, str]]
    device_parsers: list[dict[str, str]]


@lru_cache(maxsize=1)
def built_in() -> Expressions:
    """Return the built-in lists; reading them takes a few milliseconds, and they are shared."""
    return TypeAdapter(Expressions).validate_json(BUILT_IN.read_bytes())


def read_expressions(text: str) -> Expressions:
    """Read a file in uap-core's format.

    Raises:
        ValueError: When it is not of that format, or an expression cannot be used.
        yaml.YAMLError: When it is not YAML.
    """
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
    file = _File.model_validate(yaml.load(text, loader))  # noqa: S506 - both loaders are safe
    return Expressions(
        tuple(_expression(entry, _BROWSER) for entry in file.user_agent_parsers),
        tuple(_expression(entry, _SYSTEM) for entry in file.os_parsers),
        tuple(_expression(entry, _DEVICE) for entry in file.device_parsers),
    )


def _expression(entry: Mapping[str, str], replacements: Sequence[str]) -> Expression:
    if "regex" not in entry:
        raise ValueError(f"an entry has no regex: {dict(entry)}")
    text, ignore_case = entry["regex"], entry.get("regex_flag") == "i"
    try:
        compile_java(text, ignore_case=ignore_case)
    except re.error as error:
        raise ValueError(f"the expression {text} cannot be used: {error}") from error
    return Expression(text, ignore_case, tuple(entry.get(name) for name in replacements), hints(text))
