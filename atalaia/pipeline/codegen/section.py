"""Write the code of a section: one function that runs a list of events through all its plugins.

def section(events, reject, delivery):
b0 = b1 = f3 = 0
out = []
try:
for event in events:
b0 += 1
data = event.data
meta = event.metadata
…
out.append(event)
finally:
tally((b0, b1, f3))
return out
"""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Final, Protocol, TypeAlias, cast

from atalaia.pipeline.codegen.conditions import ConditionWriter
from atalaia.pipeline.codegen.counts import BLOCK, DROPPED, REJECTED, SECONDS
from atalaia.pipeline.codegen.emitter import Emitter
from atalaia.pipeline.codegen.site import Site
from atalaia.pipeline.codegen.source import Source
from atalaia.pipeline.codegen.tally import Tally
from atalaia.pipeline.config.comparing import IncomparableError
from atalaia.pipeline.config.variables import Variables
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.filters.base import Bounded, Expanding, FilterFunction, Inline, LoadedFilter
from atalaia.pipeline.nodes import ArmNode, BranchNode, Node, PluginNode
from atalaia.pipeline.outputs.base import Delivery, LoadedOutput
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.rejection import PluginError, Reject

_LOGGER: Final = logging.getLogger(__name__)
_FILES: Final = itertools.count(1)
_LONGEST_RUN: Final = 8
"""Python compiles no more than a hundred blocks within each other, and the arms of a run are so."""


Warn: TypeAlias = Callable[[IncomparableError], None]


class SectionFunction(Protocol):
    """A section, compiled."""

    def __call__(self, events: Sequence[Event], reject: Reject, delivery: Delivery | None) -> list[Event]:
        """Return the events that come out at the section's end."""
        ...


def compile_section(
    nodes: Sequence[Node], variables: Variables, *, timed: bool, shortcuts: bool = True, using_up: bool = False
) -> SectionFunction:
    """Compile a section none of whose filters gives back other events than it takes.

    Args:
        nodes: What stands in it.
        variables: For ``${…}`` in conditions.
        timed: Whether the code measures the time of each plugin.
        shortcuts: See :class:`~atalaia.pipeline.codegen.emitter.Emitter`.
        using_up: Whether nobody wants the events afterwards: they are taken out of the list one by one, so that the
            next one finds the memory of the one before still in the processor's cache.
    """
    return _SectionWriter(nodes, variables, timed=timed, shortcuts=shortcuts, using_up=using_up).compile()


