"""Recommendations, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from textwrap import wrap
from typing import Final, TextIO
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from analyzers.analysis import State
from analyzers.blocks import Advice
from analyzers.language import Language, Message, language_of
from analyzers.numbers import counted
from analyzers.recommendations import Advised, Unmeasured, remedies
from analyzers.selection import print_where
from analyzers.store.query import EVERYTHING, Predicate, Window
from atalaia.cli.render.machine import dumped, rfc3339
from atalaia.cli.render.safe import one_line, printable
from atalaia.cli.render.table import console_for, verdict

_WIDTH: Final = 80
_RUNBOOKS: Final = "runbooks/"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is advised, and what had been asked.

    Attributes:
        advised: What the rules say.
        window: Of which events.
        where: Of which requests.
        zone: Whose clock.
        store: How a person names the store.
    """

    advised: Advised
    window: Window
    where: Predicate
    zone: ZoneInfo
    store: str

    @property
    def language(self) -> Language:
        """The command line's language is English."""
        return language_of("en", self.zone)


def print_advice(answer: Answer, stream: TextIO) -> None:
    """Print the verdict, then each advice with its evidence, gain and commands, then what could not be judged."""
    console = console_for(stream)
    console.print(verdict(*_verdict(answer.advised)), soft_wrap=True)
    for number, advice in enumerate(answer.advised.advice, start=1):
        _print_one(console, answer.language, number, advice)
    remarks = [_said(answer.language, each.text) for each in answer.advised.remarks]
    if remarks:
        _print_lines(console, "Beside that:", remarks)
    if answer.advised.unmeasured:
        _print_unmeasured(console, answer.language, answer.advised.unmeasured)


def advice_json(answer: Answer) -> str:
    """Return one JSON object: the question, the advice in order, what could not be judged, and remarks."""
    advised, language = answer.advised, answer.language
    query = {
        "since": rfc3339(answer.window.start),
        "until": rfc3339(answer.window.end),
        "tz": answer.zone.key,
        "where": None if answer.where == EVERYTHING else print_where(answer.where),
        "rules": list(advised.rules),
        "store": answer.store,
    }
    return dumped(
        {
            "query": query,
            "advice": [_as_object(each, language) for each in advised.advice],
            "unmeasured": [
                {"rule": each.rule, "why": language.say(each.why), "commands": list(each.commands)}
                for each in advised.unmeasured
            ],
            "remarks": [{"rule": each.rule, "text": language.say(each.text)} for each in advised.remarks],
        }
    )


def _as_object(advice: Advice, language: Language) -> dict[str, object]:
    return {
        "rule": advice.rule,
        "title": language.say(advice.title),
        "evidence": [language.say(each) for each in advice.evidence],
        "gain": language.say(advice.gain),
        "commands": list(advice.commands),
        "page": advice.page,
    }


def _verdict(advised: Advised) -> tuple[State, str]:
    unjudged = {each.rule for each in advised.unmeasured}
    judged = len(advised.rules) - len(unjudged)
    aside = f"; not all could be judged by {counted(len(unjudged), 'rule')}" if unjudged else ""
    if advised.advice:
        return State.MISSED, f"{counted(len(advised.advice), 'recommendation')}{aside}"
    if not judged:
        return State.UNMEASURED, "nothing could be judged"
    return State.MET, f"nothing to do: judged by {counted(judged, 'rule')}{aside}"


def _print_one(console: Console, language: Language, number: int, advice: Advice) -> None:
    console.print(
        Text.assemble(f"\n{number}. ", (_said(language, advice.title), "bold"), f"  ({advice.rule})"), soft_wrap=True
    )
    for each in advice.evidence:
        _print_wrapped(console, _said(language, each), "   - ")
    _print_wrapped(console, f"Gain: {_said(language, advice.gain)}", "   ")
    _print_commands(console, advice.commands)
    if advice.page is not None and advice.page.startswith(_RUNBOOKS):
        name = advice.page.removeprefix(_RUNBOOKS).removesuffix(".md")
        console.print(Text(f"   See: atalaia runbook {name}"), soft_wrap=True)


def _print_lines(console: Console, head: str, lines: Iterable[str]) -> None:
    console.print(Text(f"\n{head}"), soft_wrap=True)
    for line in lines:
        _print_wrapped(console, line, "   - ")


def _print_unmeasured(console: Console, language: Language, unmeasured: tuple[Unmeasured, ...]) -> None:
    """Print each reason once, with the rules that it leaves unjudged."""
    console.print(Text("\nNot measured, so not judged:"), soft_wrap=True)
    for each in remedies(unmeasured):
        _print_wrapped(console, f"{', '.join(each.rules)}: {_said(language, each.why)}", "   - ")
        _print_commands(console, each.commands)


def _print_commands(console: Console, commands: Iterable[str]) -> None:
    for command in commands:
        console.print(Text(f"     {printable(command)}", style="cyan"), soft_wrap=True)


def _print_wrapped(console: Console, text: str, lead: str) -> None:
    for line in wrap(text, _WIDTH, initial_indent=lead, subsequent_indent=" " * len(lead), break_long_words=False):
        console.print(Text(line), soft_wrap=True)


def _said(language: Language, message: Message) -> str:
    return one_line(language.say(message).replace("\u00a0", " "))
