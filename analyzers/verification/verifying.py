"""Verify a report: derive it again, compare, and say why what differs does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from analyzers.numbers import counted
from analyzers.question import question_hash
from analyzers.store.document import JsonValue
from analyzers.verification.analyses import ANALYSIS
from analyzers.verification.kinds import Derivation, Kind, Sources
from analyzers.verification.leaves import ABSENT, Difference, JsonObject, compare
from analyzers.verification.reading import ReportError
from analyzers.verification.reasons import reason_teller
from analyzers.verification.reports import REPORTS
from analyzers.verification.sla import SLA

KINDS: Final[Mapping[str, Kind]] = MappingProxyType({**REPORTS, "sla": SLA})
"""What a report calls itself to how it is derived again."""
_REMEDY: Final = (
    "name what 'atalaia report', 'atalaia sla show', 'atalaia errors' or another analysis wrote with --format json"
)


class Outcome(StrEnum):
    """What became of a report."""

    EQUAL = "equal"
    """Every value was derived again."""
    DIFFERS = "differs"
    """Some value is another, and its events are still there."""
    UNVERIFIABLE = "unverifiable"
    """What differs rests on events that have expired; all else is equal."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of verifying a report.

    Attributes:
        kind: What kind of report it is, for people.
        values: How many values were compared.
        differences: Those that differ though their events are still there.
        unverifiable: Those that differ and rest on events that have expired.
        notes: What there is to say beside.
    """

    kind: str
    values: int
    differences: tuple[Difference, ...]
    unverifiable: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """A value that certainly differs outweighs those that cannot be derived."""
        if self.differences:
            return Outcome.DIFFERS
        return Outcome.UNVERIFIABLE if self.unverifiable else Outcome.EQUAL

    @property
    def sentence(self) -> str:
        """The outcome in words, with its numbers."""
        values = counted(self.values, "value")
        if self.differences:
            rest = f"; {len(self.unverifiable):,} cannot be derived again" if self.unverifiable else ""
            return f"{self.kind} differs: {len(self.differences):,} of {values}{rest}"
        if self.unverifiable:
            return f"{self.kind} unverifiable: {len(self.unverifiable):,} of {values} cannot be derived again"
        return f"{self.kind} equal: all {values} derived again"


def kind_of(document: JsonObject) -> Kind:
    """Return what kind of report a document is.

    Raises:
        ReportError: When it is of no known kind, or of a form that is not read.
    """
    query = document.get("query")
    name = document.get("report")
    if name is None and isinstance(query, dict) and "rows" in document:
        kind: Kind | None = ANALYSIS
    else:
        kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise ReportError(
            f"there is no report of the kind {name!r}" if "report" in document else "this is no report that we write",
            _REMEDY,
        )
    _check_form(kind, kind.asked(document).get("form"))
    return kind


def _check_form(kind: Kind, form: JsonValue) -> None:
    if form == kind.form and not isinstance(form, bool):
        return
    if isinstance(form, int) and form > kind.form:
        raise ReportError(
            f"this {kind.name} is of form {form}, newer than {kind.form}, the newest that is read here",
            "verify it with the version of atalaia that made it, or a later one",
        )
    raise ReportError(f"this {kind.name} says no form that is read here: {form!r}", "make the report again")


def verify(document: JsonObject, sources: Sources) -> Verification:
    """Verify a report.

    Raises:
        ReportError: When it is of no known kind or form, or lacks what it must say.
        AtalaiaError: When it asks what cannot be asked, or a store cannot answer.
    """
    kind = kind_of(document)
    if (edited := _edited_question(kind, document)) is not None:
        return Verification(kind.name, 1, (edited,))
    derivation = kind.derive(document, sources)
    values, found = compare(document, derivation.document, derivation.near)
    if not found:
        return Verification(kind.name, values, derivation.differences, (), derivation.notes)
    return _explained(kind, values, found, derivation, sources)


def _edited_question(kind: Kind, document: JsonObject) -> Difference | None:
    """Return what tells that the question is not the one that was answered; then no number can be compared."""
    question = kind.question_of(document)
    asked, derived = kind.asked(document), question_hash(question)
    reported = asked.get(kind.hashed, ABSENT)
    if reported == derived:
        return None
    path = "/".join(("", *kind.question, kind.hashed))
    why = f"the question was edited after the report was made, or its hash: {', '.join(question)}"
    return Difference(path, reported, derived, why)


def _explained(
    kind: Kind, values: int, found: tuple[Difference, ...], derivation: Derivation, sources: Sources
) -> Verification:
    tell = reason_teller(sources.store, derivation)
    sure, unsure = list(derivation.differences), list[Difference]()
    for each in found:
        reason = tell(each.path)
        told = Difference(each.path, each.reported, each.derived, reason.why)
        (unsure if reason.expired else sure).append(told)
    return Verification(kind.name, values, tuple(sure), tuple(unsure), derivation.notes)
