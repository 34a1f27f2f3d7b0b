"""A real Elasticsearch on this machine, from packages alone: no container, no installation, no ``mvn``.

For development and for our own tests. It is the server's core with its HTTP module: documents, templates, data streams
and searches are the real thing, and what lives in other modules (security, ILM, ES|QL, ingest pipelines, Kibana's
needs) is not there.
"""

from analyzers.store.elastic.local.process import LocalElasticsearch

__all__ = ["LocalElasticsearch"]
