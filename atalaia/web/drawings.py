"""Charts that are drawn beside a page's questions: drawing one takes as long as asking for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from markupsafe import Markup

from analyzers.blocks import Picture
from analyzers.language import Language
from atalaia.web.pictures import picture

Draw: TypeAlias = Callable[[Picture], None]
"""Draws a chart now, for the template that shows it later."""


class Drawings:
    """Keeps the charts of one page that are drawn before its template asks for them; threads may share it.

    Args:
        language: Whose words.
    """

    def __init__(self, language: Language) -> None:
        self._language = language
        self._drawn: dict[int, tuple[Picture, Markup]] = {}

    def draw(self, block: Picture) -> None:
        """Draw a chart as a tile.

        Raises:
            AtalaiaError: When a link leads off the site.
        """
        self._drawn[id(block)] = block, picture(block, self._language)

    def find(self, block: Picture) -> Markup | None:
        """Return a chart as it was drawn; ``None`` when it was not."""
        found = self._drawn.get(id(block))
        return None if found is None else found[1]


def draw_later(_block: Picture) -> None:
    """Leave it to the template."""
