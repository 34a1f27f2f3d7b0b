"""What is said where nothing was measured, and what to run to have it measured."""

from __future__ import annotations

from analyzers.language import message
from analyzers.recommendations.model import Gap


def no_slow_statements() -> Gap:
    """Return the gap of a window without a slow statement."""
    return Gap(
        message(
            "no slow statement was recorded: either none took as long as the application's threshold, or it does not "
            "observe its engine"
        ),
        ("logging_lib.sqlalchemy.observe(engine, slow=0.5)",),
    )
