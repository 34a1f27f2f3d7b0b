"""A configuration as the checks look at it: what is written, what would be refused, what events may look like where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from atalaia.pipeline.check.flow.walk import Flow, follow
from atalaia.pipeline.check.loading import Loading, condition_refusals, load_site
from atalaia.pipeline.check.sites import LenientVariables, Site, SiteFinder, branches_in
from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError, Position
from atalaia.pipeline.refusals import duplicate_id, input_in_branch


@dataclass(frozen=True)
class Subject:
    """A configuration that could be read.

    Attributes:
        configuration: Its syntax tree.
        context: What its plugins may know.
        variables: For ``${…}``.
    """

    configuration: syntax.Configuration
    context: PipelineContext
    variables: Mapping[str, str]

    @property
    def ecs(self) -> bool:
        """Whether ECS compatibility is on for the pipeline."""
        return self.context.ecs_compatibility is not EcsCompatibility.DISABLED

    @cached_property
    def sites(self) -> SiteFinder:
        """Its plugins."""
        return SiteFinder(self.configuration, self.variables, ecs=self.ecs, directory=self.context.directory)

    @cached_property
    def flow(self) -> Flow:
        """What its plugins and conditions meet."""
        return follow(self.configuration, self.sites)

    @cached_property
    def other_flow(self) -> Flow:
        """What they would meet with the other ECS compatibility."""
        sites = SiteFinder(self.configuration, self.variables, ecs=not self.ecs, directory=self.context.directory)
        return follow(self.configuration, sites)

    @cached_property
    def branches(self) -> list[syntax.Branch]:
        """Its branches, in the order of the file."""
        return [branch for section in self.configuration.sections for branch in branches_in(section.body)]

    @cached_property
    def loadings(self) -> list[Loading]:
        """What came of loading each plugin."""
        return [load_site(site, self.context) for site in self.sites]

    @cached_property
    def refusals(self) -> list[ConfigurationError]:
        """Everything for which it would be refused."""
        return [*self._of_plugins(), *self._of_conditions(), *self._of_inputs(), *self._of_ids()]

    def filters(self, *names: str) -> list[Site]:
        """Return the filters of some names."""
        return [site for site in self.sites if site.kind == "filter" and site.name in names]

    def _of_plugins(self) -> Iterator[ConfigurationError]:
        for loading in self.loadings:
            yield from loading.refusals

    def _of_conditions(self) -> Iterator[ConfigurationError]:
        variables = LenientVariables(self.variables)
        for branch in self.branches:
            yield from condition_refusals(branch, variables)
        seen: set[tuple[Position, str]] = set()
        for refusal in variables.refusals:
            if (refusal.position, refusal.problem) not in seen:
                seen.add((refusal.position, refusal.problem))
                yield refusal

    def _of_inputs(self) -> Iterator[ConfigurationError]:
        for section in self.configuration.sections:
            if section.kind == "input":
                yield from (input_in_branch(node) for node in section.body if isinstance(node, syntax.Branch))

    def _of_ids(self) -> Iterator[ConfigurationError]:
        taken: dict[str, Position] = {}
        for site in self.sites:
            settings = site.written.settings
            identity = settings.values.get("id")
            if isinstance(identity, str):
                if identity in taken:
                    yield duplicate_id(settings, identity, taken[identity])
                taken.setdefault(identity, settings.position_of("id"))
