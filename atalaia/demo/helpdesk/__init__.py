"""A small help desk, the kind of application Atalaia watches: TI OSN's ticket system in a few endpoints."""

from atalaia.demo.helpdesk.application import SERVICE, create_app
from atalaia.demo.helpdesk.incident import Incident
from atalaia.demo.helpdesk.server import RunningServer, serve_in_thread
from atalaia.demo.helpdesk.settings import HelpdeskSettings

__all__ = ["SERVICE", "HelpdeskSettings", "Incident", "RunningServer", "create_app", "serve_in_thread"]
