"""Structured logging for Python web applications: the library an application imports.

import logging_lib
from logging_lib.flask import AtalaiaFlask

logging_lib.configure(service="ti-osn", environment="production", directory="/var/log/ti-osn")
log = logging_lib.get_logger(__name__)
AtalaiaFlask(app)
log.info("started", port=8000)
"""

from logging_lib.application import get_logger
from logging_lib.configuration import configure, shutdown
from logging_lib.errors import AtalaiaError
from logging_lib.record import DOCUMENTED_KEYS, OPTIONAL_KEYS, UNMATCHED, RequestRecord
from logging_lib.settings import LoggingSettings

__all__ = [
    "DOCUMENTED_KEYS",
    "OPTIONAL_KEYS",
    "UNMATCHED",
    "AtalaiaError",
    "LoggingSettings",
    "RequestRecord",
    "configure",
    "get_logger",
    "shutdown",
]
