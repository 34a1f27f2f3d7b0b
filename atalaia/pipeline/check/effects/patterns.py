"""What ``grok`` and ``dissect`` do: the fields their patterns name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from atalaia.pipeline.check.effects.written import Written, below
from atalaia.pipeline.check.flow.field_steps import Set
from atalaia.pipeline.check.flow.fields import Kind
from atalaia.pipeline.check.flow.steps import Open, Read, Step, Tag
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.grok.compiler import Capture, compile_pattern
from atalaia.pipeline.grok.definitions import read_patterns
from atalaia.pipeline.grok.onigmo_sets import ExpressionError
from atalaia.pipeline.patterns import built_in

_DISSECTED: Final = re.compile(r"%\{([^}]*)\}")
_FAULTS: Final = ("nullvalue", "uncoercible", "missing", "useless")
_SUFFIX: Final = re.compile(r"(?:->|/\d+)+$")


def grok_definitions(plugin: Written) -> dict[str, str]:
    """Return every pattern a ``grok`` may name.

    Raises:
        PipelineError: When a file of patterns cannot be read.
    """
    files = read_patterns(plugin.texts("patterns_dir"), plugin.directory, plugin.text("patterns_files_glob", "*"))
    return {**built_in(ecs=plugin.ecs), **files, **dict(plugin.text_pairs("pattern_definitions"))}


def captures(plugin: Written) -> list[tuple[str, Capture]]:
    """Return every capture of a ``grok`` with the pattern it stands in.

    Raises:
        ExpressionError: When a pattern does not compile.
        PipelineError: When a file of patterns cannot be read.
    """
    definitions = grok_definitions(plugin)
    named_only = plugin.flag("named_captures_only", default=True)
    return [
        (pattern, capture)
        for _, pattern in plugin.text_pairs("match")
        for capture in compile_pattern(pattern, definitions, named_only=named_only).captures
    ]


def grok(plugin: Written) -> Iterator[Step]:
    """Declare ``grok``."""
    yield from (Read(field, "match") for field, _ in plugin.pairs("match"))
    yield Tag(tuple(plugin.texts("tag_on_failure") or ["_grokparsefailure"]))
    yield Tag((plugin.text("tag_on_timeout", "_groktimeout"),))
    try:
        found = captures(plugin)
    except (ExpressionError, PipelineError):  # told by another check; nothing is known of the fields then
        yield Open()
        return
    target = plugin.text("target")
    for _, capture in found:
        yield Set(below(target, capture.field), Kind.TEXT if capture.convert is None else Kind.NUMBER)


def dissect(plugin: Written) -> Iterator[Step]:
    """Declare ``dissect``; a field that gets its name from the event may be any."""
    kinds = dict(plugin.text_pairs("convert_datatype"))
    yield Tag(tuple(plugin.texts("tag_on_failure") or ["_dissectfailure"]))
    yield Tag(tuple(f"_dataconversion{fault}_{name}_{kind}" for fault in _FAULTS for name, kind in kinds.items()))
    for field, mapping in plugin.text_pairs("mapping"):
        yield Read(field, "mapping")
        for key in _DISSECTED.findall(mapping):
            name = _SUFFIX.sub("", key)
            if name.startswith(("&", "*")):
                yield Open()
            elif key and not name.startswith("?"):
                yield Set(name.removeprefix("+"), Kind.NUMERIC if name in kinds else Kind.TEXT)
