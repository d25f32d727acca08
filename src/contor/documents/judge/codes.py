"""Codes that the lists of EN 16931 do not have: the files of such a document could not be sent. Pure.

Source: EN 16931 BR-CL-01 to BR-CL-26, BR-CO-09. What is repeated is said again as it stands: a credit may say of a row what the credited
one says, and a reissue keeps the parties and rows of the old document.
"""

from collections.abc import Iterator, Mapping, Sequence

from contor.documents.amounts import Left
from contor.documents.exemptions import complete
from contor.documents.judge.rules import Facts
from contor.documents.properties import CODES_OF_DOCUMENT, CODES_OF_ROW, Coded
from contor.documents.types import DocumentRequest, Party, Property, RequestedItem
from contor.kernel.codes import COUNTRY, ELECTRONIC_ADDRESS, EXEMPTION, UNIT, CodeList
from contor.kernel.errors import Problem


def code_findings(request: DocumentRequest, facts: Facts) -> list[Problem]:
    """Unknown codes of the parties, the place of delivery, and the document's properties."""
    if facts.repeats:
        return []
    problems: list[Problem] = []
    sides = (("operatingSite", facts.site, "BT-34", "BT-40"), ("customer", facts.customer, "BT-49", "BT-55"))
    for name, party, endpoint, country in sides:
        if party is not None:
            problems += _of_party(name, party, endpoint, country)
    to = facts.shipping_address
    if to is not None and to.country not in COUNTRY:
        problems.append(_unknown(to.country, COUNTRY, "BT-80", "shippingAddress.country"))
    return problems + list(_of_properties(request.properties, CODES_OF_DOCUMENT, "properties"))


def row_code_findings(request: DocumentRequest, facts: Facts, left: Left | None) -> list[Problem]:
    """Unknown codes of the rows and allowances. `left`: of the document that is credited."""
    if facts.repeats:
        return []
    problems: list[Problem] = []
    for index, item in enumerate(request.items):
        credited = left.row_of(item) if left is not None else None
        path = f"items[{index}]"
        unit = item.unit_code
        if unit is not None and unit not in UNIT and not (credited and credited.item.unit_code == unit):
            problems.append(_unknown(unit, UNIT, "BT-130", f"{path}.unitCode"))
        if credited is None:
            problems += _of_taxes(item, request.language, f"{path}.taxDetail.taxes")
        if item.properties:
            repeated = credited.item.properties if credited else ()
            new = item.properties if not repeated else tuple([entry for entry in item.properties if entry not in repeated])
            problems += _of_properties(new, CODES_OF_ROW, f"{path}.properties")
    for index, entry in enumerate(request.allowances_charges):
        code = entry.tax.exemption_reason_code if entry.tax is not None else None
        if code and code.upper() not in EXEMPTION:
            problems.append(_unknown(code, EXEMPTION, "BT-121", f"allowancesCharges[{index}].tax.exemptionReasonCode"))
    return problems


def _of_party(name: str, party: Party, endpoint: str, country: str) -> Iterator[Problem]:
    address = party.electronic_address
    if address is not None and address.scheme not in ELECTRONIC_ADDRESS:
        yield _unknown(address.scheme, ELECTRONIC_ADDRESS, endpoint, f"{name}.electronicAddress.scheme")
    if party.address.country and party.address.country not in COUNTRY:
        yield _unknown(party.address.country, COUNTRY, country, f"{name}.address.country")


def _of_taxes(item: RequestedItem, language: str, path: str) -> Iterator[Problem]:
    if not any(tax.exemption_reason_code for tax in item.tax_detail.taxes):
        return
    for position, tax in enumerate(complete(item.tax_detail.taxes, False, language)):
        code = tax.exemption_reason_code
        if code and code not in EXEMPTION:
            yield _unknown(code, EXEMPTION, "BT-121", f"{path}[{position}].exemptionReasonCode")


def _of_properties(properties: Sequence[Property], coded: Mapping[str, Coded], path: str) -> Iterator[Problem]:
    for index, entry in enumerate(properties):
        known = coded.get(entry.key.partition(".")[0])
        code = known.code_in(entry.value) if known is not None else None
        if known is not None and code is not None and code not in known.codes:
            yield _unknown(code, known.codes, known.term, f"{path}[{index}].value")


def _unknown(code: str, codes: CodeList, term: str, path: str) -> Problem:
    return Problem("code_unknown", f"{code} ({term}) is not what is expected here: {codes.expected}", path, code)
