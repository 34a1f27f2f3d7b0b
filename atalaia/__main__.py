"""``python -m atalaia``: the command line."""

from __future__ import annotations

import sys

from atalaia.cli.main import main

sys.exit(main())
