"""Dates that are set and then set again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from atalaia.pipeline.check.finding import Found
from atalaia.pipeline.check.flow.fields import Path
from atalaia.pipeline.check.flow.references import path_of
from atalaia.pipeline.check.sites import Site
from atalaia.pipeline.check.subject import Subject
from atalaia.pipeline.config import tree as syntax
from atalaia.pipeline.errors import Note


def date_overwritten(subject: Subject) -> Iterator[Found]:
    """Find, in one block, what sets the target of a ``date`` again whatever that made of it."""
    for block in _blocks(subject):
        dates: dict[Path, Site] = {}
        for site in block:
            if site.name == "date":
                target = path_of(site.written.text("target", "@timestamp"))
                earlier = None if target is None else dates.get(target)
                if earlier is not None and _source(earlier) == _source(site):
                    yield _found(earlier, site, "match", "put the formats of both in one match")
                if target is not None:
                    dates[target] = site
            elif site.name == "mutate":
                yield from _overwriting(dates, site)


def _overwriting(dates: dict[Path, Site], site: Site) -> Iterator[Found]:
    plugin = site.written
    targets = [(option, name) for option in ("rename", "copy") for _, name in plugin.text_pairs(option)]
    targets += [("replace", name) for name, _ in plugin.pairs("replace")]
    for option, name in targets:
        earlier = dates.get(path_of(name) or ())
        if earlier is not None:
            yield _found(earlier, site, option, "set it before the date, or give the date another target")


def _found(earlier: Site, later: Site, option: str, remedy: str) -> Found:
    note = Note(earlier.node.position, "the date is set here")
    position = later.written.settings.position_of(option)
    return Found(position, "what a date filter has set is set again here, whatever it was", remedy, (note,))


def _source(site: Site) -> str:
    return next(iter(site.written.texts("match")), "")


def _blocks(subject: Subject) -> Iterator[list[Site]]:
    """Yield the filters of each block that stand in it directly, in order; a branch between them ends nothing."""
    sections = [section.body for section in subject.configuration.sections if section.kind == "filter"]
    arms = [arm.body for branch in subject.branches for arm in branch.arms]
    for body in (*sections, *arms):
        yield _direct(subject, body)


def _direct(subject: Subject, body: Sequence[syntax.Statement]) -> list[Site]:
    return [subject.sites.find(each) for each in body if isinstance(each, syntax.Plugin)]
