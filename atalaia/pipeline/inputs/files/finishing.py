"""Finishes files: the line without an end, damaged archives, completed files, files that are closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from atalaia.pipeline.inputs.files.completion import Completion
from atalaia.pipeline.inputs.files.cutting import last_line
from atalaia.pipeline.inputs.files.memory import Memory
from atalaia.pipeline.inputs.files.notices import Notices
from atalaia.pipeline.inputs.files.open_files import OpenFiles
from atalaia.pipeline.inputs.files.options import Plan
from atalaia.pipeline.inputs.files.reader import Reader
from atalaia.pipeline.inputs.files.recognition import QUIET
from atalaia.pipeline.inputs.files.source import Source
from atalaia.pipeline.inputs.files.sources import Sources
from atalaia.pipeline.read_lines import KEPT_OF_LONG


class Finisher:
    """Finishes the files of sources whose ends of lines have all been read.

    Args:
        plan: The input's options.
        memory: Remembers what was done.
        sources: All sources.
        files: Opens and closes their files.
        reader: Hands over last lines.
        notices: Says what is damaged.
    """

    def __init__(
        self, plan: Plan, memory: Memory, sources: Sources, files: OpenFiles, reader: Reader, notices: Notices
    ) -> None:
        self._plan = plan
        self._memory = memory
        self._sources = sources
        self._files = files
        self._reader = reader
        self._notices = notices
        self._completion = Completion(plan.completed_log, plan.delete_completed)

    def finish(self, now: datetime) -> None:
        """Finish what can be.

        Raises:
            StoppedError: When the pipeline takes nothing more.
        """
        for source in self._sources:
            self._flush_silent(source, now)
            if source.bound and source.drained:
                try:
                    self._finish(source, now)
                except OSError as error:
                    self._notices.warn(source.path, f"cannot be read, it is tried again: {error.strerror}")

    def flush_lost(self) -> None:
        """Hand over what codecs hold back of sources whose files are gone.

        Raises:
            StoppedError: When the pipeline takes nothing more.
        """
        for source in self._sources:
            if not source.bound:
                self._reader.flush(source)

    def is_done(self, source: Source) -> bool:
        """Tell whether nothing more is to be done with a source, if its file does not change."""
        if not source.bound or source.position is None:
            return True
        if not source.drained or not source.all_settled:
            return False
        return source.completed or source.given_up or source.damaged == source.signature or self._was_ignored(source)

    def _flush_silent(self, source: Source, now: datetime) -> None:
        """Hand over what a codec holds back when there has been no line for as long as the codec says."""
        if source.stream is None or source.stream.held_from is None:
            return
        after = source.stream.flush_after
        if after is not None and now - source.line_at >= timedelta(seconds=after):
            self._reader.flush(source)

    def _finish(self, source: Source, now: datetime) -> None:
        idle = now - source.changed_at
        quiet = self._plan.exit_after_read or idle >= QUIET
        if self._is_final(source, quiet=quiet):
            content = self._files.content(source) if source.rest else None
            piece = None if content is None else last_line(source, content)
            if content is not None and piece is not None:
                self._reader.hand_over(source, content, piece)
                source.rest = 0
            self._reader.flush(source)
            if not self._plan.tail:
                self._complete(source)
        if source.bound and not source.attached:
            self._leave(source, idle, quiet=quiet)
        elif idle >= timedelta(seconds=self._plan.close_older):
            self._files.close(source)

    def _is_final(self, source: Source, *, quiet: bool) -> bool:
        """Tell whether there will be nothing after what was read."""
        if source.problem and quiet and source.reported != source.signature:
            self._report(source, source.problem)
        if source.problem or not quiet:
            return False
        return source.archive or source.rotated or not self._plan.tail

    def _report(self, source: Source, problem: str) -> None:
        """Say once that an archive cannot be read to its end, with what there is of its last line."""
        self._notices.warn(source.path, f"is not read further: {problem}")
        content = self._files.content(source)
        text = b"" if content is None else content.read_at(source.position or 0, min(source.rest, KEPT_OF_LONG))
        self._reader.flush(source)
        self._reader.report(source, problem, text.decode("utf-8", "backslashreplace"))

    def _was_ignored(self, source: Source) -> bool:
        return source.position == source.start > 0

    def _complete(self, source: Source) -> None:
        if source.completed or source.rest or not source.all_settled or self._was_ignored(source):
            return
        try:
            if source.signature is None or not self._completion.complete(source.path, source.signature):
                return
        except OSError as error:
            self._notices.warn(source.path, f"cannot be completed: {error}")
            source.given_up = self._plan.exit_after_read
            return
        source.completed = True
        self._memory.touch()
        if self._plan.delete_completed:
            self._files.close(source)
            self._sources.lose(source)
            source.retired = True
            source.settled = replace(source.settled, digest="")

    def _leave(self, source: Source, idle: timedelta, *, quiet: bool) -> None:
        """Close a file that the patterns do not find any more, once nothing comes."""
        if source.deleted and quiet:
            self._files.close(source)
            self._sources.lose(source)
        elif not source.deleted and idle >= timedelta(seconds=self._plan.close_older):
            self._files.close(source)
            self._sources.lose(source)
            source.retired = True
