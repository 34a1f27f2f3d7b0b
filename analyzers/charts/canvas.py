"""A plane of pixels in Vega-Lite, for charts whose places are known before they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.charts.palette import Palette
from analyzers.charts.plot import Json, Spec, config, drawn, layer


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in pixels from the top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Word:
    """A text and its place: the left or the right end, and the top."""

    text: str
    x: float
    top: float


@dataclass(frozen=True, slots=True)
class Canvas:
    """The plane. Its margin of two pixels is outside of it."""

    width: int
    height: int

    def spec(self, layers: Sequence[Spec], palette: Palette) -> Spec:
        """Return the whole drawing."""
        size: Spec = {"width": self.width, "height": self.height, "autosize": {"type": "none"}, "padding": 2}
        return size | {"layer": drawn(layers), "config": config(palette)}

    def boxes(self, boxes: Sequence[Box], look: Spec) -> Spec:
        """Return rectangles that say nothing."""
        return layer("rect", look, _records(boxes), self._corners())

    def targets(self, boxes: Sequence[Box]) -> Spec:
        """Return unseen rectangles for the mouse, the screen reader and the link, a hover each, in order."""
        told: Spec = {"description": {"field": "which"}}
        return layer("rect", {"fill": "transparent"}, _records(boxes), self._corners() | told)

    def words(self, words: Sequence[Word], look: Spec) -> Spec:
        """Return texts, as they are."""
        records: list[Json] = [{"text": each.text, "x": each.x, "y": each.top} for each in words]
        place: Spec = {"x": self._channel("x", self.width), "y": self._channel("y", self.height, down=True)}
        return layer("text", {"baseline": "top", **look}, records, place | {"text": {"field": "text"}})

    def _corners(self) -> Spec:
        across, down = self._channel("x", self.width), self._channel("y", self.height, down=True)
        return {"x": across, "x2": {"field": "x2"}, "y": down, "y2": {"field": "y2"}}

    def _channel(self, field: str, length: int, *, down: bool = False) -> Spec:
        domain: list[Json] = [length, 0] if down else [0, length]
        return {"field": field, "type": "quantitative", "scale": {"domain": domain, "nice": False}, "axis": None}


def _records(boxes: Sequence[Box]) -> list[Json]:
    return [
        {"x": box.left, "x2": box.right, "y": box.top, "y2": box.bottom, "which": str(index)}
        for index, box in enumerate(boxes)
    ]
