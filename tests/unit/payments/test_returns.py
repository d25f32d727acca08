"""What a return or rejection means, row by row of the table of money reference 5."""

import pytest

from contor.payments.sepa import consequence_of

TABLE = {
    "AC01 AC04 AC06 AC13": (True, False, "ASK_CUSTOMER"),
    "AM04": (False, False, "RETRY"),
    "AM05": (False, False, "STOP"),
    "MD01": (False, True, "NONE"),
    "MD06": (False, False, "NONE"),
    "MD07": (True, False, "LIST"),
    "MS02": (False, False, "LIST"),
    "MS03": (False, False, "RETRY_ONCE"),
    "SL01": (True, False, "LIST"),
    "AG01 AG02 BE05 CNOR DNOR FOCR RC01 RR01 RR02 RR03 RR04 TM01 ZZZZ": (False, False, "LIST"),
    "0000": (False, False, "IGNORE"),
}


@pytest.mark.parametrize(("code", "wanted"), [(code, wanted) for codes, wanted in TABLE.items() for code in codes.split()])
def test_what_a_code_means(code: str, wanted: tuple[bool, bool, str]) -> None:
    found = consequence_of(code)
    assert (found.unhealthy, found.revoked, found.next) == wanted
    assert found.means
