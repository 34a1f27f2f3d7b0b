"""How the help desk is used: its endpoints, how often each is asked for, how long it takes, and the week's rhythm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

OFFICE_ZONE: Final = ZoneInfo("America/Sao_Paulo")
SATURDAY: Final = 5

# A working day's requests by local hour, relative to each other: a peak in the morning, a smaller one after lunch.
HOURS: Final = (4, 3, 2, 2, 2, 4, 12, 40, 105, 125, 120, 85, 55, 90, 110, 95, 70, 40, 14, 8, 6, 4, 2, 2)
WEEKEND_SHARE: Final = 0.12
"""What a day of the weekend has of a working day's requests."""


@dataclass(frozen=True, slots=True)
class Usage:
    """One endpoint and method as it is used.

    Attributes:
        method: The HTTP method.
        template: The route's template.
        weight: How often, relative to the others.
        median: The median response time in seconds.
        spread: The standard deviation of its natural logarithm.
        status: The status of a successful answer.
        size: The typical size of the body in bytes.
        anonymous: Whether it is asked for before signing in.
    """

    method: str
    template: str
    weight: int
    median: float
    spread: float
    status: int
    size: int
    anonymous: bool = False

    @property
    def names_ticket(self) -> bool:
        """Whether the path carries a ticket's number."""
        return "<int:ticket_id>" in self.template

    @property
    def signs_in(self) -> bool:
        """Whether a success makes the visitor known."""
        return self.method == "POST" and self.anonymous

    def path(self, ticket: int) -> str:
        """Return the path that is asked for, with a ticket's number where the template has one."""
        return self.template.replace("<int:ticket_id>", str(ticket))


USAGE: Final = (
    Usage("GET", "/api/chamados", 340, 0.085, 0.45, 200, 2900),
    Usage("GET", "/api/chamados/<int:ticket_id>", 240, 0.042, 0.40, 200, 180),
    Usage("GET", "/dashboard", 150, 0.160, 0.50, 200, 640),
    Usage("POST", "/api/chamados", 60, 0.130, 0.45, 201, 190),
    Usage("POST", "/api/chamados/<int:ticket_id>/fechar", 45, 0.120, 0.45, 200, 185),
    Usage("GET", "/relatorios", 25, 0.620, 0.55, 200, 450),
    Usage("POST", "/login", 40, 0.210, 0.30, 302, 207, anonymous=True),
    Usage("GET", "/login", 45, 0.018, 0.35, 200, 185, anonymous=True),
    Usage("GET", "/health", 55, 0.003, 0.25, 200, 16, anonymous=True),
)


def expected_requests(hour: datetime, working_day: int) -> float:
    """Return how many requests the hour that begins at an aware instant has on average.

    Args:
        hour: The hour's beginning, in any zone.
        working_day: The requests of a whole working day.
    """
    # The middle of the hour decides, so that a zone with a half-hour offset would not shift the rhythm.
    local = (hour + timedelta(minutes=30)).astimezone(OFFICE_ZONE)
    share = HOURS[local.hour] / sum(HOURS)
    return working_day * share * (WEEKEND_SHARE if local.weekday() >= SATURDAY else 1.0)
