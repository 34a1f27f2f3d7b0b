"""Every option Logstash documents is known: honoured, or refused by its name, but never answered "has no option".

The lists were copied from the tables of options in Logstash's plugin documentation, for the versions the corpus names;
common options are listed once.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping

import pytest

from atalaia.pipeline.codecs.base import CodecPlugin
from atalaia.pipeline.codecs.registry import CODECS
from atalaia.pipeline.filters.base import FilterPlugin
from atalaia.pipeline.filters.registry import FILTERS
from atalaia.pipeline.inputs.base import InputPlugin
from atalaia.pipeline.inputs.registry import INPUTS
from atalaia.pipeline.outputs.base import OutputPlugin
from atalaia.pipeline.outputs.registry import OUTPUTS
from atalaia.pipeline.settings import PluginOptions

COMMON = {
    "codec": "id enable_metric",
    "filter": "add_field add_tag enable_metric id periodic_flush remove_field remove_tag",
    "input": "add_field codec enable_metric id tags type",
    "output": "codec enable_metric id",
}

DOCUMENTED = {
    "codec dots": "",
    "codec json": "charset ecs_compatibility target",
    "codec json_lines": "charset decode_size_limit_bytes delimiter ecs_compatibility target",
    "codec line": "charset delimiter ecs_compatibility format",
    "codec multiline": """auto_flush_interval charset ecs_compatibility max_bytes max_lines multiline_tag negate pattern
        patterns_dir what""",
    "codec plain": "charset ecs_compatibility format",
    "codec rubydebug": "metadata",
    "filter clone": "clones ecs_compatibility",
    "filter date": "locale match tag_on_failure target timezone",
    "filter drop": "percentage",
    "filter grok": """break_on_match ecs_compatibility keep_empty_captures match named_captures_only overwrite
        pattern_definitions patterns_dir patterns_files_glob tag_on_failure tag_on_timeout target timeout_millis
        timeout_scope""",
    "filter json": "ecs_compatibility skip_on_invalid_json source tag_on_failure target",
    "filter mutate": """capitalize coerce convert copy gsub join lowercase merge rename replace split strip
        tag_on_failure update uppercase""",
    "filter prune": "blacklist_names blacklist_values interpolate whitelist_names whitelist_values",
    "filter split": "field target terminator",
    "filter truncate": "fields length_bytes",
    "filter urldecode": "all_fields charset field tag_on_failure",
    "filter useragent": "ecs_compatibility lru_cache_size prefix regexes source target",
    "filter uuid": "overwrite target",
    "input http": """additional_codecs ecs_compatibility host max_content_length max_pending_requests password port
        remote_host_target_field request_headers_target_field response_code response_headers ssl_certificate
        ssl_certificate_authorities ssl_cipher_suites ssl_client_authentication ssl_enabled ssl_handshake_timeout
        ssl_key ssl_key_passphrase ssl_keystore_password ssl_keystore_path ssl_keystore_type ssl_supported_protocols
        ssl_truststore_password ssl_truststore_path ssl_truststore_type threads user""",
    "input stdin": "ecs_compatibility",
    "input tcp": """dns_reverse_lookup_enabled ecs_compatibility host mode port proxy_protocol ssl_certificate
        ssl_certificate_authorities ssl_cipher_suites ssl_client_authentication ssl_enabled ssl_extra_chain_certs
        ssl_key ssl_key_passphrase ssl_supported_protocols ssl_verification_mode tcp_keep_alive""",
    "output elasticsearch": """action api_key bulk_path ca_trusted_fingerprint cloud_auth cloud_id compression_level
        custom_headers data_stream data_stream_auto_routing data_stream_dataset data_stream_namespace
        data_stream_sync_fields data_stream_type dlq_custom_codes dlq_on_failed_indexname_interpolation doc_as_upsert
        document_id document_type ecs_compatibility failure_type_logging_whitelist healthcheck_path hosts
        http_compression ilm_enabled ilm_pattern ilm_policy ilm_rollover_alias index silence_errors_in_log
        manage_template parameters parent password path pipeline pool_max pool_max_per_route proxy resurrect_delay
        retry_initial_interval retry_max_interval retry_on_conflict routing script script_lang script_type
        script_var_name scripted_upsert sniffing sniffing_delay sniffing_path ssl_certificate
        ssl_certificate_authorities ssl_cipher_suites ssl_enabled ssl_key ssl_keystore_password ssl_keystore_path
        ssl_keystore_type ssl_supported_protocols ssl_truststore_password ssl_truststore_path ssl_truststore_type
        ssl_verification_mode template template_api template_name template_overwrite timeout upsert user
        validate_after_inactivity version version_type""",
    "output file": """create_if_deleted dir_mode file_mode filename_failure flush_interval gzip path
        stale_cleanup_interval write_behavior""",
    "output http": """automatic_retries connect_timeout content_type cookies follow_redirects format headers
        http_compression http_method ignorable_codes keepalive mapping message password pool_max pool_max_per_route
        proxy request_timeout retry_failed retry_non_idempotent retryable_codes socket_timeout ssl_certificate
        ssl_certificate_authorities ssl_cipher_suites ssl_enabled ssl_key ssl_keystore_password ssl_keystore_path
        ssl_keystore_type ssl_supported_protocols ssl_truststore_password ssl_truststore_path ssl_truststore_type
        ssl_verification_mode url user validate_after_inactivity""",
    "output stdout": "",
}

PLUGINS: Mapping[str, Mapping[str, object]] = {
    "codec": CODECS,
    "filter": FILTERS,
    "input": INPUTS,
    "output": OUTPUTS,
}


def model(kind: str, name: str) -> type[PluginOptions]:
    """Return the model of a plugin's options."""
    plugin = PLUGINS[kind][name]
    assert isinstance(plugin, CodecPlugin | FilterPlugin | InputPlugin | OutputPlugin)
    options: type[PluginOptions] = plugin.options
    return options


@pytest.mark.parametrize("plugin", sorted(DOCUMENTED))
def test_every_documented_option_is_known(plugin: str) -> None:
    """The model has it, under its name or as the alias of one Python cannot have."""
    kind, name = plugin.split()
    known = {field.alias or option for option, field in model(kind, name).model_fields.items()}
    assert {*DOCUMENTED[plugin].split(), *COMMON[kind].split()} <= known


@pytest.mark.parametrize("plugin", sorted(DOCUMENTED))
def test_every_option_is_documented(plugin: str) -> None:
    """Each stands in the docstring of its model, or of one the model is made from."""
    kind, name = plugin.split()
    options = model(kind, name)
    text = "\n".join(inspect.getdoc(base) or "" for base in options.__mro__ if issubclass(base, PluginOptions))
    assert [option for option in options.model_fields if f"    {option}: " not in text] == []
