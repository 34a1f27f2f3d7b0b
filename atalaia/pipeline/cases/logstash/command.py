"""Start Logstash, the program or its container image, and wait for its end.

Source of the flags: Logstash's reference, "Running Logstash from the command line" (9.x).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from atalaia.pipeline.errors import PipelineError

HOME_VARIABLE: Final = "LOGSTASH_HOME"
SETTINGS: Final = "settings"
DATA: Final = "data"
LOGS: Final = "logs"
CONFIGURATION: Final = "pipeline.conf"
_GRACE_SECONDS: Final = 10
_MOST_LINES: Final = 8
_TROUBLE: Final = re.compile(
    r"\[FATAL\s*\]|Pipeline worker error|Pipeline error|Failed to execute action|Configuration error|"
    r"An unexpected error occurred"
)
"""What Logstash writes when a pipeline does not start, or stops before its time; it may end with 0 all the same."""


@dataclass(frozen=True, slots=True)
class Launch:
    """One run of Logstash.

    Attributes:
        directory: Where its configuration, settings and data are, and where it writes.
        pipeline: The directory relative paths of the configuration start from.
        ecs_compatibility: ``pipeline.ecs_compatibility``.
        variables: For ``${…}``.
        unset: Variables the configuration names and that must not come from the environment.
        events: What it reads.
    """

    directory: Path
    pipeline: Path
    ecs_compatibility: str
    variables: Mapping[str, str]
    unset: frozenset[str]
    events: bytes

    def arguments(self) -> list[str]:
        """Return Logstash's arguments; one worker keeps events in order."""
        return [
            "--path.config",
            str(self.directory / CONFIGURATION),
            "--path.settings",
            str(self.directory / SETTINGS),
            "--path.data",
            str(self.directory / DATA),
            "--path.logs",
            str(self.directory / LOGS),
            "--pipeline.workers",
            "1",
            "--pipeline.ordered",
            "true",
            "--pipeline.ecs_compatibility",
            self.ecs_compatibility,
            "--api.enabled",
            "false",
            "--log.level",
            "warn",
        ]


class Program(Protocol):
    """A way to start Logstash."""

    def command(self, launch: Launch) -> list[str]:
        """Return the whole command line."""
        ...

    def environment(self, launch: Launch) -> dict[str, str]:
        """Return the environment of the process."""
        ...


@dataclass(frozen=True, slots=True)
class Executable:
    """Logstash as a program of this machine."""

    path: str

    def command(self, launch: Launch) -> list[str]:
        """See :class:`Program`."""
        return [self.path, *launch.arguments()]

    def environment(self, launch: Launch) -> dict[str, str]:
        """See :class:`Program`."""
        kept = {name: value for name, value in os.environ.items() if name not in launch.unset}
        return kept | dict(launch.variables)


@dataclass(frozen=True, slots=True)
class Container:
    """Logstash as a container: the test's directory and the pipeline's are mounted where they are."""

    docker: str
    image: str

    def command(self, launch: Launch) -> list[str]:
        """See :class:`Program`."""
        mounts = [f"{launch.directory}:{launch.directory}", f"{launch.pipeline}:{launch.pipeline}:ro"]
        return [
            *(self.docker, "run", "--rm", "--interactive", "--network", "none", "--workdir", str(launch.pipeline)),
            *(word for mount in mounts for word in ("--volume", mount)),
            *(word for name, value in launch.variables.items() for word in ("--env", f"{name}={value}")),
            self.image,
            *launch.arguments(),
        ]

    def environment(self, launch: Launch) -> dict[str, str]:
        """See :class:`Program`."""
        del launch  # the container has its own
        return dict(os.environ)


def find_program(image: str | None) -> Program:
    """Return how Logstash is started here.

    Args:
        image: A container image; without one, ``bin/logstash`` below ``LOGSTASH_HOME`` or ``logstash`` on the PATH.

    Raises:
        PipelineError: When there is neither.
    """
    if image is not None:
        docker = shutil.which("docker")
        if docker is None:
            raise PipelineError("there is no docker on the PATH", "install it, or use Logstash itself")
        return Container(docker, image)
    home = os.environ.get(HOME_VARIABLE)
    found = shutil.which(str(Path(home) / "bin" / "logstash")) if home else shutil.which("logstash")
    if found is None:
        where = f"in {home}/bin ({HOME_VARIABLE})" if home else "on the PATH"
        remedy = f"install it, set {HOME_VARIABLE}, or name a container image with --logstash-image"
        raise PipelineError(f"there is no logstash {where}", remedy)
    return Executable(found)


def launch(program: Program, run: Launch, timeout: float) -> None:
    """Run Logstash until it has read all events.

    Args:
        program: How it is started.
        run: What it runs.
        timeout: How many seconds it may take.

    Raises:
        PipelineError: When it cannot be started, takes too long, ends with an error, or says that the pipeline stopped.
    """
    command = program.command(run)
    try:
        process = subprocess.Popen(  # noqa: S603 - the user's own Logstash
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=program.environment(run),
            cwd=run.pipeline,
        )
    except OSError as error:
        raise PipelineError(
            f"{command[0]} cannot be started: {error.strerror}", "check that it is executable"
        ) from error
    with process:
        try:
            output, _ = process.communicate(run.events, timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            raise PipelineError(
                f"Logstash did not end within {timeout:g} seconds", "give it more with --logstash-timeout"
            ) from None
        except BaseException:
            _end(process)
            raise
    _check(process.returncode, output.decode("utf-8", "replace"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask Logstash to end, and end it when it does not; a container is told by its client."""
    process.terminate()
    try:
        process.communicate(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()


def _check(status: int, output: str) -> None:
    lines = [line for line in output.splitlines() if line.strip()]
    trouble = [line for line in lines if _TROUBLE.search(line)]
    if status == 0 and not trouble:
        return
    told = trouble or [line for line in lines if "ERROR" in line] or lines[-_MOST_LINES:]
    problem = f"Logstash ended with status {status}" if status else "Logstash stopped the pipeline"
    raise PipelineError(f"{problem}; it said:\n" + "\n".join(told[:_MOST_LINES]))
