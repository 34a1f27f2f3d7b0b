"""What an objective is called: the names that come with the program in the reader's language, one's own as they are."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from analyzers.language import english, language_of
from analyzers.language.parts import listed
from analyzers.sla.contract.default import DEFAULT_CONTRACT
from analyzers.sla.contract.loading import load_contract
from analyzers.sla.contract.naming import spoken, written

EXAMPLE: Final = Path(__file__).resolve().parents[4] / "examples" / "sla.toml"
PORTUGUESE: Final = language_of("pt_BR", ZoneInfo("UTC"))
OWN: Final = "tickets-fast"
"""The one objective of the example that is about a page of its service."""


def names() -> set[str]:
    """Return the names of the objectives that come with the program."""
    return {each.name for contract in (DEFAULT_CONTRACT, load_contract(EXAMPLE)) for each in contract.objectives}


def test_our_names_are_translated() -> None:
    """Every name of the contract that is built in and of the example; nothing else is called so by mistake."""
    said = {name: PORTUGUESE.show(written(name)) for name in names()}
    assert said == {
        "availability": "disponibilidade",
        "latency": "tempo de resposta",
        "error_rate": "taxa de erros",
        "uptime": "tempo no ar",
        "recovery-point": "ponto de recuperação",
        "recovery-time": "tempo de recuperação",
        OWN: OWN,
    }
    assert {name: PORTUGUESE.show(spoken(name)) for name in names()} == said


@pytest.mark.parametrize("name", sorted(names()))
def test_english_has_the_contracts_name(name: str) -> None:
    """To the letter in a cell, which programs read in JSON; with spaces in a sentence."""
    assert english(listed(written(name))) == name
    assert english(listed(spoken(name))) == name.replace("_", " ")


def test_names_of_ones_own_stay() -> None:
    """Commands and addresses take them so; several have commas between them."""
    assert (
        PORTUGUESE.say(listed(written("entrega_no_prazo"), written("latency"))) == "entrega_no_prazo, tempo de resposta"
    )
    assert PORTUGUESE.show(spoken("entrega_no_prazo")) == "entrega no prazo"


def test_nothing_is_no_list() -> None:
    """A list without a name would be an empty sentence."""
    with pytest.raises(ValueError, match="nothing to list"):
        listed()
