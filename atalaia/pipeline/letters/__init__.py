"""Dead letters after they were written: listing them, and sending them again."""
