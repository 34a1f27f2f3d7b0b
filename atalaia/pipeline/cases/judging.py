"""Compare what became of a case with what it says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzers.store.document import JsonValue
from analyzers.store.query import QueryError
from analyzers.store.schema import load_schema
from analyzers.store.validation import refusal
from atalaia.pipeline.cases.case import Case, CaseFile, WantedLetter
from atalaia.pipeline.cases.compiling import NOWHERE, Checks, WantedEvent
from atalaia.pipeline.cases.expected import Difference, Missing, shown
from atalaia.pipeline.cases.outcome import Letter, Outcome, Reached, Result
from atalaia.pipeline.cases.values import event_object, json_object
from atalaia.pipeline.event import METADATA, TAGS, Event
from atalaia.pipeline.reference import FieldReference


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as the case says.

    Attributes:
        what: What it is about, in words.
        differences: Where exactly, when that can be told.
    """

    what: str
    differences: tuple[Difference, ...] = ()


def judge(file: CaseFile, case: Case, outcome: Outcome) -> tuple[Problem, ...]:
    """Return what is not as a case says; nothing when it passes."""
    refused = [(result, reason) for result in outcome.results for reason in _refusals(result)]
    taken = [result for result in outcome.results if not any(result is each for each, _ in refused)]
    return (
        *_judge_events(file, case, outcome, taken),
        *_judge_refused(case.refused, refused),
        *_judge_letters(case.letters, outcome.letters),
    )


def _refusals(result: Result) -> Iterator[str]:
    """Yield why the mapping refuses a document; a stream that no template is for refuses nothing."""
    for reached in result.outputs:
        if reached.document is None:
            continue
        try:
            schema = load_schema(reached.document.stream)
        except QueryError:
            continue
        reason = refusal(reached.document, schema)
        if reason is not None:
            yield reason


def _judge_events(file: CaseFile, case: Case, outcome: Outcome, results: Sequence[Result]) -> Iterator[Problem]:
    for number, (wanted, result) in enumerate(zip(case.events, results, strict=False), 1):
        differences = tuple(_differences(file, wanted, result, routed=outcome.routed))
        if differences:
            yield Problem(f"event {number} of {len(case.events)}", differences)
    yield from _missing("event", len(case.events), len(results), dropped=case.dropped)
    for result in results[len(case.events) :]:
        yield Problem(f"an event came out that was not expected: {shown(dict(result.fields))}")


def _judge_refused(wanted: Sequence[str], refused: Sequence[tuple[Result, str]]) -> Iterator[Problem]:
    for number, (part, (_, reason)) in enumerate(zip(wanted, refused, strict=False), 1):
        if part not in reason:
            difference = Difference("reason", f"with {shown(part)}", shown(reason))
            yield Problem(f"refusal {number} of {len(wanted)}", (difference,))
    yield from _missing("event that the mapping refuses", len(wanted), len(refused))
    for result, reason in refused[len(wanted) :]:
        yield Problem(f"the mapping refuses an event: {reason}: {shown(dict(result.fields))}")


def _judge_letters(wanted: Sequence[WantedLetter], letters: Sequence[Letter]) -> Iterator[Problem]:
    for number, (expected, letter) in enumerate(zip(wanted, letters, strict=False), 1):
        differences = tuple(_letter_differences(expected, letter))
        if differences:
            yield Problem(f"dead letter {number} of {len(wanted)}", differences)
    yield from _missing("dead letter", len(wanted), len(letters))
    for letter in letters[len(wanted) :]:
        yield Problem(
            f"a dead letter of {letter.plugin} that was not expected: {letter.reason}: {shown(letter.fields)}"
        )


def _missing(what: str, wanted: int, got: int, *, dropped: bool = False) -> Iterator[Problem]:
    if got < wanted:
        yield Problem(f"expected {_counted(wanted, what)}, got {got or 'none'}")
    elif dropped and got:
        yield Problem(f"expected that nothing comes out, got {_counted(got, what)}")


