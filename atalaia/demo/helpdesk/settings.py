"""How the demonstration help desk is set up."""

from __future__ import annotations

from dataclasses import dataclass, field

from atalaia.demo.helpdesk.incident import Incident


@dataclass(frozen=True, slots=True)
class HelpdeskSettings:
    """Settings of one help desk.

    Attributes:
        seed: The same seed gives the same tickets and the same course of an incident.
        tickets: How many tickets there are at the start.
        secret_key: Signs the session cookies; the demonstration runs on loopback only.
        incident: The switch that makes the application ill.
    """

    seed: int = 1
    tickets: int = 200
    secret_key: str = "demonstration only"  # noqa: S105 - guards invented tickets on loopback
    incident: Incident = field(default_factory=Incident)
