"""How long the ``http`` input waits for its clients and for the pipeline."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Times, in seconds.

    Attributes:
        idle: A connection may say nothing between two requests.
        head: A request's head may take from its first byte on.
        body: A body may take, and one second more for each ``rate`` bytes of it.
        rate: Bytes a second.
        answer: A client may take to read an answer.
        moment: A request waits for a place in the pipeline; then it is refused.
        settled: A request waits for its events to be durable; then it is answered that this is not known.
    """

    idle: float = 60.0
    head: float = 15.0
    body: float = 15.0
    rate: int = 1_000
    answer: float = 10.0
    moment: float = 1.0
    settled: float = 120.0
