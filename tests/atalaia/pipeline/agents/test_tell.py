"""Agents are told as uap-core's own tests, another reader of its list and Logstash's plugin tell them."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ua_parser import OS, Domain, UserAgent
from ua_parser.basic import Resolver
from ua_parser.loaders import load_data

from atalaia.pipeline.agents.expressions import built_in, read_expressions
from atalaia.pipeline.agents.syntax import compile_java
from atalaia.pipeline.agents.tell import Told, teller
from tests.atalaia.pipeline.agents.convert import plugin_text

SAMPLE: Final[dict[str, list[list[str]]]] = yaml.safe_load(
    (Path(__file__).parent / "uap_core" / "sample.yaml").read_text(encoding="utf-8")
)
EXPRESSIONS: Final = [expression.text for entries in built_in() for expression in entries]
tell = teller(built_in())


@pytest.mark.parametrize("case", SAMPLE["browsers"], ids=lambda case: case[0])
def test_browsers_of_uap_core(case: list[str]) -> None:
    """Name and version of a browser are those that uap-core's tests expect."""
    told = tell(case[0])
    assert [told.browser, *told.browser_parts] == _filled(case)


@pytest.mark.parametrize("case", SAMPLE["systems"], ids=lambda case: case[0])
def test_systems_of_uap_core(case: list[str]) -> None:
    """Name and version of a system are those that uap-core's tests expect."""
    told = tell(case[0])
    assert [told.system, *told.system_parts] == _filled(case)


@pytest.mark.parametrize("case", SAMPLE["devices"], ids=lambda case: case[0])
def test_devices_of_uap_core(case: list[str]) -> None:
    """A device is the one that uap-core's tests expect."""
    assert tell(case[0]).device == case[1]


def _filled(case: list[str]) -> list[str | None]:
    return [*case[1:], *[None] * (6 - len(case))]


@pytest.fixture(scope="module")
def other_reader() -> Resolver:
    """The reader of ua-parser, with the plugin's list; it tries every expression."""
    lists = yaml.load(plugin_text(), yaml.CSafeLoader)
    return Resolver(load_data((lists["user_agent_parsers"], lists["os_parsers"], lists["device_parsers"])))


_printable: Final = st.characters(min_codepoint=ord(" "), max_codepoint=ord("~"), exclude_characters="$")
"""Without the dollar sign: the plugin looks for groups in what it has put in place of a group, ua-parser does not."""


@settings(deadline=None, max_examples=300, derandomize=True)
@given(
    st.sampled_from(EXPRESSIONS).flatmap(lambda text: st.from_regex(compile_java(text), alphabet=_printable)),
    st.sampled_from(["", " ", "Mozilla/5.0 (Linux; Android 4.2; "]),
)
def test_another_reader_of_the_list(other_reader: Resolver, agent: str, before: str) -> None:
    """For agents that match an expression, ours finds what ua-parser finds in the same list, and nothing else."""
    told, found = tell(before + agent), other_reader(before + agent, Domain.ALL)
    browser = found.user_agent or UserAgent("Other")
    system = found.os or OS("Other")
    assert told == Told(
        browser.family,
        (browser.major, browser.minor, browser.patch, browser.patch_minor),
        system.family,
        (system.major, system.minor, system.patch, system.patch_minor),
        found.device.family if found.device is not None else "Other",
    )


def _told(browsers: str = "", systems: str = "", devices: str = "", *, agent: str) -> Told:
    lists = f"user_agent_parsers: [{browsers}]\nos_parsers: [{systems}]\ndevice_parsers: [{devices}]"
    return teller(read_expressions(lists))(agent)


def test_nothing_known() -> None:
    """What no expression matches is ``Other``."""
    assert _told(agent="a") == Told("Other", (None,) * 4, "Other", (None,) * 4, "Other")


def test_a_given_minor_version_of_a_browser_is_the_last_part() -> None:
    """As in the plugin, groups after a given minor version do not count; empty ones never do."""
    expression = r"regex: '(A)/(\d+)\.(\d+)\.(\d+)\.(\d*)'"
    assert _told(f"{{{expression}}}", agent="A/1.2.3.").browser_parts == ("1", "2", "3", None)
    assert _told(f"{{{expression}, v2_replacement: '7'}}", agent="A/1.2.3.4").browser_parts == ("1", "7", None, None)


def test_only_the_name_of_a_browser_names_a_group() -> None:
    """``$1`` is replaced in the name, once; a version is taken as it is written."""
    entry = "{regex: '(A)', family_replacement: 'x $1 $1', v1_replacement: '$1'}"
    told = _told(entry, agent="A")
    assert (told.browser, told.browser_parts) == ("x A $1", ("$1", None, None, None))


def test_the_version_of_a_system_names_groups() -> None:
    """``$n`` alone is the group of that number; a group without replacement is taken by its place."""
    entry = r"{regex: '(a)-(b)-(c)', os_replacement: 'X', os_v1_replacement: '$3', os_v2_replacement: 'v$1'}"
    told = _told(systems=entry, agent="a-b-c")
    assert (told.system, told.system_parts) == ("X", ("c", "v$1", None, None))


def test_the_name_of_a_device_names_groups() -> None:
    """Groups that take no part are left out, and spaces at both ends are cut."""
    entry = "{regex: 'd(a)?(b)', regex_flag: i, device_replacement: '$1 $2$9 '}"
    assert [_told(devices=entry, agent=agent).device for agent in ("DaB", "db")] == ["a B", "b"]


def test_an_expression_that_gives_no_name_is_passed_over() -> None:
    """When the group of the name takes no part, the next expression that matches counts."""
    entries = "{regex: 'd(a)?'}, {regex: '(d)'}"
    told = _told(entries, entries, entries, agent="d")
    assert (told.browser, told.system, told.device) == ("d", "d", "d")
