"""The letters with which the counts of the generated code begin."""

from __future__ import annotations

from typing import Final

DROPPED: Final = "d"
"""Events that end here without an error."""
FAILED: Final = "f"
"""Events that are tagged as failures here, and go on."""
REJECTED: Final = "x"
"""Events that a plugin or condition cannot work on."""
SECONDS: Final = "s"
"""Time spent in a plugin."""
BLOCK: Final = "b"
"""How often a block is entered: the section, or an arm."""
