"""The environment of the processes that tests start: none of the settings of whoever runs them."""

from __future__ import annotations

import os


def clean_environment(**more: str) -> dict[str, str]:
    """Return the environment without ``ATALAIA_*``, and what is added."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ATALAIA_")} | more
