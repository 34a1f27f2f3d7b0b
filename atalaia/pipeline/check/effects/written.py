"""The options of a plugin as they are written, read leniently: what is wrong with them is another check's business."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from atalaia.pipeline.check.flow.steps import Step
from atalaia.pipeline.settings import Settings, SettingValue


@dataclass(frozen=True, slots=True)
class Written:
    """A plugin.

    Attributes:
        settings: Its options.
        ecs: Whether ECS compatibility is on, for this plugin.
        directory: Where relative paths start.
    """

    settings: Settings
    ecs: bool
    directory: Path

    def has(self, option: str) -> bool:
        """Tell whether an option is written."""
        return option in self.settings.values

    def text(self, option: str, default: str = "") -> str:
        """Return an option that is one text."""
        return next(iter(self.texts(option)), default)

    def texts(self, option: str) -> list[str]:
        """Return an option that is one text or several."""
        return [] if not self.has(option) else list(texts_of(self.settings.values[option]))

    def pairs(self, option: str) -> list[tuple[str, SettingValue]]:
        """Return the entries of an option that is a hash, or an array of pairs."""
        value = self.settings.values.get(option, {})
        if isinstance(value, dict):
            return list(value.items())
        items = value if isinstance(value, list) else [value]
        return [(str(name), item) for name, item in zip(items[::2], items[1::2], strict=False)]

    def text_pairs(self, option: str) -> list[tuple[str, str]]:
        """Return the entries of an option whose values are texts; one for each text of a list."""
        return [(name, text) for name, value in self.pairs(option) for text in texts_of(value)]

    def flag(self, option: str, *, default: bool) -> bool:
        """Return an option that is true or false."""
        return self.text(option, "true" if default else "false") == "true"


Declaration: TypeAlias = Callable[[Written], Iterator[Step]]
"""Tells what a plugin does by itself; the options all plugins share are not its business."""


def texts_of(value: SettingValue) -> Iterator[str]:
    """Yield every text in a value; numbers as their digits, names of hashes left out."""
    if isinstance(value, str | int | float):
        yield str(value)
    elif isinstance(value, list):
        for item in value:
            yield from texts_of(item)
    elif isinstance(value, dict):
        yield from texts_in_hash(value.values())


def texts_in_hash(values: Iterable[SettingValue]) -> Iterator[str]:
    """Yield every text in some values."""
    for value in values:
        yield from texts_of(value)


def below(target: str, name: str) -> str:
    """Return the reference of a name below a target; the name itself without a target."""
    if not target:
        return name
    root = target if target.startswith("[") else f"[{target}]"
    return root + (name if name.startswith("[") else f"[{name}]")
