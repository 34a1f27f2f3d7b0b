"""Unit tests of pipelines, as data: cases in YAML, run on the embedded executor or on a real Logstash."""
