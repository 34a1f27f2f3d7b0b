"""The service-level agreement as a file: ``sla.toml``."""
