"""The pages: login, dashboard, report, health."""

from __future__ import annotations

import re
from typing import Final

from flask import Blueprint, Response, abort, jsonify, redirect, request, session
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from atalaia.demo.helpdesk.state import signed_in, state, strike
from atalaia.demo.helpdesk.tickets import USERS

PASSWORD: Final = "osn"  # noqa: S105 - the one password of forty invented accounts

pages = Blueprint("pages", __name__)

_ACCOUNT: Final = re.compile(r"usuario(\d{2})", re.ASCII)
_PAGE: Final = Markup('<!doctype html><html lang="pt-BR"><title>{title}</title><h1>{title}</h1>{body}</html>')
_FORM: Final = Markup(
    '<form method="post"><input name="usuario"><input name="senha" type="password"><button>Entrar</button></form>',
)


@pages.get("/login")
def login_form() -> str:
    """Show the login form."""
    return _PAGE.format(title="Entrar", body=_FORM)


@pages.post("/login")
def login() -> AnyResponse:
    """Sign in with ``usuario01`` to ``usuario40``."""
    strike()
    account = _ACCOUNT.fullmatch(request.form.get("usuario", ""))
    if account is None or not 1 <= int(account[1]) <= USERS or request.form.get("senha") != PASSWORD:
        abort(401)
    session["user_id"] = int(account[1])
    return redirect("/dashboard")


@pages.get("/dashboard")
def dashboard() -> str:
    """Show how many tickets are open and closed."""
    strike()
    signed_in()
    items = Markup("").join(
        Markup("<li>{}: {}</li>").format(situacao, count)
        for situacao, count in sorted(state().tickets.counts().items())
    )
    return _PAGE.format(title="Chamados", body=Markup("<ul>{}</ul>").format(items))


@pages.get("/relatorios")
def report() -> Response:
    """Report tickets by category: the work that a planted incident slows down."""
    signed_in()
    state().incident.slow_down()
    strike()
    return jsonify(state().tickets.report())


@pages.get("/health")
def health() -> Response:
    """Answer a load balancer."""
    return jsonify(status="ok")
