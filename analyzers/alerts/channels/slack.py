"""Slack, by an incoming webhook."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from analyzers.alerts.channels.channel import DeliveryError
from analyzers.alerts.channels.http import Answer, http_url, post, refusal, shown
from analyzers.alerts.channels.look import facts, look_of, look_of_alert, one_line, web_link
from analyzers.alerts.model import AlertDetail, Notice
from analyzers.alerts.notices import SPOKEN_ALERTS, commands
from analyzers.store.document import JsonValue
from logging_lib.clock import Clock, system_clock

_LONGEST_HEADER: Final = 150
_LONGEST_SECTION: Final = 3000
"""Slack's limits for the text of a header and of a section block, in characters."""
_DEFAULT_TIMEOUT: Final = timedelta(seconds=10)
_WHAT: Final = "Slack webhook"


class SlackChannel:
    """Posts a notice as blocks; Slack takes it when it answers 200 with the body ``ok``.

    Slack has no way to recognise a repeated post: a process that dies between the delivery and its record tells twice.

    Args:
        name: What the state knows it by.
        url: The webhook's address, which is a secret: no message shows it.
        timeout: To connect, and between two bytes.
        clock: Against which a ``Retry-After`` date is counted.

    Raises:
        AtalaiaError: When the address is not an HTTP one.
    """

    def __init__(self, name: str, url: str, timeout: timedelta = _DEFAULT_TIMEOUT, clock: Clock = system_clock) -> None:
        self.name = name
        self.timeout = timeout
        self._url = http_url(url, f"{_WHAT} {name!r}")
        self._clock = clock

    def deliver(self, notice: Notice) -> None:
        """Post the notice.

        Raises:
            DeliveryError: When Slack cannot be reached in time or answers otherwise; its own word for it is shown.
        """
        answer = post(self._url, _WHAT, self.timeout, json=slack_message(notice))
        if not answer.success:
            raise refusal(answer, _WHAT, answer.text, self._clock)
        if answer.text.strip() != "ok":
            raise _no_ok(answer)


def slack_message(notice: Notice) -> dict[str, JsonValue]:
    """Return the JSON body: a text for notifications, and blocks for the channel.

    What comes from events stands in ``plain_text`` objects, in which Slack reads no markup, mention or link; the one
    ``mrkdwn`` text, the runbook's link, is escaped and ``verbatim``.
    """
    look = look_of(notice)
    blocks: list[JsonValue] = [
        {"type": "header", "text": _plain(f"{look.sign} {look.word}: {one_line(notice.group)}", _LONGEST_HEADER)},
        _section(one_line(notice.subject)),
    ]
    blocks += [_section(_alert(alert, alone=len(notice.alerts) == 1)) for alert in notice.alerts[:SPOKEN_ALERTS]]
    if len(notice.alerts) > SPOKEN_ALERTS:
        blocks.append(_section(f"and {len(notice.alerts) - SPOKEN_ALERTS:,} more alerts"))
    blocks += [_runbook(link) for link in _runbooks(notice)]
    todo = "\n".join(map(one_line, commands(notice.kind, notice.alerts)))
    if todo:
        blocks.append({"type": "context", "elements": [_plain(todo, _LONGEST_SECTION)]})
    return {"text": escape(f"{look.sign} {one_line(notice.subject)}"), "blocks": blocks}


def escape(text: str) -> str:
    """Return a text in which Slack finds no markup of its own: no link, no mention, no ``<!channel>``."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _alert(alert: AlertDetail, *, alone: bool) -> str:
    look = look_of_alert(alert)
    first = [] if alone else [f"{look.sign} {look.word} {one_line(alert.message)}"]
    lines = [*first, *map(one_line, alert.explanation)]
    return "\n".join([*lines, *(f"{one_line(name)}: {one_line(value)}" for name, value in facts(alert))])


def _runbooks(notice: Notice) -> list[str]:
    return list(dict.fromkeys(link for alert in notice.alerts if (link := alert.runbook) is not None))


def _runbook(link: str) -> JsonValue:
    target = web_link(link)
    text = escape(f"Runbook: {link}") if target is None else f"<{escape(target).replace('|', '%7C')}|Runbook>"
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text, _LONGEST_SECTION), "verbatim": True}}


def _section(text: str) -> JsonValue:
    return {"type": "section", "text": _plain(text, _LONGEST_SECTION)}


def _plain(text: str, longest: int) -> JsonValue:
    return {"type": "plain_text", "text": _cut(text, longest), "emoji": False}


def _cut(text: str, longest: int) -> str:
    if len(text) <= longest:
        return text
    mark = f"… ({len(text) - longest:,} characters more)"
    return f"{text[: longest - len(mark)]}{mark}"


def _no_ok(answer: Answer) -> DeliveryError:
    return DeliveryError(f"the {_WHAT} answered {answer.status} without 'ok': {shown(answer.text) or 'nothing'}")