def _counted(number: int, what: str) -> str:
    head, _, tail = what.partition(" ") if what.startswith("event") else (what, "", "")
    plural = head if number == 1 else f"{head}s"
    return f"{number} {plural} {tail}".rstrip()


def _letter_differences(expected: WantedLetter, letter: Letter) -> Iterator[Difference]:
    if expected.reason not in letter.reason:
        yield Difference("reason", f"with {shown(expected.reason)}", shown(letter.reason))
    if expected.plugin not in (None, letter.plugin):
        yield Difference("plugin", shown(expected.plugin), shown(letter.plugin))
    if expected.event is not None:
        yield from expected.event.differences(letter.fields, "")


def _differences(file: CaseFile, wanted: WantedEvent, result: Result, *, routed: bool) -> Iterator[Difference]:
    fields = _without(dict(result.fields), file.ignore)
    yield from wanted.fields.differences(fields, "")
    if wanted.metadata is not None:
        yield from wanted.metadata.differences(dict(result.metadata), f"[{METADATA}]")
    yield from _check_tags(wanted.checks, fields.get(TAGS))
    if routed or wanted.checks.output is not None:
        yield from _check_outputs(wanted.checks, result.outputs, file.pipeline[0].parent)
    yield from _check_made(wanted.checks, result.outputs)


def _without(fields: dict[str, JsonValue], ignore: Sequence[FieldReference]) -> dict[str, JsonValue]:
    """Return fields without those that are not compared; the given ones stay as they are."""
    if not ignore:
        return fields
    event = Event(event_object(fields))
    for reference in ignore:
        reference.remove(event)
    return json_object(event.data)


def _check_tags(checks: Checks, got: JsonValue | Missing) -> Iterator[Difference]:
    tags = [str(each) for each in got] if isinstance(got, list) else [] if got is None else [str(got)]
    shown_tags = shown(list[JsonValue](tags))
    if checks.tags is not None and sorted(tags) != sorted(checks.tags):
        yield Difference("tags", f"{shown(list[JsonValue](checks.tags))} in any order", shown_tags)
    absent = [tag for tag in checks.has_tags if tag not in tags]
    if absent:
        yield Difference("has_tags", shown(list[JsonValue](absent)), shown_tags)
    present = [tag for tag in checks.no_tags if tag in tags]
    if present:
        yield Difference("no_tags", f"none of {shown(list[JsonValue](present))}", shown_tags)


def _check_outputs(checks: Checks, reached: Sequence[Reached], directory: Path) -> Iterator[Difference]:
    got = ", ".join(map(_output_name, reached)) or NOWHERE
    if checks.output is None:
        if not reached:
            yield Difference("output", "at least one", NOWHERE)
    elif not _same_outputs(checks.output, reached, directory):
        yield Difference("output", ", ".join(checks.output) or NOWHERE, got)


def _check_made(checks: Checks, reached: Sequence[Reached]) -> Iterator[Difference]:
    """Compare what the outputs made of an event: the first document, the first text."""
    documents = [each.document for each in reached if each.document is not None]
    texts: list[JsonValue] = [each.text for each in reached if each.text is not None]
    if checks.stream is not None:
        yield from checks.stream.differences(documents[0].stream if documents else Missing.MISSING, "stream")
    if checks.id is not None:
        yield from checks.id.differences(documents[0].id if documents else Missing.MISSING, "id")
    if checks.written is not None:
        yield from checks.written.differences(texts[0] if texts else Missing.MISSING, "written")


def _output_name(reached: Reached) -> str:
    return reached.plugin if reached.path is None else f"{reached.plugin} {reached.path}"


def _same_outputs(wanted: Sequence[str], reached: Sequence[Reached], directory: Path) -> bool:
    """Tell whether each name means one of the outputs, and none is left over."""
    left = list(reached)
    for name in wanted:
        found = next((each for each in left if name in _names(each, directory)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _names(reached: Reached, directory: Path) -> set[str | None]:
    names = {reached.plugin, reached.id, reached.path}
    path = None if reached.path is None else Path(reached.path)
    if path is not None and path.is_relative_to(directory.absolute()):
        names.add(str(path.relative_to(directory.absolute())))
    return names
