"""What the ``geoip`` filter finds in MaxMind databases."""
