"""Which fields and tags an event may have at each point of a pipeline."""
