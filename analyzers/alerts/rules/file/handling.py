"""``[flapping]``, ``[unmeasured]`` and ``[delivery]``: how alerts are handled, whatever their rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from pydantic import model_validator

from analyzers.alerts.rules.file.values import Duration, Events, Form, Interval
from analyzers.alerts.settings import EngineSettings

_STANDARD = EngineSettings()


class FlappingForm(Form):
    """``[flapping]``: from how many times within how long on an alert only flaps."""

    limit: Events = _STANDARD.flap_limit
    window: Duration = _STANDARD.flap_window


class UnmeasuredForm(Form):
    """``[unmeasured]``: after how long without a measurement that is told; ``after = false``: never."""

    after: Interval = _STANDARD.unmeasured_after or timedelta(0)


class DeliveryForm(Form):
    """``[delivery]``: how long between attempts at what a channel does not take, and until when."""

    retry_first: Duration = _STANDARD.retry_first
    retry_most: Duration = _STANDARD.retry_most
    give_up_after: Duration = _STANDARD.give_up_after

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.retry_first > self.retry_most:
            raise ValueError("'retry_first' is longer than 'retry_most'")
        return self


def settings_of(flapping: FlappingForm, unmeasured: UnmeasuredForm, delivery: DeliveryForm) -> EngineSettings:
    """Return the engine's settings that the tables mean."""
    return EngineSettings(
        unmeasured_after=unmeasured.after or None,
        flap_limit=flapping.limit,
        flap_window=flapping.window,
        retry_first=delivery.retry_first,
        retry_most=delivery.retry_most,
        give_up_after=delivery.give_up_after,
    )
