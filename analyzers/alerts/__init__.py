"""Alerts on breached thresholds."""
