"""A company with customers and plans of all kinds, and what its people sign and record."""

import contextlib
import datetime as dt
import random
from decimal import Decimal
from typing import Any

from contor.catalogue.adaptations import PRICE_ADAPTATIONS, VALUES
from contor.catalogue.options import CreateOption, OptionBody, create_option
from contor.catalogue.plans import CreatePlan, PlanBody, create_plan
from contor.commands.demo import CUSTOMER_DATA, master_data
from contor.contracts.change import ALLOWANCES, add_related
from contor.contracts.change.related import ChangeRelated
from contor.contracts.create import CreateContract, create_contract
from contor.contracts.types import ContractBody, RelatedContract
from contor.customers.customers import CreateCustomer, CustomerCreation, create_customer
from contor.kernel.errors import Refused
from contor.rated_usage.read import OneRatedUsage
from contor.rated_usage.record import RecordRatedUsage, cancel_rated_usage, record_rated_usage, retry_rated_usage
from contor.rated_usage.types import RatedUsageBody
from contor.runtime.execute import validated
from contor.runtime.resource import Written
from contor.usage.read import ChangeUsages, UsageIdents, cancel_usages
from contor.usage.record import RecordUsages, record_usages
from contor.usage.types import UsageBatch

CUSTOMERS = 100
PARTNER = "a-partner"
MONTH, QUARTER, YEAR = ({"value": 1, "unit": unit} for unit in ("MONTH", "QUARTER", "YEAR"))
RENEWED = {"term_duration": YEAR, "term_sync": False, "notice_period": MONTH, "transition": {"type": "AUTO_RENEWAL"}}
TRIAL = {"term_duration": MONTH, "term_sync": False, "transition": {"type": "NEXT_PHASE", "to_phase": "p-2"}}
QUARTERLY = {"billing_interval": QUARTER, "sync_billing_to_billing_interval_unit": True}
DELAYED = {"billing_interval": MONTH, "timing": "INTERVAL_END_WITH_DELAY", "delay_in_seconds": 86_400}
PLANS: dict[str, dict[str, Any]] = {
    "monthly": {"phases": [{"billing_config": {"billing_interval": MONTH}}]},
    "quarterly": {"phases": [{"billing_config": {**QUARTERLY, "timing": "INTERVAL_END"}}]},
    "advance": {"phases": [{"billing_config": QUARTERLY}], "day_count": "30E_360"},
    "yearly": {"phases": [{"billing_config": {"billing_interval": YEAR}, **RENEWED}], "partial_supply": "MONTH"},
    "trial": {
        "phases": [{"billing_config": {"billing_interval": MONTH}, **TRIAL}, {"billing_config": {"billing_interval": MONTH}}]
    },
    "metered": {
        "phases": [{"billing_config": {"billing_interval": MONTH, "timing": "INTERVAL_END_WITH_DELAY", "delay_in_seconds": 86_400}}]
    },
}
FEES = {plan: Decimal(f"{11 + 17 * number}.37") for number, plan in enumerate(PLANS)}
METERED = [{"option_ident": "power"}, {"option_ident": "sms"}]


