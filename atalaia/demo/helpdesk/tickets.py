"""The tickets, in an SQLite database in memory."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

CATEGORIES: Final = ("Acesso e senhas", "E-mail", "Impressoras", "Rede e VPN", "Sistemas internos", "Equipamentos")
OPEN: Final = "aberto"
CLOSED: Final = "fechado"
USERS: Final = 40
"""Accounts ``usuario01`` to ``usuario40``; the id is the number."""

Cell: TypeAlias = int | float | str | None

_SUBJECTS: Final = ("não funciona", "está lento", "pede senha de novo", "mostra erro", "precisa de permissão")
_SCHEMA: Final = """
CREATE TABLE chamados (
    id INTEGER PRIMARY KEY,
    titulo TEXT NOT NULL,
    categoria TEXT NOT NULL,
    situacao TEXT NOT NULL,
    solicitante INTEGER NOT NULL,
    horas REAL
)
"""


@dataclass(frozen=True, slots=True)
class Ticket:
    """One ticket (chamado).

    Attributes:
        titulo: What is wrong, in the requester's words.
        categoria: One of ``CATEGORIES``.
        situacao: ``aberto`` or ``fechado``.
        solicitante: The id of the user who opened it.
        horas: Hours from opening to closing, once closed.
    """

    id: int
    titulo: str
    categoria: str
    situacao: str
    solicitante: int
    horas: float | None


class Tickets:
    """The ticket table; safe for the threads of one server.

    Args:
        seed: The same seed gives the same tickets.
        count: How many there are at the start.
    """

    def __init__(self, seed: int, count: int) -> None:
        self._lock = threading.Lock()
        self._database = sqlite3.connect(":memory:", check_same_thread=False)
        self._database.execute(_SCHEMA)
        chance = random.Random(seed)  # noqa: S311 - invented tickets
        self._database.executemany(
            "INSERT INTO chamados (titulo, categoria, situacao, solicitante, horas) VALUES (?, ?, ?, ?, ?)",
            [_invented(chance) for _ in range(count)],
        )

    def newest(self, situacao: str | None, limit: int) -> list[Ticket]:
        """Return the newest tickets first, all or those of one state."""
        rows = self._rows(
            "SELECT * FROM chamados WHERE ?1 IS NULL OR situacao = ?1 ORDER BY id DESC LIMIT ?2",
            (situacao, limit),
        )
        return [_ticket(row) for row in rows]

    def get(self, ticket_id: int) -> Ticket | None:
        """Return one ticket, or ``None`` where there is none of that number."""
        rows = self._rows("SELECT * FROM chamados WHERE id = ?", (ticket_id,))
        return _ticket(rows[0]) if rows else None

    def open(self, titulo: str, categoria: str, solicitante: int) -> Ticket:
        """Add a ticket and return it."""
        rows = self._rows(
            "INSERT INTO chamados (titulo, categoria, situacao, solicitante) VALUES (?, ?, ?, ?) RETURNING *",
            (titulo, categoria, OPEN, solicitante),
        )
        return _ticket(rows[0])

    def close(self, ticket_id: int, horas: float) -> Ticket | None:
        """Close a ticket and return it, or ``None`` where there is none of that number."""
        rows = self._rows(
            "UPDATE chamados SET situacao = ?, horas = ? WHERE id = ? RETURNING *",
            (CLOSED, horas, ticket_id),
        )
        return _ticket(rows[0]) if rows else None

    def counts(self) -> dict[str, int]:
        """Return how many tickets are in each state."""
        return {str(row[0]): _int(row[1]) for row in self._rows("SELECT situacao, count(*) FROM chamados GROUP BY 1")}

    def report(self) -> list[dict[str, Cell]]:
        """Return, by category, the tickets, those still open and the mean hours to close one."""
        rows = self._rows(
            "SELECT categoria, count(*), sum(situacao = ?), round(avg(horas), 2) FROM chamados GROUP BY 1 ORDER BY 1",
            (OPEN,),
        )
        names = ("categoria", "chamados", "abertos", "media_horas")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def _rows(self, statement: str, values: Sequence[Cell] = ()) -> list[tuple[Cell, ...]]:
        with self._lock, self._database:
            return self._database.execute(statement, values).fetchall()


def _invented(chance: random.Random) -> tuple[Cell, ...]:
    categoria = chance.choice(CATEGORIES)
    closed = chance.random() < 0.7  # noqa: PLR2004 - the share of tickets already closed
    return (
        f"{categoria}: {chance.choice(_SUBJECTS)}",
        categoria,
        CLOSED if closed else OPEN,
        chance.randint(1, USERS),
        round(chance.lognormvariate(1.5, 1.0), 2) if closed else None,
    )


def _ticket(row: tuple[Cell, ...]) -> Ticket:
    number, titulo, categoria, situacao, solicitante, horas = row
    return Ticket(
        _int(number),
        str(titulo),
        str(categoria),
        str(situacao),
        _int(solicitante),
        None if horas is None else float(horas),
    )


def _int(cell: Cell) -> int:
    if not isinstance(cell, int):
        raise TypeError(f"{cell!r} is no integer")
    return cell
