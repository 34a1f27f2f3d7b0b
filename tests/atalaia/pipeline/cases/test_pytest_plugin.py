"""The pytest plugin, in runs of pytest of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PLUGIN = ("-p", "atalaia.pipeline.cases.pytest_plugin")
PIPELINE = 'filter { mutate { add_field => { "status" => "200" } } }'
CASES = """\
pipeline: p.conf
cases:
  - name: good
    input: {line: a}
    expect: {status: "200"}
  - name: two fields
    input: {line: a}
    expect: {status: 200, http: {route: /x}}
"""


def run(folder: Path, *words: str, expect: int = 0) -> str:
    """Run pytest in a folder with our plugin alone, warnings being errors, and return what it printed."""
    return start(folder, *PLUGIN, *words, expect=expect, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")


def start(folder: Path, *words: str, expect: int = 0, **variables: str) -> str:
    """Run pytest in a folder, warnings being errors, and return what it printed."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-W", "error", *words]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")} | variables
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with a pipeline, cases in two places, a test of its own, and a YAML file that holds no cases."""
    (tmp_path / "pipelines").mkdir()
    for place in (tmp_path, tmp_path / "pipelines"):
        (place / "p.conf").write_text(PIPELINE, encoding="utf-8")
    (tmp_path / "x.cases.yaml").write_text(CASES, encoding="utf-8")
    (tmp_path / "pipelines" / "y.yaml").write_text(CASES.partition("  - name: two")[0], encoding="utf-8")
    (tmp_path / "other.yaml").write_text("a: 1\n", encoding="utf-8")
    (tmp_path / "test_own.py").write_text("def test_own():\n    assert True\n", encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-config\n", encoding="utf-8")
    return tmp_path


def test_each_case_is_an_item(folder: Path) -> None:
    """Files named ``*.cases.yaml`` are collected, cases by their names, beside the tests of the project."""
    listed = run(folder, "--collect-only", "-q").splitlines()
    assert listed[:3] == ["test_own.py::test_own", "x.cases.yaml::good", "x.cases.yaml::two fields"]
    assert "1 passed, 2 deselected" in run(folder, "-k", "good")


def test_a_failure_reads_like_the_command_s(folder: Path) -> None:
    """Place, fields, expected and got; no traceback of ours."""
    printed = run(folder, expect=1)
    assert "1 failed, 2 passed" in printed
    assert (
        "x.cases.yaml:6: two fields\n"
        "  event 1 of 1\n"
        "    [status]       expected  200\n"
        '                   got       "200"\n'
        '    [http][route]  expected  "/x"\n'
        "                   got       (absent)\n"
    ) in printed
    assert "Traceback" not in printed
    assert "pytest_plugin.py" not in printed
    assert "FAILED x.cases.yaml::two fields" in run(folder, "-ra", expect=1)


def test_folders_by_setting(folder: Path) -> None:
    """``atalaia_cases`` names folders whose YAML files are cases, relative to the file of settings."""
    (folder / "pytest.ini").write_text("[pytest]\natalaia_cases = pipelines\n", encoding="utf-8")
    assert "pipelines/y.yaml::good" in run(folder, "--collect-only", "-q")
    assert "other.yaml" not in run(folder, "--collect-only", "-q")
    assert "1 passed" in run(folder, "pipelines/y.yaml")
    assert "1 passed" in run(folder, "x.cases.yaml::good")


def test_a_broken_file_is_an_error_of_collection(folder: Path) -> None:
    """The words of the command, and pytest's own status for it."""
    (folder / "x.cases.yaml").write_text("pipeline: p.conf\ncases: [{nam: x}]\n", encoding="utf-8")
    printed = run(folder, expect=2)
    assert "x.cases.yaml:2:10: there is no key 'nam' in a case; did you mean name?" in printed
    assert "Traceback" not in printed


def test_a_refused_pipeline_fails_its_cases(folder: Path) -> None:
    """Each case says where the pipeline is refused."""
    (folder / "p.conf").write_text("filter { grog { } }", encoding="utf-8")
    printed = run(folder, "x.cases.yaml", expect=1)
    assert printed.count("p.conf:1:10: there is no filter 'grog' here") >= 2
    assert "2 failed" in printed


def test_pytest_finds_it_by_itself(folder: Path) -> None:
    """Announced by an installed distribution, the plugin needs no option; ``-p no:atalaia`` leaves it out."""
    announced = folder / "site" / "announced-1.dist-info"
    announced.mkdir(parents=True)
    (announced / "METADATA").write_text("Metadata-Version: 2.1\nName: announced\nVersion: 1\n", encoding="utf-8")
    (announced / "RECORD").write_text("atalaia/__init__.py,,\nlogging_lib/__init__.py,,\n", encoding="utf-8")
    (announced / "entry_points.txt").write_text(f"[pytest11]\natalaia = {PLUGIN[1]}\n", encoding="utf-8")
    path = os.pathsep.join([str(announced.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    assert "1 passed" in start(folder, "x.cases.yaml::good", PYTHONPATH=path)
    assert "1 passed" in start(folder, "-p", "no:atalaia", PYTHONPATH=path)


def test_reports_name_the_line_of_the_case(folder: Path) -> None:
    """Pytest's own JUnit file has the case's file and line."""
    run(folder, "--junit-xml=out.xml", "-o", "junit_family=xunit1", expect=1)
    text = (folder / "out.xml").read_text(encoding="utf-8")
    assert re.search(r'name="two fields" file="x.cases.yaml" line="5"', text)


def test_it_costs_nothing_where_it_is_not_used() -> None:
    """Importing the plugin imports neither the executor nor pydantic nor YAML."""
    code = "import sys, atalaia.pipeline.cases.pytest_plugin as p; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert "atalaia.pipeline.cases.pytest_plugin" in imported
    assert {"pydantic", "yaml", "lark", "atalaia.pipeline.event", "logging_lib"} & imported == set()
