"""``atalaia sla check``: a contract in words, and its hash."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from analyzers.sla.contract.model import Contract
from analyzers.sla.contract.serial import contract_hash, to_json
from analyzers.sla.contract.words import about, declared, excluded, judged_by, promise
from atalaia.cli.options import TABLE_OR_JSON
from atalaia.cli.render.machine import dumped
from atalaia.cli.render.safe import printable
from atalaia.cli.sla_options import CONTRACT, contract_of
from atalaia.cli.teaching import Command


@click.command(
    "check",
    cls=Command,
    short_help="Read the contract, and say in words what it promises",
    examples=("atalaia sla check", "atalaia sla check --contract examples/sla.toml --format json"),
)
@CONTRACT
@TABLE_OR_JSON
def check(contract: Path | None, form: str) -> int:
    """Read the contract, and say in words what it promises. No event is looked at.

    Two files that mean the same have the same hash, which every report carries: comments and the order of keys do not
    change it.

    Exit status: 0 it can be judged by, 2 a mistake in it: all of them are told at once, each with its place.
    """
    found = contract_of(contract)
    if form == "json":
        sys.stdout.write(dumped({"contract": to_json(found), "contract_hash": contract_hash(found)}) + "\n")
    else:
        sys.stdout.write("".join(f"{printable(line)}\n" for line in _lines(found)))
    return 0


def _lines(contract: Contract) -> list[str]:
    lines = list(about(contract))
    lines += [f"{each.name}: {promise(each)}; judged {judged_by(each)}" for each in contract.objectives]
    lines += map(excluded, contract.exclusions)
    lines += map(declared, contract.outages)
    return [*lines, f"hash {contract_hash(contract)}"]
