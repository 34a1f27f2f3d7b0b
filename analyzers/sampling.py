"""Whether an answer rests on a sample: events that stand for others, which nobody kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analyzers.fields import SAMPLE_WEIGHT
from analyzers.language import Message, english, message
from analyzers.store.document import JsonValue
from analyzers.store.interface import Store, StoreError
from analyzers.store.query import Max, Min, NamedMeasure, Predicate, Query, Stored, Window

STORED: Final = NamedMeasure("stored", Stored())
"""Asked for beside a count, it tells for nothing whether anything was sampled."""

_WEIGHTS: Final = (NamedMeasure("least", Min(SAMPLE_WEIGHT)), NamedMeasure("greatest", Max(SAMPLE_WEIGHT)))


@dataclass(frozen=True, slots=True)
class Sampling:
    """What a sample is made of.

    Attributes:
        stored: How many requests were kept.
        requests: How many they stand for.
        least: The least weight of those that stand for several.
        greatest: The greatest.
    """

    stored: int
    requests: int
    least: int
    greatest: int

    @property
    def sentence(self) -> str:
        """In words, for people."""
        return english(self.said)

    @property
    def said(self) -> Message:
        """The same in any language."""
        span = message("{weight}", weight=self.least)
        if self.least != self.greatest:
            span = message("{least} to {most}", least=self.least, most=self.greatest)
        return message(
            "sampled: {stored} of {requests} requests were kept, with weights of {span}; "
            "counts are weighted, percentiles are estimates",
            stored=self.stored,
            requests=self.requests,
            span=span,
        )


def sampling_of(
    store: Store, stream: str, window: Window, where: Predicate, counts: tuple[int, int]
) -> Sampling | None:
    """Return what the requests of an answer were sampled from; ``None`` when each stands for itself.

    Args:
        store: The store that answered.
        stream: The stream that was asked.
        window: The window.
        where: Which requests counted.
        counts: How many requests there were, and how many documents.

    Raises:
        StoreError: When the store cannot answer, or cannot tell the weights.
    """
    requests, stored = counts
    if requests == stored:
        return None
    row = store.query(Query(stream, window, _WEIGHTS, (), where)).rows[0]
    least, greatest = row["least"], row["greatest"]
    if not isinstance(least, int) or not isinstance(greatest, int):
        raise StoreError(
            f"{stored:,} documents count as {requests:,}, and none has a {SAMPLE_WEIGHT}: no backing index maps it",
            "run 'atalaia elasticsearch setup --rollover'; then reindex the stream, or delete it and ingest again",
        )
    return Sampling(stored, requests, least, greatest)


def as_object(sampling: Sampling) -> dict[str, JsonValue]:
    """Return a sample as JSON says it."""
    return {
        "stored": sampling.stored,
        "requests": sampling.requests,
        "least_weight": sampling.least,
        "greatest_weight": sampling.greatest,
    }