class Staff:
    """What its people do, as operations."""

    def __init__(self, tenant: Any) -> None:
        self.tenant = tenant
        self.numbers: dict[str, tuple[int, str]] = {}
        self.metered: list[str] = []
        self.fees: dict[str, Decimal] = {}
        """What a whole interval of a contract costs that follows no index."""
        self._usages = self._messages = 0

    def sign(self, ident: str, start: dt.date, chance: random.Random) -> None:
        """A contract of a plan taken by chance; some follow an index, some were running before."""
        plan = chance.choice(sorted(PLANS))
        customer = chance.randrange(CUSTOMERS)
        phases = len(PLANS[plan]["phases"])
        given = {"option_ident": f"{plan}-fee", "quantity": chance.randrange(1, 4)}
        body = {
            "contract_ident": ident,
            "plan_ident": plan,
            "debtor_ident": f"k-{customer}",
            "invoice_address_ident": f"a-{customer}",
            "start_date": start.isoformat(),
            "contract_price_adaptation": "vpi" if chance.random() < 0.3 else None,
            "option_quantities": [{"phase_ident": f"p-{n}", "option_quantity": [given]} for n in range(1, phases + 1)],
            "billing_start_date": "2026-01-01" if start < dt.date(2026, 1, 1) else None,
        }
        made = self.tenant.execute(create_contract, CreateContract(body=validated(ContractBody, body)))
        self.numbers[ident] = (made.contract_id, plan)
        if body["contract_price_adaptation"] is None:
            self.fees[ident] = FEES[plan] * given["quantity"]
        if chance.random() < 0.1:
            self.tenant.execute(add_related, ChangeRelated(contract_ident=PARTNER, body=(RelatedContract(contract_ident=ident),)))
        if chance.random() < 0.3:
            self.reduce(ident, f"{plan}-fee", start, chance)
        if plan == "metered":
            self.metered.append(ident)

    def reduce(self, ident: str, option: str, start: dt.date, chance: random.Random) -> None:
        """Something off, for always or some months."""
        kind = chance.choice([{"amount": "3.33"}, {"amount": "20.00"}, {"type": "PERCENTAGE", "percentage": "12.5"}])
        ends = start + dt.timedelta(days=chance.randrange(40, 400)) if chance.random() < 0.5 else None
        body = {"ident": "off", "option_ident": option, "name": "Something off", "valid_to": ends and ends.isoformat(), **kind}
        self.tenant.execute(ALLOWANCES.create, Written((ident,), body))

    def consume(self, day: dt.date, idents: list[str], chance: random.Random) -> None:
        """Usages of the last days, some of them late; those outside their contract nobody records."""
        usages = []
        for ident in idents:
            if ident not in self.metered:
                continue
            row = self.tenant.rows("SELECT start_on, end_on, end_kind FROM contract WHERE contract_ident = %s", (ident,))[0]
            used = day - dt.timedelta(days=chance.choice([0, 1, 2, 5, 20]))
            for _ in range(chance.randrange(1, 8)):
                self._usages += 1
                if used >= row.start_on and (row.end_on is None or used < row.end_on) and row.end_kind != "CANCELLED":
                    started = dt.datetime.combine(used, dt.time(12), dt.UTC).isoformat()
                    usages.append(
                        {
                            "usage_ident": f"u-{self._usages}",
                            "contract_ident": ident,
                            "option_ident": "power",
                            "start_date": started,
                            "unit_quantity": chance.randrange(1, 900) / Decimal(10),
                        }
                    )
        if usages:
            self.tenant.execute(record_usages, RecordUsages(body=validated(UsageBatch, {"usages": usages})))

    def send_messages(self, day: dt.date, idents: list[str], chance: random.Random) -> None:
        """Rated usages, also late ones and such that no period takes; what was not taken or was cancelled is tried again now and then."""
        for ident in [ident for ident in idents if ident in self.metered][:3]:
            self._messages += 1
            used = dt.datetime.combine(day - dt.timedelta(days=chance.choice([0, 1, 5, 20, 40])), dt.time(12), dt.UTC).isoformat()
            body = {
                "rated_usage_ident": f"m-{self._messages}",
                "contract_ident": ident,
                "option_ident": "sms",
                "start_date": used,
                "unit_quantity": chance.randrange(1, 90),
                "unit_price": "0.0333",
            }
            self.tenant.execute(record_rated_usage, RecordRatedUsage(body=validated(RatedUsageBody, body)))
            number = f"m-{chance.randrange(1, self._messages + 1)}"
            verb = chance.choice([cancel_rated_usage, retry_rated_usage])
            with contextlib.suppress(Refused):  # it was cancelled before, or counts already
                self.tenant.execute(verb, OneRatedUsage(rated_usage_ident=number))

    def take_back(self, chance: random.Random) -> None:
        """Some usages were a mistake, billed or not."""
        idents = tuple(f"u-{chance.randrange(1, self._usages + 1)}" for _ in range(3)) if self._usages else ()
        if idents:
            self.tenant.execute(cancel_usages, ChangeUsages(body=UsageIdents(usage_idents=idents)))

    def correct_late_usages(self) -> None:
        """From now on late usages are billed for their own period."""
        with self.tenant.runtime.transaction(self.tenant.caller()) as uow:
            uow.run("UPDATE billing_group SET late_usage_behaviour = 'CORRECTIVE'")


