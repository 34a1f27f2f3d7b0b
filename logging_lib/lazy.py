"""Names of a package that are imported when somebody asks for them, so that nobody pays for what he does not use."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def lazily(package: str, modules: Mapping[str, str]) -> Callable[[str], object]:
    """Return the ``__getattr__`` of a package (PEP 562) that imports each name once.

    Args:
        package: The package's ``__name__``.
        modules: Name -> the module, below the package, that has it.
    """

    def find(name: str) -> object:
        """Import what is asked for, once.

        Raises:
            AttributeError: When there is no such name here.
        """
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value: object = getattr(import_module(f"{package}.{modules[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return find
