"""The dictionaries of the ``translate`` filter."""
