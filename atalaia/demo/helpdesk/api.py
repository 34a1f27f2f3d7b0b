"""The JSON side: ``/api/chamados``."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, abort, jsonify, request

import logging_lib
from atalaia.demo.helpdesk.state import signed_in, state, strike
from atalaia.demo.helpdesk.tickets import CATEGORIES, CLOSED, OPEN, Ticket

api = Blueprint("api", __name__, url_prefix="/api/chamados")
api.before_request(strike)

_log = logging_lib.get_logger(__name__)


@api.get("")
def list_tickets() -> Response:
    """List the newest tickets; ``situacao`` and ``limite`` (1 to 100) narrow it."""
    signed_in()
    situacao = request.args.get("situacao")
    if situacao not in {None, OPEN, CLOSED}:
        abort(400)
    limit = request.args.get("limite", default=20, type=int)
    return jsonify([asdict(ticket) for ticket in state().tickets.newest(situacao, min(max(limit, 1), 100))])


@api.post("")
def open_ticket() -> tuple[Response, int]:
    """Open a ticket from ``{"titulo": …, "categoria": …}``."""
    user = signed_in()
    sent = request.get_json()
    titulo, categoria = (sent.get("titulo"), sent.get("categoria")) if isinstance(sent, dict) else (None, None)
    if not isinstance(titulo, str) or not titulo.strip() or categoria not in CATEGORIES:
        abort(400)
    ticket = state().tickets.open(titulo, categoria, user)
    _log.info("ticket opened", ticket=ticket.id, categoria=categoria)
    return jsonify(asdict(ticket)), 201


@api.get("/<int:ticket_id>")
def show_ticket(ticket_id: int) -> Response:
    """Show one ticket."""
    signed_in()
    return _shown(state().tickets.get(ticket_id))


@api.post("/<int:ticket_id>/fechar")
def close_ticket(ticket_id: int) -> Response:
    """Close one ticket; ``{"horas": …}`` tells how long it took."""
    signed_in()
    sent = request.get_json(silent=True)
    horas = sent.get("horas", 1.0) if isinstance(sent, dict) else 1.0
    if not isinstance(horas, int | float) or horas < 0:
        abort(400)
    shown = _shown(state().tickets.close(ticket_id, float(horas)))
    _log.info("ticket closed", ticket=ticket_id)
    return shown


def _shown(ticket: Ticket | None) -> Response:
    return jsonify(asdict(ticket)) if ticket else abort(404)
