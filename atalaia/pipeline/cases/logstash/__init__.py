"""Run the same cases on a real Logstash: all cases of a file in one run."""
