"""What the templates of every page may use: words, addresses, the navigation, the form's proof, charts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import Final

from flask import Flask, current_app, g, render_template, request
from markupsafe import Markup

from analyzers.analysis import State, Unit
from analyzers.blocks import Figure, Picture, Plain
from analyzers.fields import REQUEST_STREAM
from analyzers.language import LANGUAGES, Amount, Language, Message, Value
from analyzers.reports.percents import LEAST, column_places, places_of
from analyzers.reports.rendering.shown import Speaker
from analyzers.selection import parse_where
from analyzers.selection.errors import SelectionError
from analyzers.selection.names import parse_key
from analyzers.store.query import QueryError, Window
from analyzers.store.schema import Schema, load_schema
from atalaia.web.asked import STANDARD, WINDOWS, Change, Question, read_question
from atalaia.web.drawings import Drawings
from atalaia.web.marks import written_out
from atalaia.web.page import Page
from atalaia.web.pictures import captions, picture
from atalaia.web.security import Guard
from atalaia.web.security.guard import FIELD
from atalaia.web.showing import unit_of
from atalaia.web.site import Site
from logging_lib.errors import AtalaiaError

_NAMES: Final = {"en": "English", "pt_BR": "Português"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds every page.

    Attributes:
        site: The site.
        guard: Who knows the sessions.
        pages: What the navigation lists.
    """

    site: Site
    guard: Guard
    pages: tuple[Page, ...]


def install(app: Flask, frame: Frame) -> None:
    """Give the templates of an application what they use."""
    app.extensions["atalaia"] = frame
    app.before_request(_read_language)
    app.context_processor(_context)
    app.jinja_env.globals.update(
        say=say,
        show=show,
        amount=_amount,
        bare=_bare,
        days=_days,
        change_of=_change_of,
        state_word=_state_word,
        unit_of=unit_of,
        column_places=column_places,
        places_of=places_of,
        kind_of=kind_of,
        picture=_picture,
        captions=_captions,
        form_field=_form_field,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def asked(site: Site, default: str = STANDARD) -> Question:
    """Return the question that the present request's address holds.

    Raises:
        SelectionError: When it cannot be read; the answer is a page with status 400.
        QueryError: When the window is empty; likewise.
    """
    return read_question(request.args, now=site.clock(), zone=site.zone, default=default)


def shown(template: str, question: Question | None = None, /, **values: object) -> str:
    """Return a page.

    Args:
        template: Its template, which extends ``base.html``.
        question: What it was asked; with one it has the chooser of the window and the filters above it.
        **values: What the template shows.
    """
    return written_out(render_template(template, question=question, **values))


def language() -> Language:
    """Return the language of the present answer."""
    found: Language | None = g.get("language")
    if found is None:
        found = g.language = _frame().site.browsers_language(request)
    return found


def _read_language() -> None:
    """Take the address's language; one that we do not have is refused, in the browser's."""
    try:
        g.language = _frame().site.language_of(request)
    except AtalaiaError as error:
        raise SelectionError(error.message, error.remedy) from error


def say(sentence: Message | str, **values: Value) -> str:
    """Return a sentence in the present answer's language: ``say("…")``, or ``say("… {name}", name=value)``."""
    return language().say(replace(Message(sentence), values=values) if isinstance(sentence, str) else sentence)


def show(value: Value | None) -> str:
    """Return a value in the present answer's language."""
    return language().show(value)


def kind_of(block: object) -> str:
    """Return the name of a value's class in small letters, by which a macro is chosen."""
    return type(block).__name__.lower()


def _amount(value: float | Fraction | None, unit: str) -> str:
    return language().amount(Amount(value, Unit(unit)))


def _bare(value: Plain, unit: str, places: int = LEAST) -> str:
    return Speaker(language()).cell(value, Unit(unit), places).text


def drawings() -> Drawings:
    """Return what draws charts of the present answer before its template does."""
    found: Drawings | None = g.get("drawings")
    if found is None:
        found = g.drawings = Drawings(language())
    return found


def _picture(block: Picture, width: str = "tile") -> Markup:
    drawn = drawings().find(block) if width == "tile" else None
    return picture(block, language(), width) if drawn is None else drawn


def _captions(block: Picture) -> tuple[str, ...]:
    return captions(block, language())


def _change_of(figure: Figure) -> str:
    return Speaker(language()).change(figure).lstrip("+-")


def _state_word(state: str) -> str:
    return Speaker(language()).state(State(state))


def _days(window: Window) -> str:
    return Speaker(language()).span(window)


def _form_field() -> Markup:
    """Return the field that every form with POST has: the proof that it is of a page of this site."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, _frame().guard.form_token())


def _frame() -> Frame:
    found = current_app.extensions["atalaia"]
    if not isinstance(found, Frame):
        raise TypeError("the application has no frame")
    return found


def _context() -> dict[str, object]:
    frame = _frame()
    return {
        "language": language(),
        "languages": {name.replace("_", "-"): _NAMES[name] for name in LANGUAGES},
        "navigation": frame.pages,
        "paths": [page.path for page in frame.pages],
        "here": request.path,
        "site": frame.site,
        "windows": WINDOWS,
        "can_sign_out": frame.guard.signed_in,
        "is_let_in": frame.guard.is_let_in,
        "link": link,
        "same": _same,
    }


def _asked_here() -> Question:
    """Return what the address holds, whatever it means: links of an error page keep what was typed."""
    params = tuple((name, value) for name, value in request.args.items(multi=True) if value)
    return Question(_no_window(), params)


def _no_window() -> Window:
    now = _frame().site.clock()
    return Window(now - timedelta(hours=1), now)


def link(path: str, **changes: Change) -> str:
    """Return the address of another page that takes along what the question says of requests.

    Log lines, samples and statements have fields of their own: on other pages these would be a mistake.
    """
    here = _asked_here()
    where = [each for each in here.where if _is_read(parse_where, each)]
    by = [each for each in here.by if _is_read(parse_key, each)]
    return here.address(path, also=(), **{"where": where, "by": by, **changes})


def _is_read(parse: Callable[[str, Schema], object], text: str) -> bool:
    """Whether something can be said of requests."""
    try:
        parse(text, load_schema(REQUEST_STREAM))
    except (SelectionError, QueryError):
        return False
    return True


def _same(**changes: Change) -> str:
    """Return the present address, changed."""
    return _asked_here().same(request.path, also=(), **changes)
