"""The site's WSGI application: its frame, its guard, its pages."""

from __future__ import annotations

from flask import Flask

from atalaia.web import feeds, runbooks, samples, signing_in
from atalaia.web.frame import Frame, install
from atalaia.web.mistakes import install_mistakes
from atalaia.web.pages import PAGES
from atalaia.web.security import Access, Guard
from atalaia.web.site import Site


def create_app(site: Site, access: Access | None = None) -> Flask:
    """Return the application.

    Args:
        site: What its pages share.
        access: How it is reached; by default by this machine alone.
    """
    app = Flask(__name__)
    app.url_map.merge_slashes = False  # an address means itself
    guard = Guard(access or Access(), site.clock)
    guard.protect(app)
    install(app, Frame(site, guard, PAGES))
    install_mistakes(app)
    app.register_blueprint(signing_in.blueprint(guard))
    app.register_blueprint(feeds.blueprint(site))
    app.register_blueprint(runbooks.blueprint())
    app.register_blueprint(samples.blueprint(site))
    for page in PAGES:
        app.register_blueprint(page.blueprint(site))
    return app
