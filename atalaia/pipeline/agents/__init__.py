"""Tells browser, system and device from a user agent's name, as Logstash's plugin does."""
