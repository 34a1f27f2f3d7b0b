"""What the pages of the site share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from flask import Request

from analyzers.alerts import Sampler
from analyzers.alerts.rules.loading import default_rules
from analyzers.alerts.rules.model import RuleFile
from analyzers.alerts.rules.surroundings import Surroundings
from analyzers.language import LANGUAGES, Language, language_of
from analyzers.sla.contract.default import DEFAULT_CONTRACT
from analyzers.sla.contract.model import Contract
from analyzers.sla.ledger.places import ledger_place
from analyzers.store.interface import Store, StoreError
from analyzers.store.open import shown_location
from analyzers.thresholds import load_thresholds
from atalaia.web.environments import OneEnvironment
from atalaia.web.machine import ThisMachine
from atalaia.web.stores import SharedStore
from atalaia.web.views.promised import Promised
from logging_lib.clock import Clock, system_clock


@dataclass(frozen=True, slots=True)
class Site:
    """What every page may use.

    Attributes:
        location: The store: a directory or an ``http(s)://`` address.
        stores: The store, kept open.
        ledgers: The ledger of sealed slices, kept open.
        zone: Whose clock and calendar the pages show.
        contract: What was promised.
        rules: The alert rules, and the thresholds that the overview judges by.
        alert_state: The file that remembers alerts.
        counters: Below which directory pipelines keep their counters; ``None`` when there are none to show.
        language: Of people whose address and browser name none that we have.
        clock: What ``now`` is.
        sampler: Looks at this machine.
    """

    location: str
    stores: SharedStore
    ledgers: SharedStore
    zone: ZoneInfo
    contract: Contract
    rules: RuleFile
    alert_state: Path
    counters: Path | None = None
    language: str = "en"
    clock: Clock = system_clock
    sampler: Sampler = field(default_factory=ThisMachine)

    @property
    def shown(self) -> str:
        """The store as it may be shown, without a password."""
        return shown_location(self.location)

    @contextmanager
    def store(self, environment: str | None = None) -> Iterator[Store]:
        """Give the open store; ``with site.store() as store``.

        Args:
            environment: Which environment it answers of; ``None`` for all of them.

        Raises:
            NoStoreYetError: When nothing has been stored yet: a page of its own says what to do.
            StoreError: When it cannot be opened.
        """
        with self.stores.lend() as store:
            yield store if environment is None else OneEnvironment(store, environment)

    @contextmanager
    def ledger(self) -> Iterator[Store | None]:
        """Give the open ledger; ``None`` where nothing has been sealed.

        Raises:
            StoreError: When it cannot be opened.
        """
        if not self.ledgers.exists:
            yield None
            return
        with self.ledgers.lend() as ledger:
            yield ledger

    def promised(self) -> Promised:
        """Return what judges the numbers of its pages.

        Raises:
            TomlError: When the thresholds cannot be read.
        """
        return Promised(load_thresholds(self.rules.profile), self.contract)

    def language_of(self, request: Request) -> Language:
        """Return the language of an answer: that of ``lang=``, else the browser's, else the site's.

        Raises:
            AtalaiaError: When ``lang=`` names one that we do not have.
        """
        asked = request.args.get("lang")
        if asked is not None:
            return language_of(asked, self.zone)
        return self.browsers_language(request)

    def browsers_language(self, request: Request) -> Language:
        """Return the browser's language, else the site's."""
        best = request.accept_languages.best_match([each.replace("_", "-") for each in LANGUAGES])
        return language_of(best or self.language, self.zone)


def stores_of(location: str, ledger: str | None, clock: Clock) -> tuple[SharedStore, SharedStore]:
    """Return a store and its ledger, to be opened when they are first needed.

    Args:
        location: The store.
        ledger: Where its ledger is, when not in its own place.
        clock: What ``now`` is.

    Raises:
        StoreError: When the ledger that a person named is not there.
    """
    found = SharedStore(ledger_place(location, ledger), clock=clock)
    if ledger is not None and not found.exists:
        raise StoreError(f"there is no ledger at {ledger}", "seal first: atalaia sla seal; or name the right directory")
    return SharedStore(location, clock=clock), found


def site_at(location: str, zone: ZoneInfo, *, clock: Clock = system_clock, counters: Path | None = None) -> Site:
    """Return a site that judges by the objectives and thresholds that are built in.

    Args:
        location: The store.
        zone: Whose clock and calendar the pages show.
        clock: What ``now`` is.
        counters: Below which directory pipelines keep their counters.
    """
    stores, ledgers = stores_of(location, None, clock)
    rules = default_rules(around=Surroundings(clock=clock, host=True))
    state = Path(f"{location}-alerts.sqlite") if "://" not in location else Path("atalaia-alerts.sqlite")
    return Site(location, stores, ledgers, zone, DEFAULT_CONTRACT, rules, state, counters, clock=clock)
