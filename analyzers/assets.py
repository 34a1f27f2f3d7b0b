"""Find the configuration files that are kept outside the Python packages."""

from __future__ import annotations

from pathlib import Path

from logging_lib.errors import AtalaiaError

_PACKAGE = Path(__file__).resolve().parent


def asset_root(name: str, package: Path = _PACKAGE) -> Path:
    """Return the folder of an asset: ``<package>/_assets/<name>`` in a wheel, ``<checkout>/<name>`` in a checkout.

    Args:
        name: The asset's folder name at the root of the checkout, e.g. ``elasticsearch``.
        package: The folder of the package that carries it in a wheel.

    Raises:
        AtalaiaError: When neither exists: the installation is incomplete.
    """
    for candidate in (package / "_assets" / name, package.parent / name):
        if candidate.is_dir():
            return candidate
    raise AtalaiaError(f"the folder {name!r} is missing from this installation", "install atalaia again")
