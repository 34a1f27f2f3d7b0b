"""Every check: its code, how bad what it finds is, and why, in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from atalaia.pipeline.check.families import (
    conditions,
    dates,
    fields,
    layout,
    options,
    order,
    plugins,
    secrets,
)
from atalaia.pipeline.check.families.refused import nothing, plugin_warning, refused
from atalaia.pipeline.check.finding import Check, Look, Severity
from atalaia.pipeline.errors import Refusal


def _error(code: str, why: str, look: Look) -> Check:
    return Check(code, Severity.ERROR, why, look)


def _warning(code: str, why: str, look: Look) -> Check:
    return Check(code, Severity.WARNING, why, look)


def _info(code: str, why: str, look: Look) -> Check:
    return Check(code, Severity.INFO, why, look)


def _refusal(code: Refusal, why: str) -> Check:
    return Check(code, Severity.ERROR, why, refused(code))


SYNTAX: Final = _error(
    Refusal.SYNTAX,
    "The text does not follow the language; the first fault is told, what comes after it cannot be judged.",
    nothing,
)
USELESS_ALLOW: Final = _warning(
    "useless-allow", "A comment allows what is not found there, or a code that does not exist.", nothing
)

_ERRORS: Final = (
    SYNTAX,
    _refusal(
        Refusal.UNKNOWN_PLUGIN, "Neither Logstash nor this executor has an input, filter, output or codec of that name."
    ),
    _refusal(Refusal.UNSUPPORTED_PLUGIN, "Logstash has the plugin, this executor has not."),
    _refusal(Refusal.UNKNOWN_OPTION, "The plugin has no option of that name."),
    _refusal(Refusal.UNSUPPORTED_OPTION, "Logstash honours the option, or this value of it, this executor does not."),
    _refusal(Refusal.MISSING_OPTION, "The plugin cannot work without the option."),
    _refusal(Refusal.BAD_VALUE, "The value is of the wrong type, or none that the option takes."),
    _refusal(
        Refusal.BAD_PATTERN, "A regular expression does not compile, or names a grok pattern that is not defined."
    ),
    _refusal(Refusal.BAD_REFERENCE, "The brackets of a field reference are wrong where it must be known at load."),
    _refusal(
        Refusal.BAD_CONDITION,
        "A condition cannot be decided: a constant alone, a list where a value must be, a condition around an input.",
    ),
    _refusal(Refusal.UNDEFINED_VARIABLE, "A `${VARIABLE}` is not set where the check runs and has no default."),
    _refusal(Refusal.DUPLICATE_ID, "Two plugins have one id, which counters and logs tell them apart by."),
    _error(
        "two-credentials",
        "Logstash refuses an `elasticsearch` output that has more than one of user, `api_key` and `cloud_auth`.",
        plugins.two_credentials,
    ),
)

_FIELDS: Final = (
    _warning(
        "unset-field",
        "Nothing on any way to this place sets the field, so that it is always missing.",
        fields.unset_field,
    ),
    _warning("removed-field", "The field was taken away on every way to this place.", fields.removed_field),
    _warning(
        "malformed-reference",
        "The brackets of a field reference are wrong: Logstash fails on each event that gets here.",
        fields.malformed_reference,
    ),
    _warning("unset-tag", "A tag is asked for that nothing adds; most often it is misspelt.", fields.unset_tag),
)

_CONDITIONS: Final = (
    _warning(
        "unordered-comparison",
        "`<`, `>`, `<=` and `>=` drop the event where the field is missing or of another kind, and no else runs.",
        conditions.unordered_comparison,
    ),
    _warning(
        "missing-member",
        "`[a] in [b]` stops Logstash's whole pipeline where `[a]` is missing and `[b]` is a list.",
        conditions.missing_member,
    ),
    _warning(
        "single-item-list",
        'Logstash reads `["x"]` in a condition as a field, so that `[a] in ["x"]` is always false.',
        conditions.single_item_list,
    ),
    _warning(
        "never-equal",
        "A field that always holds a number is never equal to a text, nor the other way: nothing is converted.",
        conditions.never_equal,
    ),
    _warning("never-matches", "A regular expression matches nothing but text.", conditions.never_matches),
    _warning(
        "variable-in-pattern",
        "Logstash replaces `${…}` in the texts of a condition, but not in its regular expressions.",
        conditions.variable_in_pattern,
    ),
    _warning(
        "mixed-operators",
        "`and` and `or` without parentheses bind otherwise in Logstash than anywhere else, from the second `and` on.",
        conditions.mixed_operators,
    ),
    _warning(
        "constant-condition", "A comparison of constants is the same for every event.", conditions.constant_condition
    ),
    _warning(
        "unreachable-arm",
        "The same condition stands earlier in the branch, or an arm before this one takes every event.",
        layout.unreachable_arm,
    ),
    _warning("unreachable-statement", "Every event was dropped before this place.", layout.unreachable_statement),
)

_PLUGINS: Final = (
    _warning(
        "duplicate-option",
        "An option given twice becomes a list, which is not what was meant unless it is one.",
        options.duplicate_option,
    ),
    _warning(
        "hash-order",
        "Logstash runs through a hash in the order of Java's `HashMap`, so that entries must not depend on each other.",
        order.hash_order,
    ),
    _warning(
        "mutate-order",
        "`mutate` runs its operations in one fixed order, the shared options last, whatever order they are written in.",
        order.mutate_order,
    ),
    _warning(
        "literal-backslash",
        r"Without `config.support_escapes`, `\n` in quotes is a backslash and an n.",
        options.literal_backslash,
    ),
    _warning("octal-number", "A number that begins with 0 is octal.", options.octal_number),
    _warning(
        "useragent-target",
        "In ECS, `useragent` writes below `[user_agent]`; where that is the text it reads, Logstash's pipeline stops.",
        plugins.useragent_target,
    ),
    _warning("number-source", "`grok`, `dissect` and `useragent` take nothing but text.", plugins.number_source),
    _warning(
        "grok-appends",
        "A capture into a field that is there makes a list of both, unless `overwrite` names it.",
        plugins.grok_appends,
    ),
    _warning(
        "fingerprint-sources",
        "Of several sources only the last that is there counts, unless they are concatenated.",
        plugins.fingerprint_sources,
    ),
    _warning(
        "translate-kept",
        "A target that is there already stays as it is, unless it is the source or `override` is true.",
        plugins.translate_kept,
    ),
    _warning(
        "date-overwritten", "What a `date` filter has set is set again in the same block.", dates.date_overwritten
    ),
    _warning("plain-secret", "A password, key or token stands in the file in clear text.", secrets.plain_secret),
    _warning("plugin-warning", "The plugin itself warns about its options when it is loaded.", plugin_warning),
    _warning("no-input", "Without an input, events come from standard input at best.", layout.no_input),
    _warning("no-output", "Without an output, events are printed at best.", layout.no_output),
    USELESS_ALLOW,
)

_HINTS: Final = (
    _info(
        "slow-grok",
        "Patterns not tied to the start of the text are tried at each of its characters before the next pattern is.",
        plugins.slow_grok,
    ),
    _info(
        "last-line-of-stdin", "Logstash's `stdin` loses a last line that no line feed ends.", layout.last_line_of_stdin
    ),
)

CHECKS: Final[Mapping[str, Check]] = MappingProxyType(
    {check.code: check for check in (*_ERRORS, *_FIELDS, *_CONDITIONS, *_PLUGINS, *_HINTS)}
)
"""Code to check, in the order of the documentation."""
