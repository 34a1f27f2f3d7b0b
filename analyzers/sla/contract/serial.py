"""A contract as JSON: in the keys of the file, so that one reader serves both; and its hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final, TypeAlias

from pydantic import ValidationError

from analyzers.sla.contract.form import ContractForm
from analyzers.sla.contract.meaning import MeaningError, contract_of
from analyzers.sla.contract.model import Contract, Kind, Objective
from analyzers.sla.contract.values import JSON, edge_text
from analyzers.store.query import Window
from analyzers.strict_toml import TomlError, complaints

JsonObject: TypeAlias = dict[str, object]

_UNITS: Final = ((timedelta(hours=1), "h"), (timedelta(minutes=1), "m"), (timedelta(seconds=1), "s"))
_MOST_DIGITS: Final = 100
_BY_MINUTES: Final = frozenset({Kind.UPTIME, Kind.RTO})


def to_json(contract: Contract) -> JsonObject:
    """Return a contract in the keys of ``sla.toml``, defaults filled in, instants in UTC, percent as decimal text."""
    found: JsonObject = {
        "service": contract.service,
        "environment": contract.environment,
        "zone": contract.zone,
        "lateness": duration_text(contract.lateness),
        "coverage": _percent(contract.coverage),
    }
    if contract.valid_from is not None:
        found["valid_from"] = instant_text(contract.valid_from)
    found["objective"] = [_objective(each) for each in contract.objectives]
    found["exclusion"] = [
        {
            **_window(each.window),
            "reason": each.reason,
            "approved_by": each.approved_by,
            "objectives": list(each.objectives),
        }
        for each in contract.exclusions
    ]
    found["outage"] = [
        {**_window(each.window), "reason": each.reason, "declared_by": each.declared_by} for each in contract.outages
    ]
    return found


def from_json(document: Mapping[str, object]) -> Contract:
    """Return the contract that :func:`to_json` wrote.

    Raises:
        TomlError: When the document is not such a contract; with every complaint and its place.
    """
    try:
        return contract_of(ContractForm.model_validate(dict(document), context=JSON))
    except ValidationError as error:
        raise TomlError(
            f"the contract: {complaints(error, ContractForm)}", "take the report as it was written"
        ) from error
    except MeaningError as error:
        raise TomlError(f"the contract: {'; '.join(error.args)}", "take the report as it was written") from error


def contract_hash(contract: Contract) -> str:
    """Return the SHA-256, in hexadecimal, of what a contract means.

    Comments, white space, the order of keys and of objectives, the offsets in which instants are written and defaults
    that are spelt out do not change it.
    """
    document = to_json(contract)
    ordered = sorted(contract.objectives, key=lambda each: each.name)
    document["objective"] = [_objective(each) for each in ordered]
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def instant_text(instant: datetime) -> str:
    """Return an instant in UTC as ``2024-10-05T22:00:00Z``."""
    return instant.isoformat().replace("+00:00", "Z")


def duration_text(duration: timedelta) -> str:
    """Return a duration as the file says it, in the largest unit that is whole: ``4h``, ``90m``, ``250ms``."""
    for unit, letter in _UNITS:
        if not duration % unit:
            return f"{duration // unit}{letter}"
    return edge_text(duration // timedelta(milliseconds=1))


def _percent(share: Fraction) -> str:
    """Return a share as decimal text of percent, exactly.

    Raises:
        ValueError: When it is no finite decimal, which no file can say.
    """
    value = 100 * share
    digits = next((each for each in range(_MOST_DIGITS) if not 10**each % value.denominator), None)
    if digits is None:
        raise ValueError(f"{share} is no decimal number of percent")
    whole, rest = divmod(int(value * 10**digits), 10**digits)
    return f"{whole}.{rest:0{digits}d}" if digits else str(whole)


def _window(window: Window) -> JsonObject:
    return {"from": instant_text(window.start), "to": instant_text(window.end)}


def _objective(each: Objective) -> JsonObject:
    found: JsonObject = {
        "name": each.name,
        "kind": each.kind.value,
        "periods": [period.name for period in each.periods],
    }
    if each.target is not None:
        found["target"] = _percent(1 - each.target if each.kind is Kind.ERROR_RATE else each.target)
    if each.limit is not None:
        found["under" if each.kind is Kind.LATENCY else "limit"] = duration_text(each.limit)
    if each.route is not None:
        found["route"] = each.route
    if each.kind in _BY_MINUTES:
        found["minute_errors"] = _percent(each.minute_errors)
    if each.kind is Kind.RPO:
        found["backup"] = each.backup
    if each.expected_requests is not None:
        found["expected_requests"] = each.expected_requests
    return found
