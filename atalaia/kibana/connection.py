"""The way to a Kibana: its address, its space, who we are, and its refusals in one line."""

from __future__ import annotations

import ssl
import time
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import quote

import httpx

from atalaia.kibana.objects import Json, JsonObject
from logging_lib.errors import AtalaiaError

if TYPE_CHECKING:
    from analyzers.store.elastic.connection import Credentials

REQUEST_SECONDS: Final = 60.0
BETWEEN: Final = 2.0
"""Seconds between two questions whether it is ready."""

_MARK: Final = "kbn-name"
"""The header by which every answer of a Kibana is known."""
_LONGEST: Final = 300


class KibanaError(AtalaiaError):
    """Kibana cannot be reached, or refuses.

    Attributes:
        status: The HTTP status of the answer; ``None`` when there was none.
        details: What the answer says beside its message.
    """

    def __init__(self, message: str, remedy: str, status: int | None = None, details: Json = None) -> None:
        super().__init__(message, remedy)
        self.status = status
        self.details = details


@dataclass(frozen=True, slots=True)
class Place:
    """Where to: the address and the space.

    Attributes:
        url: Such as ``https://kibana.example:5601``, with the base path where the server has one.
        space: A space's id; ``None`` for the default one.
    """

    url: str
    space: str | None = None

    @property
    def shown(self) -> str:
        """The address and the space, for messages."""
        return f"{self.url} (space {self.space})" if self.space else self.url

    def path(self, path: str) -> str:
        """Return the whole address of a path of the API, in the space."""
        space = f"/s/{quote(self.space, safe='')}" if self.space else ""
        return f"{self.url.rstrip('/')}{space}{path}"


