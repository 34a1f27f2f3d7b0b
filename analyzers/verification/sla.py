"""The SLA report, derived again by the contract that it carries, as of its instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from typing import Final, cast

from analyzers.fields import REQUEST_STREAM, SERVICE_NAME
from analyzers.numbers import counted
from analyzers.sla.asked import Asked
from analyzers.sla.contract.model import Contract
from analyzers.sla.contract.serial import contract_hash, from_json, to_json
from analyzers.sla.ledger.evidence import evidence_of
from analyzers.sla.ledger.spans import Spans, united, without
from analyzers.sla.report import sla_report
from analyzers.sla.report_json import FORM, QUESTION, report_document
from analyzers.store.document import JsonValue
from analyzers.store.query import EVERYTHING, Equals, QueryError, Window
from analyzers.strict_toml import TomlError
from analyzers.verification.kinds import UNTOLD, Derivation, Events, Kind, Sources, around, exactly
from analyzers.verification.leaves import ABSENT, Difference, JsonObject, Leaf, compare, tokens
from analyzers.verification.reading import ReportError, instant, listed, part, text, texts

_EVERY: Final = "*"
_SEALED_OTHERWISE: Final = (
    "the report was edited, or events arrived after it and were sealed with the others, before they expired"
)
_PARTS: Final = ("sealed", "raw", "missing")
_LATER: Final = "the raw events have expired: derived from what was sealed after the instant of the report"


def derive(document: JsonObject, sources: Sources) -> Derivation:
    """Judge by the report's own contract again.

    Where raw events have expired that the report rested on, what was sealed since stands in for them, if it says the
    same. Restatements after the instant of the report are left out, so that a report stays true.

    Raises:
        ReportError: When it lacks a part of the question.
        AtalaiaError: When a part of the question cannot be read, or a store cannot answer.
    """
    as_of = instant(document, "as_of")
    try:
        contract = from_json(part(document, "contract"))
    except TomlError as error:
        return _other_contract(document, as_of, ABSENT, f"the contract cannot be read: {error.message}")
    if contract_hash(contract) != text(document, "contract_hash"):
        return _other_contract(document, as_of, contract_hash(contract), "the contract was edited after the report")
    known = instant(document, "known")
    found = _document(document, contract, sources, known)
    gone = _gone(document, found)
    notes, otherwise = _restated(found, contract, sources, known), UNTOLD
    if gone and (later := _from_later(document, found, contract, sources)) is not None:
        found, gone, notes, otherwise = later, (), (*notes, _LATER), _SEALED_OTHERWISE
    service = EVERYTHING if contract.service == _EVERY else Equals(SERVICE_NAME, contract.service)
    stream = f"{REQUEST_STREAM.removesuffix('*')}{contract.environment}"
    return Derivation(
        document=found,
        events=Events(stream, _whole(found, as_of), service, known),
        gone=gone,
        time_of=_times(found, as_of),
        near=exactly,
        notes=notes,
        differences=_against(sources.contract, contract),
        otherwise=otherwise,
    )


SLA: Final = Kind("SLA report", FORM, (), QUESTION, "question_hash", derive)


def _other_contract(document: JsonObject, as_of: datetime, derived: Leaf, why: str) -> Derivation:
    """Return what there is to say when the contract is not the one that was judged by: no number can be compared."""
    whole = _whole({}, as_of)
    return Derivation(
        document=document,
        events=Events(REQUEST_STREAM, whole, EVERYTHING, as_of),
        gone=(),
        time_of=lambda _path: whole,
        near=exactly,
        differences=(Difference("/contract_hash", text(document, "contract_hash"), derived, why),),
    )


def _against(named: Contract | None, carried: Contract) -> tuple[Difference, ...]:
    """Return where the contract that the report carries is not the one that was named."""
    if named is None or contract_hash(named) == contract_hash(carried):
        return ()
    ours, theirs = (cast("dict[str, JsonValue]", to_json(each)) for each in (named, carried))
    _, found = compare({"contract": theirs}, {"contract": ours}, exactly)
    return tuple(Difference(each.path, each.reported, each.derived, "the contract that was named") for each in found)


def _restated(found: JsonObject, contract: Contract, sources: Sources, known: datetime) -> tuple[str, ...]:
    """Return what to say where slices of the report were restated after it: it was right when it was made."""
    evidence = evidence_of(sources.store, sources.ledger, contract, sources.now)
    restatements = evidence.provenance(_whole(found, known)).restatements
    late = [each for each in restatements if each.sealed > known]
    if not late:
        return ()
    added = counted(sum(each.total for each in late), "request")
    return (f"{counted(len(late), 'minute')} restated since, by {added}: a report made now may differ",)


def _document(document: JsonObject, contract: Contract, sources: Sources, known: datetime) -> dict[str, JsonValue]:
    """Return the report by what was known as of an instant."""
    asked = part(document, "asked")
    question = Asked(text(asked, "period"), texts(asked, "objectives"))
    evidence = evidence_of(sources.store, sources.ledger, contract, known)
    report = sla_report(contract, evidence, instant(document, "known"), question)
    return cast("dict[str, JsonValue]", report_document(report))


def _from_later(
    document: JsonObject, found: JsonObject, contract: Contract, sources: Sources
) -> dict[str, JsonValue] | None:
    """Return the report by what is known now, if nothing is missing then; its provenance is the reported one."""
    later = _document(document, contract, sources, sources.now)
    if _gone(document, later):
        return None
    judgements = zip(
        *(listed(each, "judgements") for each in (document, found, later)),
        strict=False,
    )
    for reported, first, last in judgements:
        theirs, ours, mine = (_provenance(each) for each in (reported, first, last))
        if theirs is not None and ours is not None and mine is not None and _same_whole(theirs, mine):
            mine.update({**theirs, "restatements": ours["restatements"]})
    return later


def _gone(document: JsonObject, found: JsonObject) -> Spans:
    """Return the time that a report had raw events or slices of, and of which there are none now."""
    gone: list[Window] = []
    for reported, derived in zip(listed(document, "judgements"), listed(found, "judgements"), strict=False):
        theirs, ours = _provenance(reported), _provenance(derived)
        if theirs is not None and ours is not None:
            gone += _lacking(theirs, ours)
    return united(gone)


def _lacking(theirs: JsonObject, ours: JsonObject) -> Spans:
    """Return what is missing now and was not when the report was made."""
    if not _same_whole(theirs, ours):
        return ()
    was = united(_windows(listed(theirs, "missing")))
    return tuple(left for each in _windows(listed(ours, "missing")) for left in without(each, was))


def _same_whole(theirs: JsonObject, ours: JsonObject) -> bool:
    """Tell whether the reported parts are those of the same time, each moment once: if not, they were edited."""
    try:
        parts = [each for key in _PARTS for each in _windows(listed(theirs, key))]
    except (ReportError, QueryError):
        return False
    return united(parts) == united(each for key in _PARTS for each in _windows(listed(ours, key))) and not _overlap(
        parts
    )


def _overlap(windows: list[Window]) -> bool:
    ordered = sorted(windows, key=lambda each: each.start)
    return any(first.end > second.start for first, second in pairwise(ordered))


def _provenance(judgement: JsonValue) -> dict[str, JsonValue] | None:
    found = judgement.get("provenance") if isinstance(judgement, dict) else None
    return found if isinstance(found, dict) else None


def _windows(values: list[JsonValue]) -> list[Window]:
    return [_window(each) for each in values]


def _window(value: JsonValue) -> Window:
    bounds = value if isinstance(value, dict) else {}
    return Window(instant(bounds, "from"), instant(bounds, "to"))


def _whole(found: JsonObject, as_of: datetime) -> Window:
    """Return the least window around everything judged."""
    judged = [each.get("judged") for each in listed(found, "judgements") if isinstance(each, dict)]
    windows = [_window(each) for each in judged if each is not None]
    return around(tuple(windows)) if windows else Window(as_of.replace(year=as_of.year - 1, day=1), as_of)


def _times(found: JsonObject, as_of: datetime) -> Callable[[str], Window]:
    """Return what tells the time that a place is about: its slot of the burn-down, its period so far, or everything."""
    whole = _whole(found, as_of)
    judgements = [each for each in listed(found, "judgements") if isinstance(each, dict)]

    def time_of(path: str) -> Window:
        steps = tokens(path)
        if steps[0] != "judgements" or len(steps) < 2 or int(steps[1]) >= len(judgements):  # noqa: PLR2004 - a place in it
            return whole
        entry = judgements[int(steps[1])]
        budget = entry.get("budget")
        if steps[2:4] == ("budget", "slots") and isinstance(budget, dict) and len(steps) > 4:  # noqa: PLR2004 - likewise
            slots = listed(budget, "slots")
            if int(steps[4]) < len(slots):
                return _window(slots[int(steps[4])])
        return whole if entry.get("judged") is None else _window(entry.get("judged"))

    return time_of
