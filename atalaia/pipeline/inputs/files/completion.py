"""What is done with a file in ``read`` mode once it was read completely and everything of it is durable."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Completion:
    """Logs and deletes completed files.

    Attributes:
        log: The file that takes their paths, one a line; ``None`` for none.
        delete: Whether they are deleted.
    """

    log: Path | None
    delete: bool

    def complete(self, path: str, signature: tuple[int, int]) -> bool:
        """Complete a file; return False when it is another or has changed meanwhile, and nothing is done.

        Args:
            path: The file.
            signature: Its size and modification time (ns) when it was read to its end.

        Raises:
            OSError: When the disk refuses.
        """
        status = Path(path).stat()
        if (status.st_size, status.st_mtime_ns) != signature:
            return False
        if self.log is not None:
            with self.log.open("ab") as log:
                log.write(os.fsencode(path) + b"\n")
        if self.delete:
            Path(path).unlink()
        return True
