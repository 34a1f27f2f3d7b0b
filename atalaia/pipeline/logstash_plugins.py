"""The plugins Logstash 9 brings or Elastic maintains, by kind: to tell a plugin we lack from a name that is a mistake.

Source: the plugin indices of the Logstash reference.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_INPUTS: Final = """
azure_event_hubs beats cloudwatch couchdb_changes dead_letter_queue elastic_agent elastic_serverless_forwarder
elasticsearch exec file ganglia gelf generator github google_cloud_storage google_pubsub graphite heartbeat http
http_poller imap irc java_generator java_stdin jdbc jms jmx kafka kinesis log4j logstash lumberjack meetup pipe pipeline
puppet_facter rabbitmq redis relp rss s3 salesforce snmp snmptrap sqlite sqs stdin stomp syslog tcp twitter udp unix
varnishlog websocket wmi xmpp
"""
_FILTERS: Final = """
age aggregate alter bytes cidr cipher clone csv date de_dot dissect dns drop elapsed elastic_integration elasticsearch
environment extractnumbers fingerprint geoip grok http i18n java_uuid jdbc_static jdbc_streaming json json_encode kv
memcached metricize metrics mutate prune range ruby sleep split syslog_pri threats_classifier throttle tld translate
truncate urldecode useragent uuid wurfl_device_detection xml
"""
_OUTPUTS: Final = """
boundary circonus cloudwatch csv datadog datadog_metrics dynatrace elastic_app_search elastic_workplace_search
elasticsearch email exec file ganglia gelf google_bigquery google_cloud_storage google_pubsub graphite graphtastic http
influxdb irc java_stdout juggernaut kafka librato loggly logstash lumberjack metriccatcher mongodb nagios nagios_nsca
null opentsdb pagerduty pipe pipeline rabbitmq redis redmine riak riemann s3 sink sns solr_http sqs statsd stdout stomp
syslog tcp timber udp webhdfs websocket xmpp zabbix
"""
_CODECS: Final = """
avro cef cloudfront cloudtrail collectd csv dots edn edn_lines es_bulk fluent graphite gzip_lines java_line java_plain
jdots json json_lines line msgpack multiline netflow nmap plain protobuf rubydebug
"""

LOGSTASH_PLUGINS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "input": frozenset(_INPUTS.split()),
        "filter": frozenset(_FILTERS.split()),
        "output": frozenset(_OUTPUTS.split()),
        "codec": frozenset(_CODECS.split()),
    }
)
