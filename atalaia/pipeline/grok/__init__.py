"""Grok: named patterns, compiled with the semantics of Logstash's expression library (Onigmo)."""
