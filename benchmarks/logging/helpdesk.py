"""The application of the benchmark: a page of twenty tickets from SQLite through a template, for gunicorn.

``LOGGED=yes`` in the environment puts the middleware around it; all else is the same.
"""

from __future__ import annotations

import os
import sqlite3
import threading

from flask import Flask, render_template
from jinja2 import DictLoader

import logging_lib
from logging_lib.flask import AtalaiaFlask

PAGE = """<!doctype html><title>Chamados</title><h1>Chamados de {{ setor }}</h1><table>
{% for chamado in chamados %}<tr class="{{ 'aberto' if chamado.aberto else 'fechado' }}"><td>{{ chamado.id }}</td>
<td><a href="{{ url_for('chamado', numero=chamado.id) }}">{{ chamado.titulo }}</a></td>
<td>{{ chamado.prioridade|upper }}</td></tr>{% else %}<tr><td>nenhum</td></tr>{% endfor %}</table>"""

_connections = threading.local()


def connection() -> sqlite3.Connection:
    """Return this thread's database with its two hundred tickets."""
    if not hasattr(_connections, "database"):
        database = sqlite3.connect(":memory:")
        database.row_factory = sqlite3.Row
        database.execute("create table chamado (id integer primary key, titulo, prioridade, aberto)")
        rows = [(f"Impressora {number} parada", ("alta", "baixa")[number % 2], number % 3) for number in range(200)]
        database.executemany("insert into chamado (titulo, prioridade, aberto) values (?, ?, ?)", rows)
        _connections.database = database
    database = _connections.database
    if not isinstance(database, sqlite3.Connection):
        raise TypeError(database)
    return database


def create() -> Flask:
    """Return the application, logged or not."""
    app = Flask(__name__)
    app.jinja_loader = DictLoader({"chamados.html": PAGE})

    @app.get("/chamados/<setor>")
    def chamados(setor: str) -> str:
        rows = connection().execute("select * from chamado order by id desc limit 20").fetchall()
        return render_template("chamados.html", setor=setor, chamados=rows)

    @app.get("/chamado/<int:numero>")
    def chamado(numero: int) -> str:
        return f"{numero}"

    if os.environ["LOGGED"] == "yes":
        logging_lib.configure(service="ti-osn")
        AtalaiaFlask(app)
    return app
