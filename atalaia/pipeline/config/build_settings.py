"""From the attributes of a plugin as written to its settings as the plugin gets them."""

from __future__ import annotations

from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.errors import Position
from atalaia.pipeline.settings import Settings, SettingValue


def build_settings(plugin: syntax.Plugin, variables: Variables) -> Settings:
    """Replace variables in values and join options that are given several times, as Logstash does."""
    values: dict[str, SettingValue] = {}
    positions: dict[str, Position] = {}
    for attribute in plugin.attributes:
        value = _value(attribute.value, variables)
        name = attribute.name
        values[name] = _joined(values[name], value) if name in values else value
        positions.setdefault(name, attribute.position)
    return Settings(plugin.name, plugin.position, values, positions)


def _value(node: syntax.Value, variables: Variables) -> SettingValue:
    match node:
        case syntax.Word() | syntax.String():
            return variables.replace(node.text, node.position)
        case syntax.Number():
            return node.value
        case syntax.Array():
            return [_value(item, variables) for item in node.items]
        case syntax.Hash():
            return {name: _value(item, variables) for name, item in node.entries}
        case syntax.Plugin():
            return build_settings(node, variables)


def _joined(first: SettingValue, second: SettingValue) -> SettingValue:
    """Join two values of one option: hashes merge, arrays grow, different scalars become an array."""
    if isinstance(first, dict) and isinstance(second, dict):
        return _merged(first, second)
    if isinstance(first, list):
        return [*first, *_items(second)]
    return first if first == second else [first, *_items(second)]


def _merged(first: dict[str, SettingValue], second: dict[str, SettingValue]) -> dict[str, SettingValue]:
    """Merge two hashes; the values of a name that both have become one array without duplicates."""
    merged = dict(first)
    for name, value in second.items():
        present = merged.get(name, value)
        if isinstance(present, dict) and isinstance(value, dict):
            merged[name] = _merged(present, value)
        elif isinstance(present, list) or isinstance(value, list) or present != value:
            merged[name] = _united(_items(present), _items(value))
        else:
            merged[name] = value
    return merged


def _united(first: list[SettingValue], second: list[SettingValue]) -> list[SettingValue]:
    united = list(first)
    united += [item for place, item in enumerate(second) if item not in united and item not in second[:place]]
    return united


def _items(value: SettingValue) -> list[SettingValue]:
    return value if isinstance(value, list) else [value]
