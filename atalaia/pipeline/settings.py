"""The settings of one plugin as a configuration gives them, and the types its options are declared with.

Logstash coerces before it checks: ``"true"`` is a boolean, ``"3"`` a number, a single value an array of one, an array
of pairs a hash. The types below do the same and refuse what Logstash refuses. Hashes come out in the order in which
Logstash runs through them (see :func:`atalaia.pipeline.java.hash_order`); those written as arrays keep their order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Final, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, GetCoreSchemaHandler
from pydantic_core.core_schema import CoreSchema, is_instance_schema, no_info_plain_validator_function

from atalaia.pipeline.errors import Position
from atalaia.pipeline.java import hash_order, ruby_text
from atalaia.pipeline.values import Value


@dataclass(frozen=True, slots=True)
class Settings:
    """What stands between the braces of one plugin.

    Attributes:
        plugin: The plugin's name.
        position: Where the name stands.
        values: Option name to value, environment variables already replaced, repeated options joined.
        positions: Option name to where it (first) stands.
    """

    plugin: str
    position: Position
    values: Mapping[str, SettingValue]
    positions: Mapping[str, Position]

    def position_of(self, option: str) -> Position:
        """Return where an option stands, or the plugin when it is absent."""
        return self.positions.get(option, self.position)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: type[Settings], _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Take settings as they are: the codec they belong to checks them."""
        return is_instance_schema(cls)


def plugin_id(settings: Settings) -> str:
    """Return how counters and dead letters name a plugin: its ``id``, or else ``name:line:column``."""
    identity = settings.values.get("id")
    position = settings.position
    return identity if isinstance(identity, str) else f"{settings.plugin}:{position.line}:{position.column}"


SettingValue: TypeAlias = "str | int | float | list[SettingValue] | dict[str, SettingValue] | Settings"
"""A value in a configuration; :class:`Settings` is a codec with its own braces."""

_NUMERIC: Final = re.compile(r"-?\d{1,300}(\.\d{1,300})?", re.ASCII)
"""A number as text, which Logstash takes when it prints the number back as the same text: not ``007``, not ``1.50``."""


class PluginOptions(BaseModel):
    """The options every plugin has. Unknown ones are refused.

    Attributes:
        id: The plugin's name in counters and logs; must be unique in a pipeline.
        enable_metric: Whether its counters are kept.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Text | None = None
    enable_metric: Flag = True


def _text(value: SettingValue) -> str:
    item = _single(value)
    if isinstance(item, str):
        return item
    if isinstance(item, int | float):
        return str(item)
    raise ValueError("expected one text")


def _single(value: SettingValue) -> SettingValue:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _flag(value: SettingValue | bool) -> bool:  # noqa: FBT001 - this is the value being read
    if isinstance(value, bool):
        return value
    item = _single(value)
    if item in ("true", "false"):
        return item == "true"
    raise ValueError("expected true or false")


def _number(value: SettingValue) -> int | float:
    item = _single(value)
    if isinstance(item, int | float):
        return item
    if isinstance(item, str) and _NUMERIC.fullmatch(item):
        number = float(item) if "." in item else int(item)
        if ruby_text(number) == item:
            return number
    raise ValueError("expected a number")


def _integer(value: SettingValue) -> int:
    return int(_number(value))


def _list(value: SettingValue) -> list[SettingValue]:
    return value if isinstance(value, list) else [value]


def _items(value: SettingValue) -> tuple[str | int | float, ...]:
    items = [item for item in _list(value) if isinstance(item, str | int | float)]
    if len(items) < len(_list(value)):
        raise ValueError("expected texts or numbers")
    return tuple(items)


def _texts(value: SettingValue | tuple[str, ...]) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else tuple(_text(item) for item in _list(value))


def _hash(value: SettingValue) -> dict[str, SettingValue]:
    """Return a hash; an array of pairs is one in the order given, and a name that stands twice collects its values."""
    if isinstance(value, dict):
        return {name: value[name] for name in hash_order(value)}
    items = _list(value)
    if len(items) % 2:
        raise ValueError(f"expected a hash, or an array with an even number of items, got {len(items)}")
    found: dict[str, SettingValue] = {}
    for name, item in zip(items[::2], items[1::2], strict=True):
        key = _text(name)
        found[key] = [*_list(found[key]), item] if key in found else item
    return found


def _integers(value: SettingValue | tuple[int, ...]) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else tuple(_integer(item) for item in _list(value))


def _text_hash(value: SettingValue) -> dict[str, str]:
    return {name: _text(item) for name, item in _hash(value).items()}


def _item_hash(value: SettingValue) -> dict[str, str | int | float]:
    found = _hash(value)
    return dict(zip(found, _items(list(found.values())), strict=True))


def _codec(value: SettingValue) -> str | Settings:
    item = _single(value)
    if isinstance(item, str | Settings):
        return item
    raise ValueError("expected the name of a codec")


def _texts_hash(value: SettingValue) -> dict[str, tuple[str, ...]]:
    return {name: _texts(item) for name, item in _hash(value).items()}


Text: TypeAlias = Annotated[str, BeforeValidator(_text)]
"""One text; a number is taken as its digits."""
Flag: TypeAlias = Annotated[bool, BeforeValidator(_flag)]
"""``true`` or ``false``, quoted or not."""
Number: TypeAlias = Annotated[int | float, BeforeValidator(_number)]
"""A number, quoted or not."""
Integer: TypeAlias = Annotated[int, BeforeValidator(_integer)]
"""A whole number, quoted or not."""
Texts: TypeAlias = Annotated[tuple[str, ...], BeforeValidator(_texts)]
"""Texts; a single one is a list of one."""
Items: TypeAlias = Annotated[tuple[str | int | float, ...], BeforeValidator(_items)]
"""Texts and numbers as they are written; a single one is a list of one."""
ItemHash: TypeAlias = Annotated[dict[str, str | int | float], BeforeValidator(_item_hash)]
"""Names to one text or number each, as they are written."""
Integers: TypeAlias = Annotated[tuple[int, ...], BeforeValidator(_integers)]
"""Whole numbers; a single one is a list of one."""
TextHash: TypeAlias = Annotated[dict[str, str], BeforeValidator(_text_hash)]
"""Names to one text each."""
CodecSetting: TypeAlias = Annotated[str | Settings, BeforeValidator(_codec)]
"""A codec: its name, or its name and options in braces."""
TextsHash: TypeAlias = Annotated[dict[str, tuple[str, ...]], BeforeValidator(_texts_hash)]
"""Names to one or several texts each."""


@dataclass(frozen=True, slots=True)
class ValueHash:
    """Names to values of any kind; a type for options.

    Attributes:
        items: The values, in the order in which Logstash runs through them.
    """

    items: dict[str, Value] = field(default_factory=dict)

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: type[ValueHash], _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Read the hash a configuration gives."""
        return no_info_plain_validator_function(cls._read)

    @classmethod
    def _read(cls, value: SettingValue) -> ValueHash:
        return cls({name: _value(item) for name, item in _hash(value).items()})


def _value(setting: SettingValue) -> Value:
    if isinstance(setting, dict):
        return {name: _value(item) for name, item in setting.items()}
    if isinstance(setting, Settings):
        raise ValueError("expected values, not a plugin")  # noqa: TRY004 - pydantic reports a ValueError
    return [_value(item) for item in setting] if isinstance(setting, list) else setting


PluginOptions.model_rebuild()