class _SectionWriter:
    def __init__(
        self, nodes: Sequence[Node], variables: Variables, *, timed: bool, shortcuts: bool, using_up: bool
    ) -> None:
        self._using_up = using_up
        self._nodes = nodes
        self._timed = timed
        self._source = Source()
        self._emitter = Emitter(self._source, shortcuts=shortcuts)
        self._conditions = ConditionWriter(self._emitter, variables)
        self._numbers: dict[int, int] = {}
        self._error = self._source.bind(PluginError, "PluginError")
        self._errors = self._source.bind((EventError, RecursionError), "errors")
        self._clock = self._source.bind(perf_counter, "clock")

    def compile(self) -> SectionFunction:
        """Write and compile the code."""
        with self._source.indented("while events:" if self._using_up else "for event in events:"):
            if self._using_up:
                self._source.line("event = events.pop()")
            self._enter_block(0)
            self._emitter.begin_event()
            self._statements(self._nodes)
            if not self._using_up:
                self._source.line("keep(event)")
        names = self._emitter.counts
        tally = self._source.bind(Tally(self._nodes, self._numbers, names), "tally")
        self._source.wrap(
            (
                "def section(events, reject, delivery):",
                f"    {' = '.join(names)} = 0",
                "    out = []",
                "    events.reverse()" if self._using_up else "    keep = out.append",
                "    try:",
            ),
            2,
            ("    finally:", f"        {tally}(({', '.join(names)},))", "    return out"),
        )
        namespace = self._source.execute(f"<pipeline section {next(_FILES)}>")
        return cast("SectionFunction", namespace["section"])

    def _number(self, node: Node | ArmNode) -> int:
        return self._numbers.setdefault(id(node), len(self._numbers) + 1)

    def _enter_block(self, number: int) -> None:
        self._source.line(f"{self._emitter.tallied(BLOCK, number)} += 1")

    def _statements(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            self._source.release()
            if isinstance(node, PluginNode):
                self._plugin(node)
            else:
                self._branch(node)

    # --- Branches -------------------------------------------------------------------------------------------------

    def _branch(self, node: BranchNode) -> None:
        """Write a branch; a long one in runs of arms, since each arm stands deeper than the one before it."""
        self._number(node)
        if len(node.arms) <= _LONGEST_RUN:
            self._arms(node, node.arms)
            return
        taken = self._source.local("taken")
        self._source.line(f"{taken} = False")
        for start in range(0, len(node.arms), _LONGEST_RUN):
            with self._emitter.block(f"if not {taken}:"):
                self._source.line(f"{taken} = True")
                self._arms(node, node.arms[start : start + _LONGEST_RUN], f"{taken} = False")

    def _arms(self, node: BranchNode, arms: Sequence[ArmNode], otherwise: str = "") -> None:
        """Write arms, each in the else of the one before it, and what is done when none of them is taken."""
        first, *others = arms
        if first.condition is None:
            self._arm(first)
            return
        holds = self._tested(node, first)
        with self._emitter.block(f"if {holds}:"):
            self._arm(first)
        if others:
            with self._emitter.block("else:"):
                self._arms(node, others, otherwise)
        elif otherwise:
            with self._emitter.block("else:"):
                self._source.line(otherwise)

    def _arm(self, arm: ArmNode) -> None:
        self._enter_block(self._number(arm))
        self._statements(arm.body)

    def _tested(self, node: BranchNode, arm: ArmNode) -> str:
        """Write code that decides a condition; an event for which it cannot be decided leaves here."""
        if arm.condition is None:
            raise TypeError("an else has no condition")
        self._source.release()
        expression = self._conditions.expression(arm.condition)
        if "(event)" not in expression:
            return expression
        holds, number = self._source.local("holds"), self._number(node)
        with self._source.indented("try:"):
            self._source.line(f"{holds} = {expression}")
        with self._source.indented(f"except {self._source.bind(IncomparableError, 'Incomparable')} as error:"):
            self._source.line(f"{self._source.bind(_warning(arm.line), 'warn')}(error)")
            self._leave(DROPPED, number)
        self._rejecting("if", number)
        return holds

    # --- Plugins --------------------------------------------------------------------------------------------------

    def _plugin(self, node: PluginNode) -> None:
        site = Site(self._emitter, self._number(node))
        if self._timed:
            self._source.line(f"started = {self._clock}()")
        with self._source.indented("try:"):
            self._work(node, site)
        self._rejecting(node.loaded.name, site.number)
        if self._timed:
            self._source.line(f"{site.count(SECONDS)} += {self._clock}() - started")
        if isinstance(node.loaded, LoadedFilter) and not isinstance(node.loaded.run, Inline):
            self._after_call(site)

    def _work(self, node: PluginNode, site: Site) -> None:
        loaded = node.loaded
        if isinstance(loaded, LoadedOutput):
            self._source.line(f"{self._source.bind(loaded.write, 'write')}(event, delivery)")
            self._emitter.called(None)
        elif isinstance(loaded.run, Inline):
            loaded.run.emit(site)
        elif isinstance(loaded.run, Bounded):
            self._call(loaded, site, loaded.run.run, loaded.run.writes)
        elif not isinstance(loaded.run, Expanding):
            self._call(loaded, site, loaded.run, None)

    def _call(
        self, loaded: LoadedFilter, site: Site, run: FilterFunction, writes: Sequence[FieldReference] | None
    ) -> None:
        """Write a call of a filter that is a function, and its common options for when it succeeds."""
        call = f"{self._source.bind(run, loaded.name)}(event)"
        if not loaded.decorate.steps:
            self._source.line(call)
            self._emitter.called(writes)
            return
        done = self._source.local("done")
        self._source.line(f"{done} = {call}")
        self._emitter.called(writes)
        with self._emitter.block(f"if {done}:"):
            loaded.decorate.emit(site.emitter)

    def _after_call(self, site: Site) -> None:
        with self._source.indented("if event.failed:"):
            site.failed()
        with self._source.indented("if event.cancelled:"):
            self._leave(DROPPED, site.number)

    def _rejecting(self, plugin: str, number: int) -> None:
        with self._source.indented(f"except {self._errors} as error:"):
            self._source.line(f"{self._emitter.tallied(REJECTED, number)} += 1")
            self._source.line(f"reject(event, {self._error}({plugin!r}, error))")
            self._source.line("continue")

    def _leave(self, letter: str, number: int) -> None:
        self._source.line(f"{self._emitter.tallied(letter, number)} += 1")
        self._source.line("continue")


def _warning(line: int) -> Warn:
    def warn(error: IncomparableError) -> None:
        _LOGGER.warning("event dropped by the condition in line %d: %s", line, error)

    return warn
