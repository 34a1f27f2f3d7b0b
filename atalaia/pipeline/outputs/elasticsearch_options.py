"""The options of the ``elasticsearch`` output. Source: logstash-output-elasticsearch 12."""

from __future__ import annotations

from typing import Final

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.options import OptionError
from atalaia.pipeline.settings import Flag, Integer, Number, PluginOptions, Text, TextHash, Texts

REFUSED: Final = (
    "document_type",
    "doc_as_upsert",
    "drop_error_types",
    "ilm_pattern",
    "ilm_policy",
    "ilm_rollover_alias",
    "join_field",
    "parent",
    "pipeline",
    "routing",
    "script",
    "script_lang",
    "script_type",
    "script_var_name",
    "scripted_upsert",
    "upsert",
    "version",
    "version_type",
)
"""Options that change what is written or where, and are not supported."""


class ConnectionOptions(PluginOptions):
    """How Logstash reaches Elasticsearch and sets it up. The deployment names the store here, so these change nothing.

    Attributes:
        hosts: Where Elasticsearch is.
        cloud_id: The Elastic Cloud deployment.
        cloud_auth: Its credentials.
        user: Who writes.
        password: That user's password.
        api_key: A key instead of a user.
        path: The path below which it answers.
        bulk_path: Where bulk requests go.
        healthcheck_path: Where it is asked whether it is there.
        sniffing: Whether its other nodes are looked for.
        sniffing_delay: How often.
        sniffing_path: Where they are looked for.
        parameters: What is added to every address.
        custom_headers: What is added to every request's headers.
        proxy: A proxy.
        compression_level: How requests are compressed.
        http_compression: The older name of it.
        timeout: Seconds for an answer.
        pool_max: Connections in all.
        pool_max_per_route: Connections to one host.
        validate_after_inactivity: When a connection is tried before it is used.
        resurrect_delay: When a dead host is tried again.
        retry_initial_interval: Seconds before the first retry.
        retry_max_interval: Seconds between retries at most.
        retry_on_conflict: Retries of an update; nothing is updated here.
        ca_trusted_fingerprint: Certificates that are trusted.
        ssl_enabled: Whether it is reached over TLS.
        ssl_certificate: Our certificate.
        ssl_certificate_authorities: Who may vouch for it.
        ssl_cipher_suites: The ciphers.
        ssl_key: Our key.
        ssl_keystore_path: Our certificate and key.
        ssl_keystore_password: Their password.
        ssl_keystore_type: Their form.
        ssl_supported_protocols: The versions of TLS.
        ssl_truststore_path: Who may vouch for it.
        ssl_truststore_password: The password of that.
        ssl_truststore_type: Its form.
        ssl_verification_mode: How strictly it is checked.
        ilm_enabled: Whether an index lifecycle policy is set up; ``true`` is not supported.
        manage_template: Whether Logstash installs a template.
        template: The template's file.
        template_api: Its kind.
        template_name: Its name.
        template_overwrite: Whether it replaces an older one.
        silence_errors_in_log: Errors that Logstash does not log.
        dlq_custom_codes: Answers that make dead letters; what is refused is one here always.
        dlq_on_failed_indexname_interpolation: An index with a field in it that is missing is a dead letter here always.
    """

    hosts: Texts = ()
    cloud_id: Text | None = None
    cloud_auth: Text | None = None
    user: Text | None = None
    password: Text | None = None
    api_key: Text | None = None
    path: Text | None = None
    bulk_path: Text | None = None
    healthcheck_path: Text | None = None
    sniffing: Flag | None = None
    sniffing_delay: Number | None = None
    sniffing_path: Text | None = None
    parameters: TextHash | None = None
    custom_headers: TextHash | None = None
    proxy: Text | None = None
    compression_level: Integer | None = None
    http_compression: Flag | None = None
    timeout: Number | None = None
    pool_max: Integer | None = None
    pool_max_per_route: Integer | None = None
    validate_after_inactivity: Integer | None = None
    resurrect_delay: Number | None = None
    retry_initial_interval: Number | None = None
    retry_max_interval: Number | None = None
    retry_on_conflict: Integer | None = None
    ca_trusted_fingerprint: Texts = ()
    ssl_enabled: Flag | None = None
    ssl_certificate: Text | None = None
    ssl_certificate_authorities: Texts = ()
    ssl_cipher_suites: Texts = ()
    ssl_key: Text | None = None
    ssl_keystore_path: Text | None = None
    ssl_keystore_password: Text | None = None
    ssl_keystore_type: Text | None = None
    ssl_supported_protocols: Texts = ()
    ssl_truststore_path: Text | None = None
    ssl_truststore_password: Text | None = None
    ssl_truststore_type: Text | None = None
    ssl_verification_mode: Text | None = None
    ilm_enabled: Text = "auto"
    manage_template: Flag | None = None
    template: Text | None = None
    template_api: Text | None = None
    template_name: Text | None = None
    template_overwrite: Flag | None = None
    silence_errors_in_log: Texts = ()
    dlq_custom_codes: Texts = ()
    dlq_on_failed_indexname_interpolation: Flag = True


class ElasticsearchOptions(ConnectionOptions):
    """Options of ``elasticsearch``: what is written under which name and id.

    Attributes:
        data_stream: ``true``, ``false`` or ``auto`` (a data stream unless ``index`` or ``action`` speak against it).
        data_stream_type: First part of the stream's name.
        data_stream_dataset: Second part.
        data_stream_namespace: Third part.
        data_stream_auto_routing: Whether the event's own ``data_stream.*`` fields come first.
        data_stream_sync_fields: Whether those fields are made to say where the event went.
        index: The index, with ``%{…}``, when it is no data stream.
        document_id: The id, with ``%{…}``; without it the id of the line the event was read from, or a new one.
        action: ``create`` or ``index``. An id that is stored already stays as it is under either.
        ecs_compatibility: Overrides the pipeline's setting.

    Those after ``ecs_compatibility`` are there to be refused by name.
    """

    data_stream: Text = "auto"
    data_stream_type: Text = "logs"
    data_stream_dataset: Text = "generic"
    data_stream_namespace: Text = "default"
    data_stream_auto_routing: Flag = True
    data_stream_sync_fields: Flag = True
    index: Text | None = None
    document_id: Text | None = None
    action: Text | None = None
    ecs_compatibility: EcsCompatibility | None = None
    document_type: object = None
    doc_as_upsert: object = None
    drop_error_types: object = None
    ilm_pattern: object = None
    ilm_policy: object = None
    ilm_rollover_alias: object = None
    join_field: object = None
    parent: object = None
    pipeline: object = None
    routing: object = None
    script: object = None
    script_lang: object = None
    script_type: object = None
    script_var_name: object = None
    scripted_upsert: object = None
    upsert: object = None
    version: object = None
    version_type: object = None

    def check(self) -> None:
        """Refuse what is not supported.

        Raises:
            OptionError: When an option of :data:`REFUSED` is given, or lifecycle policies are wanted.
        """
        if self.ilm_enabled not in ("auto", "false"):
            problem = f"{self.ilm_enabled!r} is not supported"
            raise OptionError("ilm_enabled", problem, "name the index or data stream", unsupported=True)
        for name in REFUSED:
            if name in self.model_fields_set:
                raise OptionError(name, "it is not supported", "events are added, never changed", unsupported=True)
