"""The operations of ``mutate`` that change texts, but ``gsub``, each compiled for one field.

Source: logstash-filter-mutate 3.6.0. An operation raises :class:`EventError` where Logstash's raises.
"""

from __future__ import annotations

from collections.abc import Callable

from atalaia.pipeline.codegen.emitter import Emitter
from atalaia.pipeline.codegen.operation import Operation
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.java import ruby_capitalize, ruby_downcase, ruby_text
from atalaia.pipeline.mutate.places import written
from atalaia.pipeline.ruby_split import ruby_split
from atalaia.pipeline.sprintf import compile_static_reference, static_reference
from atalaia.pipeline.values import Value

_STRIPPED = "\t\n\v\f\r "


def _on_texts(change: Callable[[str], str], name: str) -> Operation:
    """Change a text, or the texts of a list; anything else stays."""
    reference = compile_static_reference(name)

    def run(event: Event) -> None:
        field = reference(event)
        value = field.get(event)
        if isinstance(value, str):
            field.set(event, change(value))
        elif isinstance(value, list):
            field.set(event, [change(item) if isinstance(item, str) else item for item in value])

    return changing_text(name, run, change)


def changing_text(name: str, run: Callable[[Event], None], change: Callable[[str], str]) -> Operation:
    """Return an operation that makes another text of a text; ``run`` does so too, and treats anything else."""
    place = static_reference(name)
    if place is None:
        return Operation(run, written(name))

    def inline(emitter: Emitter, call: str) -> None:
        source, value = emitter.source, emitter.source.scratch("v")
        source.line(f"{value} = {emitter.value(place)}")
        with emitter.block(f"if type({value}) is str:"):
            source.line(f"{value} = {source.bind(change, 'change')}({value})")
            emitter.store(place, value)
        with emitter.block(f"elif {value} is not None:"):
            source.line(call)
            emitter.changed(place)

    return Operation(run, [place], inline)


def uppercase(name: str) -> Operation:
    """Change a field to upper case."""
    return _on_texts(str.upper, name)


def lowercase(name: str) -> Operation:
    """Change a field to lower case."""
    return _on_texts(ruby_downcase, name)


def capitalize(name: str) -> Operation:
    """Change a field's first letter to upper case and the others to lower case."""
    return _on_texts(ruby_capitalize, name)


def strip(name: str) -> Operation:
    """Remove white space around a text, or around the texts of a list, which may hold nothing else."""
    reference = compile_static_reference(name)

    def run(event: Event) -> None:
        field = reference(event)
        value = field.get(event)
        if isinstance(value, str):
            field.set(event, _strip(value))
        elif isinstance(value, list):
            field.set(event, [_strip(item) for item in value])

    return Operation(run, written(name))


def split(name: str, separator: str) -> Operation:
    """Split a text into a list, empty items at its end left out."""
    reference = compile_static_reference(name)

    def run(event: Event) -> None:
        field = reference(event)
        value = field.get(event)
        if isinstance(value, str):
            field.set(event, list(_split(value, separator)))

    return Operation(run, written(name))


def join(name: str, separator: str) -> Operation:
    """Join the items of a list."""
    reference = compile_static_reference(name)

    def run(event: Event) -> None:
        field = reference(event)
        value = field.get(event)
        if isinstance(value, list):
            field.set(event, _join(value, separator))

    return Operation(run, written(name))


def _strip(value: Value) -> str:
    if not isinstance(value, str):
        raise EventError(f"{value!r} cannot be stripped: it is no text")
    return value.lstrip(f"{_STRIPPED}\0").rstrip(f"{_STRIPPED}\0")


def _split(text: str, separator: str) -> list[str]:
    """Split as Ruby's ``String#split``, which drops empty parts at the end."""
    parts = ruby_split(text, separator)
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _join(items: list[Value], separator: str) -> str:
    return separator.join(
        _join(item, separator) if isinstance(item, list) else "" if item is None else ruby_text(item) for item in items
    )
