"""What an integration says when the package it is about is not installed.

The library itself needs structlog, orjson and python-json-logger. A module that is about another package imports
that package at its top, like this, and nothing else of the library imports that module:

    try:
        import redis
    except ModuleNotFoundError as error:
        raise missing("redis", "redis") from error
"""

from __future__ import annotations

from logging_lib.errors import AtalaiaError


def missing(extra: str | None, package: str) -> AtalaiaError:
    """Return the error to raise where an integration's package cannot be imported.

    Args:
        extra: The extra of ``setup.cfg`` that brings the package; ``None`` for one that a whole ``atalaia`` always
            brings (flask, psutil), and that only an installation of the logging library alone can lack.
        package: What is missing, by its name on PyPI.

    Returns:
        An error whose remedy is the command that installs the package.
    """
    alone = f"pip install {package}"
    remedy = f"pip install 'atalaia[{extra}]', or {alone} where only the logging library is wanted" if extra else alone
    return AtalaiaError(f"{package} is not installed, and this integration needs it", remedy)
