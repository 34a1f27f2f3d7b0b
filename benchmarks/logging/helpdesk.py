"""The application of the benchmark: a help desk on Flask, PostgreSQL and Redis, for gunicorn.

Its page reads the session from Redis, its user, the twenty newest tickets with who reported them, how many
are open of each priority, and what the user reported last, and renders them through a template. ``DATABASE`` and
``REDIS`` in the environment are its servers. ``LOGGED=yes`` puts the middleware around it,
``LOGGED=observed`` observes the engine as well; all else is the same.
"""

from __future__ import annotations

import os

import redis
from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, create_engine, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, joinedload, mapped_column, relationship

import logging_lib
from logging_lib.flask import AtalaiaFlask
from logging_lib.sqlalchemy import observe

TEMPLATES = {
    "base.html": """<!doctype html><html lang="pt-BR"><title>{% block titulo %}{% endblock %}</title>
<nav>{{ pessoa.nome }}</nav>{% block corpo %}{% endblock %}</html>""",
    "chamados.html": """{% extends "base.html" %}{% block titulo %}Chamados de {{ setor }}{% endblock %}
{% block corpo %}<ul>{% for prioridade, numero in abertos %}<li>{{ prioridade }}: {{ numero }}</li>{% endfor %}</ul>
<ol>{% for chamado in meus %}<li>{{ chamado.titulo }}</li>{% endfor %}</ol><table>
{% for chamado in chamados %}<tr class="{{ 'aberto' if chamado.aberto else 'fechado' }}"><td>{{ chamado.id }}</td>
<td><a href="{{ url_for('chamado', numero=chamado.id) }}">{{ chamado.titulo }}</a></td>
<td>{{ chamado.autor.nome }}</td><td>{{ chamado.prioridade|upper }}</td></tr>{% else %}<tr><td>nenhum</td></tr>
{% endfor %}</table>{% endblock %}""",
}


class Base(DeclarativeBase):
    """The tables of the help desk."""


class Pessoa(Base):
    """Who reports tickets."""

    __tablename__ = "pessoa"
    id: Mapped[int] = mapped_column(primary_key=True)
    nome: Mapped[str]


class Chamado(Base):
    """A ticket."""

    __tablename__ = "chamado"
    id: Mapped[int] = mapped_column(primary_key=True)
    titulo: Mapped[str]
    prioridade: Mapped[str]
    aberto: Mapped[bool]
    autor_id: Mapped[int] = mapped_column(ForeignKey("pessoa.id"))
    autor: Mapped[Pessoa] = relationship()


def fill(database: str) -> None:
    """Make the tables, with ten people and two hundred tickets."""
    engine = create_engine(database)
    Base.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        people = [Pessoa(nome=f"Pessoa {number}") for number in range(10)]
        session.add_all(people)
        session.add_all(
            Chamado(
                titulo=f"Impressora {number} parada",
                prioridade=("alta", "baixa")[number % 2],
                aberto=number % 3 == 0,
                autor=people[number % 10],
            )
            for number in range(200)
        )
    engine.dispose()


def create() -> Flask:
    """Return the application, logged or not."""
    engine = create_engine(os.environ["DATABASE"])
    app = Flask(__name__)
    app.jinja_loader = DictLoader(TEMPLATES)
    newest = select(Chamado).options(joinedload(Chamado.autor)).order_by(Chamado.id.desc()).limit(20)
    open_ones = select(Chamado.prioridade, func.count()).where(Chamado.aberto).group_by(Chamado.prioridade)
    mine = select(Chamado).order_by(Chamado.id.desc()).limit(5)
    sessions = redis.Redis.from_url(os.environ["REDIS"])

    @app.get("/chamados/<setor>")
    def chamados(setor: str) -> str:
        number = int(str(sessions.incr("sessao:benchmark"))) % 10 + 1
        with Session(engine) as session:
            return render_template(
                "chamados.html",
                setor=setor,
                pessoa=session.get_one(Pessoa, number),
                chamados=session.scalars(newest).all(),
                abertos=session.execute(open_ones).all(),
                meus=session.scalars(mine.where(Chamado.autor_id == number)).all(),
            )

    @app.get("/chamado/<int:numero>")
    def chamado(numero: int) -> str:
        return f"{numero}"

    if os.environ["LOGGED"] != "no":
        logging_lib.configure(service="ti-osn")
        AtalaiaFlask(app)
    if os.environ["LOGGED"] == "observed":
        observe(engine)
    return app
