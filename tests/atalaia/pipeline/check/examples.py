"""For every check a configuration in which it finds something, and what is nearly the same and clean."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from atalaia.pipeline.ecs import EcsCompatibility
from tests.atalaia.pipeline.check.checking import INPUT, OUTPUT

_AT: Final = "¦"
"""Stands before the place of the finding."""


@dataclass(frozen=True, slots=True)
class Example:
    """A fault and a near miss.

    Attributes:
        code: The check that finds the fault.
        marked: A configuration with the fault, its place marked.
        near: Almost the same, without the fault.
        ecs: The pipeline's ECS compatibility.
    """

    code: str
    marked: str
    near: str
    ecs: EcsCompatibility

    @property
    def text(self) -> str:
        """The configuration with the fault."""
        return self.marked.replace(_AT, "")

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of the fault."""
        before = self.marked.partition(_AT)[0]
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    def __str__(self) -> str:
        return self.code


def read_examples() -> list[Example]:
    """Return the examples of the file beside this one."""
    data = yaml.safe_load(Path(__file__).with_name("examples.yaml").read_text(encoding="utf-8"))
    return [_example(entry) for entry in data]


def _example(entry: dict[str, str]) -> Example:
    (form,) = {"filter", "condition", "whole"} & entry.keys()
    marked, near = (_written(form, entry[key], entry.get("before", "")) for key in (form, "near"))
    return Example(entry["code"], marked, near, EcsCompatibility(entry.get("ecs", "disabled")))


def _written(form: str, text: str, before: str) -> str:
    if form == "whole":
        return text.replace("INPUT", INPUT).replace("OUTPUT", OUTPUT)
    body = f'{before} if {text} {{ mutate {{ add_tag => ["x"] }} }}' if form == "condition" else text
    return f"{INPUT}\nfilter {{\n  {body}\n}}\n{OUTPUT}\n"
