"""The common options of filters and inputs, applied to an event: add_field, remove_field, add_tag, remove_tag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from atalaia.pipeline.codegen.emitter import Emitter
from atalaia.pipeline.codegen.operation import Operation
from atalaia.pipeline.codegen.texts import text as text_of
from atalaia.pipeline.event import Event
from atalaia.pipeline.reference import TAGS
from atalaia.pipeline.sprintf import Template, compile_reference, compile_template, constant_reference
from atalaia.pipeline.values import Value, as_list


@dataclass(frozen=True, slots=True)
class Decorate:
    """Applies options to an event; raises ``EventError`` where Logstash raises.

    Attributes:
        steps: One for each field and tag, in order.
    """

    steps: tuple[Operation, ...]

    def __call__(self, event: Event) -> None:
        """Apply them all."""
        for step in self.steps:
            step.run(event)

    def emit(self, emitter: Emitter) -> None:
        """Write them into the code of a section."""
        for step in self.steps:
            step.emit(emitter)


def compile_decorate(
    add_field: Mapping[str, Sequence[str]],
    remove_field: Sequence[str],
    add_tag: Sequence[str],
    remove_tag: Sequence[str],
) -> Decorate:
    """Compile the options, in Logstash's order: fields added, fields removed, tags added, tags removed."""
    steps = [_adding(name, value) for name, values in add_field.items() for value in values]
    steps += [_removing(name) for name in remove_field]
    steps += [_tagging(tag) for tag in add_tag]
    if remove_tag:
        steps.append(_untagging(remove_tag))
    return Decorate(tuple(steps))


def _adding(name: str, text: str) -> Operation:
    reference, template = compile_reference(name), compile_template(text)

    def add(event: Event) -> None:
        target = reference(event)
        value: Value = template(event)
        target.set(event, [*as_list(target.get(event)), value] if target.includes(event) else value)

    place = constant_reference(name)
    if place is None:
        return Operation(add)

    def inline(emitter: Emitter, call: str) -> None:
        emitter.prepare(place)
        with emitter.block(f"if {emitter.includes(place)}:"):
            emitter.source.line(call)
            emitter.changed(place)
        with emitter.block("else:"):
            emitter.store(place, text_of(emitter, template))

    return Operation(add, [place], inline)


def _removing(name: str) -> Operation:
    reference = compile_reference(name)

    def remove(event: Event) -> None:
        reference(event).remove(event)

    place = constant_reference(name)
    if place is None:
        return Operation(remove)
    return Operation(remove, [place], lambda emitter, _call: emitter.remove(place))


def _tagging(text: str) -> Operation:
    template = compile_template(text)

    def tag(event: Event) -> None:
        TAGS.set(event, [*as_list(TAGS.get(event)), template(event)])

    return Operation(tag, [TAGS])


def _untagging(texts: Sequence[str]) -> Operation:
    templates: list[Template] = [compile_template(text) for text in texts]

    def untag(event: Event) -> None:
        tags = TAGS.get(event)
        if tags is None:
            return
        gone = {template(event) for template in templates}
        TAGS.set(event, [tag for tag in as_list(tags) if tag not in gone])

    def inline(emitter: Emitter, call: str) -> None:
        with emitter.block(f"if {emitter.value(TAGS)} is not None:"):
            emitter.source.line(call)
            emitter.called([TAGS])

    return Operation(untag, [TAGS], inline)
