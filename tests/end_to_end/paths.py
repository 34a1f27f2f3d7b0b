"""Where the end-to-end tests find their input."""

from __future__ import annotations

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("ATALAIA_SHARED", CHECKOUT.parent / "shared"))
ACCESS_LOG = SHARED / "data" / "apache_access.log"
ACCESS_CONF = CHECKOUT / "logstash" / "pipeline" / "access.conf"
REQUEST_CONF = CHECKOUT / "logstash" / "pipeline" / "request.conf"
