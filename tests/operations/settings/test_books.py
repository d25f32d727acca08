"""Chart and ledger currency: chosen before anything is booked. And the invariants of settings find what is wrong."""

from typing import Any

import pytest

from contor.kernel.checks import CHECKS
from contor.kernel.errors import Kind, Refused
from contor.settings.tenant_settings import ChangeSettings, OwnSettings, SettingsChange, change_settings, get_settings


def books(tenant: Any) -> tuple[str, str]:
    settings = tenant.execute(get_settings, OwnSettings())
    return settings.chart, settings.ledger_currency


def decided(**fields: Any) -> ChangeSettings:
    return ChangeSettings(SettingsChange.model_validate(fields, by_name=True))


def test_a_new_tenant_keeps_skr03_in_euro(tenant: Any) -> None:
    assert books(tenant) == ("SKR03", "EUR")
    assert (
        tenant.rows("SELECT count(*) FROM booking_account WHERE account_number IN (8400, 1776, 1200) AND currency = 'EUR'")[0][0]
        == 3
    )


def test_another_chart_before_the_books_begin(tenant: Any) -> None:
    tenant.execute(change_settings, decided(chart="SKR04", ledger_currency="CHF"))
    assert books(tenant) == ("SKR04", "CHF")
    numbers = {(row.account_number, row.currency) for row in tenant.rows("SELECT account_number, currency FROM booking_account")}
    assert {(4400, "CHF"), (3806, "CHF"), (1800, "CHF")} <= numbers
    assert not {(8400, "CHF"), (8400, "EUR"), (1776, "EUR")} & numbers
    facts = tenant.rows("SELECT payload FROM event WHERE name = 'chart.chosen' ORDER BY id")  # of the founding, then of the change
    assert [row.payload for row in facts] == [
        {"chart": "SKR03", "ledger_currency": "EUR"},
        {"chart": "SKR04", "ledger_currency": "CHF"},
    ]


def test_only_who_may_write_settings(tenant: Any) -> None:
    with pytest.raises(Refused) as refused:
        tenant.runtime.execute(change_settings, decided(chart="SKR04"), tenant.caller("settings.read"))
    assert refused.value.kind is Kind.FORBIDDEN
    assert tenant.execute(get_settings, OwnSettings()).chart == "SKR03"


def findings(tenant: Any, name: str, *statements: str) -> list[str]:
    """What a check finds after the statements, which are taken back."""
    found: list[str] = []
    with pytest.raises(ZeroDivisionError), tenant.runtime.transaction(tenant.caller()) as uow:
        for statement in statements:
            uow.run(statement)
        found += CHECKS[name](uow)
        raise ZeroDivisionError
    return found


@pytest.mark.parametrize(
    "name", ["settings.one_default_where_there_is_any", "settings.counters_never_meet", "settings.series_count_forwards"]
)
def test_a_new_tenant_is_sound(tenant: Any, name: str) -> None:
    assert findings(tenant, name) == []


def test_the_checks_find_what_is_wrong(tenant: Any) -> None:
    site = (
        "INSERT INTO operating_site (tenant_id, ident, name, company_name, address, managing_directors, contact, bank_accounts,"
        " small_business, taxation_mode, \"default\", created_at, last_modified_at) SELECT %s, 'x', 'x', 'x', '{}', '[]', '{}', '[]',"
        " false, 'ACCRUAL', false, now(), now()"
    )
    assert findings(tenant, "settings.one_default_where_there_is_any", site.replace("%s", str(tenant.id), 1)) == [
        "0 of 1 operating sites are the default"
    ]
    same = "UPDATE number_counter SET prefix = 'RE-##YEAR##-' WHERE ident = 'GS'"
    assert findings(tenant, "settings.counters_never_meet", same) == ["counters GS and RE can collide"]
    series = f"INSERT INTO number_series (tenant_id, counter_ident, year, first_value, next_value) VALUES ({tenant.id}, 'RE', 2026, 5, 4)"
    assert findings(tenant, "settings.series_count_forwards", series) == ["counter RE, 2026: begins at 5, would draw 4"]
