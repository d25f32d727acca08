"""How a cause of mails is declared: by its event, its kind, and a function that says what is mailed of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from contor.customers.queries import Reader, readers
from contor.kernel.events import on
from contor.notifications.mail.configuration import MailConfigurationView, configured
from contor.notifications.mail.queue import Wanted, queue_mails
from contor.runtime.uow import Uow
from contor.settings.queries import default_site, sites

Telling = Callable[..., Iterable[Wanted]]
"""`(uow, fact, company)`."""
Declared = TypeVar("Declared", bound=Telling)
_GERMAN = ("DE", "AT", "CH", "LI")


class Company(NamedTuple):
    """Who writes."""

    facts: Mapping[str, object]
    """As templates name it."""
    language: str
    """In which is written to whom no language is known of."""
    configuration: MailConfigurationView


def mailed(cause: type, kind: str) -> Callable[[Declared], Declared]:
    """At the end of the transaction, when everything else is written and numbers are drawn; nothing where the tenant does not have this
    kind sent by itself."""

    def declare(tell: Declared) -> Declared:
        def hear(uow: Uow, fact: object) -> None:
            mailing = next((step for step in uow.last_steps if isinstance(step, _Mailing) and step.uow is uow), None)
            if mailing is None:
                mailing = _Mailing(uow)
                uow.finish(mailing)
            mailing.told.append((kind, tell, fact))

        hear.__module__, hear.__name__ = tell.__module__, tell.__name__
        on(cause)(hear)
        return tell

    return declare


class _Mailing:
    """The mails of one transaction."""

    def __init__(self, uow: Uow) -> None:
        self.uow = uow
        self.told: list[tuple[str, Telling, object]] = []

    def __call__(self) -> None:
        configuration = configured(self.uow)
        told = [one for one in self.told if configuration is not None and one[0] in configuration.kinds]
        if configuration is None or not told:
            return
        company = company_of(self.uow, configuration)
        queue_mails(self.uow, [mail for _, tell, fact in told for mail in tell(self.uow, fact, company)])


def company_of(uow: Uow, configuration: MailConfigurationView) -> Company:
    found = sites(uow)
    site = found.get(default_site(uow) or "") or next(iter(found.values()), None)
    contact = (site.contact if site is not None else None) or {}
    name = configuration.sender_name or (site.company_name if site is not None else configuration.sender)
    facts = {"name": name, "email": configuration.reply_to or configuration.sender, "phone": contact.get("phone")}
    country = site.address["country"] if site is not None else "DE"
    return Company(facts, "de" if country in _GERMAN else "en", configuration)


def read_by(uow: Uow, customers: Iterable[str]) -> Mapping[str, Reader]:
    """Of these customers those that have an address and want mail."""
    found: Mapping[str, Reader] = readers(uow, set(customers))
    return {ident: reader for ident, reader in found.items() if reader.email and not reader.wants_no_mail}


def to_customer(company: Company, reader: Reader, facts: Mapping[str, object]) -> Mapping[str, object]:
    """What every template of a mail to a customer is given, and what is its own."""
    return {"company": company.facts, "customer": {"number": reader.customer_ident, "name": reader.name}, **facts}


def first_rows(rows: Sequence[object], most: int) -> list[object]:
    return list(rows[:most])
