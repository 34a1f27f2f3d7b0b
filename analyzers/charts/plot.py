"""What the drawing of each kind of chart is made of: Vega-Lite as plain data, and what is said of its marks."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from analyzers.analysis import Unit
from analyzers.charts.palette import Palette
from analyzers.language import Language, Message, message
from analyzers.language.language import SIZES

Json: TypeAlias = Mapping[str, "Json"] | Sequence["Json"] | str | float | bool | None
Spec: TypeAlias = dict[str, Json]

HATCH: Final = "url(#unmeasured)"
"""How a mark says that it is hatched; the drawing puts the pattern in."""

_LETTER: Final = 6.6
"""Pixels of a letter at 11 pixels, on average, of the wider fonts."""
_UNWRITABLE: Final = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)
_IN_UNIT: Final = {
    Unit.RATIO: message("{axis}, %"),
    Unit.SECONDS: message("{axis}, s"),
    Unit.PER_SECOND: message("{axis}, per second"),
}


@dataclass(frozen=True, slots=True)
class Hover:
    """What a mark says to a mouse and to a screen reader, and where it leads."""

    text: str
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart ready to be drawn.

    Attributes:
        spec: Vega-Lite. A mark's ``description`` is the index of its hover.
        hovers: What its marks say. It never passes through Vega.
    """

    spec: Spec
    hovers: tuple[Hover, ...]


def factor_of(unit: Unit, greatest: float) -> float:
    """Return what the axis counts in: ratios in percent, bytes in the greatest binary unit of which there is one."""
    if unit is Unit.BYTES:
        return 1024.0 ** -_step(greatest)
    return 100.0 if unit is Unit.RATIO else 1.0


def _step(size: float) -> int:
    return next((step for step in reversed(range(len(SIZES))) if size >= 1024**step), 0)


def axis_title(axis: Message, unit: Unit, language: Language, greatest: float | None = None) -> str:
    """Return a title with its unit, so that no number below it repeats it.

    Args:
        axis: The title by itself.
        unit: What the numbers are.
        language: In which language.
        greatest: The greatest of the numbers, which chooses the unit of bytes; ``None`` where each has its own.
    """
    if unit is Unit.BYTES and greatest is not None:
        return language.say(message("{axis}, {unit}", axis=axis, unit=SIZES[_step(greatest)]))
    pattern = _IN_UNIT.get(unit)
    return language.say(axis) if pattern is None else language.say(message(pattern.text, axis=axis))


def layer(mark: str, look: Spec, records: Sequence[Json], encoding: Spec) -> Spec:
    """Return a layer with its own data. Only what has a description is told to screen readers."""
    aria: Spec = {} if "description" in encoding else {"aria": False}
    return {"data": {"values": records}, "mark": {"type": mark, **aria, **look}, "encoding": encoding}


def drawn(layers: Sequence[Spec]) -> list[Json]:
    """Return the layers that have something to draw: the others cost as much time, for nothing."""
    return [each for each in layers if each["data"] != {"values": []}]


def across(field: str, scale: Spec | None = None, axis: Spec | None = None) -> Spec:
    """Return a quantitative channel; layers share the scale and the axis of the first that has one."""
    return {"field": field, "type": "quantitative"} | ({} if scale is None else {"scale": scale, "axis": axis})


def in_pixels(field: str) -> Spec:
    """Return a channel whose values are pixels of the plot already."""
    return {"field": field, "type": "quantitative", "scale": None}


def ticks_at(places: list[Json], texts: list[Json]) -> Spec:
    """Return that these ticks are drawn with these texts, each of them: Vega would thin them out by its own count."""
    text = f"{json.dumps(texts)}[indexof({json.dumps(places)}, datum.value)]"
    drawn: Spec = {"tickCount": len(places), "labelOverlap": False, "labelBound": False, "aria": False}
    return drawn | {"values": places, "labelExpr": text}


def room_for(texts: Sequence[str]) -> int:
    """Return about how many pixels the longest of some texts takes. Vega measures them, for ten times the price."""
    return math.ceil(max(map(len, texts), default=0) * _LETTER)


def fitted(text: str, width: float) -> str:
    """Return a text cut to what fits, with an ellipsis; every text of a drawing comes through here."""
    most = max(int(width / _LETTER), 1)
    return writable(text if len(text) <= most else f"{text[: most - 1]}…")


def writable(text: str) -> str:
    """Return a text with a mark for each character that XML cannot hold or that turns the direction of text."""
    return _UNWRITABLE.sub("\ufffd", text)


def config(palette: Palette) -> Spec:
    """Return the looks that all charts share."""
    words: Spec = {
        "labelColor": palette.quiet,
        "titleColor": palette.quiet,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    }
    lines: Spec = {"domainColor": palette.line, "tickColor": palette.line, "gridColor": palette.line}
    return {
        "background": "transparent",
        "font": "sans-serif",
        "view": {"stroke": None},
        "axis": {**words, **lines},
        "text": {"fontSize": 11},
    }
