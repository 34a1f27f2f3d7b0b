"""What the shell is told of a judgement."""

from __future__ import annotations

from typing import Final

from analyzers.analysis import State
from atalaia.cli.runtime import ExitStatus

STATUS_OF_STATE: Final = {
    State.MET: ExitStatus.OK,
    State.MISSED: ExitStatus.BREACH,
    State.UNMEASURED: ExitStatus.ERROR,
}
