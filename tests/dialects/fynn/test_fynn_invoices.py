"""Invoices in the words of fynn, and the same ones as the platform and the ledger have them."""

import json
from tests.factories.fynn import Fynn


def test_probe(fynn: Fynn) -> None:
    made = fynn.call("POST", "/invoices", {"customer": "muster-handel", "title": "Beratung", "introduction": "Guten Tag", "closing": "Danke", "internalNote": "x", "positions": [
        {"name": "Beratung", "quantity": 10, "unit": "Stunde", "unitPrice": {"amount": 10000, "currencyCode": "EUR"}, "discountPercentage": 10, "serviceDateFrom": "2026-03-01", "serviceDateTo": "2026-03-31T00:00:00+00:00",
         "children": [{"name": "Fahrt", "unitPrice": 2500, "taxGroup": "reduced"}]}]}, 201)
    print(json.dumps(made, indent=1, default=str))
    one = fynn.call("GET", f"/invoices/{made['id']}")
    assert one == made
    done = fynn.call("POST", f"/invoices/{made['id']}/finalize", {"dueDate": None}, 201)
    print(json.dumps(done, indent=1, default=str))
    fynn.work()
    done = fynn.call("GET", f"/invoices/{made['id']}")
    print(done["status"], done["file"], done["xmlFile"], done["number"])
    print(json.dumps(fynn.call("GET", "/invoices"), indent=1, default=str)[:3000])
    paid = fynn.call("POST", f"/invoices/{made['id']}/payments", {"amount": 1000}, 201)
    print(paid["status"], paid["unpaidAmount"])
    assert 0
