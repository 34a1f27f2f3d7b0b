"""Requests to an HTTP server of its own. Source: logstash-input-http 4.

A request is answered with success only when all its events are durable.
"""

from __future__ import annotations

import base64
import os
import ssl
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Final

from pydantic import Field

from atalaia.pipeline.codecs.base import CodecContext
from atalaia.pipeline.codecs.registry import CODECS
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import ConfigurationError, Position
from atalaia.pipeline.event import Event
from atalaia.pipeline.http_server.decoding import Decoding
from atalaia.pipeline.http_server.request import request_describer
from atalaia.pipeline.http_server.service import Answer, Terms
from atalaia.pipeline.http_server.serving import HttpServer
from atalaia.pipeline.inputs.base import InputOptions, InputPlugin
from atalaia.pipeline.inputs.describe import Describe
from atalaia.pipeline.inputs.feed import Feed
from atalaia.pipeline.inputs.running import Run
from atalaia.pipeline.network.addresses import is_address
from atalaia.pipeline.network.headers import check_header_names, check_header_values
from atalaia.pipeline.network.ports import check_port
from atalaia.pipeline.network.tls import (
    JavaStoreOptions,
    TlsOptions,
    refuse_java_stores,
    server_context,
    warn_of_unused,
)
from atalaia.pipeline.options import OptionError, option_reference
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.settings import CodecSetting, Integer, Number, Settings, SettingValue, Text, TextHash

_CODES: Final = (200, 201, 202, 204)
_MILLISECONDS: Final = 1_000


class HttpOptions(InputOptions, TlsOptions, JavaStoreOptions):
    """Options of ``http``; see :class:`TlsOptions` for those of TLS.

    Attributes:
        host: The address to listen on.
        port: The port.
        user: Whom requests must come from (basic authentication); anybody when absent.
        password: Of that user.
        additional_codecs: Content types to the codecs for them; ``codec`` is for the others.
        remote_host_target_field: Where the client's address goes: ``host``, in ECS ``[host][ip]``.
        request_headers_target_field: Where the headers go: ``headers``, in ECS below ``@metadata``.
        response_headers: Headers of the answer to a request that was taken.
        response_code: Its status: 200, 201, 202 or 204.
        threads: How many bodies are decoded at a time; by default one for each processor.
        max_pending_requests: How many whole requests may wait for a thread; more are refused with 429.
        max_content_length: Bytes a body may have, decompressed; also what all large bodies together may take.
        ssl_client_authentication: ``none``, ``optional`` or ``required``.
        ssl_key_passphrase: Of the key.
        ssl_handshake_timeout: Milliseconds a handshake may take.
    """

    codec: CodecSetting = "plain"
    host: Text = "0.0.0.0"  # noqa: S104 - Logstash's default; the log says what is listened on
    port: Integer = 8080
    user: Text | None = None
    password: Text | None = None
    additional_codecs: TextHash = Field(default_factory=lambda: {"application/json": "json"})
    remote_host_target_field: Text | None = None
    request_headers_target_field: Text | None = None
    response_headers: TextHash = Field(default_factory=lambda: {"Content-Type": "text/plain"})
    response_code: Integer = 200
    threads: Integer = Field(default_factory=lambda: os.cpu_count() or 1)
    max_pending_requests: Integer = 200
    max_content_length: Integer = 100 * 1024 * 1024
    ssl_client_authentication: Text = "none"
    ssl_key_passphrase: Text | None = None
    ssl_handshake_timeout: Number = 10_000


def _build(options: HttpOptions, _context: PipelineContext, ecs: EcsCompatibility) -> Describe:
    refuse_java_stores(options)
    check_port(options.port)
    for name, value, least in (
        ("threads", options.threads, 1),
        ("max_pending_requests", options.max_pending_requests, 0),
        ("max_content_length", options.max_content_length, 1),
        ("ssl_handshake_timeout", options.ssl_handshake_timeout, 1),
    ):
        if value < least:
            raise OptionError(name, f"{value} is too few, the least is {least}")
    host, _headers = _targets(options, ecs)

    def describe(event: Event, path: str) -> None:
        """Add the client of a dead letter that is sent again; while a request is read more is known of it."""
        if is_address(path):
            host.set(event, path)

    return describe


