"""Look over configurations: what would be refused, and what would surprise."""
