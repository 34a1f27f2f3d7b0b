"""When a release that explains something came, and when it first failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from analyzers.explanation.examples import instant_of
from analyzers.explanation.model import Finding
from analyzers.explanation.request import ExplainRequest
from analyzers.store.interface import Store
from analyzers.store.query import EVERYTHING, And, Predicate, Window
from analyzers.store.selection import Selection

RELEASE: Final = "version"
_BEFORE: Final = timedelta(days=7)
"""A release that ran in the week before the window is not new in it."""


def dated(store: Store, request: ExplainRequest, finding: Finding) -> Finding:
    """Return a finding with the instants at which its release appeared and first failed, where that is new."""
    releases = (each for each in (*finding.conditions, *finding.same) if each.aspect.name == RELEASE)
    release = next((each for each in releases if each.value is not None), None)
    if release is None:
        return finding
    start = request.window.start
    if _first(store, request, Window(start - _BEFORE, start), release.predicate) is not None:
        return finding
    first = _first(store, request, request.window, release.predicate)
    bad = _first(store, request, request.window, And((release.predicate, request.failing)))
    return replace(finding, first=first, first_bad=bad)


def _first(store: Store, request: ExplainRequest, window: Window, where: Predicate = EVERYTHING) -> datetime | None:
    wanted = Selection(request.stream, window, And((request.where, where)), limit=1)
    return next((instant_of(document) for document in store.documents(wanted)), None)
