"""Read a contract from ``sla.toml``."""

from __future__ import annotations

from pathlib import Path

from analyzers.sla.contract.form import ContractForm
from analyzers.sla.contract.meaning import MeaningError, contract_of
from analyzers.sla.contract.model import Contract
from analyzers.strict_toml import TomlError, read_toml


def load_contract(path: Path) -> Contract:
    """Return the contract of a file.

    Raises:
        TomlError: When the file cannot be read, or says something wrong: every complaint about its form at once, each
            with its place (unknown and missing keys, values that cannot be); where the form is right, every one about
            its meaning (names given twice, local times that do not exist, exclusions that end before they start).
    """
    form = read_toml(path, ContractForm, "contract")
    try:
        return contract_of(form)
    except MeaningError as error:
        raise TomlError(f"{path}: {'; '.join(error.args)}", "repair the contract") from error
