"""Contracts written to files, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from analyzers.sla.contract.loading import load_contract
from analyzers.sla.contract.model import Contract
from analyzers.strict_toml import TomlError

HEAD = 'service = "ti-osn"\nzone = "America/Sao_Paulo"\n'
AVAILABILITY = '[[objective]]\nname = "availability"\nkind = "availability"\ntarget = 99.9\n'


def load(tmp_path: Path, text: str) -> Contract:
    """Write a contract and read it."""
    path = tmp_path / "sla.toml"
    path.write_text(text, encoding="utf-8")
    return load_contract(path)


def refusal(tmp_path: Path, text: str) -> str:
    """Return what is said against a contract."""
    with pytest.raises(TomlError) as caught:
        load(tmp_path, text)
    return str(caught.value)


def utc(text: str) -> datetime:
    """Return an instant."""
    return datetime.fromisoformat(text).astimezone(UTC)
