"""From the keys of a case, and the defaults of its file, to the case that is run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, TypeAlias

from pydantic import ValidationError

from analyzers.store.document import JsonValue
from atalaia.pipeline.cases.case import Case, CaseInput, WantedLetter
from atalaia.pipeline.cases.compiling import (
    NOWHERE,
    Checks,
    WantedEvent,
    compile_event,
    compile_value,
    merged,
    nest,
    split_special,
)
from atalaia.pipeline.cases.expected import ExpectationError, Expected
from atalaia.pipeline.cases.faults import faults_of, unknown_key
from atalaia.pipeline.cases.model import CaseKeys, CheckKeys, DefaultKeys, InputKeys, LetterKeys
from atalaia.pipeline.reference import FieldReference

_Path: TypeAlias = tuple[str | int, ...]
_CHECKS: Final = tuple(CheckKeys.model_fields)
_SOURCES: Final = ("line", "lines", "event", "events")


def build_case(
    keys: CaseKeys, defaults: DefaultKeys, ignore: tuple[FieldReference, ...], path: _Path, line: int
) -> Case:
    """Build a case.

    Args:
        keys: The case as written.
        defaults: Those of its file.
        ignore: Fields that are not compared.
        path: Where it stands in the file.
        line: The same as a line number.

    Raises:
        ExpectationError: When it contradicts itself or something in it is not well written.
    """
    _check_outcome(keys, path)
    events = tuple(
        _event(written, keys, defaults, ignore, (*path, "expect", number))
        for number, written in enumerate(keys.expect or [])
    )
    letters = tuple(
        _letter(letter, ignore, (*path, "dead_letter", number)) for number, letter in enumerate(keys.dead_letter or [])
    )
    source = _input(keys.input, defaults.input, (*path, "input"))
    return Case(keys.name, line, source, events, bool(keys.dropped), letters, tuple(keys.refused or ()))


def check_defaults(defaults: DefaultKeys) -> None:
    """Refuse defaults that speak of one case, or in the wrong place.

    Raises:
        ExpectationError: When there is such a key.
    """
    given = next((name for name in _SOURCES if getattr(defaults.input, name) is not None), None)
    if given is not None:
        raise ExpectationError(("defaults", "input", given), f"{given} belongs to a case, not to the defaults")
    special = next((name for name in defaults.expect if name.startswith("$")), None)
    if special is not None:
        words = f"{special} speaks of an event; write {special[1:]} below defaults"
        raise ExpectationError(("defaults", "expect", special), words)


def _check_outcome(keys: CaseKeys, path: _Path) -> None:
    """Refuse a case that says nothing of what becomes of its input, or contradicts itself."""
    if keys.dropped is False:
        raise ExpectationError((*path, "dropped"), "dropped: false says nothing; write what comes out below expect")
    if keys.expect == []:
        raise ExpectationError((*path, "expect"), "expect is empty; write dropped: true")
    outcomes = {"expect": keys.expect, "dead_letter": keys.dead_letter, "refused": keys.refused}
    told = [name for name, value in outcomes.items() if value]
    if keys.dropped and told:
        raise ExpectationError((*path, "dropped"), f"dropped: true says that nothing comes out, but there is {told[0]}")
    if not keys.dropped and not told:
        remedy = "add expect, dropped, dead_letter or refused"
        raise ExpectationError(path, f"the case {keys.name!r} does not say what becomes of its input; {remedy}")
    checks = [name for name in _CHECKS if getattr(keys, name) is not None]
    if checks and not keys.expect:
        raise ExpectationError((*path, checks[0]), f"{checks[0]} speaks of the events below expect, and there are none")


def _input(keys: InputKeys, defaults: InputKeys, path: _Path) -> CaseInput:
    given = [name for name in _SOURCES if getattr(keys, name) is not None]
    if len(given) != 1:
        found = " and ".join(given) if given else "none of them"
        raise ExpectationError(path, f"input takes one of {', '.join(_SOURCES)}; it has {found}")
    after_codec = defaults.after_codec if keys.after_codec is None else keys.after_codec
    if after_codec:
        return _past_the_codec(keys, given[0], path)
    events = keys.events if keys.event is None else [keys.event]
    lines = keys.lines if keys.line is None else [keys.line]
    texts = [json.dumps(event, ensure_ascii=False) for event in events or []] + [*(lines or [])]
    for text in texts:
        if "\n" in text.removesuffix("\n"):
            raise ExpectationError((*path, given[0]), "a line has no line end inside; write the parts below lines")
    via, source = keys.via or defaults.via, keys.path or defaults.path or ""
    return CaseInput(tuple(text.removesuffix("\n") for text in texts), None, via, source)


def _past_the_codec(keys: InputKeys, given: str, path: _Path) -> CaseInput:
    if given in ("line", "lines"):
        raise ExpectationError((*path, given), f"after_codec starts with an event, not with a {given}; write event")
    for name in ("via", "path"):
        if getattr(keys, name) is not None:
            raise ExpectationError((*path, name), f"{name} says what an input reads; after_codec passes inputs over")
    return CaseInput((), tuple(keys.events or [keys.event or {}]), None, "")


def _event(
    written: Mapping[str, JsonValue],
    keys: CaseKeys,
    defaults: DefaultKeys,
    ignore: tuple[FieldReference, ...],
    path: _Path,
) -> WantedEvent:
    special, fields = split_special(written)
    unknown = next((name for name in special if name not in _CHECKS), None)
    if unknown is not None:
        known = [f"${name}" for name in _CHECKS]
        raise ExpectationError((*path, f"${unknown}"), unknown_key(f"${unknown}", known, "that speaks of an event"))
    try:
        own = CheckKeys.model_validate(special)
    except ValidationError as error:
        at, words, _ = faults_of(error)[0]
        raise ExpectationError((*path, f"${at[0]}", *at[1:]), f"${words}") from None
    checks = _checks((own, keys, defaults), path)
    return compile_event(
        merged(nest(defaults.expect, ("defaults", "expect")), nest(fields, path)), checks, ignore, path
    )


def _checks(layers: tuple[CheckKeys, ...], path: _Path) -> Checks:
    """Return the checks of an event: its own, then the case's, then the file's."""
    chosen: dict[str, object] = {}
    for name in _CHECKS:
        chosen[name] = next((getattr(keys, name) for keys in layers if getattr(keys, name) is not None), None)
    layer = CheckKeys.model_validate(chosen)
    return Checks(
        exact=bool(layer.exact),
        output=_outputs(layer.output, path),
        stream=_value(layer.stream, (*path, "$stream")),
        id=_value(layer.id, (*path, "$id")),
        written=_value(layer.written, (*path, "$written")),
        tags=None if layer.tags is None else tuple(layer.tags),
        has_tags=tuple(layer.has_tags or ()),
        no_tags=tuple(layer.no_tags or ()),
    )


def _outputs(names: list[str] | None, path: _Path) -> tuple[str, ...] | None:
    if names is None:
        return None
    if NOWHERE in names and len(names) > 1:
        raise ExpectationError((*path, "$output"), f"{NOWHERE} says that there is no output; write it alone")
    return () if names == [NOWHERE] else tuple(names)


def _value(written: JsonValue, path: _Path) -> Expected | None:
    return None if written is None else compile_value(written, path)


def _letter(keys: LetterKeys, ignore: tuple[FieldReference, ...], path: _Path) -> WantedLetter:
    fields = None if keys.event is None else compile_event(keys.event, Checks(), ignore, (*path, "event")).fields
    return WantedLetter(keys.reason or "", keys.plugin, fields)
