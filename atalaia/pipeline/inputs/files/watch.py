"""One look at the files after another: find, recognise, read, finish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from atalaia.pipeline.inputs.feed import Feed
from atalaia.pipeline.inputs.files.contents import Content, Key
from atalaia.pipeline.inputs.files.cutting import ContentChangedError
from atalaia.pipeline.inputs.files.fingerprints import HEAD, NEWLINE, fingerprint, leading_nuls, line_start
from atalaia.pipeline.inputs.files.finishing import Finisher
from atalaia.pipeline.inputs.files.following import Follower
from atalaia.pipeline.inputs.files.looker import Looker
from atalaia.pipeline.inputs.files.memory import Memory
from atalaia.pipeline.inputs.files.notices import Notices
from atalaia.pipeline.inputs.files.open_files import OpenFiles, key_of
from atalaia.pipeline.inputs.files.options import Plan
from atalaia.pipeline.inputs.files.reader import Reader
from atalaia.pipeline.inputs.files.recognition import QUIET, Begin, Candidate, Continue, Recogniser, Waiting
from atalaia.pipeline.inputs.files.siblings import Siblings
from atalaia.pipeline.inputs.files.sincedb import Sincedb
from atalaia.pipeline.inputs.files.source import Seen, Source
from atalaia.pipeline.inputs.files.sources import Sources
from atalaia.pipeline.inputs.running import Reading
from atalaia.pipeline.timestamp import Timestamp

_MOST: Final = 64 << 20
"""Bytes of a file after which the others are looked at again, though it keeps its turn."""


class Watch:
    """The files of one input, and how far they have been read.

    Args:
        plan: The input's options.
        feed: Makes events of lines.
        reading: See :class:`~atalaia.pipeline.inputs.running.Reading`.

    Raises:
        PipelineError: When the sincedb cannot be used.
    """

    def __init__(self, plan: Plan, feed: Feed, reading: Reading) -> None:
        self._plan = plan
        self._reading = reading
        self._notices = Notices()
        self._looker = Looker(plan.patterns, self._notices)
        self._files = OpenFiles(plan.max_open_files, self._notices)
        self._memory = _memory(plan, reading, self._notices)
        self._sources = Sources(self._memory, plan.delimiter, reading.positions, reading.clock)
        self._follower = Follower(self._memory, self._sources, self._files, self._notices)
        self._recogniser = Recogniser(self._sources, self._files, tail=plan.tail)
        self._siblings = Siblings(self._sources, self._files, plan.patterns)
        self._reader = Reader(feed, reading, self._memory)
        self._finisher = Finisher(plan, self._memory, self._sources, self._files, self._reader, self._notices)
        self._waiting: dict[Key, Waiting] = {}
        self._looks = 0
        self._undecided = False

    def look(self) -> bool:
        """Look at all files and read what is new; return whether there is more to read at once.

        Raises:
            StoppedError: When the pipeline takes nothing more.
        """
        now = self._reading.clock()
        self._find(now)
        self._looks += 1
        self._search_lost(now)
        self._finisher.flush_lost()
        more = self._memory.write_if_urgent() and self._read()
        self._finisher.finish(now)
        self._sources.forget(self._plan.sincedb_clean_after)
        self._memory.write_if_due(self._plan.sincedb_write_interval)
        return more

    @property
    def done(self) -> bool:
        """Whether everything there was at the start is read and durable, with ``exit_after_read``."""
        if not self._plan.exit_after_read or not self._looks or self._undecided:
            return False
        return all(self._finisher.is_done(source) for source in self._sources)

    def close(self) -> None:
        """Close all files and remember how far they were read."""
        self._sources.close()
        self._memory.close()

    def _find(self, now: datetime) -> None:
        """Look for files and say what each holds; search the disk when it is time, or when one is missed."""
        due = self._looks == 0 or (not self._plan.exit_after_read and self._looks % self._plan.discover_interval == 0)
        if due:
            self._looker.search()
        seen = self._looker.look()
        if self._follower.follow(seen, now) and not due and not self._plan.exit_after_read:
            self._looker.search()
            seen = self._looker.look()
            self._follower.follow(seen, now)
        self._recognise(seen, now)

    def _recognise(self, seen: Mapping[Key, Seen], now: datetime) -> None:
        free = {key: file for key, file in seen.items() if not self._has_source(key)}
        self._waiting = {key: self._waiting_as(file, now) for key, file in free.items()}
        self._undecided = False
        for waiting in sorted(self._waiting.values(), key=lambda each: (each.seen.modified, each.seen.path)):
            if self._reading.stop.is_set():
                break
            if (waiting.asleep and waiting.changed_at < now) or (self._plan.tail and not waiting.seen.size):
                continue
            content = self._files.open(waiting.seen.path)
            if content is not None and not self._place(waiting, content, now):
                content.close()
                self._undecided = True

    def _has_source(self, key: Key) -> bool:
        source = self._sources.of(key)
        return source is not None and source.bound

    def _waiting_as(self, seen: Seen, now: datetime) -> Waiting:
        """Return what is known of a file that is no source's, brought up to date."""
        waiting = self._waiting.get(seen.key)
        if waiting is None:
            return Waiting(seen, now, seen.size if self._is_begun_at_end(seen, now) else None)
        if waiting.seen.signature != seen.signature:
            waiting.changed_at = now
        waiting.rotated = waiting.rotated or waiting.seen.path != seen.path
        waiting.seen = seen
        return waiting

    def _is_begun_at_end(self, seen: Seen, now: datetime) -> bool:
        """Tell whether what stands in a new file is left out: it is older than the input, or than it cares for."""
        limit = self._plan.ignore_older
        if limit is not None and seen.modified < Timestamp.from_datetime(now - timedelta(seconds=limit)).nanos:
            return True
        known = seen.pattern in self._memory.known_patterns or seen.path in self._memory.known_paths
        return self._looks == 0 and self._plan.from_end and not known

    def _place(self, waiting: Waiting, content: Content, now: datetime) -> bool:
        """Say whose content a file holds, and bind it; return False when that cannot be said yet."""
        try:
            if key_of(content) != waiting.seen.key:
                return False
            quiet = self._plan.exit_after_read or now - waiting.changed_at >= QUIET
            head = content.read_at(0, HEAD)
            final = quiet and (content.compressed or waiting.rotated or not self._plan.tail)
            first_line = fingerprint(head, self._ending(content), whole=final)
            if first_line is None:
                return False
            source = self._source(Candidate(waiting, content, head, first_line, quiet))
            if source is None:
                return False
        except OSError as error:
            self._notices.warn(waiting.seen.path, f"cannot be read, it is tried again: {error.strerror}")
            return False
        source.attached, source.head = True, head
        self._files.keep(source)
        self._follower.take_up(source, content, waiting.seen, now)
        del self._waiting[waiting.seen.key]
        return True

    def _ending(self, content: Content) -> bytes:
        return NEWLINE if content.compressed else self._plan.delimiter

    def _source(self, candidate: Candidate) -> Source | None:
        decision = self._recogniser.decide(candidate)
        waiting, content = candidate.waiting, candidate.content
        if isinstance(decision, Continue):
            self._notices.note("%s holds what %s held: it is continued", waiting.seen.path, decision.source.path)
            self._continue(decision.source, waiting.seen, content)
            return decision.source
        if isinstance(decision, Begin):
            start = decision.start or self._start(waiting, content)
            source = self._sources.begin(waiting.seen, content, candidate.first_line, start)
            source.rotated = waiting.rotated
            return source
        return None

    def _continue(self, source: Source, seen: Seen, content: Content) -> None:
        self._files.close(source)
        self._sources.bind(source, seen, content)
        source.rotated = True

    def _start(self, waiting: Waiting, content: Content) -> int:
        if waiting.contact is None:
            hole = leading_nuls(content)
            return hole if hole and self._sources.had(waiting.seen.key) else 0
        if content.compressed:
            return content.length()
        return line_start(content, min(waiting.contact, content.length()), self._plan.delimiter)

    def _search_lost(self, now: datetime) -> None:
        """Search beside their old names for the contents of sources whose files are gone."""
        for source in self._sources:
            if source.bound or source.retired or source.searched:
                continue
            source.searched = True
            found = self._siblings.find(source) if self._plan.tail else None
            if found is not None:
                seen, content = found
                self._notices.note("%s holds the rest of %s", seen.path, source.path)
                self._continue(source, seen, content)
                self._files.keep(source)
                self._follower.take_up(source, content, seen, now)
            elif not source.settled.strong:
                source.retired = True

    def _read(self) -> bool:
        more = False
        unread = [each for each in self._sources if each.bound and each.position is not None and not each.drained]
        for source in sorted(unread, key=self._turn, reverse=self._plan.descending):
            more = self._read_one(source) or more
            self._memory.write_if_due(max(1.0, self._plan.sincedb_write_interval))
            if more and self._plan.band > _MOST:
                break
        return more

    def _turn(self, source: Source) -> tuple[int, str]:
        modified = 0 if self._plan.sort_by_path or source.signature is None else source.signature[1]
        return modified, source.path

    def _read_one(self, source: Source) -> bool:
        content = self._files.content(source)
        if content is None:
            return False
        try:
            if self._plan.check_archive_validity and content.compressed and content.length() and content.problem:
                source.drained, source.problem = True, content.problem
                return False
            self._memory.note_look(source)
            return self._reader.read(source, content, min(self._plan.band, _MOST))
        except ContentChangedError:
            source.sure = False
        except OSError as error:
            self._notices.warn(source.path, f"cannot be read, it is tried again: {error.strerror}")
        return False


def _memory(plan: Plan, reading: Reading, notices: Notices) -> Memory:
    default = reading.data_directory / "plugins" / "inputs" / "file" / plan.sincedb_name
    sincedb = Sincedb(plan.sincedb or default) if plan.keeps_sincedb else None
    return Memory(sincedb, plan.patterns.paths, plan.delimiter, reading.clock, notices)
