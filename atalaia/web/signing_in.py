"""The pages to sign in and out."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from atalaia.web.frame import shown
from atalaia.web.security import Guard
from atalaia.web.security.addresses import own_address
from atalaia.web.security.guard import SIGN_IN

SIGN_OUT: Final = "/sign-out"


def blueprint(guard: Guard) -> Blueprint:
    """Return the pages to sign in and out."""
    pages = Blueprint("signing_in", __name__)

    @pages.get(SIGN_IN)
    def ask() -> str:
        return shown("sign_in.html", wrong=False, target=own_address(request.args.get("next")))

    @pages.post(SIGN_IN)
    def sign_in() -> Response | tuple[str, int]:
        target = own_address(request.form.get("next"))
        if not guard.try_token(request.form.get("token", "").strip()):
            return shown("sign_in.html", wrong=True, target=target), HTTPStatus.UNAUTHORIZED
        guard.begin(signed_in=True)
        return redirect(target, HTTPStatus.SEE_OTHER)

    @pages.post(SIGN_OUT)
    def sign_out() -> Response:
        guard.leave()
        return redirect(SIGN_IN, HTTPStatus.SEE_OTHER)

    return pages
