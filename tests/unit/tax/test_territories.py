"""Where a place lies for value added tax: one row for each special territory of Articles 6 and 7 of Directive 2006/112/EC."""

import pytest

from contor.tax.territories import territory_of


@pytest.mark.parametrize(
    ("place", "country", "goods", "services", "name"),
    [
        # outside, though in a member state: by postal code
        (("FI", "22100"), "AX", None, None, "Åland"),
        (("FIN", "FI-22100"), "AX", None, None, "Åland"),
        (("ES", "35001"), "IC", None, None, "Canary Islands"),
        (("ES", "38001"), "IC", None, None, "Canary Islands"),
        (("ES", "51001"), "EA", None, None, "Ceuta"),
        (("ES", "52001"), "EA", None, None, "Melilla"),
        (("DE", "78266"), "DE", None, None, "Büsingen"),
        (("DE", "D-27498"), "DE", None, None, "Heligoland"),
        (("IT", "23041"), "IT", None, None, "Livigno"),
        (("IT", "23030", None, "Livigno"), "IT", None, None, "Livigno"),
        (("IT", "22061"), "IT", None, None, "Campione d'Italia"),
        (("IT", "22060", None, "Campione d’Italia"), "IT", None, None, "Campione d'Italia"),
        (("GR", "63086"), "GR", None, None, "Mount Athos"),
        (("EL", "630 87"), "GR", None, None, "Mount Athos"),
        (("FR", "97100"), "GP", None, None, "Guadeloupe"),
        (("FR", "97200"), "MQ", None, None, "Martinique"),
        (("FR", "97300"), "GF", None, None, "French Guiana"),
        (("FR", "97400"), "RE", None, None, "Réunion"),
        (("FR", "97600"), "YT", None, None, "Mayotte"),
        (("FR", "97133"), "BL", None, None, "Saint Barthélemy"),
        (("FR", "97150"), "MF", None, None, "Saint Martin"),
        (("FR", "97500"), "PM", None, None, "Saint Pierre and Miquelon"),
        (("FR", "98600"), "WF", None, None, "Wallis and Futuna"),
        (("FR", "98714"), "PF", None, None, "French Polynesia"),
        (("FR", "98800"), "NC", None, None, "New Caledonia"),
        (("FR", "98413"), "TF", None, None, "French Southern Territories"),
        (("DK", "3900"), "GL", None, None, "Greenland"),
        (("DK", "FO-100"), "FO", None, None, "Faroe Islands"),
        (("IT", "47890"), "SM", None, None, "San Marino"),
        (("IT", "00120"), "VA", None, None, "Vatican City"),
        # by a code of their own
        (("AX",), "AX", None, None, "Åland"),
        (("IC",), "IC", None, None, "Canary Islands"),
        (("EA", "51001"), "EA", None, None, "Ceuta and Melilla"),
        (("GP",), "GP", None, None, "Guadeloupe"),
        (("MQ",), "MQ", None, None, "Martinique"),
        (("RE", "97400"), "RE", None, None, "Réunion"),
        (("GF",), "GF", None, None, "French Guiana"),
        (("YT",), "YT", None, None, "Mayotte"),
        (("BL",), "BL", None, None, "Saint Barthélemy"),
        (("MF",), "MF", None, None, "Saint Martin"),
        # by region or town, where there is no postal code
        (("ES", None, "ES-CN"), "IC", None, None, "Canary Islands"),
        (("ES", None, "TF"), "IC", None, None, "Canary Islands"),
        (("ES", None, "ES-CE"), "EA", None, None, "Ceuta"),
        (("FR", None, "FR-974"), "RE", None, None, "Réunion"),
        (("FI", None, "FI-01"), "AX", None, None, "Åland"),
        (("GR", None, "GR-69"), "GR", None, None, "Mount Athos"),
        (("DE", None, None, "Helgoland"), "DE", None, None, "Heligoland"),
        (("DE", None, None, "Buesingen am Hochrhein"), "DE", None, None, "Büsingen"),
        # inside, though of another code
        (("MC",), "MC", "FR", "FR", "Monaco"),
        (("FR", "98000"), "FR", "FR", "FR", "Monaco"),
        (("PT", "9000-001"), "PT", "PT", "PT", "Madeira"),
        (("PT", "9500-100"), "PT", "PT", "PT", "Azores"),
        # a member state for goods alone
        (("XI",), "XI", "XI", None, "Northern Ireland"),
        (("GB", "BT1 1AA"), "XI", "XI", None, "Northern Ireland"),
        (("UK", "bt71 5gh"), "XI", "XI", None, "Northern Ireland"),
        (("GB", None, "GB-NIR"), "XI", "XI", None, "Northern Ireland"),
        # outside, as what they follow
        (("GB", "SW1A 1AA"), "GB", None, None, None),
        (("GB", "IM1 1AA"), "IM", None, None, "Isle of Man"),
        (("IM",), "IM", None, None, "Isle of Man"),
        (("GB", "JE2 3QQ"), "JE", None, None, "Jersey"),
        (("GB", "GY1 1AA"), "GG", None, None, "Guernsey"),
        (("CH", "8238"), "CH", None, None, None),
        (("US", "22100"), "US", None, None, None),
        # their neighbours
        (("FI", "21100"), "FI", "FI", "FI", None),
        (("ES", "28001"), "ES", "ES", "ES", None),
        (("DE", "78267"), "DE", "DE", "DE", None),
        (("DE", "10115", None, "Helgoland"), "DE", "DE", "DE", None),
        (("IT", "23030", None, "Bormio"), "IT", "IT", "IT", None),
        (("IT", "22060"), "IT", "IT", "IT", None),
        (("GR", "63075"), "GR", "GR", "GR", None),
        (("FR", "20000"), "FR", "FR", "FR", None),
        (("DK", "3700"), "DK", "DK", "DK", None),
        (("DE",), "DE", "DE", "DE", None),
    ],
)
def test_where_a_place_lies(
    place: tuple[str | None, ...], country: str, goods: str | None, services: str | None, name: str | None
) -> None:
    found = territory_of(*place)  # type: ignore[arg-type]
    assert (found.country, found.member_state(is_goods=True), found.member_state(is_goods=False), found.name) == (
        country,
        goods,
        services,
        name,
    )


@pytest.mark.parametrize(
    ("code", "region"), [("9000-001", "PT-30"), ("9499", "PT-30"), ("9500", "PT-20"), ("9980-999", "PT-20"), ("1000-001", None)]
)
def test_a_part_of_a_state_has_rates_of_its_own(code: str, region: str | None) -> None:
    assert territory_of("PT", code).rate_region == region
