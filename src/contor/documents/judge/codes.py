"""Codes that the lists of EN 16931 do not have, or that contradict what stands beside them: the files could not be sent. Pure.

Source: EN 16931 BR-CL-01 to BR-CL-26, BR-CO-09. What is repeated is said again as it stands: a credit may say of a row what the credited
one says, and a reissue keeps the parties and rows of the old document.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from contor.documents.amounts import Left
from contor.documents.exemptions import WITH_REASON, complete
from contor.documents.judge.rules import Facts
from contor.documents.judge.taxes import reason_findings
from contor.documents.properties import CODES_OF_DOCUMENT, CODES_OF_ROW, Coded
from contor.documents.references import Named
from contor.documents.types import UNIT_CODES, DocumentItem, DocumentRequest, Party, RequestedItem, Tax
from contor.kernel.codes import COUNTRY, ELECTRONIC_ADDRESS, EXEMPTION, UNIT, VAT_PREFIX, CodeList
from contor.kernel.errors import Problem


def code_findings(request: DocumentRequest, facts: Facts) -> list[Problem]:
    """Unknown codes of the parties, the place of delivery, and the document's properties."""
    if facts.repeats:
        return []
    problems: list[Problem] = []
    sides = (("operatingSite", facts.site, ("BT-34", "BT-40", "BT-31")), ("customer", facts.customer, ("BT-49", "BT-55", "BT-48")))
    for name, party, terms in sides:
        if party is not None:
            problems += _of_party(name, party, *terms)
    to = facts.shipping_address
    if to is not None and to.country not in COUNTRY:
        problems.append(_unknown(to.country, COUNTRY, "BT-80", "shippingAddress.country"))
    return problems + list(_of_properties(request.properties, CODES_OF_DOCUMENT, "properties"))


def row_code_findings(request: DocumentRequest, facts: Facts, left: Left | None) -> list[Problem]:
    """Unknown and contradicting codes of the rows and allowances. `left`: of the document that is credited."""
    if facts.repeats:
        return []
    problems: list[Problem] = []
    for index, item in enumerate(request.items):
        credited = left.row_of(item) if left is not None else None
        problems += item_code_findings(item, request.language, f"items[{index}]", credited.item if credited else None)
    said = {entry.exemption_reason_code for entry in left.document.allowances_charges} if left is not None else set[str | None]()
    for index, entry in enumerate(request.allowances_charges):
        if entry.tax is not None and entry.tax.exemption_reason_code not in said:
            problems += _of_taxes((entry.tax,), request.language, f"allowancesCharges[{index}].tax")
    return problems


def item_code_findings(item: RequestedItem, language: str, path: str, credited: DocumentItem | None = None) -> Iterator[Problem]:
    """Of one row, wherever it is agreed. `credited`: the row that it takes back, and may repeat."""
    unit = item.unit_code
    if unit is not None and unit not in UNIT and not (credited and credited.unit_code == unit):
        yield _unknown(unit, UNIT, "BT-130", f"{path}.unitCode")
    elif unit is not None and item.quantity_type != "PC" and unit != UNIT_CODES[item.quantity_type] and credited is None:
        message = f"is {unit}, but quantityType {item.quantity_type} says {UNIT_CODES[item.quantity_type]} (BT-130): leave one of them out"
        yield Problem("unit_differs", message, f"{path}.unitCode", unit)
    # a credit bears the tax of the row it credits; what it says of its reason is still a code, or the reason of that row
    known = {tax.exemption_reason_code for tax in credited.taxes} if credited else set[str | None]()
    yield from _of_taxes(item.tax_detail.taxes, language, f"{path}.taxDetail.taxes[{{}}]", known)
    if item.properties:
        repeated = credited.properties if credited else ()
        new = item.properties if not repeated else tuple([entry for entry in item.properties if entry not in repeated])
        yield from _of_properties(new, CODES_OF_ROW, f"{path}.properties")


def _of_party(name: str, party: Party, endpoint: str, country: str, vat: str) -> Iterator[Problem]:
    address = party.electronic_address
    if address is not None and address.scheme not in ELECTRONIC_ADDRESS:
        yield _unknown(address.scheme, ELECTRONIC_ADDRESS, endpoint, f"{name}.electronicAddress.scheme")
    if party.address.country and party.address.country not in COUNTRY:
        yield _unknown(party.address.country, COUNTRY, country, f"{name}.address.country")
    if party.vat_id and party.vat_id[:2] not in VAT_PREFIX:
        yield _unknown(party.vat_id[:2], VAT_PREFIX, vat, f"{name}.vatId")


def _of_taxes(taxes: tuple[Tax, ...], language: str, path: str, known: Collection[str | None] = ()) -> Iterator[Problem]:
    """`path`: with a place for the position, where there are several. `known`: codes that are said again as they stand."""
    if not any(tax.exemption_reason_code for tax in taxes):
        return
    for position, tax in enumerate(complete(taxes, False, language)):
        code, here = tax.exemption_reason_code, path.format(position)
        if code in known or tax.category_code not in WITH_REASON:
            continue  # where no reason can stand, that it is no code is no fault beside
        if code and code not in EXEMPTION:
            yield _unknown(code, EXEMPTION, "BT-121", f"{here}.exemptionReasonCode")
        else:
            yield from reason_findings(tax, here)


def property_code_findings(properties: Sequence[Named], path: str) -> Iterator[Problem]:
    """Of what is said of an item, wherever it is offered."""
    return _of_properties(properties, CODES_OF_ROW, path)


def _of_properties(properties: Sequence[Named], coded: Mapping[str, Coded], path: str) -> Iterator[Problem]:
    for index, entry in enumerate(properties):
        known = coded.get(entry.key.partition(".")[0])
        code = known.code_in(entry.value) if known is not None else None
        if known is not None and code is not None and code not in known.codes:
            yield _unknown(code, known.codes, known.term, f"{path}[{index}].value")


def _unknown(code: str, codes: CodeList, term: str, path: str) -> Problem:
    return Problem("code_unknown", f"{code} ({term}) {codes.refusal(code)}", path, code)
