"""Whether a tax category can be: who supplies whom, where the goods end, and which rates a country has. Pure.

Source: sections 4 no. 1, 6, 6a, 13b, 14 (2) sentence 5 UStG; Articles 138, 146, 194 to 196 MwStSystRL; accounting reference, amendments
d and e.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

from contor.documents.exemptions import category_of, complete
from contor.documents.judge.rules import SELF_BILLING, Facts
from contor.documents.judge.taxes import rule_findings
from contor.documents.types import Address, DocumentRequest, DocumentType, Party, RequestedItem, Tax, completed_on
from contor.kernel.codes import TRIANGULAR
from contor.kernel.errors import Problem
from contor.kernel.places import EU_COUNTRIES, alpha2
from contor.tax.all_rates import rate_problem
from contor.tax.territories import Territory, territory_of

_OF_PARTIES: Final = ("AE", "G", "K")
"""Categories that not every seller, buyer and place can have."""
_OWED_BY_US: Final = frozenset({"S", "Z"})
_SERVICES: Final = frozenset({"SERVICE", "DIGITAL_PRODUCT", "DIGITAL_PRODUCT_RENTAL", "PHYSICAL_PRODUCT_RENTAL"})
"""Item categories that are never delivered; freight, labour, discounts and vouchers may go with goods, and then have their tax."""
_NO_DISCOUNT: Final[Mapping[DocumentType, str]] = {
    DocumentType.SELF_BILLING_INVOICE: (
        "is taken off what is owed to us; what we take off a partner's supply is a correction of the self-billing invoice"
    ),
    DocumentType.DEPOSIT_INVOICE: "is taken off a supply: agree it on the final invoice, of what is left to pay there",
}


def supply_findings(request: DocumentRequest, document_type: DocumentType, facts: Facts) -> list[Problem]:
    """What is wrong with the categories and rates of what is newly supplied; a credit has those of its original."""
    seller, buyer = facts.seller(document_type), facts.buyer(document_type)
    if seller is None or buyer is None:
        return []
    problems = _of_one_kind(request)
    if document_type is DocumentType.SELF_BILLING_INVOICE:
        problems += _agreement(request, facts)
        problems += _partner(request, seller, buyer)
    if document_type in _NO_DISCOUNT:
        problems += _no_discount(request, facts, _NO_DISCOUNT[document_type])
    small, date = facts.is_small_business(document_type), facts.dated(request)
    # of a deposit nothing is supplied yet: it bears the rate of its own day
    days = [(None if document_type is DocumentType.DEPOSIT_INVOICE else completed_on(item)) or date for item in request.items]
    for index, item in enumerate(request.items):
        # as they will stand: a reason alone may say the category
        taxes = complete(item.tax_detail.taxes, small, request.language)
        for position, tax in enumerate(taxes):
            path = f"items[{index}].taxDetail.taxes[{position}]"
            if tax.category_code in _OF_PARTIES:
                problems += _category(request, document_type, facts, item, tax, path)
            if tax.determined_by is not None and facts.judges_rates:
                problems += rule_findings(tax, days[index], facts.tax_rules, path)
            elif tax.category_code in ("S", None) and tax.rate > 0 and len(taxes) == 1:
                country = (item.tax_location or item.performance_location).country
                problem = _rate_problem(tax.rate, country, days[index]) if facts.judges_rates else None
                if problem is not None and not facts.tax_rules.has_rate(tax.rate, [country], [days[index]]):
                    problems.append(_unknown_rate(problem, tax.rate, path))
    for index, entry in enumerate(request.allowances_charges):
        if entry.tax is not None and entry.tax.determined_by is not None and facts.judges_rates:
            (said,) = complete((entry.tax,), small, request.language)
            problems += rule_findings(said, max(days), facts.tax_rules, f"allowancesCharges[{index}].tax")
        elif entry.tax is not None and entry.tax.rate > 0 and (entry.tax.category_code or "S") == "S":
            # all rows are taxed in one country, each on its day
            country = (request.items[0].tax_location or request.items[0].performance_location).country
            known = alpha2(country)
            problem = rate_problem(entry.tax.rate, {known}, set(days)) if known is not None and facts.judges_rates else None
            if problem is not None and not facts.tax_rules.has_rate(entry.tax.rate, [country], days):
                problems.append(_unknown_rate(problem, entry.tax.rate, f"allowancesCharges[{index}].tax"))
    return list({(problem.code, problem.field): problem for problem in problems}.values())


def depends_on_parties(tax: Tax) -> bool:
    """Whether it is of a category that not every seller, buyer and place can have."""
    return category_of(tax, small_business=False) in _OF_PARTIES


def foreseen_findings(request: DocumentRequest, facts: Facts) -> list[Problem]:
    """What of it can already be said of what is ordered: a VAT id that the buyer does not have yet may come until it is billed, and is
    asked for then."""
    buyer, document_type = facts.buyer(DocumentType.INVOICE), DocumentType.INVOICE
    # a business of a third country has none to come
    awaits_id = buyer is not None and not buyer.vat_id and buyer.customer_type != "B2C" and _is_of_union(buyer.address.country)
    problems = []
    for index, item in enumerate(request.items):
        taxes = complete(item.tax_detail.taxes, facts.is_small_business(document_type), request.language)
        for position, tax in enumerate(taxes):
            path = f"items[{index}].taxDetail.taxes[{position}]"
            problems += _category(request, document_type, facts, item, tax, path)
    return [problem for problem in problems if not (awaits_id and problem.code == "buyer_vat_id_of_no_other_state")]


def _category(
    request: DocumentRequest, document_type: DocumentType, facts: Facts, item: RequestedItem, tax: Tax, path: str
) -> list[Problem]:
    seller, buyer, category = facts.seller(document_type), facts.buyer(document_type), tax.category_code
    if seller is None or buyer is None:
        return []
    if (category in ("K", "G") or tax.code == TRIANGULAR) and item.category in _SERVICES:
        message = f"category {category} is that of goods, not of a {item.category} (sections 6, 6a UStG)"
        if category == "AE":
            message = f"a triangular transaction is one of goods, not of a {item.category} (section 25b (1) UStG)"
        return [Problem("category_of_goods", message, f"{path}.categoryCode", category)]
    match category:
        case "K":
            return _intra_community(request, item, facts, seller, buyer, path)
        case "G":
            return _export(request, item, facts, buyer, path)
        case "AE" if tax.code == TRIANGULAR:
            return _triangular(request, document_type, item, facts, path)
        case "AE":
            return _reverse_charge(document_type, seller, buyer, path)
    return []


def _agreement(request: DocumentRequest, facts: Facts) -> list[Problem]:
    agreed, date = facts.self_billing_agreed_on, request.document_date or facts.today
    if agreed is not None and agreed <= date:
        return []
    message = "self-billing has to be agreed with the customer before (section 14 (2) sentence 5 UStG)"
    return [Problem("self_billing_agreement_missing", message, "customer.selfBillingAgreementOn", agreed)]


def _partner(request: DocumentRequest, seller: Party, buyer: Party) -> list[Problem]:
    """The partner's status decides: who acts from abroad shows no tax of our country, we owe it (section 13b UStG)."""
    if state_of(seller) == state_of(buyer):
        return []
    return [
        Problem(
            "self_billing_tax_of_abroad",
            f"the partner acts from {state_of(seller)}: the tax is owed by its recipient, category AE (section 13b UStG)",
            f"items[{index}].taxDetail.taxes[{position}].categoryCode",
            tax.category_code or "S",
        )
        for index, item in enumerate(request.items)
        for position, tax in enumerate(item.tax_detail.taxes)
        if (tax.category_code or "S") in _OWED_BY_US and not seller.small_business
    ]


