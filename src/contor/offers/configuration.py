"""How a tenant's offers are numbered, and for how long they hold."""

import datetime as dt
from dataclasses import dataclass

from contor.kernel.errors import Kind, Refused
from contor.kernel.operations import operation
from contor.offers import tables
from contor.offers.types import OfferConfiguration
from contor.runtime.execute import validated
from contor.runtime.uow import Uow
from contor.settings.numbers import Counter, counter_problems, number

USUAL = OfferConfiguration()


@dataclass(frozen=True, slots=True)
class OwnOffers:
    """No input: the caller's tenant."""


@dataclass(frozen=True, slots=True)
class PutOffers:
    body: OfferConfiguration


@operation("offer_configuration.get", permission="settings.read", reads=True)
def get_offer_configuration(uow: Uow, command: OwnOffers) -> OfferConfiguration:
    """As somebody said it, else as it is usual."""
    return configuration_of(uow)


@operation("offer_configuration.put", permission="settings.write")
def put_offer_configuration(uow: Uow, command: PutOffers) -> OfferConfiguration:
    """Replace it. Offers that are there keep their numbers; none is given twice."""
    body = command.body
    if problems := counter_problems(_counter(body)):
        raise Refused(Kind.INVALID, *problems)
    uow.lock("offer_configuration", [""])
    before = configuration_of(uow)
    uow.run("DELETE FROM offer_configuration")
    uow.insert(tables.offer_configuration, [{"content": body, "last_modified_at": uow.ctx.now()}])
    uow.audit("offer_configuration", "", {"before": before, "after": body})
    return body


def configuration_of(uow: Uow) -> OfferConfiguration:
    found = uow.scalar(dict, "SELECT content FROM offer_configuration")
    return USUAL if found is None else validated(OfferConfiguration, found)


def next_number(uow: Uow, configuration: OfferConfiguration, day: dt.date) -> str:
    """A number that no other offer has. Where numbers were written in another way before, those that are taken are passed over."""
    counter = _counter(configuration)
    while True:
        value = uow.draw(tables.offer_series, (counter.year(day),), low=1, count=1)
        made = number(counter, value, day)
        if not uow.scalar(int, "SELECT 1 FROM offer WHERE number = %s", (made,)):
            return made


def _counter(configuration: OfferConfiguration) -> Counter:
    return Counter(
        ident="offers",
        prefix=configuration.prefix,
        mask=configuration.mask,
        suffix=configuration.suffix,
        reset=None if configuration.reset == "NEVER" else configuration.reset,
    )
