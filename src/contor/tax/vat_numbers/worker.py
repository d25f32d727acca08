"""Ask the services, tenant by tenant, outside of any transaction that writes. One worker at a time is at a tenant's numbers: it holds a
lock of the database for as long as it looks, which is free at once when it dies; then the next one asks again."""

import datetime as dt
import logging
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from contor.customers.events import AddressesCreated, AddressesUpdated, CustomersUpdated
from contor.customers.queries import DebtorAddress, addresses_of_debtors
from contor.customers.vat_ids import Held, vat_ids_of
from contor.kernel.context import Caller
from contor.kernel.events import on
from contor.kernel.work import Elsewhere, Work, work
from contor.runtime import outbound
from contor.runtime.execute import Runtime
from contor.runtime.schema import lock_if_free
from contor.runtime.uow import Uow
from contor.runtime.work.schedule import every_tenant
from contor.runtime.work.tenants import caller, described
from contor.tax.vat_numbers.enquiries import VAT_NUMBERS, Queued, customers_waiting, due, next_try
from contor.tax.vat_numbers.events import VatNumbersChecked
from contor.tax.vat_numbers.jobs import FeedJob, feed_job
from contor.tax.vat_numbers.keeping import KeepAnswers, Looked, Question, keep_answers
from contor.tax.vat_numbers.requester import requester_of
from contor.tax.vat_numbers.services import SERVICES, SILENT, Enquiry, Heard, seen_offline, services_for
from contor.tax.vat_numbers.types import ANSWERED, Asked, Provider, Service

log = logging.getLogger("contor.tax")

AT_ONCE = 20
"""Numbers whose answers are kept together: what a worker asks again that is killed."""
CALLS = 4
"""Calls at the same time: the registers refuse who asks too much at once (MS_MAX_CONCURRENT_REQ)."""
SECONDS = 15.0
"""For one call: the registers behind VIES take some."""
TURN_SECONDS = 30.0
"""After which the other tenants have their turn."""
LONGEST_ANSWER = 64 * 1024
"""Bytes; an answer has some hundred."""


class Order(NamedTuple):
    """A number that is to be asked about, and by which services."""

    queued: Queued
    enquiry: Enquiry
    services: Sequence[Service]


def look(runtime: Runtime, tenant_id: int) -> dt.datetime | Elsewhere | None:
    """Ask about what is due, for as long as other tenants may wait; when to look again."""
    who = caller(VAT_NUMBERS, tenant_id)
    with runtime.transaction(who, reads=True) as guard:
        if not guard.scalar(bool, f"SELECT {lock_if_free('vat_numbers', repr('queue'))}", {"tenant": tenant_id}):
            return Elsewhere.BUSY
        began = time.perf_counter()
        while time.perf_counter() - began < TURN_SECONDS:
            runtime.go_on()
            guard.run("SELECT 1")  # it is there as long as this says so, and with it the lock
            fed = runtime.execute(feed_job, FeedJob(), who)
            with runtime.transaction(who, reads=True) as uow:
                queued = due(uow, AT_ONCE)
                orders, gone = _orders(uow, queued)
            if queued:
                with ThreadPoolExecutor(CALLS) as calls:
                    looked = list(calls.map(lambda order: _asked(runtime, order), orders))
                runtime.execute(keep_answers, KeepAnswers(looked=(*looked, *gone)), who)
            elif not fed:
                break
        else:
            return runtime.clock()
        with runtime.transaction(who, reads=True) as uow:
            return next_try(uow)


def _orders(uow: Uow, queued: Sequence[Queued]) -> tuple[list[Order], list[Looked]]:
    """What is asked, as the customers are now, and what nobody has any more."""
    if not queued:
        return [], []
    customers = {it.customer_ident for it in queued}
    held, addresses, requester = vat_ids_of(uow, customers), addresses_of_debtors(uow, customers), requester_of(uow)
    orders, gone = [], []
    for it in queued:
        if Held(it.customer_ident, it.vat_id) not in held:
            gone.append(Looked(queued=it, questions=()))
            continue
        enquiry = Enquiry(it.vat_id, requester, _known_of(addresses, it.customer_ident))
        # a service that does not answer about it any more: the others do
        services = services_for(it.vat_id, requester, it.service) or services_for(it.vat_id, requester)
        orders.append(Order(it, enquiry, services))
    return orders, gone


