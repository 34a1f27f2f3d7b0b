"""Who may see and change what: hosts, headers, signing in, and requests that other sites make people send."""

from atalaia.web.security.access import Access
from atalaia.web.security.guard import Guard

__all__ = ["Access", "Guard"]
