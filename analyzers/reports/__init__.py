"""Reports: a model, then its renderings."""
