"""What the operations of ``mutate`` do; it runs them in one fixed order, whatever the order they are written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from atalaia.pipeline.check.effects.written import Written, texts_of
from atalaia.pipeline.check.flow.field_steps import Become, Copy, Move, Set
from atalaia.pipeline.check.flow.fields import Kind
from atalaia.pipeline.check.flow.references import references_in
from atalaia.pipeline.check.flow.steps import Read, Step, Tag
from atalaia.pipeline.settings import SettingValue

_KINDS: Final = {
    "integer": Kind.NUMERIC,
    "float": Kind.NUMERIC,
    "integer_eu": Kind.NUMERIC,
    "float_eu": Kind.NUMERIC,
    "string": Kind.TEXT,
    "boolean": Kind.LOGICAL,
}
_TRIPLE: Final = 3

Operation: TypeAlias = Callable[[str, SettingValue, str], Iterator[Step]]
"""Tells what one entry of an option does, given its name (a field), its value and the option."""


def _rename(name: str, value: SettingValue, option: str) -> Iterator[Step]:
    yield from (Move(name, target, option) for target in texts_of(value))


def _copy(name: str, value: SettingValue, option: str) -> Iterator[Step]:
    yield from (Copy(name, target, option) for target in texts_of(value))


def _coerce(name: str, value: SettingValue, option: str) -> Iterator[Step]:
    yield from _templates(value, option)
    yield Set(name)


def _update(name: str, value: SettingValue, option: str) -> Iterator[Step]:
    yield from _templates(value, option)
    yield Read(name, option)
    yield Become(name, Kind.TEXT)


def _replace(name: str, value: SettingValue, option: str) -> Iterator[Step]:
    yield from _templates(value, option)
    yield Set(name, Kind.TEXT, certain=True)


def _convert(name: str, value: SettingValue, option: str) -> Iterator[Step]:
    yield Read(name, option)
    kinds = [_KINDS.get(kind, Kind.ANY) for kind in texts_of(value)]
    yield from (Become(name, kind) for kind in kinds[:1])


def _split(name: str, _value: SettingValue, option: str) -> Iterator[Step]:
    yield Read(name, option)


def _join(name: str, _value: SettingValue, option: str) -> Iterator[Step]:
    yield Read(name, option)
    yield Become(name, Kind.ANY)


def _merge(name: str, value: SettingValue, option: str) -> Iterator[Step]:
    yield from (Read(source, option) for source in texts_of(value))
    yield Set(name)


def _change(name: str, value: SettingValue, option: str) -> Iterator[Step]:
    yield from _templates(value, option)
    yield Read(name, option)


def _templates(value: SettingValue, option: str) -> Iterator[Step]:
    yield from (Read(reference, option) for text in texts_of(value) for reference in references_in(text))


OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "coerce": _coerce,
        "rename": _rename,
        "update": _update,
        "replace": _replace,
        "convert": _convert,
        "gsub": _change,
        "uppercase": _change,
        "capitalize": _change,
        "lowercase": _change,
        "strip": _change,
        "split": _split,
        "join": _join,
        "merge": _merge,
        "copy": _copy,
    }
)
"""Option to what it does, in the order in which they run."""


def entries(plugin: Written, option: str) -> list[tuple[str, SettingValue]]:
    """Return what an option of ``mutate`` is applied to, field by field."""
    if option == "gsub":
        parts = plugin.texts("gsub")
        return [(parts[at], list(parts[at + 1 : at + _TRIPLE])) for at in range(0, len(parts), _TRIPLE)]
    if option in ("uppercase", "capitalize", "lowercase", "strip"):
        return [(name, "") for name in plugin.texts(option)]
    return plugin.pairs(option)


def mutate(plugin: Written) -> Iterator[Step]:
    """Declare ``mutate``."""
    for option, operation in OPERATIONS.items():
        for name, value in entries(plugin, option):
            yield from operation(name, value, option)
    yield Tag((plugin.text("tag_on_failure", "_mutate_error"),))
