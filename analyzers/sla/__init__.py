"""Compliance with service-level objectives."""
