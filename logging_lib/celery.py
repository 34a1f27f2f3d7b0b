"""Celery's messages in the log, and every line of a task told which task it is of.

    logging_lib.configure(service="ti-osn")
    logging_lib.celery.connect()
    app = Celery("ti-osn", broker=...)

- A worker takes over the root logger and prints; connected, it leaves logging to ``configure`` (called from the
  environment where the application has not). ``--loglevel`` goes for Celery's own messages, ``--logfile`` is not
  written.
- Each line of a task carries ``task_id``, ``task`` (its name) and ``task_retries``, and nothing of the task before it.
- A task sent from a request carries the request's ``request_id`` and ``trace_id``, in the message's header
  ``atalaia``; so does one sent from such a task.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, MutableMapping
from typing import Final

import structlog

from logging_lib.application import get_logger
from logging_lib.attachment import attached, set_level
from logging_lib.configuration import configure
from logging_lib.extras import missing
from logging_lib.output import close_at_exit, is_configured

try:
    from celery import Task, signals
except ModuleNotFoundError as error:
    raise missing("celery", "celery") from error

_HEADER: Final = "atalaia"
_CARRIED: Final = ("request_id", "trace_id")
_MAX_LENGTH: Final = 128
_WITH_DATA: Final = ("celery.app.trace", "celery.worker.strategy")
_WITH_CONTENTS: Final = ("celery.pool", "celery.worker.consumer.consumer")
_CONTENTS_OF: Final = ("TaskPool: Apply", "Received ", "Can't decode message body")
_ALL_CONTENTS: Final = "Received and deleted unknown message"
_HIDDEN: Final = "[arguments hidden]"
_log = get_logger(__name__)


def connect() -> None:
    """Observe all Celery applications of the process; a second call changes nothing."""
    tasks = _Tasks()
    signals.setup_logging.connect(_set_up, weak=False, dispatch_uid="atalaia-setup")
    signals.before_task_publish.connect(_send_along, weak=False, dispatch_uid="atalaia-publish")
    signals.task_prerun.connect(tasks.begins, weak=False, dispatch_uid="atalaia-prerun")
    signals.task_postrun.connect(tasks.ends, weak=False, dispatch_uid="atalaia-postrun")
    signals.worker_process_shutdown.connect(_pool_process_ends, weak=False, dispatch_uid="atalaia-shutdown")
    for name in _WITH_DATA:
        logging.getLogger(name).addFilter(_name_the_task)  # one that is there already is not added
    for name in _WITH_CONTENTS:
        logging.getLogger(name).addFilter(_hide_contents)


def _set_up(loglevel: int | None = None, logfile: str | None = None, **_: object) -> None:
    """Let a worker or beat log here; Celery leaves logging alone once somebody listens to its signal."""
    if not is_configured():
        configure()
    attachment = attached()
    if loglevel and attachment and "celery" not in attachment.levels:
        set_level(logging.getLogger("celery"), loglevel)
        # The parent of get_task_logger's loggers: those are the application's, and have the application's level.
        set_level(logging.getLogger("celery.task"), attachment.level)
    if logfile:
        _log.warning("celery's --logfile is not written: its lines are here", logfile=logfile)


def _pool_process_ends(**_: object) -> None:
    """Write what is held back: a process of the pool ends by ``os._exit``, where nothing else is run any more."""
    close_at_exit()


def _send_along(headers: MutableMapping[str, object] | None = None, **_: object) -> None:
    context = structlog.contextvars.get_contextvars()
    carried = {key: context[key] for key in _CARRIED if isinstance(context.get(key), str)}
    if carried and headers is not None:
        headers[_HEADER] = carried


class _Tasks:
    """Gives each task a context of its own, and the one before it back: a task may run within a request (eagerly)."""

    def __init__(self) -> None:
        self._before: dict[str, dict[str, object]] = {}

    def begins(self, task_id: str, task: Task[..., object], **_: object) -> None:
        self._before[task_id] = structlog.contextvars.get_contextvars()
        _bind({**_received(task), "task_id": task_id, "task": task.name, "task_retries": task.request.retries})

    def ends(self, task_id: str, **_: object) -> None:
        _bind(self._before.pop(task_id, {}))


def _bind(fields: Mapping[str, object]) -> None:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(**fields)


def _received(task: Task[..., object]) -> dict[str, object]:
    """Return what the sender of a task has sent along, as far as it has the form of it."""
    headers: object = task.request.headers
    sent = headers.get(_HEADER) if isinstance(headers, Mapping) else None
    if not isinstance(sent, Mapping):
        return {}
    values = {key: sent.get(key) for key in _CARRIED}
    return {key: value for key, value in values.items() if isinstance(value, str) and len(value) <= _MAX_LENGTH}


def _name_the_task(record: logging.LogRecord) -> bool:
    """Put a task's id and name in place of all its arguments, which Celery passes along with its messages."""
    data: object = record.__dict__.pop("data", None)
    if isinstance(data, Mapping):
        record.__dict__.update(task_id=data.get("id"), task=data.get("name"))
    return True


def _hide_contents(record: logging.LogRecord) -> bool:
    """Hide what Celery tells of a task's message: each one at DEBUG, and those that it cannot make use of."""
    text, told = record.msg, record.args
    if isinstance(text, str) and isinstance(told, tuple) and text.startswith(_CONTENTS_OF):
        kept = told[:0] if text.startswith(_ALL_CONTENTS) else told[:1]
        record.args = (*kept, *[_HIDDEN] * (len(told) - len(kept)))
    return True
