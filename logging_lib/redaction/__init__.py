"""Secrets kept out of the log: by the name they stand under, and by their shape wherever they stand.

Every record passes through one ``Redactor`` on its way to the destinations (``logging_lib.output``). It is on by
default. ``docs/logging.md`` lists what is replaced and what is not.

- ``keys``: which names say that their value is a secret.
- ``checksums``, ``numbers``: card numbers, CPF and CNPJ.
- ``shapes``: tokens that are known by their form, URLs with a password, private keys.
- ``assignments``, ``spans``: ``password=...`` and its kin inside a text.
- ``encoded``: query strings and percent-encoded texts.
- ``routes``: the parts of a path that its route names.
- ``texts``: all of these on one text; ``redactor``: on a whole record.
"""

from logging_lib.redaction.options import RedactionOptions
from logging_lib.redaction.redactor import Redactor

__all__ = ["RedactionOptions", "Redactor"]
