"""The contract that is judged by when none is named."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analyzers.sla.contract.loading import load_contract

DEFAULT_CONTRACT: Final = load_contract(Path(__file__).parent / "default.toml")
"""The three objectives of the TI OSN help desk by calendar month in UTC, for every service; no coverage demanded."""
