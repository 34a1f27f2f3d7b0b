"""Read a file of cases and check it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias, TypeVar

from pydantic import ValidationError

from atalaia.pipeline.cases.build_case import build_case, check_defaults
from atalaia.pipeline.cases.case import Case, CaseFile
from atalaia.pipeline.cases.errors import CaseError, Place
from atalaia.pipeline.cases.expected import ExpectationError
from atalaia.pipeline.cases.faults import faults_of
from atalaia.pipeline.cases.model import FileKeys
from atalaia.pipeline.cases.resolving import pipeline_files
from atalaia.pipeline.cases.yaml_text import YamlText
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.reference import FieldReference
from atalaia.pipeline.timestamp import Timestamp

_Fault: TypeAlias = tuple[Place, str]
_ReadT = TypeVar("_ReadT")


def read_case_file(path: Path) -> CaseFile:
    """Read a file of cases.

    Raises:
        PipelineError: When it cannot be read as UTF-8.
        CaseError: When it is no YAML, has an unknown key, or says something that cannot be meant; it names every place.
    """
    return _Loader(path).file()


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise PipelineError(f"the cases {path} cannot be read: {error.strerror}", "check the path") from error
    except UnicodeDecodeError as error:
        raise PipelineError(f"the cases {path} are not UTF-8: {error.reason} at byte {error.start}") from error


class _Loader:
    """One file being read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._yaml = YamlText(_text(path), str(path))
        self._faults: list[_Fault] = []

    def file(self) -> CaseFile:
        keys = self._keys()
        pipeline = self._try(("pipeline",), lambda: pipeline_files(keys.pipeline, self._path.parent))
        now = self._try(("now",), lambda: Timestamp.parse(keys.now).to_datetime())
        ignore = [self._reference(text, number) for number, text in enumerate(keys.ignore)]
        cases = [*self._cases(keys, tuple(each for each in ignore if each is not None))]
        if self._faults or pipeline is None or now is None:
            raise CaseError([*dict.fromkeys(self._faults)])
        return CaseFile(
            self._path,
            pipeline,
            keys.variables,
            keys.ecs_compatibility,
            now,
            tuple(each for each in ignore if each is not None),
            tuple(cases),
        )

    def _keys(self) -> FileKeys:
        try:
            return FileKeys.model_validate(self._yaml.value)
        except ValidationError as error:
            found = [(self._yaml.place(path, of_key=of_key), words) for path, words, of_key in faults_of(error)]
            raise CaseError(sorted(found, key=lambda fault: (fault[0].line, fault[0].column))) from None

    def _cases(self, keys: FileKeys, ignore: tuple[FieldReference, ...]) -> Iterator[Case]:
        names: Counter[str] = Counter()
        self._built(partial(check_defaults, keys.defaults))
        for number, case in enumerate(keys.cases):
            path = ("cases", number)
            names[case.name] += 1
            if names[case.name] > 1:
                words = f"another case is named {case.name!r}; a name tells cases apart"
                self._faults.append((self._yaml.place((*path, "name")), words))
            line = self._yaml.place(path).line
            built = self._built(partial(build_case, case, keys.defaults, ignore, path, line))
            if built is not None:
                yield built

    def _reference(self, text: str, number: int) -> FieldReference | None:
        return self._try(("ignore", number), lambda: FieldReference.parse(text))

    def _built(self, build: Callable[[], _ReadT]) -> _ReadT | None:
        """Return what is built; ``None`` when it is at fault, which is noted."""
        try:
            return build()
        except ExpectationError as error:
            self._faults.append((self._yaml.place(error.path, of_key=True), str(error)))
        return None

    def _try(self, path: tuple[str | int, ...], read: Callable[[], _ReadT]) -> _ReadT | None:
        """Return what is read; ``None`` when it is at fault, which is noted."""
        try:
            return read()
        except (PipelineError, ValueError) as error:
            words = str(error)
        self._faults.append((self._yaml.place(path), words))
        return None
