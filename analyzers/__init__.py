"""Analyses over stored events, and the stores they read."""
