"""Which Kibana, which space, who we are, and which objects: the options of ``atalaia kibana``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from analyzers.assets import asset_root
from analyzers.store.lifecycle import parse_duration
from atalaia.cli.elastic_options import IDENTITY_OPTIONS, Identity, credentials_of
from atalaia.cli.options import stacked
from atalaia.kibana.objects import SavedObject, SavedObjectError, read_objects

if TYPE_CHECKING:
    from atalaia.kibana.connection import Kibana

DEFAULT_ADDRESS: Final = "http://127.0.0.1:5601"
_PACKAGE: Final = Path(__file__).resolve().parents[1]


class Wait(click.ParamType[timedelta]):
    """How long Kibana may take to get ready."""

    name = "duration"

    def convert(self, value: str | timedelta, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        """Return the time, or say how to write one."""
        found = value if isinstance(value, timedelta) else parse_duration(value)
        if found is None:
            self.fail(f"{value!r} is no duration; write 30s or 5m", param, ctx)
        return found


class Meant(Identity):
    """The options that say which Kibana, as click passes them."""

    address: str
    space: str | None
    wait: timedelta


_OPTIONS: Final = (
    click.option(
        "--kibana",
        "address",
        metavar="URL",
        envvar="ATALAIA_KIBANA",
        default=DEFAULT_ADDRESS,
        show_default=True,
        show_envvar=True,
        help="The Kibana, as http(s)://host:port, with its base path where it has one.",
    ),
    click.option("--space", metavar="ID", help="The space; by default the one that is called default."),
    *IDENTITY_OPTIONS,
    click.option(
        "--wait",
        type=Wait(),
        metavar="DURATION",
        default=timedelta(0),
        help="How long Kibana may take until it is ready, such as 5m.  [default: it has to be ready]",
    ),
)


def meaning(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that say which Kibana."""
    return stacked(*_OPTIONS)(command)


@contextmanager
def met(typed: Meant) -> Iterator[Kibana]:
    """Open the way to the Kibana that the options name, once it is ready."""
    from atalaia.kibana.connection import Kibana, Place  # noqa: PLC0415 - the client takes long to import

    if typed["ca_certs"] is not None and not typed["address"].lower().startswith("https://"):
        raise click.UsageError("--ca-certs is for https:// addresses")
    with Kibana(Place(typed["address"], typed["space"]), credentials_of(typed, os.environ)) as kibana:
        kibana.wait(typed["wait"].total_seconds())
        yield kibana


def shipped() -> Path:
    """Return the file of saved objects that comes with this installation."""
    return asset_root("kibana", _PACKAGE) / "saved_objects" / "atalaia.ndjson"


def objects_of(file: Path | None) -> list[SavedObject]:
    """Return the objects of a file; by default of the one that comes with this installation.

    Raises:
        SavedObjectError: It cannot be read, or holds none.
    """
    path = file or shipped()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SavedObjectError(f"cannot read {path}: {error}", "name a file of saved objects") from error
    return read_objects(text, str(path))
