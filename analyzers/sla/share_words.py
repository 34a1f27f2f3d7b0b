"""What was found of a share, in words."""

from __future__ import annotations

from analyzers.analysis import State
from analyzers.language import Message, english, message, plural
from analyzers.language.parts import share as share_value
from analyzers.language.parts import target as target_value
from analyzers.sla.contract.model import Kind, Objective
from analyzers.sla.measured import Share, allowed, target_of


def suspicion(covered: Message, state: State, found: Message) -> Message:
    """Return what the measured part says, where it is too little to judge by."""
    if state is State.MISSED:
        return message("{covered}; the measured part has missed it: {found}", covered=covered, found=found)
    return message("{covered}; the measured part has met it: {found}", covered=covered, found=found)


def nothing(share: Share) -> Message:
    """Return why a share of nothing cannot be judged."""
    if not share.seen:
        return message("no requests") if share.unit == "request" else message("no minutes with requests")
    if share.unit == "request":
        return plural("none of {n} request can be judged", "none of {n} requests can be judged", share.seen)
    return plural("none of {n} minute can be judged", "none of {n} minutes can be judged", share.seen)


def figure_of(objective: Objective, share: Share) -> str:
    """Return the share that people speak of, beside its target: ``0.42 %, under 1 % promised``."""
    return english(figure(objective, share))


def figure(objective: Objective, share: Share) -> Message:
    """Return the same in any language."""
    target = target_of(objective)
    if objective.kind is Kind.ERROR_RATE:
        shown, promised = share_value(share.bad, share.total, apart_from=1 - target), target_value(1 - target)
        return message("{share}, under {target} promised", share=shown, target=promised)
    shown = share_value(share.good, share.total, apart_from=target)
    return message("{share} of {target}", share=shown, target=target_value(target))


def margin(objective: Objective, share: Share, *, running: bool) -> Message:
    """Return how many more could be bad, or how many too many are."""
    rest, requests = allowed(objective, share.total) - share.bad, share.unit == "request"
    if rest < 0 and requests:
        return plural("{n} request over", "{n} requests over", -rest)
    if rest < 0:
        return plural("{n} minute over", "{n} minutes over", -rest)
    if running and requests:
        return plural("{n} request left", "{n} requests left", rest)
    if running:
        return plural("{n} minute left", "{n} minutes left", rest)
    if requests:
        return plural("{n} request to spare", "{n} requests to spare", rest)
    return plural("{n} minute to spare", "{n} minutes to spare", rest)


def judged_on(share: Share) -> Message | None:
    """Return how many of all could be judged; ``None`` where it was all."""
    if share.total == share.seen:
        return None
    if share.unit == "request":
        return plural(
            "judged on {total} of {n} request", "judged on {total} of {n} requests", share.seen, total=share.total
        )
    return plural("judged on {total} of {n} minute", "judged on {total} of {n} minutes", share.seen, total=share.total)
