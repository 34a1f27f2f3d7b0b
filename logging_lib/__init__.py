"""Structured logging for Python web applications: the library an application imports.

import logging_lib
from logging_lib.flask import AtalaiaFlask

logging_lib.configure(service="ti-osn", environment="production", directory="/var/log/ti-osn")
log = logging_lib.get_logger(__name__)
AtalaiaFlask(app)
log.info("started", port=8000)

What stands here is imported when it is first used, so that a program which needs only the clock or the error class
does not pay for the logging machinery.
"""

from typing import TYPE_CHECKING

from logging_lib.lazy import lazily

if TYPE_CHECKING:
    from logging_lib.application import get_logger
    from logging_lib.configuration import configure, shutdown
    from logging_lib.errors import AtalaiaError
    from logging_lib.keys import DOCUMENTED_KEYS, OPTIONAL_KEYS
    from logging_lib.record import UNMATCHED, RequestRecord
    from logging_lib.request.options import RequestOptions
    from logging_lib.request.trace import current_trace, outgoing_headers
    from logging_lib.settings import LoggingSettings

__all__ = [
    "DOCUMENTED_KEYS",
    "OPTIONAL_KEYS",
    "UNMATCHED",
    "AtalaiaError",
    "LoggingSettings",
    "RequestOptions",
    "RequestRecord",
    "configure",
    "current_trace",
    "get_logger",
    "outgoing_headers",
    "shutdown",
]

__getattr__ = lazily(
    __name__,
    {
        "DOCUMENTED_KEYS": "keys",
        "OPTIONAL_KEYS": "keys",
        "UNMATCHED": "record",
        "AtalaiaError": "errors",
        "LoggingSettings": "settings",
        "RequestOptions": "request.options",
        "RequestRecord": "record",
        "configure": "configuration",
        "current_trace": "request.trace",
        "get_logger": "application",
        "outgoing_headers": "request.trace",
        "shutdown": "configuration",
    },
)
