"""What the overview shows."""

from __future__ import annotations

from dataclasses import dataclass

from analyzers.analysis import Unit
from analyzers.fields import REQUEST_STREAM
from analyzers.jobs.job import ERRORS, REQUESTS, count
from analyzers.language import message, plural
from analyzers.reports.document import Figure, Figures
from analyzers.store.interface import Store
from analyzers.store.query import Query
from atalaia.web.asked import Question


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview.

    Attributes:
        figures: The numbers.
        links: Where each of them leads, by name.
    """

    figures: Figures
    links: dict[str, str]


def overview(store: Store, question: Question) -> Overview:
    """Return the overview of a window."""
    asked = Query(REQUEST_STREAM, question.window, (REQUESTS, ERRORS), where=question.predicate())
    row = store.query(asked).rows[0]
    requests, failed = count(row, "requests"), count(row, "errors")
    basis = plural("{n} request", "{n} requests", requests)
    share = failed / requests if requests else None
    figures = (
        Figure("requests", message("Requests"), Unit.COUNT, requests, basis),
        Figure("error_rate", message("Error rate"), Unit.RATIO, share, basis),
    )
    return Overview(Figures("now", figures), {"error_rate": question.address("/", also=["status_code >= 500"])})
