"""How the ``dissect`` filter takes texts apart."""
