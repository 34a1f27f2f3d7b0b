"""Text messages, by Twilio's REST API."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from analyzers.alerts.channels.channel import DeliveryError
from analyzers.alerts.channels.http import Answer, http_url, post, refusal, shown
from analyzers.alerts.channels.look import look_of, one_line
from analyzers.alerts.channels.text_message import fit
from analyzers.alerts.model import Notice
from analyzers.store.document import JsonValue
from logging_lib.clock import Clock, system_clock

_WHAT: Final = "Twilio API"
TWILIO: Final = "https://api.twilio.com"
_NOT_SENT: Final = frozenset({"failed", "undelivered", "canceled"})


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """Who pays and who speaks.

    Attributes:
        sid: The account, ``AC…``.
        token: Its secret.
        sender: A number, a short code or a name; or
        service: a messaging service, ``MG…``.
        api_url: Where the API is: regions have addresses of their own.
    """

    sid: str
    token: str = field(repr=False)
    sender: str | None = None
    service: str | None = None
    api_url: str = TWILIO


class SmsChannel:
    """Sends one text message to one number for each notice.

    Twilio has no way to recognise a repeated request: a process that dies between the delivery and its record tells
    twice.

    Args:
        name: What the state knows it by.
        account: The account at Twilio.
        number: Whom to tell, in the form of E.164.
        segments: How many segments a message may take; what does not fit is cut, and the cut says how much.
        timeout: To connect, and between two bytes.
        clock: Against which a ``Retry-After`` date is counted.
    """

    def __init__(
        self,
        name: str,
        account: TwilioAccount,
        number: str,
        segments: int = 1,
        timeout: timedelta = timedelta(seconds=10),
        clock: Clock = system_clock,
    ) -> None:
        self.name = name
        self.timeout = timeout
        self._account = account
        self._number = number
        self._segments = segments
        self._clock = clock
        self._url = http_url(f"{account.api_url}/2010-04-01/Accounts/{account.sid}/Messages.json", _WHAT)

    def deliver(self, notice: Notice) -> None:
        """Send the message; Twilio has taken it when it answers 2xx and does not call it failed.

        Raises:
            DeliveryError: When Twilio cannot be reached in time or refuses; its code and words are shown.
        """
        form = {"To": self._number, "Body": sms_text(notice, self._segments), **self._sender()}
        auth = (self._account.sid, self._account.token)
        answer = post(self._url, _WHAT, self.timeout, form=form, auth=auth)
        said = _said(answer)
        if not answer.success:
            raise refusal(answer, _WHAT, _words(said) or answer.text, self._clock)
        if said.get("status") in _NOT_SENT:
            raise DeliveryError(f"the {_WHAT} says {said['status']}: {shown(_words(said))}")

    def _sender(self) -> dict[str, str]:
        if self._account.service is not None:
            return {"MessagingServiceSid": self._account.service}
        return {"From": self._account.sender or ""}


def sms_text(notice: Notice, segments: int) -> str:
    """Return the notice in so many segments: the verdict, then what explains it, as far as it fits."""
    look = look_of(notice)
    lines = [f"{look.word} {one_line(notice.subject)}"]
    if len(notice.alerts) > 1:
        lines += [one_line(alert.message) for alert in notice.alerts]
    elif segments > 1:
        lines += [one_line(line) for alert in notice.alerts for line in alert.explanation]
    return fit("\n".join(lines), segments)


def _said(answer: Answer) -> dict[str, JsonValue]:
    try:
        document: JsonValue = json.loads(answer.text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _words(said: dict[str, JsonValue]) -> str:
    """Return the error of an answer: of a refused request, or of a message that was not sent."""
    code = said.get("code") or said.get("error_code")
    message = said.get("message") or said.get("error_message")
    return " ".join(str(part) for part in (message, f"(code {code})" if code else None) if part)
