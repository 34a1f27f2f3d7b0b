"""Charts: one definition, drawn for pages, mail and print.

Drawing needs a big library, which is loaded with the first chart that is drawn.
"""

from __future__ import annotations

from analyzers.charts.drawing import draw_png, draw_svg
from analyzers.charts.palette import NARROW, PRINT, WEB, WIDE, Palette, Style
from analyzers.charts.wording import key_of

__all__ = ["NARROW", "PRINT", "WEB", "WIDE", "Palette", "Style", "draw_png", "draw_svg", "key_of"]
