"""The elasticsearch output: where documents go, and which options are taken, honoured or refused."""

from __future__ import annotations

import pytest

from atalaia.pipeline.errors import ConfigurationError
from atalaia.pipeline.rejection import PluginError
from atalaia.pipeline.values import Value
from tests.atalaia.pipeline.delivered import output


def test_where_documents_go() -> None:
    """The event's own data stream first, then the options; the id written, else that of the line."""
    options = 'data_stream => "true" data_stream_dataset => "ds" data_stream_namespace => "ns"'
    (plain,) = output(f"elasticsearch {{ {options} }}").documents
    assert (plain.stream, plain.id) == ("logs-ds-ns", "line-id")
    assert plain.body["data_stream"] == {"type": "logs", "dataset": "ds", "namespace": "ns"}
    routed = 'document_id => "%{[event][id]}"'
    fields: dict[str, Value] = {"data_stream": {"namespace": "prod"}, "event": {"id": "e1"}}
    (own,) = output(f"elasticsearch {{ {options} {routed} }}", **fields).documents
    assert (own.stream, own.id) == ("logs-ds-prod", "e1")
    (index,) = output('elasticsearch { index => "web-%{+yyyy}" }').documents
    assert index.stream == "web-2026"


def test_an_index_that_lacks_a_field_is_refused_for_that_event() -> None:
    """It is stored under the name as it is written only when the option says so."""
    with pytest.raises(PluginError, match=r"elasticsearch: the index 'web-%\{k\}' has a reference"):
        output('elasticsearch { index => "web-%{k}" }')
    options = 'index => "web-%{k}" dlq_on_failed_indexname_interpolation => false'
    assert output(f"elasticsearch {{ {options} }}").documents[0].stream == "web-%{k}"
    assert output('elasticsearch { index => "web-%{k}" }', k="x").documents[0].stream == "web-x"


FOR_LOGSTASH = """
    hosts => ["https://one:9200", "https://two:9200"] api_key => "id:key" path => "/es" timeout => 30
    ssl_enabled => true ssl_verification_mode => "none" ssl_truststore_path => "/t.p12" ssl_truststore_type => pkcs12
    custom_headers => { "X-A" => "b" } compression_level => 9 sniffing => true pool_max => 10 retry_max_interval => 8
    manage_template => false template_api => composable silence_errors_in_log => ["document_already_exists_exception"]
    codec => json enable_metric => false ilm_enabled => false
"""


def test_how_elasticsearch_is_reached_is_for_logstash() -> None:
    """A file that is written for it runs here as it is, and stores the same documents."""
    with_all = output(f'elasticsearch {{ {FOR_LOGSTASH} data_stream => "true" }}', a=1).documents
    assert with_all == output('elasticsearch { data_stream => "true" }', a=1).documents


REFUSED = [
    ('pipeline => "p"', "pipeline.*not supported.*filters of this file"),
    ('routing => "x"', "routing.*not supported"),
    ("version => 5", "version.*not supported"),
    ('script => "ctx.x"', "script.*not supported"),
    ("doc_as_upsert => true", "doc_as_upsert.*not supported"),
    ("ilm_enabled => true", "ilm_enabled.*not supported"),
    ('ilm_rollover_alias => "a"', "ilm_rollover_alias.*not supported"),
    ('parameters => { "pipeline" => "p" }', "parameters.*not supported"),
    ("dlq_custom_codes => [403]", "dlq_custom_codes.*not supported"),
    ("workers => 2", "workers.*not supported"),
    ("action => delete", "'delete' is not supported"),
]


@pytest.mark.parametrize(("option", "message"), REFUSED)
def test_what_would_change_what_is_stored_is_refused_by_name(option: str, message: str) -> None:
    """As unsupported: Logstash takes it."""
    with pytest.raises(ConfigurationError, match=rf"(?s){message}") as caught:
        output(f'elasticsearch {{ index => "i" {option} }}')
    assert caught.value.unsupported


FAULTS = [
    ("compression_level => 10", "compression_level.*less than or equal to 9"),
    ("ssl_verification_mode => maybe", "ssl_verification_mode.*'full' or 'none'"),
    ("data_stream => perhaps", "data_stream.*'true', 'false' or 'auto'"),
    ("codec => nosuch", "no codec 'nosuch'"),
    ("cacert => '/x'", "has no option 'cacert'"),
]


@pytest.mark.parametrize(("option", "message"), FAULTS)
def test_what_logstash_refuses_is_refused(option: str, message: str) -> None:
    """Values that are none of those possible, and options that are gone since version 12."""
    with pytest.raises(ConfigurationError, match=message) as caught:
        output(f'elasticsearch {{ index => "i" {option} }}')
    assert not caught.value.unsupported
