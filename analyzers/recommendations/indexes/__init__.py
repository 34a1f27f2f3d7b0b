"""Which index a slow statement lacks: its shape is read, and its conditions made the columns of an index."""
