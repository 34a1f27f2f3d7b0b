"""Which pipelines are connected, and what is refused."""

from __future__ import annotations

import pytest

from atalaia.pipeline.errors import ConfigurationError, PipelineError
from atalaia.pipeline.runtime.topology import connect
from tests.atalaia.pipeline.runtime.pipelines import compiled

GENERATOR = "input { generator { count => 1 } } "


def into(address: str) -> str:
    """An input that listens."""
    return f'input {{ pipeline {{ address => "{address}" }} }} '


def to(*addresses: str, ensure: str = "true") -> str:
    """An output that sends."""
    named = ", ".join(f'"{each}"' for each in addresses)
    return f"output {{ pipeline {{ send_to => [{named}] ensure_delivery => {ensure} }} }} "


def test_connected_pipelines_are_one_group_senders_first() -> None:
    """A distributor with two targets is one group, its targets after it; a pipeline by itself is another."""
    pipelines = compiled(left=into("l"), alone=GENERATOR, right=into("r"), source=GENERATOR + to("l", "r"))
    groups = connect(pipelines)
    assert [sorted(each.id for each in group.pipelines) for group in groups] == [["left", "right", "source"], ["alone"]]
    assert groups[0].pipelines[0].id == "source"
    assert set(groups[0].listeners) == {"l", "r"}


def test_a_collector_joins_its_senders() -> None:
    """Two senders to one address share a worker, although neither sends to the other."""
    (group,) = connect(compiled(a=GENERATOR + to("c"), b=GENERATOR + to("c"), c=into("c")))
    assert group.pipelines[-1].id == "c"


def test_a_circle_is_named() -> None:
    """Events that would go round for ever are refused at load, with every pipeline of the circle."""
    with pytest.raises(PipelineError, match=r"in a circle: (a -> b -> c -> a|b -> c -> a -> b|c -> a -> b -> c)"):
        connect(compiled(a=into("a") + to("b"), b=into("b") + to("c"), c=into("c") + to("a")))


def test_a_pipeline_cannot_send_to_itself() -> None:
    """The smallest circle."""
    with pytest.raises(PipelineError, match="in a circle: a -> a"):
        connect(compiled(a=into("x") + to("x")))


def test_nobody_listens() -> None:
    """An address without an input is refused where it stands, and those there are are listed."""
    with pytest.raises(ConfigurationError, match=r"(?s)a.conf:1:\d+: no pipeline listens on the address 'y'.*: x"):
        connect(compiled(a=GENERATOR + to("y"), b=into("x")))


def test_nobody_need_listen_without_ensured_delivery() -> None:
    """``ensure_delivery => false`` discards what has nowhere to go, as Logstash does."""
    assert len(connect(compiled(a=GENERATOR + to("y", ensure="false")))) == 1


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ({"a": into("x"), "b": into("x")}, "two pipeline inputs have the address 'x': in a and b"),
        (
            {"a": "input { stdin { } }", "b": "input { stdin { } }"},
            "standard input is read 2 times",
        ),
    ],
)
def test_what_only_one_can_have(texts: dict[str, str], message: str) -> None:
    """An address, and standard input, belong to one input."""
    with pytest.raises(PipelineError, match=message):
        connect(compiled(**texts))


def test_an_address_does_not_depend_on_the_event() -> None:
    """Logstash takes addresses as they are written; one with a field in it would never be listened on."""
    with pytest.raises(ConfigurationError, match="would depend on the event"):
        compiled(a=GENERATOR + to("%{type}"))
