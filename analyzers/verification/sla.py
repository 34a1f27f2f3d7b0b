"""The SLA report, derived again by the contract that it carries, as of its instant."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, cast

from analyzers.fields import REQUEST_STREAM, SERVICE_NAME
from analyzers.numbers import counted
from analyzers.sla.asked import Asked
from analyzers.sla.contract.model import Contract
from analyzers.sla.contract.serial import contract_hash, from_json
from analyzers.sla.evidence import Evidence
from analyzers.sla.ledger.evidence import evidence_of
from analyzers.sla.report import sla_report
from analyzers.sla.report_json import FORM, QUESTION, report_document
from analyzers.store.document import JsonValue
from analyzers.store.query import EVERYTHING, Equals, Window
from analyzers.strict_toml import TomlError
from analyzers.verification.kinds import UNTOLD, Derivation, Events, Kind, Sources, around, exactly
from analyzers.verification.leaves import ABSENT, Difference, JsonObject, Leaf, tokens
from analyzers.verification.naming import against
from analyzers.verification.reading import instant, listed, part, text, texts
from analyzers.verification.sla_provenance import BEFORE, before, gone, rests_on_slices, take_over, window_of

_EVERY: Final = "*"
_SEALED_OTHERWISE: Final = (
    "the report was edited, or events arrived after it and were sealed with the others, before they expired"
)
_NO_LEDGER: Final = "the report rests on sealed slices, and there is no ledger: name it with --ledger"
_UNSAMPLED: Final = "sealed slices do not tell how many requests were kept: what is said of sampling is not compared"
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
    evidence, now = (evidence_of(sources.store, sources.ledger, contract, each) for each in (known, sources.now))
    found = _document(document, contract, evidence)
    unknown = _keep_sampling(document, found)
    lacking = gone(document, found, evidence)
    notes, otherwise = (*unknown, *_without_ledger(document, sources), *_restated(found, now, known)), UNTOLD
    if lacking and (later := _from_later(document, found, contract, now)) is not None:
        found, lacking, notes, otherwise = later, (), (*notes, _LATER), _SEALED_OTHERWISE
        _keep_sampling(document, found)
    service = EVERYTHING if contract.service == _EVERY else Equals(SERVICE_NAME, contract.service)
    stream = f"{REQUEST_STREAM.removesuffix('*')}{contract.environment}"
    events = Events(stream, _whole(found, as_of), service, known, lacking)
    return Derivation(
        document=found,
        events_of=lambda _path: (events,),
        time_of=_times(document, found, as_of),
        near=exactly,
        notes=notes,
        differences=against(sources.contract, contract),
        otherwise=otherwise,
    )


SLA: Final = Kind("SLA report", FORM, (), QUESTION, "question_hash", derive)


def _other_contract(document: JsonObject, as_of: datetime, derived: Leaf, why: str) -> Derivation:
    """Return what there is to say when the contract is not the one that was judged by: no number can be compared."""
    whole = _whole({}, as_of)
    return Derivation(
        document=document,
        events_of=lambda _path: (Events(REQUEST_STREAM, whole, EVERYTHING, as_of),),
        time_of=lambda _path: whole,
        near=exactly,
        differences=(Difference("/contract_hash", text(document, "contract_hash"), derived, why),),
    )


def _without_ledger(document: JsonObject, sources: Sources) -> tuple[str, ...]:
    return (_NO_LEDGER,) if sources.ledger is None and rests_on_slices(document) else ()


def _keep_sampling(document: JsonObject, found: dict[str, JsonValue]) -> tuple[str, ...]:
    """Take over what a report of sealed slices says of sampling: slices do not tell how many requests were kept.

    The raw events may have expired, or others may have arrived that were never sealed.
    """
    if not rests_on_slices(document) or document.get("sampled") == found.get("sampled"):
        return ()
    found.pop("sampled", None)
    if "sampled" in document:
        found["sampled"] = document["sampled"]
    return (_UNSAMPLED,)


def _restated(found: JsonObject, now: Evidence, known: datetime) -> tuple[str, ...]:
    """Return what to say where slices of the report were restated after it: it was right when it was made."""
    restatements = now.provenance(_whole(found, known)).restatements
    late = [each for each in restatements if each.sealed > known]
    if not late:
        return ()
    added = counted(sum(each.total for each in late), "request")
    return (f"{counted(len(late), 'minute')} restated since, by {added}: a report made now may differ",)


def _document(document: JsonObject, contract: Contract, evidence: Evidence) -> dict[str, JsonValue]:
    """Return the report by what is known."""
    asked = part(document, "asked")
    question = Asked(text(asked, "period"), texts(asked, "objectives"))
    report = sla_report(contract, evidence, instant(document, "known"), question)
    return cast("dict[str, JsonValue]", report_document(report))


def _from_later(
    document: JsonObject, found: JsonObject, contract: Contract, now: Evidence
) -> dict[str, JsonValue] | None:
    """Return the report by what is known now, if nothing is missing then."""
    later = _document(document, contract, now)
    if gone(document, later, now):
        return None
    take_over(document, found, later)
    return later


def _whole(found: JsonObject, as_of: datetime) -> Window:
    """Return the least window around everything judged."""
    judged = [each.get("judged") for each in listed(found, "judgements") if isinstance(each, dict)]
    windows = [window_of(each) for each in judged if each is not None]
    return around(tuple(windows)) if windows else Window(as_of - timedelta(days=1), as_of)


def _times(document: JsonObject, found: JsonObject, as_of: datetime) -> Callable[[str], Window]:
    """Return what tells the time that a place is about."""
    whole = _whole(found, as_of)
    both = zip(listed(document, "judgements"), listed(found, "judgements"), strict=False)
    pairs = [each for each in both if all(isinstance(one, dict) for one in each)]
    known = [_Times(*cast("tuple[JsonObject, JsonObject]", each), whole) for each in pairs]

    def time_of(path: str) -> Window:
        first, *steps = tokens(path)
        if first != "judgements" or not steps or int(steps[0]) >= len(known):
            return whole if not known else around(tuple(each.everything for each in known))
        return known[int(steps[0])].of(steps[1:])

    return time_of


class _Times:
    """The times that the values of a judgement are about.

    Args:
        reported: The judgement as it is reported.
        derived: The judgement derived again.
        whole: The time of all of them, for one that has none.
    """

    def __init__(self, reported: JsonObject, derived: JsonObject, whole: Window) -> None:
        judged, budget, earlier = derived.get("judged"), derived.get("budget"), before(reported)
        self._judged = whole if judged is None else window_of(judged)
        self._slots = [window_of(each) for each in listed(budget, "slots")] if isinstance(budget, dict) else []
        self.everything = self._judged if earlier is None else around((earlier, self._judged))
        self._by_requests = isinstance(budget, dict)

    def of(self, steps: list[str]) -> Window:
        """Return the time of a place: a slot's own, that up to its end, the period's, or that before it too."""
        if steps[:2] == ["budget", "slots"] and len(steps) > _IN_SLOT and int(steps[2]) < len(self._slots):
            return self._of_slot(self._slots[int(steps[2])], steps[_IN_SLOT])
        if self._by_requests and (steps[0] not in {"budget", BEFORE} or steps[-1] in _OF_PERIOD):
            return self._judged
        return self.everything

    def _of_slot(self, slot: Window, name: str) -> Window:
        if name == "remaining":
            return self.everything
        return Window(self._judged.start, slot.end) if name == "spent" else slot


_IN_SLOT: Final = 3
_OF_PERIOD: Final = frozenset({"unit", "spent", "allowed"})
"""What of a budget does not depend on its size."""
