"""Options whose values are not what they seem."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from atalaia.pipeline.check.finding import Found
from atalaia.pipeline.check.sites import texts_in
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.errors import Note

_ESCAPE: Final = re.compile(r"\\[nrt]")
_PLAIN_TEXTS: Final = {
    "mutate": ("split", "join", "replace", "update", "coerce"),
    "csv": ("separator", "quote_char"),
    "split": ("terminator",),
    "line": ("delimiter",),
    "json_lines": ("delimiter",),
    "file": ("delimiter",),
}
"""Options that are taken as they are, by plugin; in a regular expression the same escapes have their meaning."""
_OCTAL: Final = re.compile(r"-?0[0-9]+(?![0-9.])")


def duplicate_option(subject: Subject) -> Iterator[Found]:
    """Find options given twice where that makes something else of them."""
    for site in subject.sites:
        first: dict[str, syntax.Attribute] = {}
        for attribute in site.node.attributes:
            before = first.setdefault(attribute.name, attribute)
            if before is not attribute and not _grows(before.value, attribute.value):
                note = Note(before.position, "it stands here first")
                problem = f"{attribute.name} is given twice: Logstash makes one list of both"
                yield Found(attribute.position, problem, "keep one of them", (note,))


def _grows(first: syntax.Value, second: syntax.Value) -> bool:
    """Tell whether two values are meant to be one: lists, or hashes without a name in common."""
    if isinstance(first, syntax.Hash) and isinstance(second, syntax.Hash):
        return {name for name, _ in first.entries}.isdisjoint(name for name, _ in second.entries)
    return isinstance(first, syntax.Array)


def literal_backslash(subject: Subject) -> Iterator[Found]:
    r"""Find ``\n`` and its like where they are a backslash and a letter."""
    if subject.context.support_escapes:
        return
    for site in subject.sites:
        for attribute in site.node.attributes:
            if attribute.name == "add_field" or attribute.name in _PLAIN_TEXTS.get(site.name, ()):
                for position, text in texts_in(attribute.value, names=False):
                    found = _ESCAPE.search(text)
                    if found is not None:
                        problem = f"{found[0]} is a backslash and a letter here"
                        remedy = "put the character itself between the quotes, or set config.support_escapes"
                        yield Found(position, problem, remedy)


def octal_number(subject: Subject) -> Iterator[Found]:
    """Find numbers with leading zeros that are not the permissions of a file."""
    for site in subject.sites:
        for attribute in site.node.attributes:
            for number in () if attribute.name.endswith("_mode") else _numbers(attribute.value):
                text = number.position.text[number.position.column - 1 :]
                found = _OCTAL.match(text)
                if found is not None and found[0] != f"{number.value:0{len(found[0])}d}":
                    problem = f"{found[0]} is octal for Logstash: {number.value}"
                    yield Found(number.position, problem, "remove the leading zeros, or put it in quotes")


def _numbers(value: syntax.Value) -> Iterator[syntax.Number]:
    match value:
        case syntax.Number():
            yield value
        case syntax.Array():
            for item in value.items:
                yield from _numbers(item)
        case syntax.Hash():
            for _, item in value.entries:
                yield from _numbers(item)
