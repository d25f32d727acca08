"""A year of a company that collects, reads its bank's statements, matches, clears and duns, and closes its months, while its installation
is killed again and again: then the ledger and the bank's own books agree to the cent, every report of every month ties to the journal, and
what goes to the tax adviser and the auditors comes to the same.
"""

import datetime as dt
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from tests.checkers.bank_double import Bank, Day
from tests.checkers.exported_books import datev_differences, gdpdu_differences, misformed, saf_t_differences
from tests.checkers.money_laws import PROVIDER, Laws, signed
from tests.checkers.posted_lines import postings
from tests.checkers.reported_books import differences, total
from tests.checkers.waiting import MINUTES
from tests.factories.creditors import OUR_IBAN
from tests.factories.hands import Hands, Killer
from tests.factories.insistent import Insistent
from tests.factories.installation import Installation, free_port
from tests.factories.year_accountant import Accountant, before, configure_exports, move_to_lisbon
from tests.factories.year_clerk import Clerk
from tests.factories.year_mishaps import Mishaps
from tests.factories.year_payers import Payers
from tests.factories.year_treasurer import Treasurer

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

CUSTOMERS = int(os.environ.get("CONTOR_YEAR_CUSTOMERS", "12"))
MONTHS = int(os.environ.get("CONTOR_YEAR_MONTHS", "12"))
KILLS = int(os.environ.get("CONTOR_YEAR_KILLS", "4"))
STRIDE = int(os.environ.get("CONTOR_YEAR_STRIDE", "7"))
"""Days between two on which people work; the bank works on all of its own."""
SEED = int(os.environ.get("CONTOR_YEAR_SEED", "7"))
MISHAPS = float(os.environ.get("CONTOR_YEAR_MISHAPS", "0.03"))
"""The share of documents and customers to which something happens in a month."""
AMID = bool(os.environ.get("CONTOR_YEAR_AMID"))
"""Also to documents of which something is under way."""
FIRST = dt.date(2025, 1, 1)
LAST_BILLED = FIRST + dt.timedelta(days=MONTHS * 30)
DAY = dt.timedelta(days=1)
QUIET = LAST_BILLED + 60 * DAY
"""From then on only what is under way comes to its end."""
D = Decimal


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path / "home", free_port(), statements=tmp_path / "statements")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait(MINUTES)


