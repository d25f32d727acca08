"""The last use of a coupon is had once: whoever wants it at the same moment, and whoever dies with it in his hand."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from tests.factories.bureaus import Bureau

from contor.contracts.coupons import RedeemCoupon, Redemption, redeem_coupon
from contor.kernel.errors import Refused

CUSTOMERS, EACH = 10, 10


@pytest.fixture
def many(bureau: Bureau) -> list[str]:
    """A hundred contracts of ten customers, of which the bureau has four already."""
    for number in range(4, CUSTOMERS):
        bureau.call(
            "POST",
            "/v2/customers",
            {
                "customerIdent": f"k-{number}",
                "company": f"Kunde {number}",
                "customerType": "B2B",
                "addresses": [
                    {
                        "addressIdent": f"a-{number}",
                        "addressType": "INVOICE",
                        "street": "Weg",
                        "streetNo": "1",
                        "zip": "20095",
                        "city": "Hamburg",
                        "country": "DE",
                        "company": f"Kunde {number}",
                    }
                ],
            },
            201,
        )
    idents = [f"v-{number}-{position}" for number in range(CUSTOMERS) for position in range(EACH)]
    for ident in idents:
        bureau.sign(int(ident.split("-")[1]), ident)
    body = {"code": "last", "name": "Last", "type": "PERCENTAGE", "percentage": "10", "limitTotal": 3}
    bureau.call("POST", "/v2/coupons", body, 201)
    for ident in idents[:2]:
        bureau.call("POST", f"/v2/contracts/{ident}/actions/redeem-coupon", {"code": "last"}, 201)
    return idents[2:]


def redeemed(bureau: Bureau, ident: str) -> str:
    """What becomes of who wants it: had, or the reasons."""
    try:
        bureau.tenant.execute(redeem_coupon, RedeemCoupon(contract_ident=ident, body=Redemption(code="last")))
    except Refused as refused:
        return " ".join(problem.message for problem in refused.problems)
    return "had"


def test_of_a_hundred_that_want_the_last_use_one_has_it_also_when_who_was_first_dies(
    bureau: Bureau, many: list[str], database_dsn: str
) -> None:
    tenant = bureau.tenant
    with ThreadPoolExecutor(100) as threads:
        with pytest.raises(psycopg.OperationalError), tenant.runtime.transaction(tenant.caller()) as uow:
            redeem_coupon(uow, RedeemCoupon(contract_ident=many[0], body=Redemption(code="last")))
            assert uow.scalar(int, "SELECT usages FROM coupon WHERE code = 'last'") == 3
            # a hundred wait for what is locked here, and its connection ends before anything is kept
            wanted = [threads.submit(redeemed, bureau, many[number % len(many)]) for number in range(100)]
            with psycopg.connect(database_dsn, autocommit=True) as owner:
                owner.execute("SELECT pg_terminate_backend(%s)", (uow.connection.info.backend_pid,))
            uow.scalar(int, "SELECT 1")
        answers = Counter(future.result() for future in wanted)
    had = answers.pop("had")
    assert had == 1
    assert set(answers) <= {
        "The coupon was redeemed 3 times, as often as it may be.",
        "The contract has coupon last already.",
    }
    assert sum(answers.values()) == 99
    found = bureau.call("GET", "/v2/coupons/last")
    assert (found["usages"], found["state"]) == (3, "USED_UP")
    (kept,) = tenant.rows("SELECT count(*) AS redemptions, count(DISTINCT contract_ident) AS contracts FROM contract_coupon")
    assert (kept.redemptions, kept.contracts) == (3, 3)
    (given,) = tenant.rows("SELECT count(*) AS allowances FROM contract_allowance")
    assert given.allowances == 3
    assert tenant.unsound() == []
