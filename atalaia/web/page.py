"""A page of the site, as it is listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint

from analyzers.language import Message
from atalaia.web.site import Site


@dataclass(frozen=True, slots=True)
class Page:
    """A page with a place in the navigation; its blueprint may have further pages below it.

    Attributes:
        path: Where it is: ``/endpoints``. The pages below it begin with it.
        title: Its name in the navigation.
        key: The letter that leads there after ``g``.
        blueprint: Makes it for a site.
    """

    path: str
    title: Message
    key: str
    blueprint: Callable[[Site], Blueprint]
