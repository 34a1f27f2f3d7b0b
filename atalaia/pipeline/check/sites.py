"""The plugins of a configuration, each with its settings and where its texts stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from atalaia.pipeline.check.effects.written import Written
from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.config.build_settings import build_settings
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.errors import ConfigurationError, Position


class LenientVariables(Variables):
    """Variables that leave a placeholder as it is when it cannot be replaced, and remember the complaint.

    Args:
        values: Name to value.
    """

    def __init__(self, values: Mapping[str, str]) -> None:
        super().__init__(values)
        self.refusals: list[ConfigurationError] = []

    def replace(self, text: str, position: Position) -> str:
        """Return the text with the placeholders replaced that can be."""
        try:
            return super().replace(text, position)
        except ConfigurationError as refusal:
            self.refusals.append(refusal)
            return text


@dataclass(frozen=True, slots=True)
class Site:
    """A plugin where it stands.

    Attributes:
        kind: Its section: ``input``, ``filter`` or ``output``.
        node: The plugin as it is written.
        written: Its settings, with variables replaced where they could be.
        undefined: The complaints about variables, by option.
    """

    kind: str
    node: syntax.Plugin
    written: Written
    undefined: Mapping[str, tuple[ConfigurationError, ...]]

    @property
    def name(self) -> str:
        """The plugin's name."""
        return self.node.name

    def place(self, option: str, text: str) -> Position:
        """Return where a text stands in an option: the text that is it or holds it, else the option's name."""
        values = [each.value for each in self.node.attributes if each.name == option]
        texts = [found for value in values for found in texts_in(value)]
        same = [position for position, found in texts if found == text]
        around = [position for position, found in texts if text in found]
        return next(iter(same + around), self.written.settings.position_of(option))

    def entry_place(self, option: str, name: str) -> Position:
        """Return where the name of an entry stands in an option that is a hash, or the text in one that is none."""
        for attribute in self.node.attributes:
            if attribute.name == option and isinstance(attribute.value, syntax.Hash):
                for (each, _), place in zip(attribute.value.entries, attribute.value.places, strict=True):
                    if each == name:
                        return place
        return self.place(option, name)


class SiteFinder:
    """Finds the site of a plugin.

    Args:
        configuration: What was read.
        variables: For ``${…}``.
        ecs: Whether ECS compatibility is on for the pipeline.
        directory: Where relative paths start.
    """

    def __init__(
        self, configuration: syntax.Configuration, variables: Mapping[str, str], *, ecs: bool, directory: Path
    ) -> None:
        self._variables = variables
        self._ecs = ecs
        self._directory = directory
        found = [(section.kind, node) for section in configuration.sections for node in plugins_in(section.body)]
        self._sites = {id(node): self._site(kind, node) for kind, node in found}
        self._order = [self._sites[id(node)] for _, node in found]

    def __iter__(self) -> Iterator[Site]:
        return iter(self._order)

    def find(self, node: syntax.Plugin) -> Site:
        """Return the site of a plugin of this configuration."""
        return self._sites[id(node)]

    def _site(self, kind: str, node: syntax.Plugin) -> Site:
        undefined: dict[str, tuple[ConfigurationError, ...]] = {}
        for attribute in node.attributes:
            variables = LenientVariables(self._variables)
            build_settings(syntax.Plugin(node.position, node.name, (attribute,)), variables)
            if variables.refusals:
                undefined[attribute.name] = (*undefined.get(attribute.name, ()), *variables.refusals)
        settings = build_settings(node, LenientVariables(self._variables))
        own = settings.values.get("ecs_compatibility")
        ecs = self._ecs if own is None else own != "disabled"
        return Site(kind, node, Written(settings, ecs, self._directory), undefined)


def plugins_in(statements: tuple[syntax.Statement, ...]) -> Iterator[syntax.Plugin]:
    """Yield every plugin, in the order of the file, those in branches too."""
    for statement in statements:
        if isinstance(statement, syntax.Plugin):
            yield statement
        else:
            for arm in statement.arms:
                yield from plugins_in(arm.body)


def branches_in(statements: tuple[syntax.Statement, ...]) -> Iterator[syntax.Branch]:
    """Yield every branch, outer ones before those within."""
    for statement in statements:
        if isinstance(statement, syntax.Branch):
            yield statement
            for arm in statement.arms:
                yield from branches_in(arm.body)


def texts_in(value: syntax.Value, *, names: bool = True) -> Iterator[tuple[Position, str]]:
    """Yield every text of a value with where it stands; with ``names`` those of hashes too."""
    match value:
        case syntax.Word() | syntax.String():
            yield value.position, value.text
        case syntax.Number():
            yield value.position, str(value.value)
        case syntax.Array():
            for item in value.items:
                yield from texts_in(item, names=names)
        case syntax.Hash():
            for (name, item), place in zip(value.entries, value.places, strict=True):
                if names:
                    yield place, name
                yield from texts_in(item, names=names)
        case syntax.Plugin():
            for attribute in value.attributes:
                yield from texts_in(attribute.value, names=names)
