"""Everything that can be found is found in one go."""

from __future__ import annotations

from pathlib import Path

from atalaia.pipeline.check.finding import Finding
from atalaia.pipeline.check.run import check_parts
from atalaia.pipeline.context import PipelineContext
from atalaia.pipeline.ecs import EcsCompatibility
from tests.atalaia.pipeline.check.checking import INPUT, NOW, OUTPUT, codes, findings, in_filter


def places(found: list[Finding]) -> list[tuple[int, str]]:
    """Return line and code of findings."""
    return [(each.found.position.line, str(each.code)) for each in found]


def test_all_faults_of_a_file_are_told_in_its_order() -> None:
    """Plugins, options, values, patterns, conditions, ids and codecs: one does not hide another."""
    text = """input { generator { codec => jsn } }
filter {
  mutate {
    id => aa
    upercase => ["message"]
    convert => { "message" => "intger" "host" => "flot" }
    gsub => ["message", "(", "", "message", "x", "", "host", "[", ""]
  }
  if [message] =~ /(/ or [host] == "${NOPE}" or "x" {
    nosuch { }
    date { id => aa }
  }
  grok { match => { "message" => ["%{NOPE:a}", "%{WORD:b}", "%{NADA:c}"] } tag_on_timeout => ["a", "b"] }
}
output { stdout { codec => json { target => ["a", "b"] colour => red } } }
"""
    expected = [
        (1, "unknown-plugin"),
        (5, "unknown-option"),
        (6, "bad-value"),
        (6, "bad-value"),
        (7, "bad-pattern"),
        (7, "bad-pattern"),
        (9, "bad-pattern"),
        (9, "undefined-variable"),
        (9, "bad-condition"),
        (10, "unknown-plugin"),
        (11, "bad-value"),
        (11, "duplicate-id"),
        (13, "bad-pattern"),
        (13, "bad-pattern"),
        (13, "bad-value"),
        (15, "bad-value"),
        (15, "unknown-option"),
    ]
    errors = [each for each in findings(text) if each.severity == "error"]
    assert places(errors) == expected


def test_unknown_names_ask_for_the_nearest() -> None:
    """Of plugins, options, codecs, fields and tags."""
    cases = {
        "mutat { }": "did you mean mutate?",
        'mutate { ad_field => { "a" => "b" } }': "did you mean add_field?",
        "mutate { add_tag => sent } if 'snet' in [tags] { drop { } }": "did you mean sent?",
        "if [mesage] { drop { } }": "did you mean [message]?",
    }
    assert {section: in_filter(section)[0].found.remedy for section in cases} == cases


def test_a_name_of_the_other_ecs_mode_is_known() -> None:
    """The commonest reason for a field that nothing sets: the names of one mode under the other."""
    section = 'grok { match => { "message" => "%{COMMONAPACHELOG}" } } if [clientip] { drop { } }'
    (found,) = in_filter(section, ecs=EcsCompatibility.V8)
    assert found.found.remedy == (
        "with ecs_compatibility v8 it is called otherwise: use the name ECS has for it, or change the setting"
    )
    assert in_filter(section) == []


def test_an_option_that_is_refused_is_told_once() -> None:
    """That it would be missing without its value is no complaint of its own."""
    assert codes(in_filter('geoip { source => "message" database => "/none.mmdb" }')) == ["bad-value"]


def test_a_variable_that_is_not_set_hides_no_other_fault() -> None:
    """Its option is left out of the trial; no complaint that the option is missing, nor that it is no number."""
    found = in_filter('json { source => "${NOT_SET}" nope => 1 } drop { percentage => "${NOT_SET}" }')
    assert codes(found) == ["undefined-variable", "unknown-option", "undefined-variable"]


def test_a_fault_of_syntax_is_the_only_finding() -> None:
    """What comes after it cannot be judged."""
    assert codes(in_filter("nosuch { } mutate { a = 1 } nosuch { }")) == ["syntax"]


def test_files_together_are_one_pipeline() -> None:
    """Inputs of one file feed the filters of another; each finding names its own file."""
    parts = (
        ("1.conf", INPUT),
        ("2.conf", "filter {\n  if [level] { drop { id => aa } }\n}"),
        ("3.conf", f"{OUTPUT}\noutput {{ stdout {{ id => aa }} }}"),
    )
    context = PipelineContext("main", EcsCompatibility.V8, lambda: NOW, Path("/"))
    found = check_parts(parts, context, {})
    assert [(each.found.position.file, *place) for each, place in zip(found, places(found), strict=True)] == [
        ("2.conf", 2, "unset-field"),
        ("3.conf", 2, "duplicate-id"),
    ]


def test_an_empty_configuration() -> None:
    """A file of comments has neither input nor output, and that is all."""
    assert codes(findings("# nothing\n")) == ["no-input", "no-output"]


def test_escapes_are_honoured() -> None:
    """With ``config.support_escapes`` a line feed is one."""
    text = rf'{INPUT} filter {{ mutate {{ split => {{ "message" => "\n" }} }} }} {OUTPUT}'
    assert codes(findings(text)) == ["literal-backslash"]
    assert findings(text, escapes=True) == []
