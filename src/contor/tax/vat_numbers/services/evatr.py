"""eVatR of the Bundeszentralamt für Steuern, by its REST interface: foreign numbers, for German enquirers. Pure.

Source: section 18e UStG; https://api.evatr.vies.bzst.de/app/v1 (`abfrage`, `info/statusmeldungen`), which took the place of XML-RPC in
2025.
"""

import datetime as dt
from typing import Final

import msgspec

from contor.tax.vat_numbers.services.types import OF_ANOTHER, Call, Enquiry, Heard, unreadable
from contor.tax.vat_numbers.types import Match, Matches

_VALID: Final = {
    "evatr-0000": None,
    "evatr-2008": "valid, with something particular about the qualified confirmation: ask the BZSt",
}
_INVALID: Final = {
    "evatr-0005": "it is not written as VAT ids are",
    "evatr-0012": "it is not written as those of its member state are",
    "evatr-2001": "it is not assigned",
    "evatr-2002": "it is not valid yet",
    "evatr-2003": "its prefix is that of no member state",
    "evatr-2006": "it is not valid any more",
}
_REFUSING: Final = {
    "evatr-0004": "the own VAT id is not written as German ones are",
    "evatr-0006": "the own VAT id may not ask about German numbers",
    "evatr-0007": "the call is not one that the service knows",
    "evatr-2005": "the own VAT id, in whose name it was asked, is not valid",
}
_MATCHES: Final[dict[str, Match]] = {"A": "VALID", "B": "INVALID", "C": "NOT_PROCESSED", "D": "NOT_SUPPORTED"}


class _Answer(msgspec.Struct, rename="camel"):
    """As far as it is read."""

    status: str = ""
    id: str | None = None
    angefragte_ustid: str | None = None
    gueltig_ab: str | None = None
    gueltig_bis: str | None = None
    erg_firmenname: str | None = None
    erg_strasse: str | None = None
    erg_plz: str | None = None
    erg_ort: str | None = None


def call_of(enquiry: Enquiry) -> Call:
    """What is sent. A confirmation is qualified by company and town, which go together."""
    said = {"anfragendeUstid": enquiry.requester or "", "angefragteUstid": enquiry.vat_id}
    asked = enquiry.asked
    if asked.name and asked.city:
        trader = {"firmenname": asked.name, "ort": asked.city, "strasse": asked.street, "plz": asked.postal_code}
        said |= {name: text for name, text in trader.items() if text}
    return Call("/abfrage", msgspec.json.encode(said))


def heard_in(raw: bytes, status: int, enquiry: Enquiry) -> Heard:
    """What the answer says; its own `status` says more than that of HTTP (404: not assigned)."""
    try:
        answer = msgspec.json.decode(raw, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return unreadable(raw, status)
    code = answer.status
    if answer.angefragte_ustid is not None and answer.angefragte_ustid.upper() != enquiry.vat_id:
        return Heard("UNAVAILABLE", OF_ANOTHER, "the service answered about another number", raw=raw)
    if code in _VALID or code in _INVALID:
        return Heard(
            "VALID" if code in _VALID else "INVALID",
            code,
            _VALID[code] if code in _VALID else _INVALID[code],
            consultation_number=answer.id,
            matches=Matches(
                name=_MATCHES.get(answer.erg_firmenname or ""),
                street=_MATCHES.get(answer.erg_strasse or ""),
                postal_code=_MATCHES.get(answer.erg_plz or ""),
                city=_MATCHES.get(answer.erg_ort or ""),
            ),
            valid_from=_day(answer.gueltig_ab),
            valid_until=_day(answer.gueltig_bis),
            raw=raw,
        )
    if code in _REFUSING:
        return Heard("REFUSED", code, _REFUSING[code], raw=raw)
    if not code.startswith("evatr-"):
        return unreadable(raw, status)
    return Heard("UNAVAILABLE", code[:100], "the service cannot answer now", raw=raw)


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
