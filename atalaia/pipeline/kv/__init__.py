"""How the ``kv`` filter finds pairs in a text."""
