"""The Flask application: ``python -m gunicorn "tests.end_to_end.load.flask_app:create()"``."""

from __future__ import annotations

from flask import Flask

from logging_lib.flask import AtalaiaFlask
from tests.end_to_end.load.talking import configure, talk


def create() -> Flask:
    """Return the application; under ``--preload`` it is configured in the master, before the workers are forked."""
    configure()
    app = Flask(__name__)
    AtalaiaFlask(app)
    app.add_url_rule("/pedido/<int:number>", view_func=talk)
    return app
