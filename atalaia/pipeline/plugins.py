"""Plugins by their Logstash names, each imported when a configuration names it: a pipeline starts sooner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Generic, TypeVar, cast

PluginT = TypeVar("PluginT")


class Plugins(Mapping[str, PluginT], Generic[PluginT]):
    """The plugins of one kind: a module each, named like the plugin, that has it as ``PLUGIN``.

    Args:
        package: Where the modules are.
        names: The plugins there are.
    """

    def __init__(self, package: str, *names: str) -> None:
        self._package = package
        self._names = names

    def __getitem__(self, name: str) -> PluginT:
        if name not in self._names:
            raise KeyError(name)
        return cast("PluginT", import_module(f"{self._package}.{name}").PLUGIN)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
