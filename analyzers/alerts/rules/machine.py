"""This machine's load, looked at now: for rules about hosts of which no samples are stored."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from analyzers.alerts.host import HostSample, Sampler
from analyzers.alerts.rules.documented import HOST, MOUNT_POINT
from analyzers.alerts.rules.threshold import ThresholdRule, limits
from analyzers.alerts.rules.wording import about, amount
from analyzers.alerts.signal import Signal, Standing
from analyzers.numbers import exact, plain
from analyzers.store.interface import Store
from analyzers.store.query import Window
from analyzers.thresholds.model import Severity
from logging_lib.clock import Clock

_PRESENT: Final = timedelta(minutes=1)
"""A sample of now is one of an instant as near as this; of the past, nothing is known."""


@dataclass(frozen=True, slots=True)
class ThisMachine:
    """Looks at the machine on which the rules are evaluated.

    Attributes:
        sampler: Looks.
        clock: Tells the present instant: a sample says nothing of the past.
        name: What the machine is called in ``host.name``.
    """

    sampler: Sampler
    clock: Clock
    name: str

    @classmethod
    def real(cls, sampler: Sampler, clock: Clock) -> ThisMachine:
        """Return this machine under its own name."""
        return cls(sampler, clock, socket.gethostname())


@dataclass(frozen=True, slots=True)
class HostRule:
    """Judges stored samples of every host and, where this machine has none, the machine itself.

    Attributes:
        rule: Judges what is stored.
        measure: ``cpu``, ``memory`` or ``disk``.
        machine: This machine; ``None`` where only stored samples count.
    """

    rule: ThresholdRule
    measure: str
    machine: ThisMachine | None

    def __call__(self, store: Store, instant: datetime, standing: Standing) -> tuple[Signal, ...]:
        """Return a signal for each host (for a disk, each file system)."""
        signals = self.rule(store, instant, standing)
        if self.machine is None:
            return tuple(_with_remedy(each) if not each.labels else each for each in signals)
        if any(each.labels.get(HOST) == self.machine.name and each.value is not None for each in signals):
            return signals
        own = self._own(self.machine, instant)
        return (
            *(each for each in signals if each.labels and each.labels != own.labels),
            own,
            *_measured_again(own, standing),
        )

    def look(self, instant: datetime) -> Signal:
        """Return what this machine says itself, whatever is stored of it."""
        if self.machine is None:
            return self.rule.unmeasured(instant, "this machine is not looked at")
        return self._own(self.machine, instant)

    def _own(self, machine: ThisMachine, instant: datetime) -> Signal:
        labels = {HOST: machine.name}
        if self.measure == "disk":
            labels[MOUNT_POINT] = "/"
        end = instant.astimezone(UTC)
        window = Window(end - self.rule.window, end)
        if abs(machine.clock() - instant) > _PRESENT:
            return self._unknown(labels, window, "no sample is stored, and this machine was not looked at then")
        value = _value(machine.sampler(), self.measure)
        if value is None:
            return self._unknown(labels, window, "this machine does not tell")
        return self._judged(labels, window, value)

    def _unknown(self, labels: dict[str, str], window: Window, why: str) -> Signal:
        message, bounds = f"{self.measure}{about(labels)} unmeasured: {why}", limits(self.rule.threshold.bounds)
        return Signal(self.rule.name, labels, Severity.UNMEASURED, window, None, None, message, (), bounds)

    def _judged(self, labels: dict[str, str], window: Window, value: float) -> Signal:
        what = f"{self.measure}{about(labels)}"
        bounds = self.rule.threshold.bounds
        severity = bounds.judge(exact(value))
        level, bound = bounds.compared(severity)
        sign = "at or above" if severity.breached else "below"
        against = f"{sign} the {level} threshold of {amount(bound, '%')}"
        message = f"{what} {severity}: {plain(exact(value))} % in use, {against}, now"
        return Signal(self.rule.name, labels, severity, window, value, None, message, (), limits(bounds))


def _value(sample: HostSample, measure: str) -> float | None:
    return {"cpu": sample.cpu, "memory": sample.memory, "disk": sample.disk}[measure]


def _with_remedy(signal: Signal) -> Signal:
    if signal.severity is not Severity.UNMEASURED:
        return signal
    remedy = "; record some with 'atalaia metrics run', or look at this machine with --host (host = true in the rule)"
    message = f"{signal.message}{remedy}"
    return Signal(
        signal.rule, signal.labels, signal.severity, signal.window, None, signal.events, message, (), signal.limits
    )


def _measured_again(own: Signal, standing: Standing) -> tuple[Signal, ...]:
    """Return the end of there having been no sample of any host, where that is remembered."""
    if own.value is None or all(labels for labels in standing):
        return ()
    return (Signal(own.rule, {}, Severity.OK, own.window, None, None, "measured again", (), own.limits),)