def _targets(options: HttpOptions, ecs: EcsCompatibility) -> tuple[FieldReference, FieldReference]:
    """Return where the client's address and the headers go."""
    host, headers = "host", "headers"
    if ecs is EcsCompatibility.V8:
        host, headers = "[host][ip]", "[@metadata][input][http][request][headers]"
    return (
        option_reference("remote_host_target_field", options.remote_host_target_field or host),
        option_reference("request_headers_target_field", options.request_headers_target_field or headers),
    )


def _as_it_is(value: SettingValue) -> SettingValue:
    return value


def _run(options: HttpOptions, feed: Feed, context: PipelineContext) -> Run:
    ecs = options.ecs_compatibility or context.ecs_compatibility
    host, headers = _targets(options, ecs)
    decoding = Decoding(
        feed,
        _by_type(options.additional_codecs, feed, CodecContext(ecs, context.directory)),
        request_describer(ecs, host, headers),
    )
    terms = Terms(_token(options), options.max_content_length, _answer(options), decoding)
    return HttpServer(
        options.host,
        options.port,
        _tls(options, context),
        options.ssl_handshake_timeout / _MILLISECONDS,
        terms,
        options.threads,
        options.max_pending_requests,
    ).run


def _token(options: HttpOptions) -> str | None:
    if (options.user is None) != (options.password is None):
        given, other = ("user", "password") if options.password is None else ("password", "user")
        raise OptionError(given, f"it needs {other} too", f"write {other}")
    if options.user is None:
        return None
    return "Basic " + base64.b64encode(f"{options.user}:{options.password}".encode()).decode()


def _answer(options: HttpOptions) -> Answer:
    if options.response_code not in _CODES:
        raise OptionError("response_code", f"{options.response_code} is none of {', '.join(map(str, _CODES))}")
    headers = options.response_headers
    check_header_names("response_headers", headers, ("content-length", "transfer-encoding", "connection"))
    check_header_values("response_headers", headers.values())
    return Answer(HTTPStatus(options.response_code), tuple(headers.items()))


def _by_type(names: Mapping[str, str], feed: Feed, context: CodecContext) -> dict[str, Feed]:
    """Return feeds with the codecs of content types."""
    feeds = {}
    for mime_type, name in names.items():
        if name not in CODECS:
            known = f"the codecs are {', '.join(CODECS)}"
            raise OptionError("additional_codecs", f"there is no codec {name!r} here", known, unsupported=True)
        try:
            codec = CODECS[name].load(Settings(name, Position("", 0, 0, ""), {}, {}), context)
            codec.decoder()  # refused here when the codec only writes
        except (ConfigurationError, OptionError) as error:
            raise OptionError("additional_codecs", error.problem, error.remedy) from error
        feeds[mime_type] = replace(feed, codec=codec)
    return feeds


def _tls(options: HttpOptions, context: PipelineContext) -> ssl.SSLContext | None:
    if not options.ssl_enabled:
        warn_of_unused("http", options)
        return None
    authentication, authorities = options.ssl_client_authentication, options.ssl_certificate_authorities
    if authentication != "none" and not authorities:
        problem = f"ssl_client_authentication => {authentication} needs it"
        raise OptionError("ssl_certificate_authorities", problem, "name PEM files")
    if authentication == "none" and authorities:
        remedy = "write ssl_client_authentication => required, or optional"
        raise OptionError("ssl_certificate_authorities", "no client is asked for a certificate", remedy)
    return server_context(options, authentication, context.directory, passphrase=options.ssl_key_passphrase)


PLUGIN = InputPlugin("http", HttpOptions, _build, _as_it_is, _run)
