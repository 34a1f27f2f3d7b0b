"""Lines of TCP connections. Source: logstash-input-tcp 7.

The protocol has no answers. A connection is not read while too much of it is on its way, and a client that has sent
everything may shut its side down and wait: the server closes its own only when all of it is durable.
"""

from __future__ import annotations

import ssl

from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.event import Event
from atalaia.pipeline.inputs.base import InputOptions, InputPlugin
from atalaia.pipeline.inputs.describe import Describe
from atalaia.pipeline.inputs.feed import Feed
from atalaia.pipeline.inputs.linewise import delimiter_of, undelimited_codec
from atalaia.pipeline.inputs.running import Run
from atalaia.pipeline.network.addresses import is_address
from atalaia.pipeline.network.ports import check_port
from atalaia.pipeline.network.tls import TlsOptions, client_context, server_context, warn_of_unused
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.settings import CodecSetting, Flag, Integer, Text, Texts
from atalaia.pipeline.tcp.peer import Origin, origin_describer
from atalaia.pipeline.tcp.serving import TcpInput, wire


class TcpOptions(InputOptions, TlsOptions):
    """Options of ``tcp``; see :class:`TlsOptions` for those of TLS.

    Attributes:
        port: The port to listen on, or to connect to.
        host: The address to listen on, or the host to connect to.
        mode: ``server`` or ``client``.
        proxy_protocol: Whether connections begin with a header of the proxy protocol, version 1.
        tcp_keep_alive: Whether the system probes idle connections.
        dns_reverse_lookup_enabled: Whether addresses are given their names.
        ssl_client_authentication: Of clients: ``none``, ``optional`` or ``required``; of a server only.
        ssl_verification_mode: Of the server's certificate: ``full`` or ``none``; of a client only.
        ssl_key_passphrase: Of the key.
        ssl_extra_chain_certs: Further PEM files with certificates to present.
    """

    codec: CodecSetting = "line"
    port: Integer
    host: Text = "0.0.0.0"  # noqa: S104 - Logstash's default; the log says what is listened on
    mode: Text = "server"
    proxy_protocol: Flag = False
    tcp_keep_alive: Flag = False
    dns_reverse_lookup_enabled: Flag = True
    ssl_client_authentication: Text = "required"
    ssl_verification_mode: Text = "full"
    ssl_key_passphrase: Text | None = None
    ssl_extra_chain_certs: Texts = ()


def _build(options: TcpOptions, _context: PipelineContext, ecs: EcsCompatibility) -> Describe:
    check_port(options.port)
    if options.mode not in ("server", "client"):
        raise OptionError("mode", f"{options.mode!r} is none of server, client")
    describe_origin = origin_describer(ecs)

    def describe(event: Event, path: str) -> None:
        """Add the peer of a dead letter that is sent again; while a connection is read more is known of it."""
        host, _, port = path.rpartition(":")
        ip = host.strip("[]")
        if is_address(ip) and port.isdecimal():
            describe_origin(event, Origin(ip, ip, int(port)))

    return describe


def _tls(options: TcpOptions, context: PipelineContext) -> ssl.SSLContext | None:
    if not options.ssl_enabled:
        warn_of_unused("tcp", options)
        return None
    given, passphrase, chain = options.model_fields_set, options.ssl_key_passphrase, options.ssl_extra_chain_certs
    wrong, right = "ssl_client_authentication", "ssl_verification_mode"
    if options.mode == "server":
        wrong, right = right, wrong
    if wrong in given:
        raise OptionError(wrong, f"it does not go with mode => {options.mode}", f"write {right}")
    if options.mode == "client":
        mode = options.ssl_verification_mode
        return client_context(options, context.directory, verification=mode, passphrase=passphrase, chain=chain)
    authentication = options.ssl_client_authentication
    if right in given and authentication != "none" and not options.ssl_certificate_authorities:
        problem = f"ssl_client_authentication => {authentication} needs it"
        raise OptionError("ssl_certificate_authorities", problem, "name PEM files")
    return server_context(options, authentication, context.directory, passphrase=passphrase, chain=chain)


def _run(options: TcpOptions, feed: Feed, context: PipelineContext) -> Run:
    server = options.mode == "server"
    look_up = server and options.dns_reverse_lookup_enabled
    ecs = options.ecs_compatibility or context.ecs_compatibility
    wiring = wire(feed, ecs, delimiter_of(options.codec), proxied=options.proxy_protocol, look_up=look_up)
    tls = _tls(options, context)
    return TcpInput(options.host, options.port, server, tls, options.tcp_keep_alive, wiring).run


PLUGIN = InputPlugin("tcp", TcpOptions, _build, undelimited_codec, _run)