class Kibana:
    """One Kibana over HTTP; also a context manager.

    Args:
        place: Where it is.
        credentials: Who we are: the accounts and keys are those of its Elasticsearch.
        seconds: How long one request may take.

    Raises:
        KibanaError: When the address or the certificate authority cannot be one.
    """

    def __init__(self, place: Place, credentials: Credentials, seconds: float = REQUEST_SECONDS) -> None:
        self.place = place
        self._seconds = seconds
        try:
            trusted = ssl.create_default_context(cafile=credentials.ca_certs)
            scheme = httpx.URL(place.url).scheme
        except (OSError, httpx.InvalidURL) as error:
            raise KibanaError(f"cannot use {place.url}: {error}", "check the address and the CA file") from error
        if scheme not in {"http", "https"}:
            raise KibanaError(f"{place.url} is no address", "write it as http(s)://host:port")
        # kbn-xsrf: without it Kibana refuses every request that changes something.
        headers = {"kbn-xsrf": "atalaia", **_authorization(credentials)}
        self._client = httpx.Client(headers=headers, timeout=seconds, verify=trusted, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._client.close()

    def wait(
        self,
        seconds: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Return once Kibana is ready to work.

        Args:
            seconds: How long it may take; 0 asks once.
            monotonic: The clock.
            sleep: What waits.

        Raises:
            KibanaError: When it is not ready by then; at once for a refusal that waiting does not mend.
        """
        deadline = monotonic() + seconds
        while True:
            try:
                return self._ready()
            except KibanaError as error:
                passing = error.status in {None, HTTPStatus.BAD_GATEWAY, HTTPStatus.SERVICE_UNAVAILABLE}
                if not passing:
                    raise
                if monotonic() >= deadline:
                    raise _waited_for(error, seconds) from error
            sleep(BETWEEN)

    def _ready(self) -> None:
        """Ask for its status; the overall level is all that somebody without rights is told."""
        answer = self._send("GET", f"{self.place.url.rstrip('/')}/api/status")
        status = _object(_json(answer)).get("status")
        level = _object(_object(status).get("overall")).get("level")
        if level not in {"available", "degraded"}:
            said = f"{self.place.shown} is not ready yet: its status is {level}"
            raise KibanaError(said, "wait, or use --wait", HTTPStatus.SERVICE_UNAVAILABLE)

    def post_file(self, path: str, name: str, content: bytes, **parameters: str) -> JsonObject:
        """Send a file as a form does, and return the answer's object.

        Raises:
            KibanaError: When Kibana refuses the whole of it, or cannot be reached.
        """
        form = {"file": (name, content, "application/ndjson")}
        return _object(_json(self._send("POST", self.place.path(path), files=form, params=parameters)))

    def post(self, path: str, body: JsonObject) -> str:
        """Send a JSON object and return the text of the answer.

        Raises:
            KibanaError: When Kibana refuses it, or cannot be reached.
        """
        return self._send("POST", self.place.path(path), json=body).text

    def _send(
        self,
        method: str,
        url: str,
        *,
        json: JsonObject | None = None,
        files: dict[str, tuple[str, bytes, str]] | None = None,
        params: dict[str, str] | None = None,
    ) -> httpx.Response:
        try:
            answer = self._client.request(method, url, json=json, files=files, params=params)
        except httpx.TimeoutException as error:
            raise KibanaError(f"{self.place.shown} did not answer within {self._seconds:g} s", "try again") from error
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise self._unreachable(error) from error
        if answer.status_code != HTTPStatus.OK:
            raise self._refused(answer)
        if _MARK not in answer.headers:
            raise KibanaError(f"{self.place.shown} is not a Kibana, something else answers there", "check the address")
        return answer

    def _unreachable(self, error: Exception) -> KibanaError:
        if isinstance(error.__cause__, ssl.SSLError) or "CERTIFICATE_VERIFY" in str(error):
            remedy = "name the authority that signed its certificate with --ca-certs"
            return KibanaError(f"no trusted connection to {self.place.shown}: {error}", remedy, HTTPStatus.FORBIDDEN)
        remedy = "check that Kibana runs there, or use --wait while it starts"
        return KibanaError(f"cannot reach {self.place.shown}: {error}", remedy)

    def _refused(self, answer: httpx.Response) -> KibanaError:
        status, where = answer.status_code, self.place.shown
        body = _object(_json(answer))
        said = " ".join(str(body.get("message") or answer.text or answer.reason_phrase).split())[:_LONGEST]
        message, remedy = f"{where} refuses ({status}): {said}", "see Kibana's log"
        if status == HTTPStatus.UNAUTHORIZED and "Authorization" in answer.request.headers:
            message = f"{where} does not take this account or key (401): {said}"
            remedy = "check ATALAIA_ES_USER and ATALAIA_ES_PASSWORD, or the API key"
        elif status == HTTPStatus.UNAUTHORIZED:
            message = f"{where} does not know who we are (401)"
            remedy = "set ATALAIA_ES_API_KEY, or ATALAIA_ES_USER and ATALAIA_ES_PASSWORD"
        elif status == HTTPStatus.FORBIDDEN:
            remedy = "grant the privilege 'Saved Objects Management' in this space, or use another account"
        elif status == HTTPStatus.NOT_FOUND:
            remedy = "check the address, its base path and the space"
        elif status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            remedy = "raise savedObjects.maxImportPayloadBytes in kibana.yml"
        elif status == HTTPStatus.SERVICE_UNAVAILABLE:
            message, remedy = f"{where} is not ready yet: {said}", "wait, or use --wait"
        elif "more recent version" in said or status == HTTPStatus.UNPROCESSABLE_ENTITY:
            remedy = "upgrade Kibana: the objects are of a newer version than it knows"
        return KibanaError(message, remedy, status, body.get("attributes"))


def _waited_for(error: KibanaError, seconds: float) -> KibanaError:
    """Return what is said at the end of the time: waiting was tried, so the advice to wait is to wait longer."""
    if not seconds:
        return error
    check = (
        "check the address, and that Kibana runs there"
        if error.status is None
        else "see Kibana's log for what keeps it"
    )
    return KibanaError(f"{error.message}; waited {seconds:g} s", f"{check}, or wait longer with --wait", error.status)


def _authorization(credentials: Credentials) -> dict[str, str]:
    if credentials.api_key:
        return {"Authorization": f"ApiKey {credentials.api_key.strip()}"}
    if credentials.user and credentials.password:
        pair = b64encode(f"{credentials.user}:{credentials.password}".encode()).decode("ascii")
        return {"Authorization": f"Basic {pair}"}
    return {}


def _json(answer: httpx.Response) -> Json:
    try:
        found: Json = answer.json()
    except ValueError:
        return None
    return found


def _object(value: Json) -> JsonObject:
    return value if isinstance(value, dict) else {}
