"""A client that a generator made of the published description, without one line written by hand: it sells, bills and is paid, typed."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.checkers.published import published
from tests.factories.tenants import Tenant

from contor.api.openapi.examples import EXAMPLES
from contor.documents.issue import worker

Made = Callable[[str], ModuleType]


def generated(folder: Path, name: str, document: object) -> Path:
    """The package of the generator `openapi-python-client`, which ends with an error at the first warning."""
    source, config = folder / f"{name}.json", folder / "config.json"
    source.write_text(json.dumps(document), encoding="utf-8")
    config.write_text('{"post_hooks": []}', encoding="utf-8")
    asked = [
        "generate",
        "--path",
        source,
        "--output-path",
        folder / name,
        "--meta",
        "none",
        "--config",
        config,
        "--fail-on-warning",
    ]
    ended = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", *map(str, asked)], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return folder / name


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Imports a module of the client of the platform API, by its name within the package."""
    folder = tmp_path_factory.mktemp("clients")
    generated(folder, "platform_client", published()["/v2"].document)
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.syspath_prepend(str(folder))
        yield lambda name: importlib.import_module(f"platform_client{name}")


def test_the_other_description_makes_a_client_too(tmp_path: Path) -> None:
    assert (generated(tmp_path, "management_client", published()["/api/v0"].document) / "client.py").is_file()


def test_a_sale_from_the_customer_to_the_payment(
    made: Made, furnished: Tenant, client: TestClient, bearer: Callable[[Tenant], dict[str, str]]
) -> None:
    headers = bearer(furnished)
    connection = made("").AuthenticatedClient(base_url="http://testserver", token=headers["Authorization"].removeprefix("Bearer "))
    connection.set_httpx_client(TestClientOf(client, headers))

    def call(group: str, name: str, model: str, **path: Any) -> Any:
        """One operation; what it answers is of the type that the description says."""
        operation = made(f".api.{group}.{name}")
        answer = operation.sync(client=connection, **path)
        assert type(answer).__name__ == model, answer
        return answer

    def send(group: str, name: str, sent: str, model: str, **path: Any) -> Any:
        """One operation with the body that its description shows as example."""
        first, *rest = name.split("_")
        shown = EXAMPLES[first + "".join(part.title() for part in rest)]
        body = getattr(made(".models"), sent).from_dict(shown)
        return call(group, name, model, body=body, **path)

    customer = send("customers", "create_customer", "CustomerWithAddressesCreation", "CustomerWithAddresses")
    read = call("customers", "get_customer", "CustomerWithAddresses", customer_ident=customer.customer_ident)
    assert (read.company, read.addresses[0].city) == ("Beispiel GmbH", "Berlin")
    option = send("options", "create_plan_option", "OptionBody", "OptionView")
    read = call("options", "get_plan_option", "OptionView", option_ident=option.option_ident)
    assert (read.type_.value, read.prices[0].price) == ("RECURRING", 29.9)
    plan = send("plans", "create_plan", "PlanBody", "PlanView")
    read = call("plans", "get_plan", "PlanView", plan_id=plan.plan_id)
    assert read.phases[0].linked_options[0].option_ident == option.option_ident
    contract = send("contracts", "create_contract", "ContractWithLines", "ContractView")
    read = call("contracts", "get_contract", "ContractView", contract_id=contract.contract_id)
    assert (read.plan_ident, read.debtor_ident) == (plan.plan_ident, customer.customer_ident)
    order = send("orders", "create_order", "OrderBody", "OrderView")
    read = call("orders", "get_order", "OrderView", order_ident=order.order_ident)
    assert (read.line_items[0].unit_price_net, read.line_items[0].quantity) == (1200, 2)
    asked = send("documents", "request_invoice", "DocumentBody", "Accepted")
    worker.drain(furnished.runtime, furnished.id)
    state = call("documents", "get_document_request", "DocumentRequestState", request_id=asked.request_id)
    document = call("documents", "get_invoice", "DocumentView", document_ident=state.document_ident)
    assert (document.totals.net, document.totals.tax, document.totals.gross) == (100, 19, 119)
    account = send(
        "payment_accounts", "create_merchant_payment_account", "MerchantPaymentAccountCreation", "MerchantPaymentAccount"
    )
    paid = send("payments", "create_payment", "PaymentBody", "PaymentView", merchant_payment_account_ident=account.ident)
    read = call(
        "payments", "get_payment", "PaymentView", merchant_payment_account_ident=account.ident, payment_ident=paid.payment_ident
    )
    assert (read.base_amount.amount, read.base_amount.currency) == (119, "EUR")
    page = call("customers", "list_customers", "CustomerPage", search="customerIdent==c-100")
    assert ([found.customer_ident for found in page.field_embedded], page.page.total_elements) == (["c-100"], 1)
    refused = call("customers", "get_customer", "Error", customer_ident="nobody")
    assert refused.status == "NOT_FOUND"


def TestClientOf(client: TestClient, headers: dict[str, str]) -> TestClient:  # noqa: N802 - reads as what it makes
    """The application's client with the token of a caller; the generated one adds no header of its own to what it is given."""
    made = type(client)(client.app, headers=headers, raise_server_exceptions=False)
    made.follow_redirects = False
    return made
