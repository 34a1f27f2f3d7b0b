"""The way to an Elasticsearch: its addresses, who we are, and its errors in one line."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from elastic_transport import ConnectionError as TransportConnectionError
from elastic_transport import ConnectionTimeout, TlsError, TransportError
from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, Elasticsearch, UnsupportedProductError

from analyzers.store.elastic.addresses import Addresses, read_addresses
from analyzers.store.elastic.answers import Json, JsonObject, an_object
from analyzers.store.elastic.reasons import plain_cause, refusal_of
from analyzers.store.interface import StoreError

REQUEST_SECONDS: Final = 60.0
"""How long one request may take, unless ``ATALAIA_ES_REQUEST_SECONDS`` says otherwise."""

BUSY: Final = frozenset({429, 503})
"""The statuses that say of one document: not written, try again later."""

GATEWAY: Final = frozenset({502, 503, 504})
"""The statuses of a whole request that may have been carried out all the same: a proxy or a node gave up waiting."""

AGAIN: Final = BUSY | GATEWAY
"""The statuses of a whole request that is worth sending again."""

TOO_LARGE: Final = 413
NOT_FOUND: Final = 404
FORBIDDEN: Final = 403

_MORE_TIME: Final = "ask for less at once, or allow more with ATALAIA_ES_REQUEST_SECONDS"
_WHOLE_USER: Final = "write both as user:password@, or set ATALAIA_ES_USER and ATALAIA_ES_PASSWORD"
_JSON: Final = {"accept": "application/json", "content-type": "application/json"}
_NDJSON: Final = {"accept": "application/json", "content-type": "application/x-ndjson"}
_UNAUTHORIZED: Final = 401
_NO_PRODUCT_NEEDED: Final = GATEWAY | {_UNAUTHORIZED, FORBIDDEN, TOO_LARGE, 429}
"""What proxies in front of an Elasticsearch answer by themselves."""

_OTHER_VERSION: Final = frozenset({400, 406})
"""What servers say that do not know the media type of version 9."""


class RequestError(StoreError):
    """Elasticsearch refused one request.

    Attributes:
        status: The HTTP status.
        retry_after: The header of that name, if there is one.
    """

    def __init__(self, status: int, message: str, remedy: str, retry_after: str | None = None) -> None:
        super().__init__(message, remedy)
        self.status = status
        self.retry_after = retry_after


class LostAnswerError(StoreError):
    """The connection failed, or its answer cannot be read: what was asked for may have been done or not."""


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
    """One Elasticsearch cluster over HTTP. With several hosts, one that is down is passed over for a while.

    Args:
        location: The hosts, as :func:`analyzers.store.elastic.addresses.read_addresses` reads them. A user and a
            password in it are used, and shown nowhere.
        credentials: Who we are.
        request_seconds: How long one request may take.

    Raises:
        StoreError: When the address cannot be one.
    """

    def __init__(self, location: str, credentials: Credentials, *, request_seconds: float = REQUEST_SECONDS) -> None:
        addresses = read_addresses(location)
        self.url = addresses.shown
        key, (user, password) = _key(credentials), _user(addresses, credentials)
        secure = self.url.startswith("https:")
        if secure and credentials.ca_certs and not Path(credentials.ca_certs).is_file():
            raise StoreError(f"there is no file {credentials.ca_certs} with a certificate authority", "check its name")
        self._seconds = request_seconds
        try:
            self._client = Elasticsearch(
                list(addresses.hosts),
                api_key=key,
                basic_auth=_basic(user, password) if user and password and not key else None,
                ca_certs=credentials.ca_certs if credentials.ca_certs and secure else DEFAULT,
                request_timeout=request_seconds,
                max_retries=0,
                retry_on_timeout=False,
            )
        except (ValueError, OSError) as error:
            raise StoreError(
                f"cannot use {self.url}: {plain_cause(error)}", "check the address and the CA file"
            ) from error
        # What may be done twice is asked of each host once. Writes are sent again one level up, where they are counted.
        self._failing_over = self._client.options(max_retries=len(addresses.hosts) - 1)

    def call(self, method: str, path: str, body: JsonObject | None = None, **parameters: str) -> JsonObject:
        """Send one request that may be carried out twice, to another host when the first one fails.

        Args:
            method: The HTTP method.
            path: The path, with names already quoted.
            body: A JSON object.
            parameters: The query string.

        Raises:
            RequestError: When Elasticsearch refuses it.
            StoreError: When it cannot be reached.
        """
        return self._perform(self._failing_over, (method, path), body, _JSON, parameters)

    def call_once(self, method: str, path: str, body: JsonObject | None = None, **parameters: str) -> JsonObject:
        """Send one request that must not be carried out twice. Arguments and errors are those of :meth:`call`."""
        return self._perform(self._client, (method, path), body, _JSON, parameters)

    def bulk(self, lines: bytes) -> JsonObject:
        """Send one ``_bulk`` request of newline-delimited JSON, to data streams only.

        Raises:
            RequestError: When Elasticsearch refuses the whole of it.
            LostAnswerError: When it is unknown what became of it.
            StoreError: When there is no trusted connection.
        """
        return self._perform(self._client, ("POST", "/_bulk"), lines, _NDJSON, {"require_data_stream": "true"})

    def close(self) -> None:
        """Close the sockets."""
        self._client.close()

    def _perform(
        self,
        client: Elasticsearch,
        target: tuple[str, str],
        body: JsonObject | bytes | None,
        headers: Mapping[str, str],
        parameters: Mapping[str, str],
    ) -> JsonObject:
        try:
            answer = client.perform_request(*target, params=parameters, headers=headers, body=body)
        except ApiError as error:
            raise self._refused(error) from error
        except TransportError as error:
            raise self._unreachable(error) from error
        except UnsupportedProductError as error:
            raise self._another_product() from error
        return an_object(cast("Json", answer.body), "body")

    def _another_product(self) -> StoreError:
        return StoreError(f"{self.url} is not an Elasticsearch 9, something else answers there", "check the address")

    def _refused(self, error: ApiError) -> StoreError:
        status, reason = error.meta.status, refusal_of(error)
        if "x-elastic-product" not in error.meta.headers and status not in _NO_PRODUCT_NEEDED:
            return self._another_product()
        if status == _UNAUTHORIZED:
            remedy = "set ATALAIA_ES_API_KEY, or ATALAIA_ES_USER and ATALAIA_ES_PASSWORD"
            return RequestError(status, f"{self.url} does not know who we are (401)", remedy)
        if status == FORBIDDEN:
            remedy = "grant the right it names; docs/elasticsearch.md lists what each command needs"
            return RequestError(status, f"{self.url} does not allow this (403): {reason}", remedy)
        if status in _OTHER_VERSION and "compatible-with" in reason:
            return StoreError(f"{self.url} is not an Elasticsearch 9 ({status}): {reason}", "upgrade the cluster to 9")
        remedy = "wait and try again" if status in AGAIN else "see the cluster's log"
        later = error.meta.headers.get("retry-after")
        return RequestError(status, f"{self.url} refuses ({status}): {reason}", remedy, later)

    def _unreachable(self, error: TransportError) -> StoreError:
        reason = plain_cause(error)
        if isinstance(error, TlsError):
            return StoreError(f"no trusted connection to {self.url}: {reason}", "name the CA in ATALAIA_ES_CA_CERTS")
        if isinstance(error, ConnectionTimeout):
            return LostAnswerError(f"{self.url} did not answer within {self._seconds:g} s", _MORE_TIME)
        if isinstance(error, TransportConnectionError):
            return LostAnswerError(f"cannot reach {self.url}: {reason}", "check that Elasticsearch runs there")
        return LostAnswerError(f"{self.url} sent an answer that cannot be read: {reason}", "check the address")


def _user(addresses: Addresses, credentials: Credentials) -> tuple[str | None, str | None]:
    """Return user and password: those in the address go before the others, and are never mixed with another's."""
    if addresses.user is None and addresses.password is None:
        return credentials.user, credentials.password
    password = addresses.password or (credentials.password if addresses.user == credentials.user else None)
    if not credentials.api_key and not (addresses.user and password):
        raise StoreError("the store's address names a user without a password, or the contrary", _WHOLE_USER)
    return addresses.user, password


def _key(credentials: Credentials) -> str | None:
    """Return the API key; one that no header can hold is refused, as the library would show it."""
    key = credentials.api_key.strip() if credentials.api_key else ""
    if not key.isascii() or not key.isprintable() or " " in key:
        raise StoreError("the API key is not one as Elasticsearch encodes it", "give what its answer calls 'encoded'")
    return key or None


def _basic(user: str, password: str) -> str:
    """Return the credentials of RFC 7617 in UTF-8, as Elasticsearch reads them; the library takes ASCII alone."""
    return b64encode(f"{user}:{password}".encode()).decode("ascii")
