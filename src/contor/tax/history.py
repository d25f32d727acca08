"""Every rate of value added tax in the European Union, from the day on from which each is valid: the one table. Pure.

A line: country (or a part of it, ISO 3166-2), day, standard, reduced, second reduced, super-reduced and parking rate, a dash where there is
none; behind the bar what else it has (flat rates of farmers and taxis, islands, overseas); `*`: with these the list is complete.

Source: European Commission, "Taxes in Europe" database and "VAT rates applied in the Member States of the European Union" (tables I to
VII), as of November 2026; Articles 96 to 105, 110, 114, 118 and 119 of Directive 2006/112/EC for the kinds; and of the countries
AT: sections 10, 28 (52), (53) UStG (5 % in the pandemic; from July 2026 on 4.9 % on basic food; 19 % in Jungholz and Mittelberg);
CY: act 95(I)/2000 (19 % since 13 January 2014); DE: sections 12, 24, 28 (1) to (3) UStG (16 % and 5 % from July to December 2020);
EE: section 15 KMS (5 % on the press from August 2022 to 2024, 13 % on accommodation since 2025); ES: Articles 90, 91 Ley 37/1992;
FI: sections 84 to 85a AVL; FR: Articles 278 to 281 nonies, 296 (overseas), 297 (Corsica) CGI; GB: section 2 VATA 1994, Schedule 7A, for
goods in Northern Ireland (XI); GR: Articles 21 of act 2859/2000, 26 of act 5144/2024 and circular E.2113/2025 (islands: 24 is 17, 13 is 9,
6 is 4, 4 is 3); HR: Article 38 of the VAT act (10 % became 13 % in 2014); HU: sections 82, 201 Áfa tv. (farmers 12 and 7 %);
IE: section 46 VATCA 2010 (21 % from September 2020 to February 2021; farmers' flat rates change each year);
IT: Article 16 and table A DPR 633/1972 (5 % since 2016);
LT: Article 19 PVMĮ (9 % became 12 % in 2026); LU: Articles 39, 40 of the VAT act (one less in 2023); LV: Article 41 PVN (5 % since 2018);
MT: Article 17 and Eighth Schedule (12 % since 2024); NL: Article 9 and tables of the Wet OB; PL: Articles 41, 114, 115, 146ef of the VAT
act; PT: Article 18 CIVA, Ofício Circulado 25045/2024 (Azores since July 2021, Madeira since October 2024); RO: Article 291 Codul fiscal
(21 % and 11 % since August 2025; homes 9 % until July 2026); SE: chapter 9 ML; SI: Article 41 ZDDV-1 (5 % since 2020; farmers 8 %);
SK: section 27 of act 222/2004.
"""

import datetime as dt
from decimal import Decimal
from typing import Final, Literal, NamedTuple

RateKind = Literal["STANDARD", "REDUCED", "SECOND_REDUCED", "SUPER_REDUCED", "PARKING"]
"""REDUCED: the reduced rate that most of a country's reduced supplies bear; SECOND_REDUCED: its other one; SUPER_REDUCED: below 5 %
(Articles 98 (2), 110); PARKING: at least 12 %, from before 1991 (Article 118)."""
KINDS: Final[tuple[RateKind, ...]] = ("STANDARD", "REDUCED", "SECOND_REDUCED", "SUPER_REDUCED", "PARKING")


class Rates(NamedTuple):
    """Percent, valid from a day until the next entry."""

    applicable_from: dt.date
    standard: Decimal
    reduced: Decimal
    """Where there is none, the standard one."""
    second_reduced: Decimal | None = None
    super_reduced: Decimal | None = None
    parking: Decimal | None = None
    others: frozenset[Decimal] = frozenset()
    is_complete: bool = False
    """Nothing else is a rate of the country: what is none of these can be refused."""

    def of(self, kind: RateKind) -> Decimal | None:
        """The rate of a kind; None: the country has none."""
        return self.kinds[KINDS.index(kind)]

    @property
    def kinds(self) -> tuple[Decimal | None, ...]:
        """By `KINDS`."""
        return (self.standard, self.reduced, self.second_reduced, self.super_reduced, self.parking)

    @property
    def all(self) -> frozenset[Decimal]:
        return self.others | {rate for rate in self.kinds if rate is not None}


