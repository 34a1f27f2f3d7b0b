"""The way to an Elasticsearch: its address, who we are, and its errors in one line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import unquote, urlsplit, urlunsplit

from elastic_transport import ConnectionError as TransportConnectionError
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError

from analyzers.store.elastic.answers import Json, JsonObject, an_object
from analyzers.store.interface import StoreError

REQUEST_SECONDS: Final = 60.0
"""How long one request may take."""

_JSON: Final = {"accept": "application/json", "content-type": "application/json"}
_NDJSON: Final = {"accept": "application/json", "content-type": "application/x-ndjson"}
_DEFAULT_PORTS: Final = {"http": 9200, "https": 443}
_LONGEST_REASON: Final = 300


class RequestError(StoreError):
    """Elasticsearch refused one request.

    Attributes:
        status: The HTTP status.
    """

    def __init__(self, status: int, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.status = status


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who we are to an Elasticsearch.

    Attributes:
        api_key: An API key, encoded as Elasticsearch gave it; goes before user and password.
        user: A user's name.
        password: The user's password.
        ca_certs: The file of the certificate authority that signed the server's certificate.
    """

    api_key: str | None = None
    user: str | None = None
    password: str | None = None
    ca_certs: str | None = None

    def __repr__(self) -> str:
        return f"Credentials(user={self.user!r}, ca_certs={self.ca_certs!r})"  # never a secret in a log

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Credentials:
        """Read ``ATALAIA_ES_API_KEY``, or ``ATALAIA_ES_USER`` and ``ATALAIA_ES_PASSWORD``; ``ATALAIA_ES_CA_CERTS``.

        Raises:
            StoreError: When only one of user and password is set.
        """
        user, password = environment.get("ATALAIA_ES_USER"), environment.get("ATALAIA_ES_PASSWORD")
        if bool(user) != bool(password):
            raise StoreError(
                "only one of ATALAIA_ES_USER and ATALAIA_ES_PASSWORD is set",
                "set both, or ATALAIA_ES_API_KEY",
            )
        return cls(
            environment.get("ATALAIA_ES_API_KEY") or None,
            user or None,
            password or None,
            environment.get("ATALAIA_ES_CA_CERTS") or None,
        )


