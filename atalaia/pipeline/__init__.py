"""The embedded executor of Logstash pipelines."""