_TABLE: Final = """
AT    1984-01-01  20    10    -    -    -
AT    1995-01-01  20    10    -    -    12
AT    2016-01-01  20    10    13   -    13   | 19 *
AT    2020-07-01  20    10    13   -    13   | 19 5 *
AT    2022-01-01  20    10    13   -    13   | 19 *
AT    2026-07-01  20    10    13   4.9  13   | 19 *
BE    1996-01-01  21    6     12   -    12
BE    2000-01-01  21    6     12   -    12   | *
BG    2011-04-01  20    9     -    -    -    | *
CY    2014-01-13  19    9     5    -    -
CY    2023-07-01  19    9     5    3    -    | *
CZ    2013-01-01  21    15    -    -    -
CZ    2015-01-01  21    15    10   -    -    | *
CZ    2024-01-01  21    12    -    -    -    | *
DE    2007-01-01  19    7     -    -    -    | 10.7 5.5 *
DE    2020-07-01  16    5     -    -    -    | 10.7 5.5 *
DE    2021-01-01  19    7     -    -    -    | 10.7 5.5 *
DE    2022-01-01  19    7     -    -    -    | 9.5 5.5 *
DE    2023-01-01  19    7     -    -    -    | 9 5.5 *
DE    2024-12-06  19    7     -    -    -    | 8.4 5.5 *
DE    2025-01-01  19    7     -    -    -    | 7.8 5.5 *
DE    2026-01-01  19    7     -    -    -    | 7.8 6.1 5.5 *
DK    1992-01-01  25    -     -    -    -    | *
EE    2009-07-01  20    9     -    -    -
EE    2022-08-01  20    9     5    -    -
EE    2024-01-01  22    9     5    -    -
EE    2025-01-01  22    9     13   -    -
EE    2025-07-01  24    9     13   -    -
ES    2012-09-01  21    10    -    4    -
FI    2013-01-01  24    14    10   -    -    | *
FI    2024-09-01  25.5  14    10   -    -    | *
FI    2026-01-01  25.5  13.5  10   -    -    | *
FR    2014-01-01  20    5.5   10   2.1  -    | 8.5 1.75 1.05 13 0.9 *
GR    2015-07-20  23    13    6    -    13
GR    2016-06-01  24    13    6    -    13
GR    2026-01-01  24    13    6    4    13   | 17 9 3 *
HR    2013-01-01  25    10    5    -    -
HR    2014-01-01  25    13    5    -    -    | *
HU    2012-01-01  27    18    5    -    -    | 12 7 *
IE    2012-01-01  23    13.5  9    4.8  13.5
IE    2020-09-01  21    13.5  9    4.8  13.5
IE    2021-03-01  23    13.5  9    4.8  13.5
IT    2013-10-01  22    10    -    4    -
IT    2016-01-01  22    10    5    4    -
LT    2009-09-01  21    9     5    -    -
LT    2026-01-01  21    12    5    -    -
LU    2015-01-01  17    8     14   3    14   | *
LU    2023-01-01  16    7     13   3    13   | *
LU    2024-01-01  17    8     14   3    14   | *
LV    2012-07-01  21    12    -    -    -
LV    2018-01-01  21    12    5    -    -    | *
MT    2004-01-01  18    5     -    -    -
MT    2011-01-01  18    5     7    -    -    | *
MT    2024-01-01  18    5     7    -    12   | *
NL    2012-10-01  21    6     -    -    -
NL    2019-01-01  21    9     -    -    -    | *
PL    2011-01-01  23    8     5    -    -    | 7 4 *
PT    2011-01-01  23    6     13   -    13
PT    2021-07-01  23    6     13   -    13   | 22 12 5 16 9 4 *
PT    2024-10-01  23    6     13   -    13   | 22 12 16 9 4 *
PT-20 2021-07-01  16    4     9    -    9
PT-30 2012-04-01  22    5     12   -    12
PT-30 2024-10-01  22    4     12   -    12
RO    2016-01-01  20    9     5    -    -
RO    2017-01-01  19    9     5    -    -
RO    2025-08-01  21    11    -    -    -
SE    1996-01-01  25    12    6    -    -    | *
SI    2013-07-01  22    9.5   -    -    -
SI    2020-01-01  22    9.5   5    -    -    | 8 *
SK    2011-01-01  20    10    -    -    -
SK    2023-01-01  20    10    5    -    -
SK    2025-01-01  23    19    5    -    -    | *
XI    2011-01-04  20    5     -    -    -
"""


def _read(table: str) -> dict[str, tuple[Rates, ...]]:
    found: dict[str, tuple[Rates, ...]] = {}
    for line in table.split("\n"):
        kinds, _, rest = line.partition("|")
        if not kinds:
            continue
        place, day, *percents = kinds.split()
        standard, reduced, second, lowest, parking = [None if percent == "-" else Decimal(percent) for percent in percents]
        if standard is None:
            raise ValueError(f"{place} has no standard rate on {day}")
        others = frozenset(Decimal(percent) for percent in rest.split() if percent != "*")
        made = Rates(dt.date.fromisoformat(day), standard, reduced or standard, second, lowest, parking, others, "*" in rest)
        found[place] = (*found.get(place, ()), made)
    return found


RATES: Final = _read(_TABLE)
"""By country, XI for goods in Northern Ireland, and by the parts of a country that have rates of their own; the oldest first."""
