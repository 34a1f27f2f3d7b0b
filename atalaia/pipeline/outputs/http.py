"""Send events to an HTTP server. Source: logstash-output-http 6 and logstash-mixin-http_client 7."""

from __future__ import annotations

import logging
import ssl
from typing import Annotated, Final

from pydantic import Field, PlainValidator

from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.errors import EventError
from atalaia.pipeline.event import Event
from atalaia.pipeline.http_client.bodies import BodyOf, compile_mapping, form_body, json_body, message_body
from atalaia.pipeline.http_client.proxy import read_proxy
from atalaia.pipeline.http_client.request import Connecting, Endpoint, HttpRequest, ProxyAddress, Retrying
from atalaia.pipeline.http_client.urls import checked_url
from atalaia.pipeline.network.headers import check_header_names
from atalaia.pipeline.network.tls import (
    JavaStoreOptions,
    TlsOptions,
    client_context,
    refuse_java_stores,
    warn_of_unused,
)
from atalaia.pipeline.options import OptionError, refuse_options
from atalaia.pipeline.outputs.base import Delivery, OutputOptions, OutputPlugin, Write
from atalaia.pipeline.settings import (
    CodecSetting,
    Flag,
    Integer,
    Integers,
    Number,
    Settings,
    Text,
    TextHash,
    ValueHash,
    plugin_id,
)
from atalaia.pipeline.sprintf import Template, compile_template

_LOGGER: Final = logging.getLogger(__name__)
_METHODS: Final = ("put", "post", "patch", "delete", "get", "head")
_CONTENT_TYPES: Final = {
    "json": "application/json",
    "json_batch": "application/json",
    "form": "application/x-www-form-urlencoded",
    "message": "text/plain",
}


class HttpOptions(OutputOptions, TlsOptions, JavaStoreOptions):
    """Options of ``http``; see :class:`TlsOptions` for those of TLS.

    Attributes:
        url: Where to, with ``%{…}``.
        http_method: ``put``, ``post``, ``patch``, ``delete``, ``get`` or ``head``.
        headers: Headers, their values with ``%{…}``.
        content_type: The content type; by default the format's.
        format: ``json``, ``json_batch`` (a batch of events as one array), ``form`` or ``message``.
        mapping: What is sent instead of the whole event, with ``%{…}``.
        message: What is sent with the format ``message``, with ``%{…}``.
        http_compression: Whether bodies are compressed.
        codec: Refused: Logstash's plugin does not heed it.
        retry_failed: Whether to send again, without end, after a retryable status or a broken connection.
        retryable_codes: The retryable statuses.
        ignorable_codes: Statuses beside 2xx that count as success.
        automatic_retries: Repetitions at once after a connection broke under way.
        retry_non_idempotent: Whether that holds for ``post`` and ``patch`` too.
        connect_timeout: Seconds a connection may take.
        socket_timeout: Seconds between two bytes.
        request_timeout: Seconds a whole request may take.
        pool_max: How many requests may be under way. Logstash's default is 50, in any order; without the option they
            are sent one after the other, in the order of the events.
        pool_max_per_route: How many to one host; bounds those under way as well.
        keepalive: Whether connections are kept.
        validate_after_inactivity: Kept connections are looked at before each use, whatever it says.
        follow_redirects: Whether redirections that keep the body are followed.
        cookies: Whether cookies are kept and sent.
        proxy: An address, or ``host``, ``port``, ``scheme``, ``user``, ``password``, or ``url`` with the last two.
        user: For basic authentication.
        password: Of that user.
        ssl_verification_mode: Of the server's certificate: ``full`` or ``none``.
    """

    url: Text
    http_method: Text
    headers: TextHash = Field(default_factory=dict)
    content_type: Text | None = None
    format: Text = "json"
    mapping: ValueHash | None = None
    message: Text | None = None
    http_compression: Flag = False
    codec: CodecSetting | None = None
    retry_failed: Flag = True
    retryable_codes: Integers = (429, 500, 502, 503, 504)
    ignorable_codes: Integers = ()
    automatic_retries: Integer = 1
    retry_non_idempotent: Flag = False
    connect_timeout: Number = 10
    socket_timeout: Number = 10
    request_timeout: Number = 60
    pool_max: Integer | None = None
    pool_max_per_route: Integer = 25
    keepalive: Flag = True
    validate_after_inactivity: Number = 200
    follow_redirects: Flag = True
    cookies: Flag = True
    proxy: Annotated[ProxyAddress | None, PlainValidator(read_proxy)] = None
    user: Text | None = None
    password: Text | None = None
    ssl_enabled: Flag = True
    ssl_verification_mode: Text = "full"