def _known_of(addresses: Mapping[str, DebtorAddress], customer: str) -> Asked:
    found = addresses[customer]
    return Asked(name=found.name, street=found.street, postal_code=found.zip, city=found.city)


def _asked(runtime: Runtime, order: Order) -> Looked:
    return Looked(queued=order.queued, questions=tuple(_questions(runtime, order)))


def _questions(runtime: Runtime, order: Order) -> Iterator[Question]:
    """One service after the other, until one answers."""
    enquiry = order.enquiry
    offline = seen_offline(enquiry.vat_id)
    if offline is not None:
        yield _question("OFFLINE", enquiry._replace(requester=None, asked=Asked()), offline)
        return
    for service in order.services:
        heard = _heard(runtime, service, enquiry)
        yield _question(service, enquiry, heard)
        if heard.outcome in ANSWERED:
            return


def _question(provider: Provider, enquiry: Enquiry, heard: Heard) -> Question:
    return Question(provider=provider, requester_vat_id=enquiry.requester, asked=enquiry.asked, heard=heard)


def _heard(runtime: Runtime, service: Service, enquiry: Enquiry) -> Heard:
    """What a service says, within the time of a call."""
    config, known = runtime.config, SERVICES[service]
    base = config.vies_url if service == "VIES" else config.evatr_url
    call = known.call_of(enquiry)
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    try:
        answer = outbound.outbound(config).call(
            outbound.Call(base + call.path, call.body, headers, seconds=SECONDS, longest=LONGEST_ANSWER)
        )
        return known.heard_in(answer.body, answer.status, enquiry).printable()
    except outbound.NotReached as error:
        log.warning("%s was not reached: %s", service, error.message)
        return Heard("UNAVAILABLE", SILENT, f"{service} gives no answer: {error.message}")
    except Exception as error:  # a fault of ours: the number is as unknown as before, and the others are asked about
        log.exception("%s could not be asked", service)
        return Heard("UNAVAILABLE", SILENT, f"{service} could not be asked: {described(error)}")


def asked_now(runtime: Runtime, who: Caller, vat_id: str, known: Asked) -> tuple[Question, ...]:
    """What services say to who waits for it: of a number that nobody has yet, so that no queue holds it. `known`: what is said of its
    holder."""
    with runtime.transaction(who, reads=True) as uow:
        requester = requester_of(uow)
    enquiry = Enquiry(vat_id, requester, known)
    order = Order(Queued("", vat_id, "", None, "PERSON", None, 0), enquiry, services_for(vat_id, requester))
    return tuple(_questions(runtime, order))


@on(CustomersUpdated)
def look_again_at_customers(uow: Uow, fact: CustomersUpdated) -> None:
    _look_again(uow, fact.customer_idents)


@on(AddressesUpdated)
def look_again_at_addresses(uow: Uow, fact: AddressesUpdated) -> None:
    _look_again(uow, [customer for customer, _ in fact.address_idents])


@on(AddressesCreated)
def look_again_at_new_addresses(uow: Uow, fact: AddressesCreated) -> None:
    _look_again(uow, [customer for customer, _ in fact.address_idents])


def _look_again(uow: Uow, customers: Sequence[str]) -> None:
    """What waits for a number that the customer may have no more looks at the one that it has."""
    if waiting := customers_waiting(uow, customers):
        uow.emit(VatNumbersChecked(customer_idents=tuple(sorted(waiting))))


WORK = work(Work(name=VAT_NUMBERS, look=look))
every_tenant(WORK, every=dt.timedelta(hours=1))
