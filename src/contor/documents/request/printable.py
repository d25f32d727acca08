"""Texts of a document that no typeface can print: a document in boxes says nobody's name (section 14 (4) no. 1 UStG)."""

from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Final

from contor.documents.references import FIELDS_OF_DOCUMENT, FIELDS_OF_ROW
from contor.documents.typefaces import unprintable
from contor.documents.types import Address, DocumentRequest, Party


def unprintable_texts(request: DocumentRequest, parties: dict[str, Party | None], shipping: Address | None) -> dict[str, str]:
    """API path or place of each text that the page shows -> its letters that cannot be printed; for most documents nothing."""
    found = {path: missing for path, text in _of_request(request) if (missing := unprintable(text))}
    for name, party in parties.items():
        if party is not None:
            found |= _missing(name, _PARTY, _texts_of_party(party))
            found |= _missing(f"{name}.address", _ADDRESS, _texts_of_address(party.address))
    if shipping is not None:
        found |= _missing("shippingAddress", _ADDRESS, _texts_of_address(shipping))
    return found


_ROW: Final = {"name": "name", "description": "description", "articleNumber": "article_number"}
_PARTY: Final = {"name": "name", "tradingName": "trading_name", "person": "person", "contact.name": "contact.name"}
_ADDRESS: Final = {"street": "street", "streetNo": "street_no", "addition": "addition", "city": "city", "state": "state"}
"""As callers know each text, and as we do."""
_texts_of_row, _texts_of_party, _texts_of_address = [attrgetter(*names.values()) for names in (_ROW, _PARTY, _ADDRESS)]


def _missing(path: str, names: Iterable[str], texts: Sequence[str | None]) -> dict[str, str]:
    if "".join(filter(None, texts)).isascii():
        return {}
    return {f"{path}.{name}": missing for name, text in zip(names, texts, strict=True) if text and (missing := unprintable(text))}


def _of_request(request: DocumentRequest) -> Iterator[tuple[str, str]]:
    """The texts that are worth a look: any typeface has the letters of ASCII."""
    for entry in request.properties:
        if entry.key in FIELDS_OF_DOCUMENT:
            yield f"properties.{entry.key}", entry.value
    for index, item in enumerate(request.items):
        for name, text in zip(_ROW, _texts_of_row(item), strict=True):
            if text and not text.isascii():
                yield f"items[{index}].{name}", text
        for position, extra in enumerate(item.extras):
            yield f"items[{index}].extras[{position}].name", extra.name
        for entry in item.properties:
            if not entry.value.isascii() and entry.key in FIELDS_OF_ROW:
                yield f"items[{index}].properties.{entry.key}", entry.value
    for index, allowance in enumerate(request.allowances_charges):
        yield f"allowancesCharges[{index}].name", allowance.name
    for index, voucher in enumerate(request.post_tax_items):
        yield f"postTaxItems[{index}].name", voucher.name
