"""``atalaia pipeline dlq list``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Final, Unpack

import click

from atalaia.cli.letters_options import Choosing, choosing, places_of, selection_of
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import one_line
from atalaia.cli.runtime import ExitStatus, Runtime
from atalaia.cli.teaching import Command
from atalaia.pipeline.json_text import plain_json
from atalaia.pipeline.letters.reading import KeptLetter, read_letters

_SHOWN: Final = 100
_WIDTH: Final = 160


class Typed(Choosing):
    """The options of ``dlq list``, as click passes them."""

    limit: int
    form: str


@click.command(
    "list",
    cls=Command,
    short_help="Say why events could not go on, and which",
    examples=(
        "atalaia pipeline dlq list",
        "atalaia pipeline dlq list --pipeline request --reason timestamp --since -24h",
        "atalaia pipeline dlq list --plugin elasticsearch --format json",
    ),
)
@choosing
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    default=_SHOWN,
    show_default=True,
    help="How many letters are shown one by one; all are counted.",
)
@TABLE_OR_JSON
@click.pass_obj
def list_letters(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Say why events could not go on: how many for each reason, then the letters one by one, oldest first.

    Exit status: 0, also when there are none; 2 a mistake.
    """
    selection = selection_of(typed, runtime.clock)
    _, _, directories = places_of(typed)

    def chosen() -> Iterator[KeptLetter]:
        return (letter for directory in directories for letter in read_letters(directory, selection))

    counted: Counter[tuple[str, str, str]] = Counter()
    for letter in chosen():
        counted[letter.pipeline, letter.plugin or "-", one_line(letter.reason)] += 1
    shown = list(islice(chosen(), typed["limit"]))
    text = _json(counted, shown) if typed["form"] == "json" else _table(counted, shown)
    sys.stdout.write(text)
    return ExitStatus.OK


def _table(counted: Counter[tuple[str, str, str]], shown: list[KeptLetter]) -> str:
    total = counted.total()
    if not total:
        return "no dead letters\n"
    lines = [f"{total:,} dead letters", ""]
    most_common = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    width = len(f"{most_common[0][1]:,}")
    lines += [f"{count:>{width},}  {pipeline}  {plugin}  {reason}" for (pipeline, plugin, reason), count in most_common]
    lines.append("")
    for each in shown:
        when = "-" if each.at is None else each.at.isoformat(timespec="seconds").replace("+00:00", "Z")
        lines.append(f"{when}  {each.pipeline}  {one_line(each.reason)}")
        lines.append(f"    {one_line(_content(each))[:_WIDTH]}")
    if total > len(shown):
        lines.append(f"and {total - len(shown):,} more: --limit shows them, --pipeline, --plugin and --reason choose")
    return "\n".join(lines) + "\n"


def _content(letter: KeptLetter) -> str:
    if letter.original is not None:
        return letter.original
    return str(plain_json(letter.fields.get("event", letter.fields)))


def _json(counted: Counter[tuple[str, str, str]], shown: list[KeptLetter]) -> str:
    reasons = [
        {"pipeline": pipeline, "plugin": plugin, "reason": reason, "letters": count}
        for (pipeline, plugin, reason), count in sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    ]
    letters = [
        {
            "file": str(each.file),
            "pipeline": each.pipeline,
            "plugin": each.plugin or None,
            "plugin_id": each.plugin_id or None,
            "reason": each.reason,
            "@timestamp": None if each.at is None else each.at.isoformat(),
            "original": each.original,
            "letter": plain_json(each.fields),
        }
        for each in shown
    ]
    return dumped({"total": counted.total(), "reasons": reasons, "letters": letters}) + "\n"
