"""What the alert engine is set to, beside the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How alerts are handled, whatever their rule.

    Attributes:
        unmeasured_after: After how long without a measurement that is told, once; ``None``: never.
        flap_limit: An alert that fires more often than this within ``flap_window`` is flapping.
        flap_window: Also how long a flapping alert must stay as it is to be settled.
        abandoned_after: An alert whose rule has not been checked for so long ends, and that is told.
        retry_first: The longest wait after a first failed delivery; it doubles with each further one.
        retry_most: The longest wait of all.
        give_up_after: A notice that a channel has not taken for so long is given up, which the other channels are told.
        channel_budget: How long the deliveries of one check to one channel may take together.
    """

    unmeasured_after: timedelta | None = timedelta(days=1)
    flap_limit: int = 4
    flap_window: timedelta = timedelta(hours=1)
    abandoned_after: timedelta = timedelta(days=7)
    retry_first: timedelta = timedelta(seconds=30)
    retry_most: timedelta = timedelta(hours=1)
    give_up_after: timedelta = timedelta(days=3)
    channel_budget: timedelta = timedelta(seconds=20)
