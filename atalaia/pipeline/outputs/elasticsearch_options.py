"""The options of ``elasticsearch``. Source: logstash-output-elasticsearch 12.

Most of them say how Elasticsearch is reached and set up, which the deployment decides for this executor: they are for
Logstash, and are checked here for their type only. Those that decide what is stored are honoured or refused.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, Literal

from pydantic import Field

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.outputs.base import OutputOptions
from atalaia.pipeline.settings import CodecSetting, Flag, Number, Text, TextHash, Texts


class ReachingOptions(OutputOptions):
    """Options for Logstash: how Elasticsearch is reached.

    Attributes:
        hosts: For Logstash: where Elasticsearch is.
        cloud_id: For Logstash: the same, in Elastic Cloud.
        cloud_auth: For Logstash: name and password there.
        user: For Logstash: a name.
        password: For Logstash: its password.
        api_key: For Logstash: a key instead of both.
        path: For Logstash: the path before all others.
        bulk_path: For Logstash: the path of bulk requests.
        healthcheck_path: For Logstash: the path asked when a host is down.
        custom_headers: For Logstash: headers of every request.
        proxy: For Logstash: a proxy.
        timeout: For Logstash: seconds a request may take.
        pool_max: For Logstash: connections at a time.
        pool_max_per_route: For Logstash: connections to a host at a time.
        validate_after_inactivity: For Logstash: milliseconds after which a connection is tested.
        resurrect_delay: For Logstash: seconds until a host that is down is tried again.
        retry_initial_interval: For Logstash: seconds before the first repetition.
        retry_max_interval: For Logstash: seconds before later ones.
        retry_on_conflict: For Logstash: repetitions of updates.
        http_compression: For Logstash: whether requests are compressed.
        compression_level: For Logstash: how well.
        sniffing: For Logstash: whether hosts are looked for.
        sniffing_delay: For Logstash: how often.
        sniffing_path: For Logstash: where.
        silence_errors_in_log: For Logstash: errors that are not logged.
        failure_type_logging_whitelist: For Logstash: the same, by its old name.
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
    custom_headers: TextHash = Field(default_factory=dict)
    proxy: Text | None = None
    timeout: Number = 60
    pool_max: Number = 1_000
    pool_max_per_route: Number = 100
    validate_after_inactivity: Number = 10_000
    resurrect_delay: Number = 5
    retry_initial_interval: Number = 2
    retry_max_interval: Number = 64
    retry_on_conflict: Number = 1
    http_compression: Flag = True
    compression_level: Number = Field(default=1, ge=0, le=9)
    sniffing: Flag = False
    sniffing_delay: Number = 5
    sniffing_path: Text | None = None
    silence_errors_in_log: Texts = ()
    failure_type_logging_whitelist: Texts = ()


class TrustOptions(ReachingOptions):
    """Options for Logstash: encryption, and how Elasticsearch is set up.

    Attributes:
        ssl_enabled: For Logstash: whether connections are encrypted.
        ssl_verification_mode: For Logstash: whether the server's certificate is verified.
        ssl_certificate_authorities: For Logstash: files of authorities.
        ca_trusted_fingerprint: For Logstash: an authority's fingerprint.
        ssl_certificate: For Logstash: its own certificate.
        ssl_key: For Logstash: the key.
        ssl_keystore_path: For Logstash: a file with both.
        ssl_keystore_password: For Logstash: its password.
        ssl_keystore_type: For Logstash: its format.
        ssl_truststore_path: For Logstash: a file of authorities.
        ssl_truststore_password: For Logstash: its password.
        ssl_truststore_type: For Logstash: its format.
        ssl_supported_protocols: For Logstash: versions of TLS.
        ssl_cipher_suites: For Logstash: ciphers.
        manage_template: For Logstash: whether it installs an index template.
        template: For Logstash: the template's file.
        template_api: For Logstash: its kind.
        template_name: For Logstash: its name.
        template_overwrite: For Logstash: whether it replaces another.
    """

    ssl_enabled: Flag | None = None
    ssl_verification_mode: Literal["full", "none"] = "full"
    ssl_certificate_authorities: Texts = ()
    ca_trusted_fingerprint: Texts = ()
    ssl_certificate: Text | None = None
    ssl_key: Text | None = None
    ssl_keystore_path: Text | None = None
    ssl_keystore_password: Text | None = None
    ssl_keystore_type: Literal["pkcs12", "jks"] | None = None
    ssl_truststore_path: Text | None = None
    ssl_truststore_password: Text | None = None
    ssl_truststore_type: Literal["pkcs12", "jks"] | None = None
    ssl_supported_protocols: Texts = ()
    ssl_cipher_suites: Texts = ()
    manage_template: Flag | None = None
    template: Text | None = None
    template_api: Literal["auto", "legacy", "composable"] = "auto"
    template_name: Text | None = None
    template_overwrite: Flag = False


