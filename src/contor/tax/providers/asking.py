"""Ask providers which taxes supplies bear: over the network, and so never in a transaction."""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple

from contor.kernel.context import Caller, Environment
from contor.runtime import outbound
from contor.runtime.config import Config
from contor.runtime.execute import Runtime
from contor.runtime.uow import Uow
from contor.runtime.work.tenants import described
from contor.tax.configuration import Provider
from contor.tax.providers import avalara
from contor.tax.providers.capabilities import ENVIRONMENT
from contor.tax.providers.queries import Asking, asking_of, is_any_asked
from contor.tax.providers.quotes import Quote, key_of
from contor.tax.providers.types import Outside, Quotation, QuotedTax

log = logging.getLogger("contor.tax")

CALLS = 4
SECONDS = 20
"""For one call."""
LONGEST_ANSWER = 4 * 1024 * 1024
"""Bytes."""
LACKS: Final = "the provider lacks its credentials or properties"


class Door(NamedTuple):
    """How a tenant's provider is reached."""

    config: Config
    environment: Environment
    asking: Asking

    def call(self, request: avalara.Request) -> outbound.Answer:
        """Raises NotReached."""
        is_live = self.environment == "LIVE" and self.asking.properties.get(ENVIRONMENT, "PRODUCTION") == "PRODUCTION"
        base = self.config.avalara_url if is_live else self.config.avalara_sandbox_url
        headers = avalara.headers(self.asking.username, self.asking.password)
        call = outbound.Call(base + request.path, request.body, headers, seconds=SECONDS, longest=LONGEST_ANSWER)
        return outbound.outbound(self.config).call(call)


def doors_of(uow: Uow) -> dict[Provider, Door]:
    """Of those that lack nothing."""
    return {name: Door(uow.runtime.config, uow.ctx.environment, asking) for name, asking in asking_of(uow).items()}


class Foreseen(NamedTuple):
    """What providers said of supplies that are not billed: kept nowhere, neither there nor here."""

    of: Mapping[str, Quote]

    def quote(self, provider: Outside, quotation: Quotation) -> Quote:
        """ASKED: nobody was asked of this one, as it was another one when they were."""
        return self.of.get(key_of(provider, quotation), Quote("ASKED"))


def foreseen(runtime: Runtime, caller: Caller, questions: Callable[[Uow], Sequence[tuple[Outside, Quotation]]]) -> Foreseen | None:
    """Ask at once for what `questions` finds in a transaction of its own, which is over before anybody is asked. None: nobody is asked for
    anything here."""
    with runtime.transaction(caller, reads=True) as uow:
        if not is_any_asked(uow):
            return None
        asked = {key_of(provider, quotation): (provider, quotation) for provider, quotation in questions(uow)}
        doors = doors_of(uow) if asked else {}
    found = dict[str, Quote]()
    for key, taxes in zip(asked, calculate(doors, list(asked.values())), strict=True):
        if isinstance(taxes, avalara.Problem):
            found[key] = Quote("REFUSED" if taxes.is_final else "ASKED", problem=taxes.message)
        else:
            found[key] = Quote("ANSWERED", taxes)
    return Foreseen(found)


def calculate(
    doors: Mapping[Provider, Door], batch: Sequence[tuple[Provider, Quotation]]
) -> list[tuple[QuotedTax, ...] | avalara.Problem]:
    """What providers say of each supply, or why they do not; to be called outside of any transaction. Nothing is recorded there."""
    found: list[tuple[QuotedTax, ...] | avalara.Problem] = [avalara.Problem(LACKS, is_final=False)] * len(batch)
    places = [place for place, (provider, _) in enumerate(batch) if provider in doors]
    groups = [[places[at] for at in group] for group in avalara.groups_of([batch[place][1] for place in places])]

    def ask(group: Sequence[int]) -> list[tuple[QuotedTax, ...]] | avalara.Problem:
        door, quotations = doors[batch[group[0]][0]], [batch[place][1] for place in group]
        return _heard(door, quotations)

    if groups:
        with ThreadPoolExecutor(CALLS) as calls:
            for group, heard in zip(groups, calls.map(ask, groups), strict=True):
                for number, place in enumerate(group):
                    found[place] = heard if isinstance(heard, avalara.Problem) else heard[number]
    return found


def _heard(door: Door, quotations: Sequence[Quotation]) -> list[tuple[QuotedTax, ...]] | avalara.Problem:
    try:
        answer = door.call(avalara.quotation_request(quotations, door.asking.properties))
        return avalara.quoted(answer.body, answer.status, len(quotations))
    except outbound.NotReached as error:
        log.warning("AVALARA was not reached: %s", error.message)
        return avalara.Problem(f"AVALARA gives no answer: {error.message}", is_final=False)
    except Exception as error:  # a fault of ours: the others are asked about
        log.exception("AVALARA could not be asked")
        return avalara.Problem(f"AVALARA could not be asked: {described(error)}", is_final=False)
