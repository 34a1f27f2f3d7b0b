"""How the ``csv`` filter reads rows and converts their values."""
