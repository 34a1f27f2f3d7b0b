"""Every analysis says the same on every store, over changes of the clock and the ends of months, quarters and years."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import get_args

import click
import pytest

from analyzers.alerts.rules.file.form import AnyRuleForm
from analyzers.anomalies import Kind as Unusual
from analyzers.anomalies.episodes import Summary
from analyzers.jobs import ANALYSES
from analyzers.sla.contract.model import Kind
from analyzers.verification import Outcome, Sources, verify
from atalaia.cli.main import cli
from tests.store_conformance.alert_rule_files import RULES
from tests.store_conformance.answers import ANSWERS, OTHERS
from tests.store_conformance.places import Place, contract
from tests.store_conformance.reporting import reported
from tests.store_conformance.telling import Told, differences
from tests.store_conformance.traffic import SCENES, Scene


def commands(context: click.Context, *names: str) -> Iterator[str]:
    """Yield every command below another, as people type it."""
    if not isinstance(context.command, click.Group):
        yield " ".join(names)
        return
    for name in context.command.list_commands(context):
        command = context.command.get_command(context, name)
        assert command is not None
        yield from commands(click.Context(command, parent=context), *names, name)


def test_no_command_is_forgotten() -> None:
    """Every command is an analysis of the table, or is said to be none: a new one must be put there."""
    known = [*ANSWERS, *OTHERS]
    assert sorted(commands(click.Context(cli))) == sorted(known)
    assert set(ANALYSES) <= set(ANSWERS)


def test_no_kind_is_forgotten(answered: Callable[[str, Scene], Sequence[Told]]) -> None:
    """Every kind of objective, of alert rule and of detector is asked."""
    assert {each.kind for each in contract(SCENES[0], "any").objectives} == set(Kind)
    kinds = {get_args(form.model_fields["kind"].annotation)[0] for form in get_args(AnyRuleForm)}
    assert {text.split('"')[1] for text in RULES} == kinds
    summaries = [each.value for each in answered("anomalies", SCENES[0])]
    assert all(isinstance(each, Summary) and set(each.tallies) == set(Unusual) for each in summaries)


@pytest.mark.parametrize("command", ANSWERS)
def test_every_store_says_the_same(
    command: str,
    held: Place,
    answered: Callable[[str, Scene], Sequence[Told]],
    turns: Callable[[str, Place], bool],
) -> None:
    """Equal in every value and sentence to the store in memory; percentiles within the stated error of a store."""
    if held.backend == "memory" or not turns(command, held):
        return  # it would be compared with itself, or is asked of another scene
    pairs = zip(ANSWERS[command](held), answered(command, held.scene), strict=True)
    wrong = [text for found, right in pairs for text in differences(found, right, held.error)]
    assert not wrong, "\n".join(wrong[:20])


def test_every_store_derives_what_another_reported(
    held: Place, references: Callable[[Scene], Place], turns: Callable[[str, Place], bool]
) -> None:
    """Answers, weekly reports and SLA reports of one store are equal to the last value when another verifies them."""
    if not turns("verify", held):
        return
    sources = Sources(held.store, held.ledger, held.contract, held.scene.now)
    for document in reported(references(held.scene)):
        found = verify(document, sources)
        assert found.outcome is Outcome.EQUAL, (found.sentence, found.differences, found.unverifiable)