class Connection:
    """One Elasticsearch over HTTP.

    Args:
        url: ``http(s)://host[:port][/prefix]``; the port is 9200 for http and 443 for https when none is given. A user
            and a password inside it are used, and shown nowhere.
        credentials: Who we are.

    Raises:
        StoreError: When the address cannot be one.
    """

    def __init__(self, url: str, credentials: Credentials) -> None:
        address, self._user, self._password = _split(url)
        self.url = address
        try:
            self._client = Elasticsearch(
                address,
                api_key=credentials.api_key,
                basic_auth=None if credentials.api_key else self._basic(credentials),
                ca_certs=credentials.ca_certs if credentials.ca_certs and address.startswith("https:") else DEFAULT,
                request_timeout=REQUEST_SECONDS,
                max_retries=0,  # what may be sent again is known one level up
            )
        except (ValueError, OSError) as error:
            raise StoreError(
                f"cannot use {address}: {_one_line(error)}", "check the address and the CA file"
            ) from error

    def call(self, method: str, path: str, body: JsonObject | None = None, **parameters: str) -> JsonObject:
        """Send one request and return its answer.

        Args:
            method: The HTTP method.
            path: The path, with names already quoted.
            body: A JSON object.
            parameters: The query string.

        Raises:
            RequestError: When Elasticsearch refuses it.
            StoreError: When it cannot be reached.
        """
        return self._perform(method, path, body, _JSON, parameters)

    def bulk(self, lines: bytes) -> JsonObject:
        """Send one ``_bulk`` request of newline-delimited JSON.

        Raises:
            RequestError: When Elasticsearch refuses the whole of it.
            StoreError: When it cannot be reached.
        """
        return self._perform("POST", "/_bulk", lines, _NDJSON, {})

    def close(self) -> None:
        """Close the sockets."""
        self._client.close()

    def _basic(self, credentials: Credentials) -> tuple[str, str] | None:
        user, password = self._user or credentials.user, self._password or credentials.password
        return (user, password) if user and password else None

    def _perform(
        self,
        method: str,
        path: str,
        body: JsonObject | bytes | None,
        headers: Mapping[str, str],
        parameters: Mapping[str, str],
    ) -> JsonObject:
        try:
            answer = self._client.perform_request(method, path, params=parameters, headers=headers, body=body)
        except ApiError as error:
            raise self._refused(error) from error
        except TransportError as error:
            raise self._unreachable(error) from error
        except UnsupportedProductError as error:
            raise StoreError(f"{self.url} is not an Elasticsearch", "check the address") from error
        return an_object(cast("Json", answer.body), "body")

    def _refused(self, error: ApiError) -> RequestError:
        status = error.meta.status
        if status == 401:  # noqa: PLR2004 - HTTP
            remedy = "set ATALAIA_ES_API_KEY, or ATALAIA_ES_USER and ATALAIA_ES_PASSWORD"
            return RequestError(status, f"{self.url} does not know who we are (401)", remedy)
        if status == 403:  # noqa: PLR2004 - HTTP
            remedy = (
                "grant the cluster right manage_index_templates, and read, create_doc and maintenance on the stream"
            )
            return RequestError(status, f"{self.url} does not allow this (403): {_reason(error)}", remedy)
        remedy = "wait and try again" if status in BUSY else "see the cluster's log"
        return RequestError(status, f"{self.url} refuses ({status}): {_reason(error)}", remedy)

    def _unreachable(self, error: TransportError) -> StoreError:
        reason = _one_line(error)
        if isinstance(error, TlsError):
            return StoreError(f"no trusted connection to {self.url}: {reason}", "name the CA in ATALAIA_ES_CA_CERTS")
        if isinstance(error, ConnectionTimeout):
            return StoreError(f"{self.url} did not answer within {REQUEST_SECONDS:.0f} s", "narrow the window")
        if isinstance(error, TransportConnectionError):
            return StoreError(f"cannot reach {self.url}: {reason}", "check that Elasticsearch runs there")
        return StoreError(f"{self.url} sent an answer that cannot be read: {reason}", "check the address")


BUSY: Final = frozenset({429, 503})
"""The statuses that say: later."""


def _split(url: str) -> tuple[str, str | None, str | None]:
    """Return the address without credentials and with a port, and the user and password that stood in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise StoreError("the store's address cannot be read", "write http(s)://host:port") from error
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        raise StoreError("the store's address is not one of an Elasticsearch", "write http(s)://host:port")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    address = f"{host}:{port or _DEFAULT_PORTS[parts.scheme]}"
    bare = urlunsplit((parts.scheme, address, parts.path.rstrip("/"), "", ""))
    return bare, _unquoted(parts.username), _unquoted(parts.password)


def _unquoted(text: str | None) -> str | None:
    """Return a percent-encoded part of an address decoded."""
    return None if text is None else unquote(text)


def _reason(error: ApiError) -> str:
    """Return the server's own reason: the root cause's, which names the field or the setting."""
    body = cast("Json", error.body)
    if isinstance(body, Mapping) and isinstance(body.get("error"), Mapping):
        return reason_of(an_object(body["error"], "error"))
    return _shorten(str(body)) if body else str(error.message)


def reason_of(error: JsonObject) -> str:
    """Return the innermost reason of an ``error`` object, with the outer one that says where."""
    reasons: list[str] = []
    node: Json = error
    while isinstance(node, Mapping):
        reason = node.get("reason")
        if isinstance(reason, str) and reason not in reasons:
            reasons.append(reason)
        node = node.get("caused_by")
    return _shorten(": ".join(reasons)) or "no reason given"


def _shorten(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REASON else f"{line[:_LONGEST_REASON]}…"


def _one_line(error: Exception) -> str:
    """Return the plain cause of a transport error, without the library object that its text begins with."""
    text = error.message if isinstance(error, TransportError) else str(error)
    return _shorten(text.rsplit("): ", 1)[-1]) or type(error).__name__
