"""The site that ``atalaia serve`` shows."""