def _no_discount(request: DocumentRequest, facts: Facts, message: str) -> list[Problem]:
    """Skonto is granted to who owes us a supply. What was issued or is imported says what it said."""
    if request.payment_term is None or not request.payment_term.cash_discount or facts.repeats or facts.imported:
        return []
    return [Problem("cash_discount_not_expected", message, "paymentTerm.cashDiscount")]


def state_of(party: Party) -> str:
    """Where a business acts from: the member state of its VAT id, else its address (section 3a (2) UStG)."""
    return vat_state(party) or party.address.country


def vat_state(party: Party) -> str | None:
    """The member state that gave the party's VAT id."""
    prefix = (party.vat_id or "")[:2].upper()
    prefix = "GR" if prefix == "EL" else prefix
    return prefix if _is_of_union(prefix) else None


def _is_of_union(country: str) -> bool:
    """A member state, or Northern Ireland, which is one for goods."""
    return country in EU_COUNTRIES or country == "XI"


def _ends(request: DocumentRequest, item: RequestedItem, facts: Facts, buyer: Party) -> list[Territory]:
    """Where the goods may end: where they are sent, else where they are performed or taxed, or the buyer is."""
    if facts.shipping_address is not None:
        return [_at(facts.shipping_address)]
    places = [item.performance_location, *([item.tax_location] if item.tax_location else [])]
    found = [territory_of(place.country, place.postal_code, place.region, place.city) for place in places if alpha2(place.country)]
    return [_at(buyer.address), *found]


def _at(address: Address) -> Territory:
    return territory_of(address.country, address.zip, None, address.city)