class MoneyYear:
    """The days of it, one after the other."""

    def __init__(self, installation: Installation, seed: int) -> None:
        demo = json.loads((installation.home / "demo.json").read_text())
        self.chance = random.Random(seed)
        self.hands = Hands(installation, demo["realm"])
        folder = installation.home.parent / "statements" / demo["realm"]
        folder.mkdir(parents=True)
        self.bank = Bank(OUR_IBAN, random.Random(seed + 1))
        self.payers = Payers(CUSTOMERS, self.bank, random.Random(seed + 2))
        self.clerk = Clerk(Insistent(demo), self.bank, self.payers, random.Random(seed + 3))
        self.treasurer = Treasurer(self.hands, self.clerk, random.Random(seed + 4), folder)
        self.laws = Laws(self.clerk, self.treasurer)
        self.killer = Killer(self.hands, random.Random(seed + 5))
        self.mishaps = Mishaps(self.clerk, self.treasurer, random.Random(seed + 6), amid=AMID)
        self.accountant = Accountant(self.clerk.api, self.hands.until)
        self._reached = FIRST

    def live(self, day: dt.date, steps: int) -> None:
        """One day on which people work: what the bank did since comes with it. `steps`: how many there were before."""
        self.hands.turn(dt.datetime.combine(day, dt.time(8), dt.UTC))
        since = [self._reached + n * DAY for n in range(1, (day - self._reached).days + 1)]
        if day <= LAST_BILLED:
            due = [one for one in self.payers.all if any(1 + one.number % 20 == it.day for it in since)]
            self.clerk.bill(due)
            self.hands.wait()
            self.clerk.learn()
        self.treasurer.collect()
        statements: list[Day] = []
        for it in since:
            if it.day == 1:
                self.bank.moves(D(-self.bank.chance.choice((400, 790))) / 100, "Kontoentgelt", it, "FEE")
            found = self.bank.day(it)
            if found is not None:
                statements.append(found)
        self.treasurer.read(statements)
        if steps % max(1, 7 // STRIDE) == 0:
            self.treasurer.look_through(day)
            self.treasurer.dun(day)
        if day < QUIET and any(it.day == 27 for it in since):
            self.treasurer.settle(day)
            self.treasurer.clear()
            self.treasurer.give_up(day)
            self.mishaps.happen(day, MISHAPS)
        if day.month != self._reached.month:
            self.hands.wait()
            self.accountant.close(before(day))
        self._reached = day

    def close_the_rest(self) -> None:
        """The month in which the last day lies is over, too."""
        self.hands.turn(dt.datetime.combine((self._reached.replace(day=1) + 32 * DAY).replace(day=2), dt.time(8), dt.UTC))
        self.hands.wait()
        self.accountant.close(f"{self._reached:%Y-%m}")
        self.accountant.reports_are_there()

    def differences(self) -> list[str]:
        """Between the journal and what is reported of it; letters and payouts are those that people know of."""
        keeper, journal = self.accountant, postings(self.clerk.api)
        found = list(differences(keeper, journal))
        letters = sum(len(keeper.of_closing("DUNNING", month)) for month in keeper.closed)
        if letters != self.treasurer.letters:
            found.append(f"{letters} letters reported, {self.treasurer.letters} went out")
        settled = [row for month in keeper.closed for row in keeper.of_closing("SETTLEMENT", month)]
        paid_out = -total([row for row in settled if row["Art"] == "PAYOUT"], "Netto")
        arrived = sum((it.amount for it in self.bank.booked if it.text.startswith("CARDPAY")), D(0))
        if (paid_out, total(settled, "Netto")) != (arrived, -self.laws.ledger[PROVIDER]):
            found.append(f"{paid_out} of payouts reported, {arrived} arrived; {total(settled, 'Netto')} left of what was settled")
        return found

    def exported(self) -> tuple[dict[str, bytes], list[str]]:
        """What the tax adviser and the auditors get of all months, by name; and how it differs from the journal."""
        keeper, journal = self.accountant, postings(self.clerk.api)
        first, last = f"{keeper.closed[0]}-01", str((self._reached.replace(day=1) + 32 * DAY).replace(day=1) - DAY)
        configure_exports(self.clerk.api, first)
        view, files = keeper.export("DATEV", first, last, contents=["BATCH", "MASTER_DATA"], periods="CLOSED")
        keeper.repeat(view)
        found = [f"DATEV: {it}" for it in datev_differences(files, journal)]
        owed = {ident: signed(it, "balance", "balanceDebitCreditIndicator", "DEBIT") for ident, it in self.laws.cases.items()}
        view, audited = keeper.export("GDPDU", first, last)
        keeper.repeat(view)
        found += [f"GDPdU: {it}" for it in gdpdu_differences(audited, journal, owed)]
        files = {**files, **audited}
        move_to_lisbon(self.clerk.api, "hamburg")
        # a Portuguese file is of one year
        years = [(max(first, f"{year}-01-01"), min(last, f"{year}-12-31")) for year in range(FIRST.year, int(last[:4]) + 1)]
        for kind, begin, end in (("SAFT_NO", first, last), *(("SAFT_PT", *days) for days in years)):
            _, made = keeper.export(kind, begin, end)
            (content,) = [it for name, it in made.items() if name.endswith(".xml")]
            files[f"{kind}-{begin}.xml"] = content
            mine = [it for it in journal if begin[:7] <= it.month <= end[:7]]
            found += [f"{kind} from {begin}: {it}" for it in saf_t_differences(kind, content, mine)]
        return files, found

    def files_are_made(self) -> None:
        """A year of documents comes within minutes: their files take longer."""
        left = self._without_files()
        while left:
            before = left
            self.hands.until(partial(self._are_fewer, before), "files are made")
            left = self._without_files()

    def _are_fewer(self, before: int) -> bool:
        return self._without_files() < before

    def _without_files(self) -> int:
        return int(self.hands.rows("SELECT count(*) FROM document WHERE status = 'CREATED'")[0][0])

    def told(self) -> str:
        """What happened in it."""
        kinds = Counter(one.kind for one in self.bank.booked)
        states = Counter(one.state for one in self.bank.orders.values())
        decided = Counter(kind for _, kind in self.clerk.decided)
        reasons = Counter(it.get("reason") for it in self.laws.payments.values())
        cases = Counter((it["status"], it["dunningLevel"]) for it in self.laws.cases.values())
        items = Counter((one["type"], one.get("decision")) for it in self.laws.cases.values() for one in it["items"])
        claims = Counter((it["kind"], it["status"]) for it in self.laws.claims)
        more = f"letters {self.treasurer.letters}, handed over {len(self.treasurer.handed)}, twice {self.treasurer.duplicates}"
        said = [kinds, states, decided, reasons, cases, items, claims, more, self.mishaps.counts, self.killer.killed]
        return "\n".join(map(str, [*said, f"{self.clerk.api.lost} answers were lost"]))


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of the year lie, once it ended."""
    return tmp_path_factory.mktemp("exported")


def test_a_year_of_money_with_kills(installation: Installation, exported: Path) -> None:
    installation.start()
    year = MoneyYear(installation, SEED)
    year.hands.turn(dt.datetime.combine(FIRST, dt.time(8), dt.UTC))
    year.clerk.furnish()
    days = [FIRST + n * STRIDE * DAY for n in range(1, (MONTHS * 30 + 90) // STRIDE)]
    kills = set(random.Random(SEED).sample(range(len(days) * 3 // 4), KILLS))
    month = FIRST.month
    for steps, day in enumerate(days):
        began = time.monotonic()
        with year.killer.amid() if steps in kills else nullcontext():
            year.live(day, steps)
        if day.month != month:
            month = day.month
            year.treasurer.settle_all()
            year.laws.hold(day)
        print(day, f"{time.monotonic() - began:.1f}", year.killer.killed[-1:] if steps in kills else "", flush=True)
    year.treasurer.settle_all()
    year.laws.hold(days[-1])
    year.laws.hold_at_the_end()
    print(year.told())
    year.close_the_rest()
    year.laws.hold(days[-1])
    assert not (found := year.differences()), "\n".join(found[:25])
    files, found = year.exported()
    assert not found, "\n".join(found[:25])
    for name, content in files.items():
        (exported / name).write_bytes(content)
    year.files_are_made()
    year.hands.close()
    checked = installation.contor("check")
    assert (checked.returncode, checked.stdout.strip()) == (0, "Every check holds."), checked.stdout + checked.stderr


def test_the_files_of_the_year_are_as_their_descriptions_say(exported: Path, shared: Path) -> None:
    """DATEV's table of fields, the DTD of GDPdU, the schemas of SAF-T."""
    files = {path.name: path.read_bytes() for path in sorted(exported.iterdir())}
    if not files:
        pytest.skip("the year did not end, so there is none")
    assert {name: said for name, content in files.items() if (said := misformed(shared, name, content))} == {}
