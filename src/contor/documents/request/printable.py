"""Texts of a document that no typeface can print: a document in boxes says nobody's name (section 14 (4) no. 1 UStG)."""

from collections.abc import Iterator

from contor.documents.references import OF_DOCUMENT, OF_ROW, Reference
from contor.documents.typefaces import unprintable
from contor.documents.types import Address, DocumentRequest, Party, Property


def unprintable_texts(request: DocumentRequest, parties: dict[str, Party | None], shipping: Address | None) -> dict[str, str]:
    """API path or place of each text that the page shows -> its letters that cannot be printed; for most documents nothing."""
    found = {path: missing for path, text in _of_request(request) if text and (missing := unprintable(text))}
    for name, party in parties.items():
        if party is not None:
            found |= {path: missing for path, text in _of_party(name, party) if text and (missing := unprintable(text))}
    if shipping is not None:
        found |= {
            path: missing for path, text in _of_address("shippingAddress", shipping) if text and (missing := unprintable(text))
        }
    return found


def _of_request(request: DocumentRequest) -> Iterator[tuple[str, str | None]]:
    yield from _said(OF_DOCUMENT, request.properties, "properties")
    for index, item in enumerate(request.items):
        path = f"items[{index}]"
        yield f"{path}.name", item.name
        yield f"{path}.description", item.description
        yield f"{path}.articleNumber", item.article_number
        for position, extra in enumerate(item.extras):
            yield f"{path}.extras[{position}].name", extra.name
        if item.properties:
            yield from _said(OF_ROW, item.properties, f"{path}.properties")
    for index, entry in enumerate(request.allowances_charges):
        yield f"allowancesCharges[{index}].name", entry.name
    for index, voucher in enumerate(request.post_tax_items):
        yield f"postTaxItems[{index}].name", voucher.name


def _said(references: tuple[Reference, ...], properties: tuple[Property, ...], path: str) -> Iterator[tuple[str, str | None]]:
    shown = {reference.key for reference in references}
    for entry in properties:
        if entry.key in shown:
            yield f"{path}.{entry.key}", entry.value


def _of_party(name: str, party: Party) -> Iterator[tuple[str, str | None]]:
    yield f"{name}.name", party.name
    yield f"{name}.tradingName", party.trading_name
    yield f"{name}.person", party.person
    yield f"{name}.contact.name", party.contact.name
    yield from _of_address(f"{name}.address", party.address)


def _of_address(name: str, address: Address) -> Iterator[tuple[str, str | None]]:
    yield f"{name}.street", address.street
    yield f"{name}.streetNo", address.street_no
    yield f"{name}.addition", address.addition
    yield f"{name}.city", address.city
    yield f"{name}.state", address.state
