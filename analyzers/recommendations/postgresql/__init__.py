"""Settings of PostgreSQL that what was sampled of a server speaks against.

What a setting is now was not sampled: every advice begins with the ``SHOW`` that tells.
"""
