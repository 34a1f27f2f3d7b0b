"""``/``: everything at one look."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, jsonify

from analyzers.blocks import Figures
from analyzers.language import message
from analyzers.store.interface import Store
from analyzers.thresholds import Thresholds, load_thresholds
from atalaia.web.asked import Question
from atalaia.web.background import Background
from atalaia.web.frame import asked, shown
from atalaia.web.fresh import Fresh
from atalaia.web.page import Page
from atalaia.web.payload import payload
from atalaia.web.site import Site
from atalaia.web.stores import NoStoreYetError
from atalaia.web.views.agreed import Agreed, agreed
from atalaia.web.views.now import measure_now, request_figures, request_links
from atalaia.web.views.overview import STEP, Course, Look, course, judged_window, stepped
from atalaia.web.views.promised import Promised
from atalaia.web.views.resources import measure_resources
from atalaia.web.views.standing import standing

FRESH: Final = 1.0
"""Seconds for which the figures answer every request."""
_MINUTE: Final = 60.0
_PATIENCE: Final = 0.1
"""Seconds that a view waits for the agreement's first verdict; it comes with the next one otherwise."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept from request to request."""

    looks: Fresh[Look]
    courses: Fresh[Course]
    agreed: Background[Agreed]


def blueprint(site: Site) -> Blueprint:
    """Return the overview."""
    pages = Blueprint("overview", __name__)
    thresholds = load_thresholds(site.rules.profile)
    kept = _Kept(Fresh(FRESH), Fresh(STEP.total_seconds()), Background(lambda: _agreed(site), _MINUTE))

    @pages.get("/")
    def show() -> Response:
        question = asked(site)
        told = standing(site.alert_state, question.window.end)
        try:
            with site.store(question.environment) as store:
                look = kept.looks.get(question.params, lambda: _look(site, store, question, thresholds))
                past = _course(site, store, question, thresholds, kept)
            promise = kept.agreed.get(_PATIENCE)
        except NoStoreYetError:
            look, past, promise = _look(site, None, question, thresholds), None, None
        view = {"look": look, "course": past, "agreed": promise, "standing": told}
        response = Response(shown("overview.html", question, live=question.is_live, **view))
        if site.stores.exists:
            response.call_on_close(kept.agreed.begin)  # not before: the first view would wait for its processor
        return response

    @pages.get("/api/live")
    def live() -> Response:
        question = asked(site)
        try:
            with site.store(question.environment) as store:
                look = kept.looks.get(question.params, lambda: _look(site, store, question, thresholds))
                past = _course(site, store, question, thresholds, kept)
        except NoStoreYetError:
            look, past = _look(site, None, question, thresholds), None
        return jsonify(payload(look, past, site.shown, question.window.end))

    return pages


def _look(site: Site, store: Store | None, question: Question, thresholds: Thresholds) -> Look:
    window = judged_window(question)
    resources = measure_resources(store, question, window, site.zone, thresholds, site.sampler)
    if store is None:
        return Look(window, Figures("now", resources.figures), resources.links, resources.is_own)
    now = measure_now(store, question, window)
    figures = Figures("now", (*request_figures(now, thresholds), *resources.figures))
    return Look(window, figures, {**request_links(now, question), **resources.links}, resources.is_own)


def _course(site: Site, store: Store, question: Question, thresholds: Thresholds, kept: _Kept) -> Course:
    about = stepped(question)
    key: Hashable = (question.params, about.window.end)
    return kept.courses.get(key, lambda: course(store, about, Promised(thresholds, site.contract), site.zone.key))


def _agreed(site: Site) -> Agreed:
    with site.store() as store, site.ledger() as ledger:
        return agreed(store, ledger, site.contract, site.clock())


PAGE: Final = Page("/", message("Overview"), "o", blueprint)
