"""A chart drawn: SVG for pages, print and files; PNG for mail.

Vega draws the shapes. What marks say, where they lead and the hatch are put into its SVG here: it would resolve
addresses against a host of its own, say English words to screen readers, and give two charts of a page the same names.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from typing import Final
from xml.etree import ElementTree as ET

from analyzers.charts.definition import Chart, HeatMap, Ranking, TimeChart
from analyzers.charts.heat import plot_heat
from analyzers.charts.over_time import plot_over_time
from analyzers.charts.palette import Palette, Style
from analyzers.charts.plot import Hover, Plot, writable
from analyzers.charts.ranking import plot_ranking
from logging_lib.errors import AtalaiaError

_VERSION: Final = "6.4"
"""The Vega-Lite that the drawings were looked at with."""
_SVG: Final = "http://www.w3.org/2000/svg"
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif"
"""Put in afterwards: Vega, which measures text, is much slower with a list of fonts."""
_KEPT: Final = 256
"""So many drawings are kept: pages show the same ones again and again."""
_SCALE: Final = 2
"""Pixels of a PNG for each CSS pixel: sharp on a telephone."""
_COLOURS: Final = 128
_OWN: Final = ("/", "?", "#")
"""How an address on the same site begins."""


def plot(chart: Chart, style: Style) -> Plot:
    """Return a chart as Vega-Lite in a language's words and a palette's colours."""
    match chart:
        case TimeChart():
            return plot_over_time(chart, style)
        case Ranking():
            return plot_ranking(chart, style)
        case HeatMap():
            return plot_heat(chart, style)


def draw_svg(chart: Chart, title: str, style: Style) -> str:
    """Return an ``<svg>`` element that needs nothing from the page around it but the palette's variables.

    Every bucket, bar or cell says its values to a mouse (``<title>``) and to a screen reader; where the style has
    links it is in an ``<a>``. All text in it is text: names from logs cannot become markup.

    Args:
        chart: What to show.
        title: What the whole is called, for a screen reader.
        style: For whom and where.

    Raises:
        AtalaiaError: When a link leads off the site.
    """
    drawn = plot(chart, style)
    return _finished(_vega(json.dumps(drawn.spec)), drawn.hovers, title, style)


def draw_png(chart: Chart, style: Style) -> bytes:
    """Return a picture of the same, for those who take no SVG, twice as sharp as :attr:`Style.width` says."""
    import vl_convert  # noqa: PLC0415  # big libraries, which most who import this package never draw with
    from PIL import Image  # noqa: PLC0415  # see above

    png = vl_convert.svg_to_png(_on_paper(draw_svg(chart, "", style), style.palette), scale=_SCALE)
    out = BytesIO()
    # A drawing has few colours: in a palette it takes a twentieth of the bytes.
    Image.open(BytesIO(png)).convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()


def _on_paper(svg: str, palette: Palette) -> str:
    """Put paper behind a drawing: what is half transparent would be mixed with nothing."""
    root = ET.fromstring(svg)  # noqa: S314  # our own, see below
    root.insert(0, ET.Element(f"{{{_SVG}}}rect", {"width": "100%", "height": "100%", "fill": palette.paper}))
    return ET.tostring(root, encoding="unicode")


@lru_cache(maxsize=_KEPT)
def _vega(spec: str) -> str:
    import vl_convert  # noqa: PLC0415  # see above

    return vl_convert.vegalite_to_svg(spec, vl_version=_VERSION)


def _finished(svg: str, hovers: tuple[Hover, ...], title: str, style: Style) -> str:
    ET.register_namespace("", _SVG)
    root = ET.fromstring(svg)  # noqa: S314  # the chart library's own writing, not a stranger's
    _strip(root)
    _tell(root, hovers, has_links=style.has_links)
    name = f"unmeasured-{sha256(svg.encode()).hexdigest()[:12]}"
    _hatch(root, name, style.palette)
    root.set("role", "group" if style.has_links else "img")
    root.set("aria-label", writable(title))
    return ET.tostring(root, encoding="unicode")


def _strip(root: ET.Element) -> None:
    """Take out what Vega says in English about its own shapes; give text our font."""
    for element in root.iter():
        if element.tag == f"{{{_SVG}}}text":
            element.set("font-family", _FONT)
        element.attrib.pop("aria-roledescription", None)
        if element.get("role") == "graphics-object":
            del element.attrib["role"]


def _tell(root: ET.Element, hovers: tuple[Hover, ...], *, has_links: bool) -> None:
    """Put in what each mark says, and its link around it."""
    for parent in list(root.iter()):
        for place, child in enumerate(list(parent)):
            if child.get("role") != "graphics-symbol":
                continue
            label = child.get("aria-label")
            if label is None:  # the frame of no marks at all
                del child.attrib["role"]
            else:
                parent[place] = _told(child, hovers[int(label)], has_links=has_links)


def _told(mark: ET.Element, hover: Hover, *, has_links: bool) -> ET.Element:
    ET.SubElement(mark, f"{{{_SVG}}}title").text = writable(hover.text)
    if not has_links or hover.link is None:
        mark.set("aria-label", writable(hover.text))
        mark.set("role", "img")
        return mark
    del mark.attrib["aria-label"], mark.attrib["role"]
    link = ET.Element(f"{{{_SVG}}}a", {"href": _own(hover.link), "aria-label": writable(hover.text)})
    link.append(mark)
    return link


def _own(link: str) -> str:
    if not link.startswith(_OWN) or link.startswith(("//", "/\\")):
        raise AtalaiaError(f"a chart's link leads off the site: {link!r}", "give one that begins with /, ? or #")
    return link


def _hatch(root: ET.Element, name: str, palette: Palette) -> None:
    """Put the hatch in under a name of its own: two drawings of a page may not share one."""
    hatched = list(_hatched(root))
    for element in hatched:
        element.set("fill", f"url(#{name})")
    if hatched:
        definitions = ET.Element(f"{{{_SVG}}}defs")
        size = {"id": name, "width": "6", "height": "6", "patternUnits": "userSpaceOnUse"}
        pattern = ET.SubElement(definitions, f"{{{_SVG}}}pattern", size | {"patternTransform": "rotate(45)"})
        stripe = {"x1": "0", "y1": "0", "x2": "0", "y2": "6", "stroke": palette.line, "stroke-width": "4"}
        ET.SubElement(pattern, f"{{{_SVG}}}line", stripe)
        root.insert(0, definitions)


def _hatched(root: ET.Element) -> Iterator[ET.Element]:
    return (element for element in root.iter() if element.get("fill") == "url(#unmeasured)")
