"""Structured logging for Python web applications: the library an application imports."""
