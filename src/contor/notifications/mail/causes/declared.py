"""How a cause of mails is declared: by its event, its kind, and a function that says what is mailed of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from contor.customers.emails import Reader, readers
from contor.kernel.events import on
from contor.notifications.mail.configuration import MailConfigurationView, configured
from contor.notifications.mail.queue import Wanted, queue_mails
from contor.runtime.uow import Uow
from contor.settings.queries import Site, default_site, sites

Telling = Callable[..., Iterable[Wanted]]
"""`(uow, fact, company)`."""
Declared = TypeVar("Declared", bound=Telling)
BY_WISH = frozenset({"DOCUMENT", "OFFER"})
"""Kinds that are sent also where the tenant does not have them sent by itself: to the customers who want them, or to whom a person names;
the cause looks at that."""
_GERMAN = ("DE", "AT", "CH", "LI")


class Company(NamedTuple):
    """Who writes."""

    facts: Mapping[str, object]
    """As templates name it."""
    others: Mapping[str, Mapping[str, object]]
    """The same of sites that are other companies, by site."""
    language: str
    """In which is written to whom no language is known of."""
    configuration: MailConfigurationView


def mailed(cause: type, kind: str) -> Callable[[Declared], Declared]:
    """At the end of the transaction, when everything else is written and numbers are drawn; nothing where the tenant does not have this
    kind sent by itself."""

    def declare(tell: Declared) -> Declared:
        def hear(uow: Uow, fact: object) -> None:
            _mailing_of(uow).told.append((kind, tell, fact))

        hear.__module__, hear.__name__ = tell.__module__, tell.__name__
        on(cause)(hear)
        return tell

    return declare


def suppress_mails(uow: Uow) -> None:
    """Nobody is mailed of what this transaction does; what is caused later, as by the files of a document, is mailed."""
    _mailing_of(uow).is_silent = True


class _Mailing:
    """The mails of one transaction."""

    def __init__(self, uow: Uow) -> None:
        self.uow = uow
        self.told: list[tuple[str, Telling, object]] = []
        self.is_silent = False

    def __call__(self) -> None:
        if self.is_silent:
            return
        configuration = configured(self.uow)
        told = [one for one in self.told if configuration is not None and (one[0] in configuration.kinds or one[0] in BY_WISH)]
        if configuration is None or not told:
            return
        company = company_of(self.uow, configuration)
        queue_mails(self.uow, [mail for _, tell, fact in told for mail in tell(self.uow, fact, company)])


def _mailing_of(uow: Uow) -> _Mailing:
    mailing = next((step for step in uow.last_steps if isinstance(step, _Mailing) and step.uow is uow), None)
    if mailing is None:
        mailing = _Mailing(uow)
        uow.finish(mailing)
    return mailing


def company_of(uow: Uow, configuration: MailConfigurationView) -> Company:
    found = sites(uow)
    site = found.get(default_site(uow) or "") or next(iter(found.values()), None)
    name = configuration.sender_name or (site.company_name if site is not None else configuration.sender)
    others = {
        ident: _facts(other.company_name, other, configuration)
        for ident, other in found.items()
        if site is not None and other.legal_entity != site.legal_entity
    }
    country = site.address["country"] if site is not None else "DE"
    return Company(_facts(name, site, configuration), others, "de" if country in _GERMAN else "en", configuration)


def _facts(name: str, site: Site | None, configuration: MailConfigurationView) -> Mapping[str, object]:
    contact = (site.contact if site is not None else None) or {}
    return {"name": name, "email": configuration.reply_to or configuration.sender, "phone": contact.get("phone")}


def read_by(uow: Uow, customers: Iterable[str]) -> Mapping[str, Reader]:
    """Of these customers those that have an address and want mail."""
    found: Mapping[str, Reader] = readers(uow, set(customers))
    return {ident: reader for ident, reader in found.items() if reader.email and not reader.wants_no_mail}


def to_customer(company: Company, reader: Reader, facts: Mapping[str, object], site: str | None = None) -> Mapping[str, object]:
    """What every template of a mail to a customer is given, and what is its own. `site`: whose company writes; None: that of the default
    one."""
    return {
        "company": company.others.get(site or "", company.facts),
        "customer": {"number": reader.customer_ident, "name": reader.name},
        **facts,
    }


def nobody(name: str) -> Reader:
    """Somebody who is no customer yet."""
    return Reader("", name, None, None, False, None, [], ())


def first_rows(rows: Sequence[object], most: int) -> list[object]:
    return list(rows[:most])
