"""A number of the API is the number that was written, digit for digit, through codec, shape, database and answer."""

from decimal import Decimal
from typing import Any

import pytest
from psycopg.types.json import Jsonb
from tests.factories.tenants import Tenant

from contor.api.answers import rendered
from contor.api.codec import JSON
from contor.api.exchange import shaped
from contor.documents.types import PriceTier, Tax, UnitSides
from contor.runtime.db import ENCODER

NUMBER = "123456789012345.1234"


@pytest.mark.parametrize("written", [NUMBER, f'"{NUMBER}"'], ids=["number", "text"])
@pytest.mark.parametrize(
    ("kind", "template"),
    [
        (PriceTier, '{"quantity":%s,"unitPrice":%s,"above":false}'),
        (UnitSides, '{"net":%s,"gross":%s}'),
        (Tax, '{"rate":%s}'),
    ],
)
def test_through_codec_and_shape(kind: Any, template: str, written: str) -> None:
    """Numbers and texts are read alike; the answer writes numbers."""
    value = shaped(kind, JSON.read(template.replace("%s", written).encode()), camel=True)
    answer = ENCODER.encode(rendered(kind, value, camel=True)).decode()
    assert answer == template.replace("%s", NUMBER)


@pytest.mark.parametrize("written", [NUMBER, "0.0000000001", "-999999999999999.9999", "0.10", "1E+3", "100000000000000000000.5"])
def test_through_the_database(tenant: Tenant, written: str) -> None:
    """As numeric parameter, and as a number inside jsonb."""
    value = Decimal(written)
    with tenant.runtime.transaction(tenant.caller(), reads=True) as uow:
        (row,) = uow.records("SELECT %s::numeric AS plain, %s AS inside", (value, Jsonb({"n": value})))
    assert (row["plain"], row["inside"]) == (value, {"n": value})


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("1e999", "items[0].quantity"),
        ("1e9999999", None),
        ("1e99999999999999999999", None),
        ("NaN", None),
        ("12345678901234567", "items[0].quantity"),
        ("0.12345", "items[0].quantity"),
        ("-1", "items[0].quantity"),
        ("true", "items[0].quantity"),
        ("[]", "items[0].quantity"),
        ('"many"', "items[0].quantity"),
    ],
)
def test_quantities_that_are_refused(tenant: Tenant, written: str, field: str | None) -> None:
    """Beyond 15 integral or 4 fractional digits, negative, or no number: refused by its path, never rounded. None: no JSON."""
    raw = f'{{"requestId":"r","items":[{{"quantity":{written}}}]}}'.encode()
    answer = tenant.call("POST", "/documents/invoices", raw=raw)
    assert answer.status == 400
    assert field in {entry.get("fieldName") for entry in answer.body["errors"]}
    assert tenant.rows("SELECT count(*) FROM document_request")[0][0] == 0
