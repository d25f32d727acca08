"""`tax_calculate`: the taxes of documents that are not issued, in batches, by rules of several kinds; forecasts, and those that are kept.
From validated input to the answer, without HTTP."""

import gc
import os
from collections.abc import Iterator
from typing import Any

from benchmarks import issuing
from benchmarks.inputs import ROWS, a_body
from benchmarks.measure import Result, rss_mb, timed
from contor.documents.calculation import calculate_documents
from contor.documents.calculation.calculate import CalculateDocuments
from contor.documents.calculation.types import CalculationBatch
from contor.kernel.context import Caller
from contor.runtime.execute import Runtime, adapter
from contor.tax.rules import create_rule
from contor.tax.rules.types import TaxRuleBody
from contor.tax.rules.write import CreateRule

BATCH = 500
RULES = 200
"""Of four kinds; none holds for what is calculated but the last."""


def tax_calculate(runtime: Runtime, postmaster: int, count: int) -> Iterator[Result]:
    """Documents of the benchmark's shape, and of three rows."""
    _, caller = issuing.new_tenant(runtime, "bench-taxes")
    for number in range(RULES):
        runtime.execute(create_rule, CreateRule(adapter(TaxRuleBody).validate_python(_rule(number), by_name=True)), caller)
    for rows in (3, ROWS):
        for kept in (False, True):
            yield _measured(runtime, caller, postmaster, count, rows, kept)


def _measured(runtime: Runtime, caller: Caller, postmaster: int, count: int, rows: int, kept: bool) -> Result:
    bodies = [_body(number, rows, kept) for number in range(count)]
    shape = adapter(CalculationBatch)
    batches = [
        CalculateDocuments(shape.validate_python({"documents": bodies[start : start + BATCH]}, by_alias=True, by_name=False))
        for start in range(0, count, BATCH)
    ]
    result = Result("tax_calculate", count)
    gc.collect()
    gc.freeze()  # a server has done so with what it imported, and one batch at a time in hand, not all of them
    with timed(result, os.getpid(), postmaster=postmaster):
        for batch in batches:
            runtime.execute(calculate_documents, batch, caller)
    result.rss_mb = rss_mb(os.getpid())
    result.note = f"{rows} rows, {'kept' if kept else 'forecasts'}, batches of {BATCH}, {RULES} rules"
    return result


def _rule(number: int) -> dict[str, Any]:
    said = {"applicable_from": "2020-01-01", "tax_rate": 19}
    kinds = (
        {"country": "FR", "tax_classifications": [f"C-{number}"]},
        {"country": "AT", "region": f"R-{number}"},
        {"customer_type": "B2C", "country": "IT", "region": f"R-{number}"},
        {"item_category": "SERVICE", "country": "DE", "product_tax_code": f"P-{number}"},
    )
    conditions = {"country": "DE", "item_category": "SERVICE"} if number == RULES - 1 else kinds[number % len(kinds)]
    return {"tax_rule_ident": f"rule-{number}", **conditions, "variants": [said]}


def _body(number: int, rows: int, kept: bool) -> dict[str, Any]:
    invoice = a_body(number, number % issuing.CUSTOMERS, rows)
    return {
        "billingGroupIdent": invoice["billingGroupIdent"],
        "customer": {"customerIdent": invoice["customerDetail"]["customerIdent"]},
        "items": [
            {
                "ident": item["ident"],
                "performanceLocation": item["performanceLocation"],
                "taxLocation": item["performanceLocation"],
                "productInformation": {"category": item["category"], "name": item["name"], "quantity": item["quantity"]},
                "taxDate": item["servicePeriod"]["end"],
                "prices": item["prices"],
            }
            for item in invoice["items"]
        ],
        "forecast": not kept,
        "requestId": f"bench-{rows}-{number}",
    }
