"""``slow-templates``: endpoints that spend much of their time on making the page."""

from __future__ import annotations

from fractions import Fraction
from typing import Final

from analyzers.analysis import Unit
from analyzers.blocks import Advice
from analyzers.fields import HTTP_ROUTE, REQUEST_STREAM, RESPONSE_TIME
from analyzers.language import Amount, message
from analyzers.recommendations.measuring import ENOUGH, fraction, requests, share, text, total
from analyzers.recommendations.model import Aim, Asked, Finding, Gap, Rule, Suggestion
from analyzers.store.query import And, Count, Exists, Field, Measure, Percentile, Sum
from analyzers.store.result import Row
from analyzers.store.schema import load_schema

NAME: Final = "slow-templates"
PAGE: Final = "runbooks/slow-responses.md"
TEMPLATE_TIME: Final = "template_time"
"""Seconds that a request spent in its templates."""
LEAST_SHARE: Final = Fraction(30, 100)
"""Of the endpoint's time. Whatever takes less than a third, something else takes more."""
LEAST_SECONDS: Final = Fraction(1, 10)
"""At the 95th percentile: below 0.1 s a person takes an answer for immediate (Nielsen, "Usability Engineering", 1993,
chapter 5)."""
MOST_ADVICE: Final = 5


def judge(asked: Asked) -> Finding:
    """Compare the time in templates with the whole time, route by route, of the requests that recorded it."""
    rows = _measured(asked) if TEMPLATE_TIME in load_schema(REQUEST_STREAM).fields else ()
    if not rows:
        why = message(
            "the time that requests spend in templates was not recorded: Flask's extension tells it, elsewhere the "
            "application has to say when a rendering begins and ends (docs/logging.md)"
        )
        return Finding(gaps=(Gap(why, ("AtalaiaFlask(app)",)),))
    ranked = sorted(
        (row for row in rows if _slow(row)), key=lambda row: (-total(row, "templates"), text(row, HTTP_ROUTE))
    )
    whole = total(requests(asked, {"time": Sum(RESPONSE_TIME)})[0], "time")
    return Finding(tuple(_suggestion(row, whole) for row in ranked[:MOST_ADVICE]))


RULE: Final = Rule(NAME, message("Slow templates"), judge)


def _measured(asked: Asked) -> tuple[Row, ...]:
    measures: dict[str, Measure] = {
        "requests": Count(),
        "templates": Sum(TEMPLATE_TIME),
        "p95": Percentile(TEMPLATE_TIME, 95),
        "time": Sum(RESPONSE_TIME),
    }
    where = And((Exists(TEMPLATE_TIME), Exists(RESPONSE_TIME), Exists(HTTP_ROUTE)))
    return requests(asked, measures, (Field(HTTP_ROUTE),), where)


def _slow(row: Row) -> bool:
    enough = total(row, "requests") >= ENOUGH and (fraction(row, "p95") or 0) >= LEAST_SECONDS
    return enough and share(total(row, "templates"), total(row, "time")) >= LEAST_SHARE


def _suggestion(row: Row, whole: Fraction) -> Suggestion:
    route, templates = text(row, HTTP_ROUTE), total(row, "templates")
    advice = Advice(
        rule=NAME,
        title=message("Make the page of {route} faster", route=route),
        evidence=(
            message(
                "its templates took {templates} of the {time} of {requests} requests: {share}",
                templates=Amount(templates, Unit.SECONDS),
                time=Amount(total(row, "time"), Unit.SECONDS),
                requests=Amount(total(row, "requests"), Unit.COUNT),
                share=Amount(share(templates, total(row, "time")), Unit.RATIO),
            ),
            message("95 % of these requests spent {p95} or less there", p95=Amount(total(row, "p95"), Unit.SECONDS)),
        ),
        gain=message(
            "At most {seconds}: all of it where a fragment can be kept, a part where long lists are shown in pages. "
            "Statements that a template causes by touching rows not yet loaded are in it, too: see eager-loading.",
            seconds=Amount(templates, Unit.SECONDS),
        ),
        commands=(
            "{% cache 60, 'fragment' %} … {% endcache %}",
            "select(Row).limit(50).offset(50 * page)",
        ),
        page=PAGE,
    )
    return Suggestion(advice, Aim.TIME, share(templates, whole))
