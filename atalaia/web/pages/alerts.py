"""``/alerts``: what stands, and what people do about it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from analyzers.language import Message, message
from atalaia.web.alert_forms import (
    DURATIONS,
    Form,
    RefusedError,
    acknowledge_alert,
    make_silence,
    stop_silence,
)
from atalaia.web.frame import shown
from atalaia.web.page import Page
from atalaia.web.site import Site
from atalaia.web.views.alerts import alerts

PATH: Final = "/alerts"
_DONE: Final = {
    "acknowledged": message("Acknowledged: it is not repeated and not escalated until it is over or gets worse."),
    "silenced": message("Silenced: it is tracked, and nobody is told until the silence ends."),
    "ended": message("The silence has ended: what still fires is told at the next check."),
}


def blueprint(site: Site) -> Blueprint:
    """Return the page of the alerts and what its forms do."""
    pages = Blueprint("alerts", __name__)

    @pages.get(PATH)
    def show() -> str:
        return _shown(site, done=_DONE.get(request.args.get("done", "")))

    @pages.get(f"{PATH}/<any('acknowledge', 'silence', 'end-silence'):_form>")
    def look_again(_form: str) -> Response:
        """Answer whoever loads again, or in another language, the page that says why a form was refused."""
        return redirect(_address())

    @pages.post(f"{PATH}/acknowledge")
    def acknowledge() -> Response | tuple[str, int]:
        return _done(site, "acknowledged", acknowledge_alert)

    @pages.post(f"{PATH}/silence")
    def silence() -> Response | tuple[str, int]:
        return _done(site, "silenced", make_silence)

    @pages.post(f"{PATH}/end-silence")
    def end() -> Response | tuple[str, int]:
        return _done(site, "ended", stop_silence)

    return pages


def _done(site: Site, what: str, act: Callable[[Site, Form], None]) -> Response | tuple[str, int]:
    """Do what a form says, then show the page by an address of its own, so that a reload does nothing again."""
    try:
        act(site, request.form)
    except RefusedError as refused:
        return _shown(site, refused=refused.reason), refused.status
    return redirect(_address(done=what), HTTPStatus.SEE_OTHER)


def _address(**words: str) -> str:
    """Return the address of the page, in the language that the present one asks for."""
    kept = {"lang": request.args["lang"]} if "lang" in request.args else {}
    query = urlencode({**kept, **words})
    return f"{PATH}?{query}" if query else PATH


def _shown(site: Site, *, done: Message | None = None, refused: Message | None = None) -> str:
    view = alerts(site.alert_state, site.rules.mutes, site.clock())
    typed = request.form if refused is not None else {}
    return shown("alerts.html", view=view, done=done, refused=refused, durations=DURATIONS, typed=typed)


PAGE: Final = Page(PATH, message("Alerts"), "a", blueprint)
