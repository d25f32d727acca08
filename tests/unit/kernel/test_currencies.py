"""Currencies come from a library: the table that amounts were kept by must not change unseen."""

import pytest

from contor.kernel.money import CURRENCIES, exponent

BY_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC "
        "CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR "
        "JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD "
        "NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN "
        "SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG "
    ),
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}


def test_every_currency_has_the_decimals_of_iso_4217() -> None:
    expected = {code: decimals for decimals, codes in BY_DECIMALS.items() for code in codes.split()}
    assert {code: exponent(code) for code in CURRENCIES} == expected


@pytest.mark.parametrize("code", ["XAU", "XTS", "BOV", "CHE", "USN", "XDR", "BGN", "eur", ""])
def test_what_nothing_is_paid_in_is_no_currency(code: str) -> None:
    """Metals, codes for tests and for none, units of account of banks, what was replaced by the euro."""
    assert code not in CURRENCIES
