"""The demonstration help desk as a WSGI application, for the container.

``ATALAIA_LOG_DIRECTORY`` and ``ATALAIA_ENVIRONMENT`` say where and as what it logs.
"""

import secrets

import logging_lib
from atalaia.demo.helpdesk import SERVICE, HelpdeskSettings, create_app

logging_lib.configure(service=SERVICE)
# Sessions end with the container: nobody can sign cookies with a key that is written down.
application = create_app(HelpdeskSettings(secret_key=secrets.token_hex()))
