"""Which pipelines are connected, and in which order events run through them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

from atalaia.pipeline.errors import ConfigurationError, PipelineError
from atalaia.pipeline.inputs.base import LoadedInput
from atalaia.pipeline.pipeline import Pipeline


@dataclass(frozen=True, slots=True)
class Listener:
    """Who takes what is sent to an address."""

    pipeline: Pipeline
    input: LoadedInput


@dataclass(frozen=True, slots=True)
class Group:
    """Pipelines that are connected.

    Attributes:
        pipelines: Each before those it sends to.
        listeners: Address to who listens there.
    """

    pipelines: tuple[Pipeline, ...]
    listeners: Mapping[str, Listener]


def connect(pipelines: Sequence[Pipeline]) -> list[Group]:
    """Return the groups of connected pipelines, in the order in which their first pipeline was given.

    Raises:
        PipelineError: When two pipelines have one id, two inputs one address, or pipelines send in a circle.
        ConfigurationError: When an output sends to an address where nobody listens.
    """
    _check_ids(pipelines)
    listeners = _listeners(pipelines)
    targets = {pipeline.id: _targets(pipeline, listeners) for pipeline in pipelines}
    order = _order(targets)
    by_id = {pipeline.id: pipeline for pipeline in pipelines}
    groups = []
    for members in _components(targets):
        ordered = tuple(by_id[name] for name in order if name in members)
        heard = {address: each for address, each in listeners.items() if each.pipeline.id in members}
        groups.append(Group(ordered, heard))
    return groups


def _check_ids(pipelines: Sequence[Pipeline]) -> None:
    seen: set[str] = set()
    for pipeline in pipelines:
        if pipeline.id in seen:
            raise PipelineError(f"two pipelines have the id {pipeline.id!r}", "give each an id of its own")
        seen.add(pipeline.id)
    stdin = [pipeline.id for pipeline in pipelines for each in pipeline.inputs if each.name == "stdin"]
    if len(stdin) > 1:
        where = (
            "the pipelines " + ", ".join(dict.fromkeys(stdin)) if len(set(stdin)) > 1 else f"the pipeline {stdin[0]}"
        )
        raise PipelineError(f"standard input is read {len(stdin)} times, in {where}", "keep one stdin input")


def _listeners(pipelines: Sequence[Pipeline]) -> dict[str, Listener]:
    found: dict[str, Listener] = {}
    for pipeline in pipelines:
        for each in pipeline.inputs:
            if each.address is None:
                continue
            if each.address in found:
                names = f"{found[each.address].pipeline.id} and {pipeline.id}"
                raise PipelineError(
                    f"two pipeline inputs have the address {each.address!r}: in {names}", "an address has one input"
                )
            found[each.address] = Listener(pipeline, each)
    return found


def _targets(pipeline: Pipeline, listeners: Mapping[str, Listener]) -> list[str]:
    """Return the ids of the pipelines that a pipeline sends to."""
    found = []
    for link in pipeline.sends:
        listener = listeners.get(link.address)
        if listener is not None:
            found.append(listener.pipeline.id)
        elif link.required:
            known = ", ".join(sorted(listeners)) or "there is none"
            raise ConfigurationError(
                link.position,
                f"no pipeline listens on the address {link.address!r}",
                f"the addresses of pipeline inputs: {known}",
                plugin="pipeline",
            )
    return found


def _order(targets: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the ids, senders first."""
    try:
        return list(TopologicalSorter(targets).static_order())[::-1]
    except CycleError as error:
        circle = " -> ".join(error.args[1][::-1])
        raise PipelineError(
            f"pipelines send in a circle: {circle}", "an event would never end: remove one of these outputs"
        ) from None


def _components(targets: Mapping[str, Sequence[str]]) -> list[set[str]]:
    """Return the sets of ids that are connected, in whatever direction."""
    sets: list[set[str]] = []
    for name, others in targets.items():
        joined = {name, *others}
        apart = [each for each in sets if not each & joined]
        touching = [each for each in sets if each & joined]
        sets = [*apart, joined.union(*touching)]
    first = {name: place for place, name in enumerate(targets)}
    return sorted(sets, key=lambda each: min(first[name] for name in each))
