"""Hand notices to channels, all channels at once, none for longer than its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Final, TypeAlias

from analyzers.alerts.channels import Channel, DeliveryError
from analyzers.alerts.model import Notice

Posted: TypeAlias = Callable[[str, Notice, DeliveryError | None], None]
"""Told of each attempt as it ends: the channel, the notice, and why it failed or ``None``."""

_SLACK: Final = timedelta(seconds=1)
"""A channel may take so much longer than its own time for one attempt."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """How an attempt ended; with no notice: the channel has nothing more to do."""

    channel: str
    notice: Notice | None
    error: DeliveryError | None = None


def post(
    batches: Mapping[str, Sequence[Notice]], channels: Mapping[str, Channel], budget: timedelta, posted: Posted
) -> None:
    """Hand each channel its notices in order, and return when all have ended or the time is up.

    After a failure the later notices of that group are not attempted. An attempt that has not ended in time has failed;
    its thread is left behind, and attempts nothing more.

    Args:
        batches: The notices by the channel's name.
        channels: The channels by their names.
        budget: How long all may take together; longer only where one attempt of a channel may take longer.
        posted: Called from this thread.
    """
    outcomes: SimpleQueue[_Outcome] = SimpleQueue()
    over = Event()
    running = {name: list(notices) for name, notices in batches.items() if notices}
    for name, notices in running.items():
        work = (channels[name], name, tuple(notices), outcomes, over)
        Thread(target=_work, args=work, name=f"alerts to {name}", daemon=True).start()
    limit = max([budget, *(channels[name].timeout + _SLACK for name in running)])
    deadline = time.monotonic() + limit.total_seconds()
    while running and (outcome := _next(outcomes, deadline)) is not None:
        left = running[outcome.channel]
        if outcome.notice is None:
            _broken(outcome.channel, running.pop(outcome.channel), posted)
            continue
        left.remove(outcome.notice)
        if outcome.error is not None:
            left[:] = [each for each in left if each.group != outcome.notice.group]
        posted(outcome.channel, outcome.notice, outcome.error)
    over.set()
    for name, left in running.items():
        if left:
            posted(name, left[0], DeliveryError(f"no answer within {limit.total_seconds():g} s"))


def _work(
    channel: Channel, name: str, notices: tuple[Notice, ...], outcomes: SimpleQueue[_Outcome], over: Event
) -> None:
    """Attempt one notice after the other, in a thread; its end is told whatever happens in the channel."""
    failed: set[str] = set()
    try:
        for notice in notices:
            if over.is_set():
                return
            if notice.group not in failed:
                error = _attempt(channel, notice)
                if error is not None:
                    failed.add(notice.group)
                outcomes.put(_Outcome(name, notice, error))
    finally:
        outcomes.put(_Outcome(name, None))


def _attempt(channel: Channel, notice: Notice) -> DeliveryError | None:
    try:
        channel.deliver(notice)
    except DeliveryError as error:
        return error
    return None


def _broken(name: str, left: Sequence[Notice], posted: Posted) -> None:
    """Say that an attempt failed where the thread ended without a word about it; its traceback is on stderr."""
    if left:
        posted(name, left[0], DeliveryError("the channel broke down; its traceback is on stderr"))


def _next(outcomes: SimpleQueue[_Outcome], deadline: float) -> _Outcome | None:
    try:
        return outcomes.get(timeout=max(0.0, deadline - time.monotonic()))
    except Empty:
        return None
