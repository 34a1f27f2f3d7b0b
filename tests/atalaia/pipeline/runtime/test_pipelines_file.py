"""``pipelines.yml``: what is honoured, what is harmless, what is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from atalaia.pipeline.ecs import EcsCompatibility
from atalaia.pipeline.errors import PipelineError
from atalaia.pipeline.runtime.pipelines_file import read_pipelines_file
from atalaia.pipeline.runtime.sources import PipelineSource, compile_source, limits_of
from tests.atalaia.pipeline.runtime.pipelines import clock

LOGSTASH = Path(__file__).parents[4] / "logstash"
INPUT = "input { generator { count => 1 } }"


def read(folder: Path, text: str, **variables: str) -> list[PipelineSource]:
    """Read a file of pipelines."""
    path = folder / "pipelines.yml"
    path.write_text(text, encoding="utf-8")
    return read_pipelines_file(path, variables, PipelineSource())


def test_settings_are_honoured(tmp_path: Path) -> None:
    """Id, configuration, ECS, and the largest batch with the shortest delay of all pipelines."""
    sources = read(
        tmp_path,
        f"- pipeline.id: a\n  config.string: '{INPUT}'\n  pipeline.ecs_compatibility: disabled\n"
        "  pipeline.batch.size: 250\n  pipeline.workers: 8\n"
        f"- pipeline:\n    id: b\n    batch:\n      delay: 20\n  config.string: '{INPUT}'\n  queue.type: persisted\n",
    )
    assert [(each.id, each.ecs_compatibility) for each in sources] == [
        ("a", EcsCompatibility.DISABLED),
        ("b", EcsCompatibility.V8),
    ]
    limits = limits_of(sources)
    assert (limits.batch_events, limits.delay) == (250, 0.02)


def test_files_are_joined_by_name_and_keep_their_positions(tmp_path: Path) -> None:
    """A pattern joins its files in the order of their names; a mistake is told in its own file and line."""
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf" / "20-b.conf").write_text("filter {\n  nonesuch { }\n}\n", encoding="utf-8")
    (tmp_path / "conf" / "10-a.conf").write_text(INPUT, encoding="utf-8")
    (tmp_path / "conf" / "30-old.conf~").write_text("not read", encoding="utf-8")
    (source,) = read(tmp_path, "- path.config: conf/*\n")
    assert [Path(name).name for name, _ in source.parts] == ["10-a.conf", "20-b.conf"]
    with pytest.raises(PipelineError, match=r"20-b\.conf:2:3: there is no filter 'nonesuch'"):
        compile_source(source, clock, {})


def test_values_may_name_variables(tmp_path: Path) -> None:
    """Logstash replaces them in settings too, with defaults."""
    (source,) = read(
        tmp_path,
        f"- pipeline.id: ${{NAME}}\n  pipeline.batch.size: ${{SIZE:7}}\n  config.string: '{INPUT}'\n",
        NAME="x",
    )
    assert (source.id, source.batch_size) == ("x", 7)


def test_the_shipped_file_is_read(tmp_path: Path) -> None:
    """Our own pipelines.yml, its paths made to lead here, names both pipelines."""
    text = (LOGSTASH / "pipelines.yml").read_text(encoding="utf-8").replace("/usr/share/logstash", str(LOGSTASH))
    assert [each.id for each in read(tmp_path, text)] == ["request", "access"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "- pipeline.id: a\n  pipeline.worker: 2\n",
            r"yml:2:3: there is no setting pipeline\.worker.*\.workers",
        ),
        ("- config.reload.automatic: true\n", "config.reload.automatic is not supported"),
        ("- pipeline.id: a\n", "neither path.config nor config.string"),
        ("- path.config: nowhere/*.conf\n", "no configuration file at nowhere"),
        ("- config.string: x\n  pipeline.batch.size: many\n", "not a whole number above 0: 'many'"),
        ("- config.string: x\n  pipeline.ecs_compatibility: v9\n", "none of disabled, v8"),
        ("- config.string: x\n  pipeline.id: ${NOPE}\n", "the variable NOPE is not set"),
        ("pipeline.id: a\n", "not a list of pipelines"),
        ("- [\n", "is not YAML"),
        ("- config.string: [a]\n", "no single value"),
    ],
)
def test_refused(tmp_path: Path, text: str, message: str) -> None:
    """A mistake is named with its place; nothing is passed over."""
    with pytest.raises(PipelineError, match=r"(?s)" + message):
        read(tmp_path, text)


@pytest.mark.parametrize("name", ["../a", ".hidden", "a/b", ""])
def test_an_id_is_the_name_of_a_file(name: str) -> None:
    """Dead letters and counters are kept under the id: one that leads elsewhere is refused."""
    with pytest.raises(PipelineError, match="cannot be a pipeline's id"):
        compile_source(PipelineSource(name, (("a.conf", INPUT),)), clock, {})
