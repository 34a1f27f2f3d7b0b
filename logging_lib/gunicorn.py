"""gunicorn's own messages in the log: of the master and the workers, from the first one on.

    gunicorn --logger-class logging_lib.gunicorn.Logger app:app

The master logs before any application is loaded (a worker that was killed, one that hangs), so it must know as what:
set ``ATALAIA_SERVICE``, or call ``logging_lib.configure(service=...)`` in ``gunicorn.conf.py``. An application that
configures in its turn does so for its worker. Without this class the messages of a worker are in the log from its
``configure`` on, those of the master only with ``preload_app``.
"""

from __future__ import annotations

from logging_lib.attachment import lead_servers
from logging_lib.configuration import configure
from logging_lib.errors import AtalaiaError
from logging_lib.extras import missing
from logging_lib.output import is_configured

try:
    from gunicorn import glogging
    from gunicorn.config import Config
except ModuleNotFoundError as error:
    raise missing("gunicorn", "gunicorn") from error


class Logger(glogging.Logger):
    """gunicorn's logger, whose messages also go where ``configure`` says; its own outputs stay as they are set.

    Where ``configure`` has lines printed (``stream``, ``console``), gunicorn's own on the same streams are left out.
    """

    def setup(self, cfg: Config) -> None:
        """Set up gunicorn's outputs, and ours; gunicorn calls it at start and at each reload.

        Raises:
            RuntimeError: The environment does not say what to log as; gunicorn prints that and ends.
        """
        super().setup(cfg)
        try:
            if not is_configured():
                configure()
        except AtalaiaError as error:
            raise RuntimeError(str(error)) from error
        lead_servers()
