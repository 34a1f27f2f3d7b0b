"""``atalaia elasticsearch setup``: install our templates, as often as one likes."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Unpack

import click

from atalaia.cli.elastic_options import Reached, reached, reaching
from atalaia.cli.render.safe import printable
from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.teaching import Command

if TYPE_CHECKING:
    from analyzers.store.elastic.connection import Connection
    from analyzers.store.elastic.installation import StreamStep, TemplateStep


class Typed(Reached):
    """The options of ``elasticsearch setup``, as click passes them."""

    dry_run: bool
    force: bool
    rollover: bool


@click.command(
    "setup",
    cls=Command,
    short_help="Install our templates; again as often as you like",
    examples=(
        "atalaia elasticsearch setup --elasticsearch http://127.0.0.1:9200",
        "atalaia elasticsearch setup --elasticsearch https://a:9200,https://b:9200 --user elastic --ca-certs ca.crt",
        "atalaia elasticsearch setup --dry-run",
    ),
)
@reaching
@click.option("--dry-run", is_flag=True, help="Say what would be done, and change nothing.")
@click.option("--force", is_flag=True, help="Replace templates that are newer than ours.")
@click.option(
    "--rollover",
    is_flag=True,
    help="Give each data stream whose mapping differs a new write index. An event sent before and again after it is "
    "stored twice.",
)
@click.pass_obj
def setup(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Install the component and index templates that our documents need, and see what existing data streams need.

    A template that is missing, older or changed becomes what we ship; one that is newer is refused. A second run
    changes nothing and says so. Templates are for new backing indices: a data stream that exists keeps its mapping
    until it is rolled over, and older documents keep theirs.

    Exit status: 0 all is as we ship it, 1 a data stream needs --rollover (or another template goes before ours),
    2 a mistake; with --dry-run what it would be.
    """
    del runtime  # nothing here depends on the time
    from analyzers.store.elastic.installation import (  # noqa: PLC0415 - the client takes long to import
        install_templates,
        plan_streams,
        plan_templates,
    )

    with reached(typed) as connection:
        steps = plan_templates(connection, force=typed["force"])
        if not typed["dry_run"]:
            install_templates(connection, steps)
        _say(_template_lines(steps, dry_run=typed["dry_run"]))
        streams = plan_streams(connection)
        return _settled(connection, streams, typed)


def _template_lines(steps: Sequence[TemplateStep], *, dry_run: bool) -> Iterable[str]:
    from analyzers.store.elastic.installation import Action  # noqa: PLC0415 - the client takes long to import

    for step in steps:
        template, would = step.template, "would be " if dry_run and step.action is not Action.KEEP else ""
        versions = f"version {template.shipped_version}"
        if template.installed_version not in {None, template.shipped_version}:
            versions = f"version {template.installed_version} → {template.shipped_version}"
        yield f"{template.kind} template {template.name}: {would}{step.action} ({versions})"
        if step.action is not Action.KEEP:
            yield from (f"    {difference}" for difference in template.differences)
    changed = sum(step.action is not Action.KEEP for step in steps)
    if not changed:
        yield f"nothing to do: all {len(steps)} templates are up to date"
    else:
        yield f"{changed} of {len(steps)} templates {'would be' if dry_run else 'were'} changed"


def _settled(connection: Connection, streams: Sequence[StreamStep], typed: Typed) -> ExitStatus:
    """Roll over what needs it when that is wanted; otherwise say what is needed."""
    from analyzers.store.elastic.installation import Action  # noqa: PLC0415 - the client takes long to import

    fine = True
    for step in streams:
        if step.action is Action.KEEP:
            _say([f"data stream {step.stream}: its write index follows our templates"])
        elif typed["rollover"] and not typed["dry_run"]:
            fine &= _rolled_over(connection, step)
        else:
            _say(_needed(step, dry_run=typed["rollover"]))
            fine &= typed["rollover"]
        if step.older:
            _say([f"    older backing indices that differ: {step.older}; see 'atalaia elasticsearch diff'"])
    return ExitStatus.OK if fine else ExitStatus.BREACH


def _rolled_over(connection: Connection, step: StreamStep) -> bool:
    """Roll a data stream over; ``False`` when its new write index does not follow our templates either."""
    from analyzers.store.elastic.installation import roll_over  # noqa: PLC0415 - the client takes long to import

    index, differences = roll_over(connection, step)
    _say([f"data stream {step.stream}: rolled over to {index}"])
    if differences:
        _say(["    it differs as well: another template goes before ours; see which with"])
        _say([f"    POST /_index_template/_simulate_index/{step.stream}"])
        _say(f"    {difference}" for difference in differences)
    return not differences


def _needed(step: StreamStep, *, dry_run: bool) -> Iterable[str]:
    remedy = "would be rolled over" if dry_run else "run again with --rollover"
    yield f"data stream {step.stream}: {step.write_index} differs from our templates; {remedy}"
    yield from (f"    {difference}" for difference in step.differences)


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(f"{printable(line)}\n")
