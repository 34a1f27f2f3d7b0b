"""``alerts.toml``: its form, and what it means."""
