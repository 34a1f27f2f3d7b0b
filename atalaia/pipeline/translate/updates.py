"""What ``translate`` does to an event: translate one value, the items of a list, or a field of each of its objects.

Source: the ``Update`` classes of logstash-filter-translate 3.5.0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TypeAlias

from atalaia.pipeline.event import Event
from atalaia.pipeline.java import ruby_text
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.sprintf import Template
from atalaia.pipeline.translate.lookup import Lookup
from atalaia.pipeline.values import Value, as_list

Update: TypeAlias = Callable[[Event], bool]
"""Translates in an event, and tells whether it translated anything."""


@dataclass(frozen=True, slots=True)
class Translator:
    """What values are translated with.

    Attributes:
        current: Gives the look-up of the moment.
        fallback: What is said instead of a translation that there is not.
    """

    current: Callable[[], Lookup]
    fallback: Template | None


def update_value(source: FieldReference, target: FieldReference, translator: Translator) -> Update:
    """Return what translates one value, and tells whether it did."""
    current, fallback = translator.current, translator.fallback

    def update(event: Event) -> bool:
        found = current()(_text(source.get(event)))
        if found is not None:
            target.set(event, found.value)
        elif fallback is not None:
            target.set(event, fallback(event))
        return found is not None or fallback is not None

    return update


def update_items(source: FieldReference, target: FieldReference, translator: Translator) -> Update:
    """Return what translates each item of a list; one that is not known becomes the fallback or null."""
    current, fallback = translator.current, translator.fallback

    def update(event: Event) -> bool:
        look_up = current()
        otherwise = None if fallback is None else fallback(event)
        found = [look_up(ruby_text(item)) for item in as_list(source.get(event))]
        translated: list[Value] = [otherwise if item is None else item.value for item in found]
        target.set(event, translated)
        return any(item is not None and item is not False for item in translated)

    return update


def update_objects(
    objects: FieldReference, source: FieldReference, target: FieldReference, translator: Translator
) -> Update:
    """Return what translates a field of each object of a list; objects without it stay as they are."""
    current, fallback = translator.current, translator.fallback
    source_of = lru_cache(maxsize=1024)(partial(_within, objects, source))
    target_of = lru_cache(maxsize=1024)(partial(_within, objects, target))

    def update(event: Event) -> bool:
        look_up, translated = current(), False
        for index in range(len(as_list(objects.get(event)))):
            value = source_of(index).get(event)
            if value is None:
                continue
            found = look_up(ruby_text(value))
            if found is not None:
                target_of(index).set(event, found.value)
            elif fallback is not None:
                target_of(index).set(event, fallback(event))
            translated = translated or found is not None or fallback is not None
        return translated

    return update


def _within(objects: FieldReference, field: FieldReference, index: int) -> FieldReference:
    """Return the place of a field in one object of a list."""
    return FieldReference.parse(f"{_bracketed(objects)}[{index}]{_bracketed(field)}")


def _bracketed(field: FieldReference) -> str:
    return field.text if field.text.startswith("[") else f"[{field.text}]"


def _text(value: Value) -> str:
    """Return the text that is looked up: of a list that of its first item."""
    return ruby_text((value[0] if value else None) if isinstance(value, list) else value)
