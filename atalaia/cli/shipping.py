"""``atalaia ship``: the lines of log files to a pipeline on another machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, TypedDict, Unpack

import click
from click.core import ParameterSource

from atalaia.cli.noting import noted_logs
from atalaia.cli.render.counting import counted
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.teaching import Command
from atalaia.ship.destination import TIMEOUT, Wishes, destination
from atalaia.ship.sending import BATCH_BYTES, BATCH_LINES, Policy
from atalaia.ship.shipping import Order, Report, ship
from atalaia.signals import Ending, ending_at_signals

_POSITIONS: Final = Path("atalaia-ship/positions")
_PATIENCE: Final = 60.0
_MOST_REASONS: Final = 5


class Typed(TypedDict):
    """The options of ``ship``, as click passes them."""

    names: tuple[str, ...]
    to: str
    once: bool
    positions: Path
    dead_letter: Path | None
    ca: Path | None
    cert: Path | None
    key: Path | None
    user: str | None
    password: str | None
    header: tuple[str, ...]
    batch_lines: int
    batch_bytes: int
    compress: bool
    timeout: float
    patience: float
    add_event_id: bool
    stats: float | None


@click.command(
    "ship",
    cls=Command,
    short_help="Deliver log files to a pipeline on another machine",
    examples=(
        "atalaia ship /var/log/atalaia --to https://logs.example.org:8085/",
        "atalaia ship /var/log/atalaia --to tls://logs.example.org:5000 --ca ca.pem --cert me.pem --key me.key",
        "atalaia ship '/var/log/app/*.log' --to http://127.0.0.1:8085/ --once",
    ),
)
@click.argument("names", metavar="DIRECTORY|FILE…", nargs=-1, required=True)
@click.option(
    "--to",
    metavar="URL",
    envvar="ATALAIA_SHIP_TO",
    show_envvar=True,
    required=True,
    help="The receiver: http://, https:// (an http input), tcp:// or tls:// (a tcp input) of Logstash or of "
    "'atalaia pipeline run'.",
)
@click.option(
    "--once/--follow",
    default=False,
    help="End when everything that is there is delivered, or follow the files.  [default: follow]",
)
@click.option(
    "--positions",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ATALAIA_SHIP_POSITIONS",
    default=_POSITIONS,
    show_default=True,
    show_envvar=True,
    help="Where it is kept how far each file is delivered; one shipper at a time has it.",
)
@click.option(
    "--dead-letter",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="ATALAIA_SHIP_DEAD_LETTER",
    show_envvar=True,
    help="Where lines go that cannot be delivered, with the reason; by default dead-letter beside the positions.",
)
@click.option(
    "--ca",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ATALAIA_SHIP_CA",
    show_envvar=True,
    help="A PEM file with the authorities to trust instead of the system's.",
)
@click.option(
    "--cert",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ATALAIA_SHIP_CERT",
    show_envvar=True,
    help="A PEM file with the certificate to present to the receiver.",
)
@click.option(
    "--key",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    envvar="ATALAIA_SHIP_KEY",
    show_envvar=True,
    help="A PEM file with its key; the passphrase, if it has one, in ATALAIA_SHIP_KEY_PASSPHRASE.",
)
@click.option(
    "--user", metavar="NAME", envvar="ATALAIA_SHIP_USER", show_envvar=True, help="For basic authentication over HTTP."
)
@click.option(
    "--password",
    metavar="TEXT",
    envvar="ATALAIA_SHIP_PASSWORD",
    show_envvar=True,
    help="Of the user; best kept in the variable, as others see command lines.",
)
@click.option("--header", metavar="NAME:VALUE", multiple=True, help="A further header of every request; repeatable.")
@click.option(
    "--batch-lines",
    type=click.IntRange(1, 1_000_000),
    default=BATCH_LINES,
    show_default=True,
    help="The most lines that are sent and acknowledged together.",
)
@click.option(
    "--batch-bytes",
    type=click.IntRange(1, 64 << 20),
    default=BATCH_BYTES,
    show_default=True,
    help="The most bytes of a batch, before compression. Memory holds a few batches.",
)
@click.option("--compress", is_flag=True, help="Compress the bodies of requests with gzip.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(0.1, 86_400),
    default=TIMEOUT,
    show_default=True,
    help="How long to wait for the receiver's word on a batch before it is sent again.",
)
@click.option(
    "--patience",
    metavar="SECONDS",
    type=click.FloatRange(0, 86_400),
    default=_PATIENCE,
    show_default=True,
    help="With --once: how long a receiver may fail before it is given up. Without, it is never given up.",
)
@click.option(
    "--add-event-id",
    is_flag=True,
    help="Give JSON objects without an event_id one of file and place, so that a line sent twice is stored once.",
)
@click.option(
    "--stats",
    metavar="SECONDS",
    type=click.FloatRange(0.1, 86_400),
    help="Every so many seconds, say on stderr how far it has come.",
)
@click.pass_obj
def run(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Deliver the lines of log files to Logstash or to 'atalaia pipeline run' on another machine, at least once.

    A DIRECTORY stands for its *.ndjson files, rotated and compressed ones included; names may be patterns in quotes.
    Lines are delivered as they are, in the order of their file. A line counts as delivered when the receiver has said
    so; positions outlive a kill at any moment. A line sent twice is stored once when it has an event_id.

    While the receiver is away, reading stops, and stderr says what is waited for. Lines that it refuses are kept with
    the reason; nothing vanishes.

    Exit status: 0 everything delivered, or SIGTERM; 1 some lines are dead letters; 2 a mistake, or with --once lines
    are left that were not delivered; 130 Ctrl-C.
    """
    order = Order(
        typed["names"],
        destination(_wishes(typed)),
        typed["positions"],
        typed["dead_letter"] or typed["positions"].parent / "dead-letter",
        typed["once"],
        Policy(
            typed["batch_lines"],
            typed["batch_bytes"],
            typed["patience"] if typed["once"] else None,
            typed["add_event_id"],
        ),
        typed["stats"],
    )
    _warn_of_password()
    with ending_at_signals() as ending, noted_logs():
        report = ship(order, ending.stop, runtime.clock, lambda text: note(one_line(text)))
    _summarise(report, order)
    return _status(report, ending, once=typed["once"])


