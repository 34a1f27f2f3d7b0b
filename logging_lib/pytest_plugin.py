"""The pytest plugin: the fixture ``captured_records``.

It is loaded in every run of pytest in an environment that has Atalaia, so it imports nothing but pytest until a test
asks for the fixture. ``-p no:atalaia-logging`` leaves it out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from logging_lib.testing import Captured


@pytest.fixture
def captured_records() -> Iterator[Captured]:
    """Collect every record that the test logs, from its set-up to its end; see ``logging_lib.testing``."""
    from logging_lib.testing import capture_records  # noqa: PLC0415 - costs nothing where nobody asks

    with capture_records() as captured:
        yield captured
