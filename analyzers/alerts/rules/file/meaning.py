"""What the tables mean together: rules with their handling, mutes, references that must be known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from datetime import timedelta
from fnmatch import fnmatchcase
from pathlib import Path

from analyzers.alerts.rules.file.common import NOTHING
from analyzers.alerts.rules.file.context import Context
from analyzers.alerts.rules.file.evaluations import Unmeant, evaluation_of
from analyzers.alerts.rules.file.form import AnyRuleForm, RulesForm
from analyzers.alerts.rules.file.handling import settings_of
from analyzers.alerts.rules.file.muting import MuteForm
from analyzers.alerts.rules.file.runbooks import runbook_of
from analyzers.alerts.rules.file.words import words_of
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.mutes import Mute, MuteKind
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.alerts.signal import Rule
from analyzers.sla.contract.loading import load_contract
from analyzers.sla.contract.model import Contract, Exclusion
from analyzers.strict_toml import TomlError
from analyzers.thresholds import load_thresholds
from analyzers.thresholds.model import Profile


class MeaningError(ValueError):
    """The form is right, but says something that cannot be meant; the arguments are the complaints."""


def rules_of(form: RulesForm, path: Path | None, around: Surroundings) -> RuleFile:
    """Return the rules that a file's form means.

    Raises:
        MeaningError: With every complaint, each naming its place.
    """
    reader = _Reader(form, path, around)
    found = reader.read()
    if reader.complaints:
        raise MeaningError(*reader.complaints)
    return found


class _Reader:
    """Turns a form into rules and collects what is wrong with it."""

    def __init__(self, form: RulesForm, path: Path | None, around: Surroundings) -> None:
        self.complaints: list[str] = []
        self._form, self._path = form, path
        self._names = [each.name for each in form.rule]
        contract = self._contract()
        self._context = Context(form, load_thresholds(form.profile), contract, around)

    def read(self) -> RuleFile:
        form, words = self._form, {}
        rules = []
        for place, each in enumerate(form.rule, start=1):
            rule = self._rule(each, f"rule[{place}]")
            if rule is not None:
                rules.append(rule)
                words[rule.name] = words_of(each, rule, self._context)
        self._groups_known()
        return RuleFile(
            path=self._path,
            zone=form.zone,
            profile=Profile(form.profile),
            environment=form.environment,
            service=form.service,
            rules=tuple(rules),
            mutes=(*self._mutes(form.silence, MuteKind.SILENCE), *self._maintenance()),
            channels=form.channel,
            settings=settings_of(form.flapping, form.unmeasured, form.delivery),
            words=words,
        )

    def _contract(self) -> Contract | None:
        if self._form.contract is None:
            return None
        folder = Path() if self._path is None else self._path.parent
        try:
            return load_contract(folder / self._form.contract)
        except TomlError as error:
            self.complaints.append(f"contract: {error.message}")
            return None

    def _rule(self, form: AnyRuleForm, place: str) -> Rule | None:
        if self._form.contract is not None and self._context.contract is None and hasattr(form, "objective"):
            return None  # the contract's own complaint comes first
        try:
            evaluate = evaluation_of(form, self._context)
        except Unmeant as error:
            self.complaints.append(f"{place}.{error}")
            return None
        defaults = self._form.defaults
        group = form.group or self._group_of(form.name)
        return Rule(
            name=form.name,
            evaluate=evaluate,
            pending=_first(form.pending, defaults.pending) or NOTHING,
            keep_firing=_first(form.keep_firing, defaults.keep_firing) or NOTHING,
            runbook=self._runbook(form, group),
            group=group,
            repeat=_first(form.repeat, defaults.repeat) or None,
            escalate=_first(form.escalate, defaults.escalate) or None,
            labels=dict(form.labels),
        )

    def _runbook(self, form: AnyRuleForm, group: str | None) -> str:
        address = form.runbook or self._form.defaults.runbook
        if address is None:
            return runbook_of(form).command
        return address.format(
            rule=form.name,
            group=group or form.name,
            kind=form.kind,
            service=self._form.service or "all",
            environment="all" if self._form.environment == "*" else self._form.environment,
        )

    def _group_of(self, rule: str) -> str | None:
        return next((name for name, patterns in self._form.group.items() if _matches(rule, patterns)), None)

    def _groups_known(self) -> None:
        for name, patterns in self._form.group.items():
            self._known(patterns, f"group.{name}")

    def _mutes(self, forms: Sequence[MuteForm], kind: MuteKind) -> list[Mute]:
        found = []
        for place, form in enumerate(forms, start=1):
            where = f"{kind}[{place}]"
            self._known(form.rules or (), f"{where}.rules")
            try:
                found.append(form.mute(kind, self._form.zone))
            except ValueError as error:
                self.complaints.append(f"{where}: {error}")
        return found

    def _maintenance(self) -> list[Mute]:
        contract = self._context.contract
        excluded = () if contract is None else contract.exclusions
        return self._mutes(self._form.maintenance, MuteKind.MAINTENANCE) + [_of_exclusion(each) for each in excluded]

    def _known(self, patterns: Iterable[str], place: str) -> None:
        for pattern in patterns:
            if not any(fnmatchcase(name, pattern) for name in self._names):
                near = difflib.get_close_matches(pattern, self._names, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(self._names)}"
                self.complaints.append(f"{place}: no rule is called {pattern!r} ({hint})")


def _of_exclusion(exclusion: Exclusion) -> Mute:
    """Return the maintenance that an exclusion is; one of some objectives is about what is labelled with them."""
    labels = {"objective": exclusion.objectives} if exclusion.objectives else {}
    return Mute(MuteKind.MAINTENANCE, exclusion.window, exclusion.reason, exclusion.approved_by, (), labels)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _first(own: timedelta | None, default: timedelta | None) -> timedelta | None:
    return default if own is None else own