def _warn_of_password() -> None:
    source = click.get_current_context().get_parameter_source("password")
    if source is ParameterSource.COMMANDLINE:
        note("every user of this machine can read --password; set ATALAIA_SHIP_PASSWORD instead")


def _wishes(typed: Typed) -> Wishes:
    return Wishes(
        typed["to"],
        typed["ca"],
        typed["cert"],
        typed["key"],
        os.environ.get("ATALAIA_SHIP_KEY_PASSPHRASE"),
        typed["user"],
        typed["password"],
        typed["header"],
        typed["compress"],
        typed["timeout"],
    )


def _summarise(report: Report, order: Order) -> None:
    tally = report.tally
    parts = [f"{counted(tally.lines, 'line')} ({tally.size:,} bytes) delivered to {order.destination.where}"]
    parts += [f"{tally.letters:,} dead-lettered", f"{tally.again:,} batches sent again"]
    if tally.lost_files:
        parts.append(f"{tally.lost_bytes:,} bytes of {counted(tally.lost_files, 'file')} lost")
    if report.unreadable:
        parts.append(f"{counted(len(report.unreadable), 'file')} could not be read")
    if report.behind:
        parts.append(f"{report.behind:,} bytes not delivered yet")
    note(one_line("; ".join(parts)))
    for path, size in report.unfinished:
        note(f"{printable(path)} ends with {size:,} bytes of a line without an end; it is delivered once it has one")
    if tally.letters:
        note(f"dead letters are kept in {printable(str(order.dead_letter))}")
        most_common = sorted(tally.reasons.counts().items(), key=lambda each: (-each[1], each[0]))
        for reason, count in most_common[:_MOST_REASONS]:
            note(f"  {count:,}: {one_line(reason)}")
    if report.gave_up is not None:
        note(one_line(f"gave up: {report.gave_up}"))


def _status(report: Report, ending: Ending, *, once: bool) -> int:
    if ending.stop.is_set():
        return ExitStatus.INTERRUPTED if ending.interrupted else ExitStatus.OK
    incomplete = report.tally.lost_files or report.left > 0 or report.unreadable
    if report.gave_up is not None or (once and incomplete):
        return ExitStatus.ERROR
    return ExitStatus.BREACH if report.tally.letters else ExitStatus.OK