def _intra_community(
    request: DocumentRequest, item: RequestedItem, facts: Facts, seller: Party, buyer: Party, path: str
) -> list[Problem]:
    problems = []
    start = seller.address.country
    if buyer.vat_id and (vat_state(buyer) is None or vat_state(buyer) == start):
        message = f"an intra-Community supply from {start} needs a VAT id of another member state (section 6a UStG)"
        problems.append(Problem("buyer_vat_id_of_no_other_state", message, f"{path}.categoryCode", buyer.vat_id))
    elif not buyer.vat_id and buyer.customer_type == "B2C":
        message = "an intra-Community supply needs a business as buyer (section 6a (1) no. 2 UStG)"
        problems.append(Problem("buyer_is_no_business", message, f"{path}.categoryCode", "K"))
    here = _at(seller.address).goods
    if not any(place.goods not in (None, here) for place in _ends(request, item, facts, buyer)):
        message = f"an intra-Community supply from {start} ends in another member state (section 6a UStG)"
        problems.append(Problem("goods_stay_in_the_country", message, f"{path}.categoryCode", "K"))
    return problems


def _export(request: DocumentRequest, item: RequestedItem, facts: Facts, buyer: Party, path: str) -> list[Problem]:
    if any(place.goods is None for place in _ends(request, item, facts, buyer)):
        return []
    message = "an export ends outside the European Union (section 6 UStG)"
    return [Problem("goods_stay_in_the_union", message, f"{path}.categoryCode", "G")]


def _triangular(
    request: DocumentRequest, document_type: DocumentType, item: RequestedItem, facts: Facts, path: str
) -> list[Problem]:
    """We bought in one member state and supply in another, where the last buyer is registered and the goods end; neither is ours (section
    25b (1) and (2) UStG). From where they start nobody says here."""
    seller, buyer = facts.seller(document_type), facts.buyer(document_type)
    if seller is None or buyer is None:
        return []
    code, problems = f"{path}.code", list[Problem]()
    if document_type in SELF_BILLING:
        message = (
            "what a partner supplies as the first buyer of a triangular transaction is billed by the partner (section 25b (2) UStG)"
        )
        return [Problem("triangular_not_expected", message, code, TRIANGULAR)]
    there, ours = vat_state(buyer), state_of(seller)
    if not seller.vat_id:
        message = "the first buyer of a triangular transaction acts with a VAT id (section 25b (1) no. 2 UStG)"
        problems.append(Problem("seller_vat_id_missing", message, code, TRIANGULAR))
    if there is None or there == ours:
        message = (
            f"a triangular transaction needs the buyer's VAT id of another member state than {ours} (section 25b (1) no. 2 UStG)"
        )
        return [*problems, Problem("buyer_vat_id_of_no_other_state", message, code, buyer.vat_id)]
    if not any(place.goods == there for place in _ends(request, item, facts, buyer)):
        message = (
            f"the goods of a triangular transaction end where the buyer is registered, in {there} (section 25b (2) no. 4 UStG)"
        )
        problems.append(Problem("goods_end_elsewhere", message, code, TRIANGULAR))
    return problems


def _of_one_kind(request: DocumentRequest) -> list[Problem]:
    """Why reverse charge of two kinds cannot stand on one document: EN 16931 has one breakdown, and one reason, for all of category AE."""
    named = [index for index, item in enumerate(request.items) for tax in item.tax_detail.taxes if tax.code == TRIANGULAR]
    kinds = {
        tax.code == TRIANGULAR
        for item in (request.items if named else ())
        for tax in complete(item.tax_detail.taxes)
        if tax.category_code == "AE"
    }
    if len(kinds) < 2:
        return []
    message = (
        "a triangular supply and other reverse charge are billed by documents of their own: they have one reason in category AE"
    )
    return [Problem("triangular_beside_other_reverse_charge", message, f"items[{named[0]}].taxDetail.taxes[0].code", TRIANGULAR)]


def _reverse_charge(document_type: DocumentType, seller: Party, buyer: Party, path: str) -> list[Problem]:
    if document_type in SELF_BILLING:
        return []  # we are the buyer, and the partner's status was looked at
    ours = state_of(seller)
    if (vat_state(buyer) or buyer.address.country) == ours:
        if buyer.customer_type != "B2C":
            return []
        message = "reverse charge within the country needs a business as buyer (section 13b (5) UStG)"
        return [Problem("buyer_is_no_business", message, f"{path}.categoryCode", "AE")]
    if vat_state(buyer) is not None:
        return []
    message = "reverse charge across the border needs the buyer's VAT id of another member state (Article 196 MwStSystRL)"
    return [Problem("buyer_vat_id_of_no_other_state", message, f"{path}.categoryCode", buyer.vat_id)]


@lru_cache(maxsize=4096)
def _rate_problem(rate: Decimal, country: str, day: dt.date) -> str | None:
    """Why the country of taxation has no such rate on the day of the supply."""
    known = alpha2(country)
    return None if known is None else rate_problem(rate, (known,), (day,))


def _unknown_rate(problem: str, rate: Decimal, path: str) -> Problem:
    return Problem("rate_unknown_in_country", problem, f"{path}.rate", rate)
