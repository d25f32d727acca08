"""VIES, by its REST form: `checkVatApprox` of the European Commission. Pure.

Source: https://ec.europa.eu/taxation_customs/vies/ (REST interface `check-vat-number`, with the enquirer and what is known of the trader;
error codes as those of the SOAP interface, `checkVatService.wsdl`).
"""

from typing import Final

import msgspec

from contor.tax.vat_numbers.numbers import number_of
from contor.tax.vat_numbers.services.types import MATCHES, OF_ANOTHER, Call, Enquiry, Heard, unreadable
from contor.tax.vat_numbers.types import Matches

_REFUSING: Final = {
    "INVALID_REQUESTER_INFO": "the own VAT id, in whose name it was asked, is not valid",
    "VAT_BLOCKED": "enquiries in the name of the own VAT id are blocked",
    "IP_BLOCKED": "enquiries from this server are blocked",
}
_DOWN: Final = {
    "MS_UNAVAILABLE": "the register of the member state does not answer",
    "SERVICE_UNAVAILABLE": "the service is down",
    "TIMEOUT": "the register of the member state did not answer in time",
    "SERVER_BUSY": "the service is busy",
    "GLOBAL_MAX_CONCURRENT_REQ": "the service is asked too much at once",
    "GLOBAL_MAX_CONCURRENT_REQ_TIME": "the service is asked too much at once",
    "MS_MAX_CONCURRENT_REQ": "the register of the member state is asked too much at once",
    "MS_MAX_CONCURRENT_REQ_TIME": "the register of the member state is asked too much at once",
}
_NOTHING: Final = ("", "---")
"""How the service says that there is nothing to say."""


class _Error(msgspec.Struct):
    error: str = ""


class _Answer(msgspec.Struct, rename="camel"):
    """As far as it is read."""

    valid: bool | None = None
    country_code: str = ""
    vat_number: str = ""
    request_identifier: str | None = None
    name: str | None = None
    address: str | None = None
    trader_name_match: str | None = None
    trader_street_match: str | None = None
    trader_postal_code_match: str | None = None
    trader_city_match: str | None = None
    action_succeed: bool | None = None
    error_wrappers: tuple[_Error, ...] = ()


def call_of(enquiry: Enquiry) -> Call:
    """What is sent."""
    state, digits = number_of(enquiry.vat_id)
    said = {"countryCode": state, "vatNumber": digits}
    if enquiry.requester is not None:
        own = number_of(enquiry.requester)
        said |= {"requesterMemberStateCode": own.state, "requesterNumber": own.digits}
    trader = {
        "traderName": enquiry.asked.name,
        "traderStreet": enquiry.asked.street,
        "traderPostalCode": enquiry.asked.postal_code,
        "traderCity": enquiry.asked.city,
    }
    return Call("/check-vat-number", msgspec.json.encode(said | {name: text for name, text in trader.items() if text}))


def heard_in(raw: bytes, status: int, enquiry: Enquiry) -> Heard:
    """What the answer says."""
    try:
        answer = msgspec.json.decode(raw, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return unreadable(raw, status)
    if answer.error_wrappers or answer.action_succeed is False:
        return _of_error(answer.error_wrappers[0].error if answer.error_wrappers else "", raw)
    if answer.valid is None or status >= 400:
        return unreadable(raw, status)
    if (answer.country_code + answer.vat_number).upper() != enquiry.vat_id:
        return Heard("UNAVAILABLE", OF_ANOTHER, "the service answered about another number", raw=raw)
    return Heard(
        "VALID" if answer.valid else "INVALID",
        reason=None if answer.valid else "the register of the member state does not know it as valid",
        consultation_number=_said(answer.request_identifier),
        name=_said(answer.name),
        address=_said(answer.address),
        matches=Matches(
            name=MATCHES.get(answer.trader_name_match or ""),
            street=MATCHES.get(answer.trader_street_match or ""),
            postal_code=MATCHES.get(answer.trader_postal_code_match or ""),
            city=MATCHES.get(answer.trader_city_match or ""),
        ),
        raw=raw,
    )


def _of_error(code: str, raw: bytes) -> Heard:
    if code == "INVALID_INPUT":
        return Heard("INVALID", code, "it is no number of its member state", raw=raw)
    if code in _REFUSING:
        return Heard("REFUSED", code, _REFUSING[code], raw=raw)
    return Heard("UNAVAILABLE", code[:100] or None, _DOWN.get(code, "the service could not answer"), raw=raw)


def _said(text: str | None) -> str | None:
    return None if text is None or text.strip() in _NOTHING else text.strip()[:1000]
