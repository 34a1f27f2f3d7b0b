"""Read ``alerts.toml``."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Final, cast

from pydantic import ValidationError

from analyzers.alerts.rules.file.common import DefaultsForm
from analyzers.alerts.rules.file.form import RulesForm
from analyzers.alerts.rules.file.meaning import MeaningError, rules_of
from analyzers.alerts.rules.file.threshold import STANDARD_WINDOW
from analyzers.alerts.rules.file.values import LONGEST
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.surroundings import REAL, Surroundings
from analyzers.selection import print_where
from analyzers.store.query import EVERYTHING, Predicate
from analyzers.strict_toml import TomlDocument, TomlError, complaints, read_document
from analyzers.thresholds.model import Profile
from logging_lib.errors import AtalaiaError

_WHAT = "alert rules"
_OF_REQUESTS: Final = ("error_rate", "response_time")
_OF_MACHINES: Final = ("cpu", "memory", "disk")
_SECOND: Final = timedelta(seconds=1)

STANDARD_MINIMUM: Final[int] = DefaultsForm().minimum_events
"""With fewer events there is nothing to judge, where nobody says otherwise."""


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


def default_rules(
    profile: str = Profile.PRODUCTION,
    *,
    window: timedelta = STANDARD_WINDOW,
    minimum_events: int = STANDARD_MINIMUM,
    where: Predicate = EVERYTHING,
    around: Surroundings = REAL,
) -> RuleFile:
    """Return the documented thresholds of a profile as rules, for whoever has no file.

    Args:
        profile: ``development``, ``staging`` or ``production``.
        window: How far back the rules look.
        minimum_events: With fewer requests the error rate and the response time are unmeasured.
        where: Which requests these two are of.
        around: The edges of the rules.

    Raises:
        AtalaiaError: When the window is no whole seconds or longer than a year, or the minimum is not positive.
    """
    if not _SECOND <= window <= LONGEST or window % _SECOND:
        raise AtalaiaError(f"the window of rules is {window}", "give whole seconds, from one to a year")
    if minimum_events < 1:
        raise AtalaiaError(f"the minimum number of events is {minimum_events}", "give at least 1")
    of_requests: dict[str, int | str] = {
        "minimum_events": minimum_events,
        **({} if where == EVERYTHING else {"where": print_where(where)}),
    }
    tables = [_documented(name, window, of_requests) for name in _OF_REQUESTS]
    tables += [_documented(name, window, {}) for name in _OF_MACHINES]
    form = RulesForm.model_validate({"profile": str(profile), "rule": tables})
    return rules_of(form, None, around)


def _documented(name: str, window: timedelta, more: dict[str, int | str]) -> dict[str, int | str]:
    return {"name": name, "kind": "threshold", "measure": name, "window": f"{window // _SECOND}s", **more}


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
