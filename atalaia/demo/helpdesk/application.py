"""The help desk as a Flask application that logs with ``logging_lib``, the way any application would."""

from __future__ import annotations

from typing import Final

from flask import Flask

import logging_lib
from atalaia.demo.helpdesk.api import api
from atalaia.demo.helpdesk.pages import pages
from atalaia.demo.helpdesk.settings import HelpdeskSettings
from atalaia.demo.helpdesk.state import STATE_KEY, State
from atalaia.demo.helpdesk.tickets import Tickets
from logging_lib.flask import AtalaiaFlask

SERVICE: Final = "ti-osn"
"""The name under which the help desk logs."""


def create_app(settings: HelpdeskSettings | None = None) -> Flask:
    """Return the help desk; ``logging_lib.configure`` comes first, as everywhere.

    Raises:
        AtalaiaError: Logging is not configured.
    """
    settings = settings or HelpdeskSettings()
    app = Flask(__name__)
    app.secret_key = settings.secret_key
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # the default provider has it, its base class does not
    app.extensions[STATE_KEY] = State(Tickets(settings.seed, settings.tickets), settings.incident)
    app.register_blueprint(api)
    app.register_blueprint(pages)
    AtalaiaFlask(app)
    logging_lib.get_logger(__name__).info("help desk ready", tickets=settings.tickets)
    return app
