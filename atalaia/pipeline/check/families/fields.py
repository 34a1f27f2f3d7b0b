"""Fields and tags that are read where nothing can have set them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from atalaia.pipeline.check.effects.mutate import OPERATIONS, entries
from atalaia.pipeline.check.finding import Found
from atalaia.pipeline.check.flow.assume import TAGS
from atalaia.pipeline.check.flow.fields import Path, State
from atalaia.pipeline.check.flow.references import is_malformed, path_of
from atalaia.pipeline.check.flow.walk import Reading
from atalaia.pipeline.check.sites import Site
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.errors import Note, Refusal
from atalaia.pipeline.suggest import did_you_mean

_ALIKE: Final = 0.8
LIST_OF_ONE: Final = re.compile(r"""\[\s*(?:"[^"]*"|'[^']*'|-?\d+(?:\.\d+)?)\s*\]""")
"""What is meant as a list of one item and read as a field."""


def unset_field(subject: Subject) -> Iterator[Found]:
    """Find references to fields that nothing before them sets."""
    for reading, path in _absent(subject):
        if reading.state.at(path).removed is None:
            remedy = _in_other_mode(subject, reading, path) or _nearest(reading.state, path)
            yield Found(reading.position, f"nothing sets {_written(path)} before it is read here", remedy)


def _in_other_mode(subject: Subject, reading: Reading, path: Path) -> str:
    """Return what to do when the field has this name with the other ECS compatibility."""
    other = subject.other_flow.states.get((reading.position, reading.text))
    if other is None or other.gone or other.at(path).absent:
        return ""
    mode, right = ("v8", "the name ECS has for it") if subject.ecs else ("disabled", "the name it has without ECS")
    return f"with ecs_compatibility {mode} it is called otherwise: use {right}, or change the setting"


def _nearest(state: State, path: Path) -> str:
    """Return the known field most like one that is not; names that merely share letters are no help."""
    return did_you_mean(_written(path), map(_written, _known(state)), alike=_ALIKE)


def removed_field(subject: Subject) -> Iterator[Found]:
    """Find references to fields that were taken away before, whatever way an event came."""
    for reading, path in _absent(subject):
        removed = reading.state.at(path).removed
        if removed is not None:
            note = Note(removed, "it is taken away here")
            problem = f"{_written(path)} is not there any more when it is read here"
            yield Found(reading.position, problem, "read it before it goes", (note,))


def malformed_reference(subject: Subject) -> Iterator[Found]:
    """Find references whose brackets are wrong, whether they are read or written; those refused at load left out."""
    refused = [refusal.problem for refusal in subject.refusals if refusal.code is Refusal.BAD_REFERENCE]
    read = [(reading.position, reading.text) for reading in subject.flow.readings]
    written = [(site.place(option, name), name) for site in subject.sites for option, name in _names(site)]
    for position, text in dict.fromkeys(read + written):
        if is_malformed(text) and not any(repr(text) in problem for problem in refused):
            yield Found(position, f"{text!r} is no field reference", "write name or [outer][inner]")


def _names(site: Site) -> Iterator[tuple[str, str]]:
    """Yield the names of fields that a filter changes, with the option each stands in."""
    if site.kind != "filter":
        return
    plugin = site.written
    yield from (("remove_field", name) for name in plugin.texts("remove_field"))
    yield from (("add_field", name) for name, _ in plugin.pairs("add_field"))
    yield from (("target", name) for name in plugin.texts("target"))
    if site.name == "mutate":
        yield from ((option, name) for option in OPERATIONS for name, _ in entries(plugin, option))
        yield from ((option, name) for option in ("rename", "copy") for _, name in plugin.text_pairs(option))


def unset_tag(subject: Subject) -> Iterator[Found]:
    """Find tags that are asked for and that nothing adds."""
    for decided in subject.flow.conditions:
        leaf, state = decided.leaf, decided.state
        if not (isinstance(leaf, syntax.Membership) and isinstance(leaf.left, syntax.String)):
            continue
        if not (isinstance(leaf.right, syntax.Selector) and path_of(leaf.right.text) == TAGS):
            continue
        tag = leaf.left.text
        remedy = did_you_mean(tag, state.tags)
        if tag not in state.tags and (not state.any_tags or (tag.startswith("_") and remedy)):
            yield Found(leaf.left.position, f"nothing adds the tag {tag} before it is asked for here", remedy)


def _absent(subject: Subject) -> Iterator[tuple[Reading, Path]]:
    """Yield the readings of fields that cannot be there."""
    for reading in subject.flow.readings:
        path = None if LIST_OF_ONE.fullmatch(reading.text) else path_of(reading.text)
        if path is not None and path[0] not in TAGS and reading.state.at(path).absent:
            yield reading, path


def _known(state: State) -> list[Path]:
    return [path for path, found in state.fields.items() if path and not found.absent]


def _written(path: Path) -> str:
    return "".join(f"[{name}]" for name in path)
