"""Codec plugins, one file each, under Logstash's names."""
