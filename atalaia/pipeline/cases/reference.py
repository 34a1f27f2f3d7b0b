"""The keys and matchers, as the part of ``docs/pipeline-tests.md`` that is made from the models.

``python -m atalaia.pipeline.cases.reference`` prints it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from atalaia.pipeline.cases.matchers import KINDS
from atalaia.pipeline.cases.model import CaseKeys, CheckKeys, DefaultKeys, FileKeys, InputKeys, LetterKeys

_CHECKS: Final = "the keys of an event below"
_OF_AN_EVENT: Final = (
    "Beside its fields. In a case they hold for all its events, below `defaults` for all events of the file; in an "
    "object of `expect`, with `$` before the name (`$stream`), for that event alone. The nearest one counts."
)
_SECTIONS: Final[tuple[tuple[str, str, type[BaseModel], type[BaseModel] | None], ...]] = (
    ("The file", "", FileKeys, None),
    ("A case", f"And {_CHECKS}, for every event of the case.", CaseKeys, CheckKeys),
    ("`input`", "", InputKeys, None),
    (
        "An event",
        _OF_AN_EVENT,
        CheckKeys,
        None,
    ),
    ("`dead_letter`", "", LetterKeys, None),
    ("`defaults`", f"And {_CHECKS}.".replace("below", "above"), DefaultKeys, CheckKeys),
)


def reference() -> str:
    """Return the reference as Markdown."""
    return "\n".join([*(line for section in _SECTIONS for line in _section(*section)), *_matchers()])


def _section(title: str, preface: str, model: type[BaseModel], base: type[BaseModel] | None) -> Iterator[str]:
    yield from (f"### {title}", "")
    if preface:
        yield from (preface, "")
    yield from ("| key | default | what |", "| --- | --- | --- |")
    for name, field in model.model_fields.items():
        if base is None or name not in base.model_fields:
            yield f"| `{name}` | {_default(field)} | {field.description} |"
    yield ""


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "needed"
    return f"`{field.default}`" if isinstance(field.default, str) else ""


def _matchers() -> Iterator[str]:
    yield from ("### Matchers", "", "| written | passes |", "| --- | --- |")
    for kind in KINDS.values():
        yield f"| `{kind.example}` | {kind.meaning} |"
    yield ""


if __name__ == "__main__":
    sys.stdout.write(reference())