def _build(options: HttpOptions, context: PipelineContext, settings: Settings) -> Write:
    _check(options)
    body = _body(options)
    endpoint = _endpoint(options, context, plugin_id(settings))
    url, headers = _url(options), _headers(options)

    def write(event: Event, delivery: Delivery) -> None:
        own = tuple((name, value(event).encode("utf-8", "backslashreplace")) for name, value in headers)
        delivery.post(event, HttpRequest(endpoint, checked_url(url(event)), own, body(event)))

    return write


def _check(options: HttpOptions) -> None:
    refuse_java_stores(options)
    for name, value, allowed in (
        ("http_method", options.http_method, _METHODS),
        ("format", options.format, tuple(_CONTENT_TYPES)),
    ):
        if value not in allowed:
            raise OptionError(name, f"{value!r} is none of {', '.join(allowed)}")
    refuse_options(options, {"codec": "write format: Logstash's plugin does not heed it"})
    for name, number in (
        ("connect_timeout", options.connect_timeout),
        ("socket_timeout", options.socket_timeout),
        ("request_timeout", options.request_timeout),
        ("pool_max", 1 if options.pool_max is None else options.pool_max),
        ("pool_max_per_route", options.pool_max_per_route),
    ):
        if number <= 0:
            raise OptionError(name, "it must be more than 0")
    if (options.user is None) != (options.password is None):
        given, other = ("user", "password") if options.password is None else ("password", "user")
        raise OptionError(given, f"it needs {other} too", f"write {other}")


def _body(options: HttpOptions) -> BodyOf:
    if options.format == "message":
        if options.message is None:
            raise OptionError("message", "the format message needs it", "write what is to be sent")
        if options.mapping is not None:
            _LOGGER.warning("http: with format => message, mapping has no effect")
        return message_body(options.message)
    if options.message is not None:
        _LOGGER.warning("http: without format => message, message has no effect")
    fields = (lambda event: event.data) if options.mapping is None else compile_mapping(options.mapping.items)
    return form_body(fields) if options.format == "form" else json_body(fields)


def _endpoint(options: HttpOptions, context: PipelineContext, identity: str) -> Endpoint:
    parallel = min(options.pool_max or 1, options.pool_max_per_route)
    connecting = Connecting(
        connect_timeout=options.connect_timeout,
        socket_timeout=options.socket_timeout,
        request_timeout=options.request_timeout,
        connections=parallel,
        keepalive=options.keepalive,
        cookies=options.cookies,
        follow_redirects=options.follow_redirects,
        auth=None if options.user is None or options.password is None else (options.user, options.password),
        proxy=options.proxy,
        tls=_tls(options, context),
    )
    retrying = Retrying(
        options.retry_failed,
        frozenset(options.retryable_codes),
        frozenset(options.ignorable_codes),
        options.automatic_retries,
        options.retry_non_idempotent,
    )
    batch = options.format == "json_batch"
    return Endpoint(
        identity,
        options.http_method.upper(),
        1 if batch else parallel,
        batch,
        options.http_compression,
        connecting,
        retrying,
    )


def _tls(options: HttpOptions, context: PipelineContext) -> ssl.SSLContext:
    if options.ssl_enabled:
        return client_context(options, context.directory, verification=options.ssl_verification_mode)
    warn_of_unused("http", options)
    return ssl.create_default_context()


def _url(options: HttpOptions) -> Template:
    template = compile_template(options.url)
    if template.constant:
        try:
            checked_url(options.url)
        except EventError as error:
            raise OptionError("url", error.message, error.remedy) from error
    elif options.format == "json_batch":
        raise OptionError("url", "a batch has one address, which no event can fill in", "remove %{…}")
    return template


def _headers(options: HttpOptions) -> list[tuple[bytes, Template]]:
    """Return the headers; the content type is the option's, or the format's, whatever ``headers`` says of it."""
    named = {name: value for name, value in options.headers.items() if name.lower() != "content-type"}
    check_header_names("headers", named, ("content-length", "transfer-encoding", "content-encoding"))
    named["Content-Type"] = options.content_type or _CONTENT_TYPES[options.format]
    if options.http_compression:
        named["Content-Encoding"] = "gzip"
    templates = [(name.encode("ascii"), compile_template(value)) for name, value in named.items()]
    if options.format == "json_batch" and not all(template.constant for _name, template in templates):
        raise OptionError("headers", "a batch has one set of headers, which no event can fill in", "remove %{…}")
    return templates


PLUGIN = OutputPlugin("http", HttpOptions, _build)
