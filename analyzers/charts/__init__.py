"""Charts: one definition, drawn for pages, mail and print."""
