"""What a reader must know about a page's numbers: samples, losses, gaps."""

from __future__ import annotations

from analyzers.fields import REQUEST_STREAM
from analyzers.language import Message, message, plural
from analyzers.losses import losses_in, lost_said
from analyzers.sampling import sampling_of
from analyzers.store.interface import Store
from atalaia.web.asked import Question
from atalaia.web.views.numbers import Numbers
from atalaia.web.views.timeline import Course


def notes(store: Store, question: Question, now: Numbers, course: Course | None = None) -> tuple[Message, ...]:
    """Return what makes a page's numbers too small, or estimates.

    Args:
        store: The store.
        question: The question.
        now: What it measured.
        course: The buckets of its charts, where there are any.

    Raises:
        StoreError: When the store cannot answer.
    """
    counts = now.requests, now.stored
    sampling = sampling_of(store, REQUEST_STREAM, question.window, question.predicate(), counts)
    lost = lost_said(losses_in(store, question.window))
    found = (None if sampling is None else sampling.said, lost)
    return (*(message("{note}.", note=each) for each in found if each is not None), *_gaps(now, course))


def _gaps(now: Numbers, course: Course | None) -> tuple[Message, ...]:
    if course is None or not now.requests or not course.silent:
        return ()
    return (
        plural(
            "{n} interval of the charts has no event: absent, not zero.",
            "{n} intervals of the charts have no event: absent, not zero.",
            course.silent,
        ),
    )