def a_company(tenant: Any) -> Staff:
    """Master data, customers, index and plans."""
    master_data(tenant.runtime, tenant.caller())
    for number in range(CUSTOMERS):
        address = {**CUSTOMER_DATA["addresses"][0], "address_ident": f"a-{number}"}
        content = {**CUSTOMER_DATA, "customer_ident": f"k-{number}", "addresses": [address]}
        tenant.execute(create_customer, CreateCustomer(validated(CustomerCreation, content)))
    tenant.execute(PRICE_ADAPTATIONS.create, Written((), {"ident": "vpi", "name": "Consumer prices"}))
    for number, (day, value) in enumerate((("2025-01-01", "100"), ("2026-04-01", "103.1"), ("2026-10-01", "104.7"))):
        tenant.execute(VALUES.create, Written(("vpi",), {"ident": f"i-{number}", "date": day, "value": value}))
    power = {
        "name": "Power",
        "type": "USAGE",
        "use_pooling": True,
        "usage_prices": [
            {"pricing_model": "TIER_PRICE", "price_tiers": [{"quantity": 100, "price": "0.1777"}, {"price": "0.1333"}]}
        ],
    }
    _option(tenant, "power", power)
    _option(tenant, "sms", {"name": "Messages", "type": "RATED_USAGE", "aggregation_delay_in_seconds": 2 * 86_400})
    for plan, content in PLANS.items():
        _option(tenant, f"{plan}-fee", {"name": f"Fee {plan}", "type": "RECURRING", "prices": [{"price": FEES[plan]}]})
        linked = [{"option_ident": f"{plan}-fee"}, *(METERED if plan == "metered" else [])]
        phases = [
            {"ident": f"p-{n}", "name": "Phase", "linked_options": linked, **phase} for n, phase in enumerate(content["phases"], 1)
        ]
        body = validated(PlanBody, {**content, "plan_ident": plan, "name": plan, "phases": phases})
        tenant.execute(create_plan, CreatePlan(body=body))
    _partner(tenant)
    return Staff(tenant)


def _partner(tenant: Any) -> None:
    """Someone who earns a twelfth of what some contracts are billed, monthly by the calendar."""
    address = {**CUSTOMER_DATA["addresses"][0], "address_ident": "a-p"}
    content = {**CUSTOMER_DATA, "customer_ident": "p-1", "self_billing_agreement_on": "2025-12-01", "addresses": [address]}
    tenant.execute(create_customer, CreateCustomer(validated(CustomerCreation, content)))
    _option(tenant, "share", {"name": "Commission", "type": "COMMISSION", "commission_percentage": "8.3333"})
    phase = {
        "ident": "p-1",
        "name": "Phase",
        "linked_options": [{"option_ident": "share"}],
        "billing_config": {"billing_interval": MONTH},
    }
    plan = {"plan_ident": "agency", "name": "Agency", "type": "PARTNER", "phases": [phase]}
    tenant.execute(create_plan, CreatePlan(body=validated(PlanBody, plan)))
    contract = {
        "contract_ident": PARTNER,
        "plan_ident": "agency",
        "debtor_ident": "p-1",
        "invoice_address_ident": "a-p",
        "start_date": "2026-01-01",
        "option_quantities": [],
    }
    tenant.execute(create_contract, CreateContract(body=validated(ContractBody, contract)))


def _option(tenant: Any, ident: str, content: dict[str, Any]) -> None:
    body = validated(OptionBody, {**content, "option_ident": ident, "status": "FINAL"})
    tenant.execute(create_option, CreateOption(body=body))
