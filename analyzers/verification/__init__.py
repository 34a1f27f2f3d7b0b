"""Derive every number of a report again, and say what differs."""
