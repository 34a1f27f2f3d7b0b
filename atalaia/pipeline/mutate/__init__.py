"""The operations of the ``mutate`` filter."""
