"""The import direction: ``logging_lib`` <- ``analyzers`` <- ``atalaia``, and no Python in the configuration folders."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

FORBIDDEN = {"logging_lib": ("analyzers", "atalaia"), "analyzers": ("atalaia",), "atalaia": ()}
"""Package -> the packages it must not know. Nobody imports the tests or the benchmarks."""

NEVER = ("tests", "benchmarks", "examples")

MODULE_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*")


def modules(package: str) -> list[Path]:
    """Return every Python file of a package."""
    return sorted((ROOT / package).rglob("*.py"))


def imported(tree: ast.Module, path: Path) -> Iterator[tuple[int, str]]:
    """Yield line and absolute name of every import statement, relative ones resolved."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield node.lineno, ".".join([*base, *(node.module or "").split(".")]).strip(".")


def dynamically_imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield line and text of string literals handed to a call whose name says that it imports or loads by name.

    ``importlib.import_module``, ``__import__``, ``util.find_spec``, ``resources.files``, ``EntryPoint`` and the like.
    """
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if re.search(r"import|find_spec|resolve_name|^files$|run_module", name):
            for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield node.lineno, argument.value


def offences(path: Path, forbidden: tuple[str, ...]) -> list[str]:
    """Return ``file:line imports name`` for every forbidden import of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    found = [*imported(tree, path), *dynamically_imported(tree)]
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for line, name in found
        if MODULE_NAME.fullmatch(name) and name.split(".")[0] in (*forbidden, *NEVER)
    ]


@pytest.mark.parametrize("package", FORBIDDEN)
def test_imports_point_one_way(package: str) -> None:
    """No module imports from a package above its own, neither by a statement nor by name at run time."""
    paths = modules(package)
    assert paths, f"no modules found in {package}"
    assert [offence for path in paths for offence in offences(path, FORBIDDEN[package])] == []


def test_the_packages_of_analyzers_are_no_circle() -> None:
    """Each of ``analyzers`` knows some of the others, and none of these knows it, by way of others either."""
    known: dict[str, set[str]] = {}
    for path in modules("analyzers"):
        own = unit(".".join(path.relative_to(ROOT).with_suffix("").parts))
        names = (name for _, name in imported(ast.parse(path.read_text(encoding="utf-8")), path))
        known.setdefault(own, set()).update(unit(name) for name in names if name.startswith("analyzers."))
    assert known["analyzers.alerts"] >= {"analyzers.anomalies", "analyzers.store"}
    list(TopologicalSorter({own: others - {own} for own, others in known.items()}).static_order())


def unit(module: str) -> str:
    """Return what a module of ``analyzers`` belongs to: ``analyzers.store`` for ``analyzers.store.embedded.rows``."""
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize(
    "source",
    [
        "import atalaia.cli",
        "from atalaia import cli",
        "from atalaia.cli import main as m",
        "def f():\n    import atalaia",
        "if x:\n    from atalaia.web import page",
        "import importlib\nimportlib.import_module('atalaia.cli')",
        "from importlib import import_module as import_it\nimport_it(name='atalaia.web')",
        "__import__('atalaia')",
        "from importlib.resources import files\nfiles('atalaia.web')",
        "from .. import atalaia\nimport tests.conftest",
    ],
)
def test_the_check_catches_each_way_to_import(source: str) -> None:
    """A test that cannot fail is a defect: every way to write a forbidden import is found."""
    tree = ast.parse(source)
    path = ROOT / "analyzers" / "store" / "x.py"
    names = [name for _, name in [*imported(tree, path), *dynamically_imported(tree)]]
    assert any(name.split(".")[0] in {"atalaia", "tests"} for name in names)


def test_relative_imports_are_resolved() -> None:
    """``from ..fields import X`` inside ``analyzers.store`` is ``analyzers.fields``, not a package of its own."""
    tree = ast.parse("from ..fields import X\nfrom . import query")
    path = ROOT / "analyzers" / "store" / "x.py"
    assert [name for _, name in imported(tree, path)] == ["analyzers.fields", "analyzers.store"]


@pytest.mark.parametrize("folder", ["logstash", "elasticsearch", "kibana"])
def test_configuration_folders_hold_no_python(folder: str) -> None:
    """An ELK administrator mounts these as they are; a Python file there would also shadow PyPI's elasticsearch."""
    files = [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    assert files, f"{folder}/ is empty"
    assert [path for path in files if path.suffix in {".py", ".pyc", ".pyi"}] == []
    assert [path for path in files if path.read_bytes()[:64].split(b"\n")[0].endswith((b"python", b"python3"))] == []


def test_the_elasticsearch_client_is_the_one_from_pypi() -> None:
    """The checkout's ``elasticsearch/`` folder does not shadow the client, although the root is on the path."""
    import elasticsearch  # noqa: PLC0415 - what this very import finds is what is tested

    assert elasticsearch.__file__ is not None
    assert ROOT / "elasticsearch" not in Path(elasticsearch.__file__).parents