_ADDED: Final = "remove it: events are added to the store, never changed"
REFUSED: Final = MappingProxyType(
    {
        "doc_as_upsert": _ADDED,
        "upsert": _ADDED,
        "scripted_upsert": _ADDED,
        "script": _ADDED,
        "script_lang": _ADDED,
        "script_type": _ADDED,
        "script_var_name": _ADDED,
        "version": _ADDED,
        "version_type": _ADDED,
        "routing": "remove it: the embedded store has no shards",
        "parent": "remove it: documents are independent of each other",
        "join_field": "remove it: documents are independent of each other",
        "document_type": "remove it: documents have no types",
        "pipeline": "do the work in the filters of this file",
        "parameters": "remove it: what the query of a request changes is not known here",
        "ilm_pattern": "name a data stream: its lifecycle belongs to its index template",
        "ilm_policy": "name a data stream: its lifecycle belongs to its index template",
        "ilm_rollover_alias": "name a data stream: its lifecycle belongs to its index template",
        "dlq_custom_codes": "remove it: whatever the store rejects is a dead letter",
    }
)
"""Options that would change what is stored in ways the executor has not, and what to do instead."""


class ElasticsearchOptions(TrustOptions):
    """Options of ``elasticsearch`` that decide what is stored.

    Attributes:
        data_stream: ``true``, ``false`` or ``auto`` (a data stream unless ``index`` or ``action`` speak against it).
        data_stream_type: First part of the stream's name.
        data_stream_dataset: Second part.
        data_stream_namespace: Third part.
        data_stream_auto_routing: Whether the event's own ``data_stream.*`` fields come first.
        data_stream_sync_fields: Whether those fields are made to say where the event went.
        index: The index, with ``%{…}``, when it is no data stream.
        dlq_on_failed_indexname_interpolation: Whether an event that has not all fields of ``index`` is a dead letter;
            otherwise it is stored under the name with the ``%{…}`` in it.
        document_id: The id, with ``%{…}``; without it the id of the line the event was read from, or a new one.
        action: ``create`` or ``index``. An id that is stored already stays as it is under either.
        codec: Has no effect on documents, as in Logstash.
        ecs_compatibility: Overrides the pipeline's setting.
        ilm_enabled: ``false`` or ``auto``, which mean the same here; ``true`` is not supported.
        doc_as_upsert: Not supported: events are added, never changed.
        upsert: Not supported, as ``doc_as_upsert``.
        scripted_upsert: Not supported, as ``doc_as_upsert``.
        script: Not supported, as ``doc_as_upsert``.
        script_lang: Not supported, as ``doc_as_upsert``.
        script_type: Not supported, as ``doc_as_upsert``.
        script_var_name: Not supported, as ``doc_as_upsert``.
        version: Not supported, as ``doc_as_upsert``.
        version_type: Not supported, as ``doc_as_upsert``.
        routing: Not supported: the embedded store has no shards.
        parent: Not supported: documents are independent of each other.
        join_field: Not supported, as ``parent``.
        document_type: Not supported: documents have no types.
        pipeline: Not supported: the work of an ingest pipeline.
        parameters: Not supported: the query of every request.
        ilm_pattern: Not supported: data streams have lifecycles of their own.
        ilm_policy: Not supported, as ``ilm_pattern``.
        ilm_rollover_alias: Not supported, as ``ilm_pattern``.
        dlq_custom_codes: Not supported: whatever the store rejects is a dead letter.
    """

    data_stream: Literal["true", "false", "auto"] = "auto"
    data_stream_type: Text = "logs"
    data_stream_dataset: Text = "generic"
    data_stream_namespace: Text = "default"
    data_stream_auto_routing: Flag = True
    data_stream_sync_fields: Flag = True
    index: Text | None = None
    dlq_on_failed_indexname_interpolation: Flag = True
    document_id: Text | None = None
    action: Text | None = None
    codec: CodecSetting = "plain"
    ecs_compatibility: EcsCompatibility | None = None
    ilm_enabled: Literal["true", "false", "auto"] = "auto"
    doc_as_upsert: object = None
    upsert: object = None
    scripted_upsert: object = None
    script: object = None
    script_lang: object = None
    script_type: object = None
    script_var_name: object = None
    version: object = None
    version_type: object = None
    routing: object = None
    parent: object = None
    join_field: object = None
    document_type: object = None
    pipeline: object = None
    parameters: object = None
    ilm_pattern: object = None
    ilm_policy: object = None
    ilm_rollover_alias: object = None
    dlq_custom_codes: object = None
