"""Running compiled pipelines: from inputs that produce events to outputs that take them."""
