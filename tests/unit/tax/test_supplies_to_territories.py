"""What a seller in Germany supplies to each special territory: goods and services, to a business and to a consumer."""

import datetime as dt
from decimal import Decimal

import pytest

from contor.tax.determine import determine
from contor.tax.supply import Supply

OUTSIDE = ("G", "G", "O", "O")
"""Goods to a business, to a consumer; services to a business, to a consumer: exported, or not taxable here."""
WITHIN = ("K", "S", "AE", "S")
GOODS_ONLY = ("K", "S", "O", "O")


@pytest.mark.parametrize(
    ("country", "postal_code", "city", "vat_id", "categories"),
    [
        ("FI", "22100", None, "FI20774740", OUTSIDE),  # Åland
        ("AX", None, None, "FI20774740", OUTSIDE),
        ("ES", "35001", None, "ESX12345678", OUTSIDE),  # Canary Islands
        ("ES", "38001", None, "ESX12345678", OUTSIDE),
        ("ES", "51001", None, "ESX12345678", OUTSIDE),  # Ceuta
        ("ES", "52001", None, "ESX12345678", OUTSIDE),  # Melilla
        ("DE", "78266", None, "DE129273398", OUTSIDE),  # Büsingen
        ("DE", "27498", None, "DE129273398", OUTSIDE),  # Heligoland
        ("IT", "23041", None, "IT00743110157", OUTSIDE),  # Livigno
        ("IT", "23030", "Livigno", "IT00743110157", OUTSIDE),
        ("IT", "22061", None, "IT00743110157", OUTSIDE),  # Campione
        ("GR", "63086", None, "EL094259216", OUTSIDE),  # Mount Athos
        ("FR", "97110", None, "FR83404833048", OUTSIDE),  # Guadeloupe
        ("MQ", "97200", None, "FR83404833048", OUTSIDE),  # Martinique
        ("FR", "97300", None, "FR83404833048", OUTSIDE),  # French Guiana
        ("RE", None, None, "FR83404833048", OUTSIDE),  # Réunion
        ("FR", "97600", None, "FR83404833048", OUTSIDE),  # Mayotte
        ("FR", "97150", None, "FR83404833048", OUTSIDE),  # Saint Martin
        ("GB", "IM1 1AA", None, "GB123456789", OUTSIDE),  # Isle of Man
        ("GB", "SW1A 1AA", None, "GB123456789", OUTSIDE),
        ("MC", "98000", None, "FR83404833048", WITHIN),  # Monaco
        ("FR", "75001", None, "FR83404833048", WITHIN),
        ("PT", "9000-001", None, "PT501964843", WITHIN),  # Madeira
        ("GB", "BT1 1AA", None, "XI123456789", GOODS_ONLY),  # Northern Ireland
        ("XI", None, None, "XI123456789", GOODS_ONLY),
    ],
)
def test_goods_and_services_to_businesses_and_consumers(
    country: str, postal_code: str | None, city: str | None, vat_id: str, categories: tuple[str, ...]
) -> None:
    day = dt.date(2026, 5, 31)
    found = []
    for category in ("PHYSICAL_PRODUCT", "SERVICE"):
        for kind, known in (("B2B", vat_id), ("B2C", None)):
            supply = Supply(
                "DE", False, kind, known, country, "STANDARD", "DEFAULT", category, day, postal_code=postal_code, city=city
            )
            made = determine(supply)
            assert (made.problem, made.rate) == (None, Decimal(19) if made.category_code == "S" else Decimal(0))
            found.append(made.category_code)
    assert tuple(found) == categories


@pytest.mark.parametrize(
    ("country", "postal_code", "rate"),
    [("MC", "98000", "20"), ("PT", "1000-001", "23"), ("PT", "9000-001", "22"), ("PT", "9500-100", "16"), ("XI", None, "20")],
)
def test_by_the_one_stop_shop_the_rate_is_that_of_the_place(country: str, postal_code: str | None, rate: str) -> None:
    day = dt.date(2026, 5, 31)
    supply = Supply("DE", False, "B2C", None, country, "STANDARD", "OSS", "PHYSICAL_PRODUCT", day, postal_code=postal_code)
    assert (determine(supply).category_code, determine(supply).rate) == ("S", Decimal(rate))


def test_a_kind_of_rate_that_a_country_has_not_is_said() -> None:
    supply = Supply("DE", False, "B2C", None, "DE", "SUPER_REDUCED", "DEFAULT", "PHYSICAL_PRODUCT", dt.date(2026, 5, 31))
    assert determine(supply).problem == "DE has no SUPER_REDUCED rate on 2026-05-31"
    french = supply._replace(country="FR", tax_scheme="OSS")
    assert determine(french).rate == Decimal("2.1")
