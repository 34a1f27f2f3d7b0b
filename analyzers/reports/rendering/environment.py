"""The templates of pages, print and mail."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from analyzers.blocks import Block, Figures, Picture, Prose, Recommendations, Table
from analyzers.charts import key_of
from analyzers.charts.plot import writable
from analyzers.language import Language
from analyzers.reports.document import Report
from analyzers.reports.rendering.shown import SIGNS, Speaker, methods

_KINDS: Final = MappingProxyType(
    {Figures: "figures", Table: "table", Picture: "picture", Prose: "prose", Recommendations: "recommendations"}
)


def filled(template: str, report: Report, language: Language, extra: Mapping[str, object]) -> str:
    """Return a template with a report in it. All text is escaped; what commands, not says, is replaced.

    Args:
        template: Its name.
        report: What to show.
        language: In which language.
        extra: What else the template uses, by name.
    """
    names = {"report": report, "say": language.say, "speak": Speaker(language), "language": language, "signs": SIGNS}
    shared = {"kind_of": kind_of, "key_of": key_of, "methods": lambda block: methods(block.figures, language)}
    return writable(environment().get_template(template).render(names | shared | dict(extra)))


def kind_of(block: Block) -> str:
    """Return the name of a block's kind, which is that of the macro that shows it."""
    return _KINDS[type(block)]


@cache
def environment() -> Environment:
    """Return the templates' environment."""
    return Environment(
        loader=PackageLoader("analyzers.reports.rendering"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
