"""``atalaia serve``: the site, on this machine or behind a token."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict, Unpack

import click

from analyzers.alerts.channels.secret import others_can_read
from analyzers.alerts.rules.loading import default_rules
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.selection import parse_zone
from analyzers.store.open import shown_location
from atalaia.cli.alert_files import RULES, named_rules
from atalaia.cli.alert_options import STATE
from atalaia.cli.locations import PATH_DATA, STORE, default_data_directory
from atalaia.cli.options import ENVIRONMENT, ZONE, language_option
from atalaia.cli.runtime import ExitStatus, Runtime, note
from atalaia.cli.sla_options import CONTRACT, LEDGER, contract_of
from atalaia.cli.teaching import Command
from atalaia.web.address import DEFAULT_HOST, DEFAULT_PORT
from logging_lib.errors import AtalaiaError

if TYPE_CHECKING:
    from atalaia.web.site import Site

_LARGEST_PORT: Final = 65535
_TOKEN: Final = "ATALAIA_WEB_TOKEN"  # noqa: S105  the name of a variable


class Typed(TypedDict):
    """The options of ``serve``, as click passes them."""

    store: str
    ledger: str | None
    host: str
    port: int
    public_host: tuple[str, ...]
    token_file: Path | None
    contract: Path | None
    rules: Path | None
    state: Path
    lang: str
    zone: str
    environment: str
    path_data: Path | None


@click.command(
    "serve",
    cls=Command,
    short_help="Show requests, errors, latency and this machine live in a browser",
    examples=(
        "atalaia serve",
        "atalaia serve --store ./web --port 8700 --tz America/Sao_Paulo",
        "atalaia serve --host 0.0.0.0 --token-file token --public-host logs.example.org",
    ),
)
@STORE
@LEDGER
@click.option(
    "--host",
    default=DEFAULT_HOST,
    show_default=True,
    help="The address to listen on; one that other machines can reach needs a token.",
)
@click.option(
    "--port",
    type=click.IntRange(0, _LARGEST_PORT),
    default=DEFAULT_PORT,
    show_default=True,
    help="0 takes a free one.",
)
@click.option(
    "--public-host",
    metavar="NAME",
    multiple=True,
    help="A name that browsers reach the site by, such as that of a reverse proxy; others are refused. Repeatable.",
)
@click.option(
    "--token-file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"A file whose first line is the token that people and programs must show.  [or in: {_TOKEN}]",
)
@CONTRACT
@RULES
@STATE
@language_option("The language of those whose browser asks for none that we have.")
@ZONE
@ENVIRONMENT
@PATH_DATA
@click.pass_obj
def serve(runtime: Runtime, /, **typed: Unpack[Typed]) -> int:
    """Show requests, errors, latency, machines and the SLA in a browser, live.

    The pages renew themselves every two seconds and may stay open while other processes write the store. Without a
    token only this machine can reach them: the host must be a loopback address. Ctrl-C stops it.

    What the pipelines did that keep their counters there ('atalaia pipeline run', 'atalaia ingest') is at /metrics, for
    Prometheus.

    Exit status: 130 stopped by Ctrl-C, 2 a mistake.
    """
    from atalaia.web.security.access import Access, bound_address  # noqa: PLC0415 - Flask takes long to import
    from atalaia.web.server import Listening, WebServer  # noqa: PLC0415 - the same

    token = Access(_token(typed["token_file"])).token
    bound_address(typed["host"], token)  # what is refused is refused before anything is said
    site = _site(runtime, typed)
    listening = Listening(typed["host"], typed["port"], token, typed["public_host"])
    with site.stores, site.ledgers, WebServer(site, listening) as server:
        note(f"the site of {shown_location(typed['store'])} is at {server.url} (Ctrl-C stops it)")
        server.run()
    return ExitStatus.INTERRUPTED


def _site(runtime: Runtime, typed: Typed) -> Site:
    from atalaia.web.site import Site, stores_of  # noqa: PLC0415 - Flask takes long to import, for one command

    around = Surroundings(clock=runtime.clock, host=True)
    rules = named_rules(typed["rules"], typed["environment"], around)
    stores, ledgers = stores_of(typed["store"], typed["ledger"], runtime.clock)
    if stores.exists:
        with stores.lend():
            """Have what is wrong with the store said at once."""
    return Site(
        location=typed["store"],
        stores=stores,
        ledgers=ledgers,
        zone=parse_zone(typed["zone"]),
        contract=contract_of(typed["contract"]),
        rules=rules or default_rules(typed["environment"], around=around),
        alert_state=typed["state"],
        counters=typed["path_data"] or default_data_directory(typed["store"]),
        language=typed["lang"],
        clock=runtime.clock,
    )


def _token(path: Path | None) -> str | None:
    """Return the token of a file or of the environment; never one of the command line, which everybody can list.

    Raises:
        AtalaiaError: When both are given, or the file cannot be read.
    """
    given = os.environ.get(_TOKEN) or None
    if path is None:
        return given
    if given is not None:
        raise AtalaiaError(f"the token is in {_TOKEN} and in --token-file {path}", "give one of them")
    try:
        token = path.read_text(encoding="utf-8").partition("\n")[0].strip()
        if others_can_read(path):
            note(f"others can read the token in {path}; run: chmod 600 {path}")
    except (OSError, UnicodeDecodeError) as error:
        raise AtalaiaError(f"cannot read the token file {path}: {error}", "name a file of one line") from error
    return token
