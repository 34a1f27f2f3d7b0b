"""The operations of ``mutate`` that set, move, copy and merge fields, each compiled for one field.

Source: logstash-filter-mutate 3.6.0.
"""

from __future__ import annotations

from collections.abc import Sequence

from atalaia.pipeline.codegen.emitter import Emitter
from atalaia.pipeline.codegen.operation import Operation
from atalaia.pipeline.codegen.texts import text as text_of
from atalaia.pipeline.event import Event
from atalaia.pipeline.mutate.places import written
from atalaia.pipeline.sprintf import (
    compile_reference,
    compile_static_reference,
    compile_template,
    constant_reference,
    static_reference,
)
from atalaia.pipeline.values import Value, as_list, copy_value


def coerce(name: str, text: str) -> Operation:
    """Give a field that is null a value."""
    reference, template = compile_static_reference(name), compile_template(text)

    def run(event: Event) -> None:
        field = reference(event)
        if field.get(event) is None and field.includes(event):
            field.set(event, template(event))

    return Operation(run, written(name))


def rename(old: str, new: str) -> Operation:
    """Move a field; both names may hold ``%{…}``. The old field is gone even when the new one cannot be set."""
    source, target = compile_reference(old), compile_reference(new)

    def run(event: Event) -> None:
        field, place = source(event), target(event)
        if field.includes(event):
            place.set(event, field.remove(event))

    from_place, to_place = constant_reference(old), constant_reference(new)
    if from_place is None or to_place is None:
        return Operation(run)

    def inline(emitter: Emitter, call: str) -> None:
        if from_place.is_metadata:
            emitter.source.line(call)
            emitter.called([from_place, to_place])
            return
        value = emitter.source.scratch("v")
        emitter.take(from_place, value)
        emitter.prepare(to_place)
        with emitter.block(f"if {value} is not {emitter.missing}:"):
            emitter.store(to_place, value)

    return Operation(run, [from_place, to_place], inline)


def update(name: str, text: str) -> Operation:
    """Give a field that exists a new value."""
    reference, template = compile_static_reference(name), compile_template(text)

    def run(event: Event) -> None:
        field = reference(event)
        if field.includes(event):
            field.set(event, template(event))

    place = static_reference(name)
    if place is None:
        return Operation(run, written(name))

    def inline(emitter: Emitter, _call: str) -> None:
        with emitter.block(f"if {emitter.includes(place)}:"):
            emitter.store(place, text_of(emitter, template))

    return Operation(run, [place], inline)


def replace(name: str, text: str) -> Operation:
    """Give a field a new value, be it there or not."""
    reference, template = compile_static_reference(name), compile_template(text)

    def run(event: Event) -> None:
        reference(event).set(event, template(event))

    place = static_reference(name)
    if place is None:
        return Operation(run, written(name))
    return Operation(run, [place], lambda emitter, _call: emitter.store(place, text_of(emitter, template)))


def merge(name: str, sources: Sequence[str]) -> Operation:
    """Append other fields to a list, or an object's members to an object; the two kinds do not mix."""
    reference = compile_static_reference(name)
    others = [compile_static_reference(source) for source in sources]

    def run(event: Event) -> None:
        field = reference(event)
        value = field.get(event)  # once: of several sources the last one wins over a scalar, as in Logstash
        for other in others:
            added = copy_value(other(event).get(event))
            if isinstance(value, dict) and isinstance(added, dict):
                value.update(added)
                field.set(event, value)
            elif not isinstance(value, dict) and not isinstance(added, dict):
                field.set(event, _appended(value, added))

    return Operation(run, written(name))


def copy(source: str, target: str) -> Operation:
    """Copy a field; null and missing ones are not copied."""
    reference, place = compile_static_reference(source), compile_static_reference(target)

    def run(event: Event) -> None:
        value = reference(event).get(event)
        if value is not None:
            place(event).set(event, copy_value(value))

    from_place, to_place = static_reference(source), static_reference(target)
    if from_place is None or to_place is None:
        return Operation(run, written(target))

    def inline(emitter: Emitter, _call: str) -> None:
        code, value = emitter.source, emitter.source.scratch("v")
        code.line(f"{value} = {emitter.value(from_place)}")
        emitter.prepare(to_place)
        with emitter.block(f"if {value} is not None:"):
            with code.indented(f"if type({value}) is dict or type({value}) is list:"):
                code.line(f"{value} = {code.bind(copy_value, 'copy_value')}({value})")
            emitter.store(to_place, value)

    return Operation(run, [to_place], inline)


def _appended(value: Value, added: Value) -> Value:
    """Append to a list in place, to anything else in a new list."""
    items = value if isinstance(value, list) else as_list(value)
    items.extend(as_list(added))
    return items
