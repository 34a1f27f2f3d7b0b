"""The form of ``alerts.toml``: which tables there are, and what each may say by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field, StringConstraints

from analyzers.alerts.channels.models import ChannelTable, checked_names
from analyzers.alerts.rules.file.burning import BurnForm, SlaForm
from analyzers.alerts.rules.file.common import DefaultsForm
from analyzers.alerts.rules.file.handling import DeliveryForm, FlappingForm, UnmeasuredForm
from analyzers.alerts.rules.file.muting import MuteForm
from analyzers.alerts.rules.file.threshold import ThresholdForm
from analyzers.alerts.rules.file.unusual import AnomalyForm, FloodForm, ScanForm, SilenceRuleForm
from analyzers.alerts.rules.file.values import Environment, Form, Name, Text, Zone, known
from analyzers.thresholds.model import Profile

AnyRuleForm: TypeAlias = ThresholdForm | BurnForm | SlaForm | AnomalyForm | FloodForm | ScanForm | SilenceRuleForm
_Rule: TypeAlias = Annotated[AnyRuleForm, Field(discriminator="kind")]


def _profile(name: str) -> str:
    return known(name, tuple(each.value for each in Profile), "profile")


class RulesForm(Form):
    """The whole file."""

    zone: Zone = "UTC"
    profile: Annotated[str, StringConstraints(strict=True), AfterValidator(_profile)] = Profile.PRODUCTION.value
    environment: Environment = "*"
    service: Text | None = None
    contract: Text | None = None
    defaults: DefaultsForm = DefaultsForm()
    flapping: FlappingForm = FlappingForm()
    unmeasured: UnmeasuredForm = UnmeasuredForm()
    delivery: DeliveryForm = DeliveryForm()
    rule: Annotated[tuple[_Rule, ...], Field(min_length=1)]
    group: Mapping[Name, Annotated[tuple[Text, ...], Field(min_length=1)]] = Field(default_factory=dict)
    silence: tuple[MuteForm, ...] = ()
    maintenance: tuple[MuteForm, ...] = ()
    channel: Annotated[tuple[ChannelTable, ...], AfterValidator(checked_names)] = ()
