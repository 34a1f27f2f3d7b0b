"""Read ``alerts.toml``."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from pydantic import ValidationError

from analyzers.alerts.rules.file.form import RulesForm
from analyzers.alerts.rules.file.meaning import MeaningError, rules_of
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.surroundings import REAL, Surroundings
from analyzers.strict_toml import TomlDocument, TomlError, complaints, read_document
from analyzers.thresholds.model import Profile

_WHAT = "alert rules"
_DOCUMENTED = ("error_rate", "response_time", "cpu", "memory", "disk")


def load_rules(path: Path, around: Surroundings = REAL) -> RuleFile:
    """Return the rules, mutes and channels of a file.

    Args:
        path: The file; a contract that it names stands relative to its folder.
        around: The edges of the rules.

    Raises:
        TomlError: When the file cannot be read, or says something wrong: every complaint about its form at once, each
            with its place (unknown keys, streams, fields, measures, names given twice); where the form is right, every
            one about its meaning (objectives and rules that are not there, local times that do not exist).
    """
    document = read_document(path, _WHAT)
    wrong = _twice(document)
    try:
        form = RulesForm.model_validate(document)
    except ValidationError as error:
        wrong.insert(0, complaints(error, RulesForm))
        raise _refused(path, wrong) from error
    try:
        found = rules_of(form, path, around)
    except MeaningError as error:
        raise _refused(path, [*wrong, *error.args]) from error
    if wrong:
        raise _refused(path, wrong)
    return found


def default_rules(profile: str = Profile.PRODUCTION, environment: str = "*", around: Surroundings = REAL) -> RuleFile:
    """Return the documented thresholds of a profile as rules, for whoever has no file.

    Args:
        profile: ``development``, ``staging`` or ``production``.
        environment: The last part of the data streams' names; ``*`` for every one.
        around: The edges of the rules.
    """
    rules = [{"name": name, "kind": "threshold", "measure": name} for name in _DOCUMENTED]
    form = RulesForm.model_validate({"profile": str(profile), "environment": environment, "rule": rules})
    return rules_of(form, None, around)


def _refused(path: Path, wrong: list[str]) -> TomlError:
    return TomlError(f"{path}: {'; '.join(wrong)}", f"repair the {_WHAT}")


def _twice(document: TomlDocument) -> list[str]:
    """Return complaints about names that two rules have; told even where the tables are not right otherwise."""
    tables = document.get("rule")
    if not isinstance(tables, list):
        return []
    names = [cast("object", table.get("name")) for table in tables if isinstance(table, dict)]
    return [
        f"rule[{place}].name: {name!r} is the name of rule[{names.index(name) + 1}] too"
        for place, name in enumerate(names, start=1)
        if isinstance(name, str) and name in names[: place - 1]
    ]
