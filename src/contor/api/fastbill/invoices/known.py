"""What invoices of FastBill are made of beside what is sent, and the papers that their numbers mean."""

import datetime as dt

from contor.api.fastbill.account.templates import site_of_template
from contor.api.fastbill.articles.bodies import terms_of
from contor.api.fastbill.articles.rates import percent_of
from contor.api.fastbill.customers.types import METHODS
from contor.api.fastbill.ids import CUSTOMER, ident_of, unknown
from contor.api.fastbill.invoices.content import Basis
from contor.api.fastbill.invoices.rows import Article, row_numbers
from contor.api.fastbill.invoices.types import InvoiceWords
from contor.api.fastbill.invoices.vat import Where
from contor.api.fastbill.refusals import refused
from contor.catalogue.articles.queries import find_articles
from contor.customers.billed import Billed, ContactAddress, billed, contact_address
from contor.documents.drafts import Draft, drafts_by_id
from contor.documents.papers import Paper, paper_known
from contor.documents.queries import idents_by_id
from contor.kernel.partial import Content
from contor.projects.queries import projects_numbered
from contor.runtime.uow import Uow
from contor.settings.groups import default_segment
from contor.settings.queries import billing_groups, home

_NUMBERS = {method: number for number, method in METHODS.items()}


def basis_of(
    uow: Uow, data: InvoiceWords, who: Billed, dated: dt.date | None, draft_id: int, before: Content | None = None
) -> Basis:
    """Raises INVALID with the field that names nothing."""
    here = home(uow)
    if here is None:
        raise refused("There is no operating site yet: who issues invoices is said in the settings.")
    place = who.shipping_country or who.invoice_country or here.country
    day = data.service_period_end or data.service_period_start or dated or uow.ctx.today()
    terms = who.payment_terms or {}
    contact = _contact(uow, who, data.contact_id)
    if contact is not None:
        place = contact.country
    return Basis(
        customer=who,
        group=_group(uow),
        where=Where(here.country, here.small_business, place, day),
        articles=_articles(uow, data, who),
        project=_project(uow, data.project_id),
        site=site_of_template(uow, data.template_id, data.template_hash),
        paper=draft_id,
        numbers=row_numbers(draft_id, before),
        contact_address=contact.address_ident if contact is not None else None,
        payment_type=_NUMBERS.get(terms.get("method") or ""),
        days_for_payment=terms.get("days"),
    )


def customer_of(uow: Uow, number: int | None, ident: str | None = None) -> Billed:
    """The customer of a number, or of an ident. Raises INVALID, naming CUSTOMER_ID."""
    found = billed(uow, [ident] if number is None and ident else [], [number] if number is not None else [])
    who = next(iter(found.values()), None)
    if who is None or who.deleted:
        raise unknown("CUSTOMER_ID", number)
    return who


def customer_named(uow: Uow, number: int) -> str:
    return ident_of(uow, CUSTOMER, number, "CUSTOMER_ID")


def paper_of(uow: Uow, number: int, field: str = "INVOICE_ID") -> Paper:
    """Raises INVALID, naming the field, where no paper has the number."""
    found = paper_known(uow, number)
    if found is None:
        raise unknown(field, number)
    return found


COMPLETED = "is completed as {}: only a draft can be changed or deleted"


def draft_of(uow: Uow, number: int, field: str = "INVOICE_ID", done: str = COMPLETED) -> Draft:
    """The draft of the number, not completed yet, held against everyone who changes it. Raises ILLEGAL_STATE in words for a document;
    `done`: in which, with its number."""
    draft = drafts_by_id(uow, [number], lock=True).get(number)
    if draft is not None and draft.document_id is None:
        return draft
    document = draft.document_id if draft is not None else paper_of(uow, number, field).document_id
    issued = idents_by_id(uow, [document or 0]).get(document or 0, "")
    raise refused(f"The invoice {number} {done.format(issued)}.")


def document_of(uow: Uow, number: int) -> tuple[int, str]:
    """(id, number) of the issued document. Raises ILLEGAL_STATE in words for a draft."""
    paper = paper_of(uow, number)
    if paper.document_id is None:
        raise refused(f"The invoice {number} is a draft: complete it first.")
    return paper.document_id, idents_by_id(uow, [paper.document_id])[paper.document_id]


# helpers in calling order


def _group(uow: Uow) -> str:
    """The only one, else that of the default business segment."""
    groups = billing_groups(uow)
    if len(groups) == 1:
        return next(iter(groups))
    segment = default_segment(uow)
    if segment is None:
        raise refused(
            f"It is not clear which of {len(groups)} billing groups bills: make one of their business segments the default."
        )
    return segment.billing_group_ident


def _articles(uow: Uow, data: InvoiceWords, who: Billed) -> dict[str, Article]:
    """What the articles of rows say that leave something out."""
    wanted = {
        item.article_number
        for item in data.items or ()
        if item.article_number and None in (item.description, item.unit_price, item.vat_percent, item.unit)
    }
    if not wanted:
        return {}
    currency = data.currency_code or who.currency or "EUR"
    found = [terms_of(one) for one in find_articles(uow, idents=sorted(wanted), limit=len(wanted))]
    made = {}
    for terms in found:
        words = terms.translations.get((who.language or "de").lower(), terms)
        made[terms.number] = Article(
            terms.number,
            words.title or terms.title,
            words.description,
            terms.unit,
            terms.unit_price if terms.currency_code == currency else None,
            percent_of(uow, terms.tax_code),
            terms.is_gross,
            terms.type == "product",
        )
    return made


def _project(uow: Uow, number: int | None) -> str | None:
    if number is None:
        return None
    found = projects_numbered(uow, [number]).get(number)
    if found is None:
        raise unknown("PROJECT_ID", number)
    return found


def _contact(uow: Uow, who: Billed, number: int | None) -> ContactAddress | None:
    if number is None:
        return None
    found = contact_address(uow, who.customer_ident, number)
    if found is None:
        raise unknown("CONTACT_ID", number)
    return found
