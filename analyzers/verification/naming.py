"""The contract that a report carries against the one that was named."""

from __future__ import annotations

from typing import cast

from analyzers.sla.contract.model import Contract
from analyzers.sla.contract.serial import contract_hash, to_json
from analyzers.store.document import JsonValue
from analyzers.verification.kinds import exactly
from analyzers.verification.leaves import Difference, JsonObject, compare


def against(named: Contract | None, carried: Contract, *place: str) -> tuple[Difference, ...]:
    """Return where the contract that a report carries is not the one that was named.

    Args:
        named: The one that was named; ``None`` for none.
        carried: The report's.
        place: Where it stands in the report: the keys of the objects around it.
    """
    if named is None or contract_hash(named) == contract_hash(carried):
        return ()
    ours, theirs = (_placed(to_json(each), place) for each in (named, carried))
    _, found = compare(theirs, ours, exactly)
    return tuple(Difference(each.path, each.reported, each.derived, "the contract that was named") for each in found)


def _placed(contract: dict[str, object], place: tuple[str, ...]) -> JsonObject:
    found = {"contract": cast("JsonValue", contract)}
    for key in reversed(place):
        found = {key: found}
    return found
