"""Files of debits and transfers (money reference 2): what is refused by name, what is written, by the schemas of the German banks."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

import pytest
from tests.checkers.sepa_files import judged, sums, values
from tests.factories.sepa import CREDITOR, RUN, a_debit, a_transfer, our_account

from contor.payments.sepa import Address, Amendment, Transfer, Written, sequence_of, write_debits, write_transfers

SWISS = "CH9300762011623852957"
ZURICH = Address("Zürich", "CH", "Bahnhofstraße", "1", "8001")
LONG_NAME = "Gesellschaft fuer die Verwaltung von Grundstuecken an der Elbe und Alster"
assert len(LONG_NAME) == 72 + 1


def codes(written: Written) -> list[list[str]]:
    return [[problem.code for problem in left.problems] for left in written.left_out]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"iban": "DE02120300000000202052"}, "iban_invalid"),
        ({"iban": "US64SVBKUS6S3300958879"}, "iban_invalid"),
        ({"iban": "TR330006100519786457841326"}, "iban_outside_sepa"),
        ({"bic": "BYLADEM"}, "bic_invalid"),
        ({"amount": Decimal(0)}, "amount_not_positive"),
        ({"amount": Decimal("-1.00")}, "amount_not_positive"),
        ({"amount": Decimal("1000000000.00")}, "amount_too_large"),
        ({"amount": Decimal("1.005")}, "amount_too_fine"),
        ({"currency": "USD"}, "currency_not_euro"),
        ({"text": "x" * 141}, "text_too_long"),
        ({"text": "ß" * 71}, "text_too_long"),
        ({"name": "x" * 71}, "text_too_long"),
        ({"name": "ü" * 36}, "text_too_long"),
        ({"name": "\u200b"}, "name_missing"),
        ({"name": "山田"}, "name_missing"),
        ({"reference": ""}, "reference_length"),
        ({"reference": "x" * 36}, "reference_length"),
        ({"reference": "a//b"}, "reference_with_slashes"),
        ({"reference": "/ab"}, "reference_with_slashes"),
        ({"reference": "ab/"}, "reference_with_slashes"),
        ({"reference": "ä"}, "reference_malformed"),
        ({"mandate_reference": "M#1"}, "reference_malformed"),
        ({"mandate_reference": "x" * 36}, "reference_length"),
        ({"on": dt.date(2026, 11, 30)}, "day_passed"),
        ({"on": dt.date(2026, 12, 5)}, "day_closed"),
        ({"on": dt.date(2026, 12, 16)}, "day_too_far"),
        ({"sequence": "LAST"}, "sequence_unknown"),
        ({"scheme": "COR1"}, "scheme_unknown"),
        ({"signed_on": dt.date(2026, 12, 2)}, "mandate_not_signed"),
        ({"creditor_identifier": "DE97ZZZ09999999999"}, "creditor_identifier_invalid"),
        ({"creditor_identifier": "DE02ZZZ0123456789A"}, "mandate_of_another_creditor"),
        ({"iban": SWISS, "bic": None}, "address_missing"),
        ({"iban": SWISS, "bic": None, "address": Address("", "CH")}, "town_missing"),
        ({"amendment": Amendment(reference="a//b")}, "reference_with_slashes"),
        ({"amendment": Amendment(creditor_name="\u200b")}, "name_missing"),
        ({"amendment": Amendment()}, "amendment_empty"),
    ],
)
def test_m18_and_the_traps_of_the_library_are_refused_by_name(change: dict[str, Any], code: str) -> None:
    written = write_debits([a_debit(**change)], our_account(), RUN)
    assert codes(written) == [[code]]
    assert written.files == ()


def test_m18_each_finding_of_a_row_is_named_and_no_file_is_written() -> None:
    bad = a_debit(iban="DE02120300000000202052", amount=Decimal(0), text="x" * 141)
    written = write_debits([bad], our_account(), RUN)
    assert codes(written) == [["amount_not_positive", "iban_invalid", "text_too_long"]]
    assert written.files == ()
    assert "202052" not in str(written.left_out)  # others' IBANs are shown masked


def test_a_collection_on_christmas_is_refused() -> None:
    written = write_debits([a_debit(on=dt.date(2026, 12, 25))], our_account(), RUN._replace(today=dt.date(2026, 12, 15)))
    assert codes(written) == [["day_closed"]]


def test_m38_number_and_sum_are_of_what_was_written() -> None:
    amounts = [Decimal("0.10")] * 10 + [Decimal("19.99")] * 3 + [Decimal("1.15")]
    debits = [a_debit(n, amount=amount) for n, amount in enumerate(amounts)]
    debits.insert(3, a_debit(99, amount=Decimal(0)))
    written = write_debits(debits, our_account(), RUN)
    (file,) = written.files
    assert (file.count, file.total) == (14, Decimal("62.12"))
    assert sums(judged(file.content, file.version)) == [(14, Decimal("62.12"))] * 2
    assert [(left.index, left.reference) for left in written.left_out] == [(3, "E-99")]


def test_m19_umlauts_and_signs_are_written_in_the_characters_of_sepa() -> None:
    (file,) = write_debits([a_debit(name="Jürgen Groß & Söhne", text="Grüße – Nr. 5 € für Ærø")], our_account(), RUN).files
    root = judged(file.content, file.version)
    assert values(root, "Dbtr/Nm") == ["Juergen Gross + Soehne"]
    assert values(root, "Ustrd") == ["Gruesse - Nr. 5 EUR fuer Aero"]


def ten_transfers() -> list[Transfer]:
    return [a_transfer(n, **({"name": LONG_NAME[:72]} if n == 4 else {})) for n in range(10)]


def test_m37_a_name_of_72_characters_is_left_out_or_cut_by_the_pattern() -> None:
    written = write_transfers(ten_transfers(), our_account(), RUN)
    (file,) = written.files
    assert ([left.index for left in written.left_out], codes(written), file.count) == ([4], [["text_too_long"]], 9)
    judged(file.content, file.version)
    written = write_transfers(ten_transfers(), our_account(name_cutting="^.{1,70}"), RUN)
    (file,) = written.files
    assert (written.left_out, file.count) == ((), 10)
    assert LONG_NAME[:70] in values(judged(file.content, file.version), "Cdtr/Nm")


def test_a_pattern_that_keeps_too_much_or_nothing_cuts_nothing() -> None:
    for pattern in ("^.*$", "^zzz", "^.{0,1}?"):
        assert codes(write_transfers(ten_transfers(), our_account(name_cutting=pattern), RUN)) == [["text_too_long"]]


def test_two_schemes_are_two_files_and_days_sequences_and_creditors_are_groups() -> None:
    debits = [
        a_debit(1),
        a_debit(2, on=dt.date(2026, 12, 4)),
        a_debit(3, scheme="B2B"),
        a_debit(4, sequence="OOFF"),
        a_debit(5, creditor_identifier="DE98ABC09999999999"),
        a_debit(6),
    ]
    core, b2b = write_debits(debits, our_account(), RUN).files
    assert (core.kind, b2b.kind) == ("CORE", "B2B")
    assert [group.references for group in core.groups] == [("E-4",), ("E-5",), ("E-1", "E-6"), ("E-2",)]
    root = judged(core.content, core.version)
    assert values(root, "PmtInf/PmtInfId") == [group.ident for group in core.groups] == ["R1-1-1", "R1-1-2", "R1-1-3", "R1-1-4"]
    assert values(root, "MsgId") == ["R1-1"] and values(judged(b2b.content, b2b.version), "MsgId") == ["R1-2"]
    assert values(root, "LclInstrm/Cd") == ["CORE"] * 4 and values(root, "SeqTp") == ["OOFF", "RCUR", "RCUR", "RCUR"]
    assert values(root, "CdtrSchmeId/Id/PrvtId/Othr/Id") == [CREDITOR, "DE98ABC09999999999", CREDITOR, CREDITOR]
    assert values(root, "CreDtTm") == ["2026-12-01T09:00:00Z"]
    assert values(judged(b2b.content, b2b.version), "LclInstrm/Cd") == ["B2B"]


def test_groups_and_files_are_as_long_as_the_bank_takes_them() -> None:
    debits = [a_debit(n, amount=Decimal(n)) for n in range(1, 24)]
    files = write_debits(debits, our_account(most_per_group=4, most_per_file=10), RUN).files
    assert [[group.count for group in file.groups] for file in files] == [[4, 4], [4, 4], [4, 3]]
    assert sum(file.total for file in files) == sum(range(1, 24))
    idents = [group.ident for file in files for group in file.groups]
    assert len(set(idents)) == len(idents)
    for file in files:
        sums(judged(file.content, file.version))
    files = write_debits(debits, our_account(most_per_group=10, most_per_file=6), RUN).files
    assert [file.count for file in files] == [6, 6, 6, 5]


def test_batch_booking_is_said() -> None:
    for wanted in (True, False):
        (file,) = write_debits([a_debit(1), a_debit(2)], our_account(batch_booking=wanted), RUN).files
        assert values(judged(file.content, file.version), "BtchBookg") == [str(wanted).lower()]


@pytest.mark.parametrize("version", ["pain.008.001.08", "pain.008.001.02"])
@pytest.mark.parametrize(
    ("amendment", "said"),
    [
        (Amendment(reference="M-0"), {"OrgnlMndtId": ["M-0"]}),
        (
            Amendment(creditor_identifier="DE02ZZZ0123456789A", creditor_name="Älter & Co"),
            {"OrgnlCdtrSchmeId/Nm": ["Aelter + Co"], "OrgnlCdtrSchmeId/Id/PrvtId/Othr/Id": ["DE02ZZZ0123456789A"]},
        ),
        (Amendment(iban="DE89370400440532013000"), {"OrgnlDbtrAcct/Id/IBAN": ["DE89370400440532013000"]}),
        (Amendment(iban="DE89370400440532013000", other_bank=True), {"OrgnlDbtrAcct/Id/Othr/Id": ["SMNDA"]}),
        (
            Amendment(reference="M-0", creditor_name="Alt GmbH", other_bank=True),
            {"OrgnlMndtId": ["M-0"], "OrgnlCdtrSchmeId/Nm": ["Alt GmbH"], "OrgnlDbtrAcct/Id/Othr/Id": ["SMNDA"]},
        ),
    ],
)
def test_amendments_of_a_mandate_are_said(version: Any, amendment: Amendment, said: dict[str, list[str]]) -> None:
    debits = [a_debit(1), a_debit(2, amendment=amendment), a_debit(3)]
    (file,) = write_debits(debits, our_account(debit_version=version), RUN).files
    root = judged(file.content, file.version)
    assert values(root, "AmdmntInd") == ["true"]
    assert {path: values(root, path) for path in said} == said
    (amended,) = [one for one in root.findall(".//{*}DrctDbtTxInf") if one.find(".//{*}AmdmntInd") is not None]
    assert values(amended, "EndToEndId") == ["E-2"]


def test_an_address_is_said_where_it_must_be_or_where_it_is_wanted() -> None:
    swiss = a_debit(1, iban=SWISS, bic=None, address=ZURICH)
    (file,) = write_debits([swiss, a_debit(2, address=ZURICH)], our_account(), RUN).files
    root = judged(file.content, file.version)
    assert (values(root, "TwnNm"), values(root, "Ctry"), values(root, "StrtNm")) == (["Zuerich"], ["CH"], ["Bahnhofstrasse"])
    (file,) = write_debits([swiss, a_debit(2, address=ZURICH)], our_account(addresses="STRUCTURED"), RUN).files
    assert values(judged(file.content, file.version), "TwnNm") == ["Zuerich"] * 2
    (file,) = write_debits([swiss], our_account(address_lines=1), RUN).files
    root = judged(file.content, file.version)
    assert (values(root, "AdrLine"), values(root, "StrtNm"), values(root, "TwnNm")) == (["Bahnhofstrasse 1"], [], ["Zuerich"])


def test_the_older_version_says_no_address() -> None:
    account = our_account(debit_version="pain.008.001.02", addresses="STRUCTURED")
    (file,) = write_debits([a_debit(address=ZURICH)], account, RUN).files
    assert values(judged(file.content, file.version), "PstlAdr") == []
    assert codes(write_debits([a_debit(iban=SWISS, bic=None, address=ZURICH)], account, RUN)) == [["address_not_in_version"]]


@pytest.mark.parametrize("version", ["pain.001.001.09", "pain.001.001.03"])
@pytest.mark.parametrize("bic", ["SOGEDEFFXXX", None])
def test_transfers_with_and_without_bics(version: Any, bic: str | None) -> None:
    account = our_account(transfer_version=version, creditor_identifier=None)
    account = type(account)(account.iban, account.settings, bic)
    transfers = [a_transfer(1, bic="BYLADEM1001"), a_transfer(2), a_transfer(3, iban=SWISS, address=ZURICH)]
    written = write_transfers(transfers, account, RUN)
    (file,), older = written.files, version == "pain.001.001.03"
    root = judged(file.content, file.version)
    assert sums(root) == [(2, Decimal("100.00")) if older else (3, Decimal("150.00"))] * 2
    assert (values(root, "Ctry"), codes(written)) == (([], [["address_not_in_version"]]) if older else (["CH"], []))
    assert (file.kind, file.verification) == ("SCT", "REQUESTED")


def test_instant_transfers_go_on_sundays_and_say_so() -> None:
    sunday = RUN._replace(today=dt.date(2026, 12, 6))
    transfer = a_transfer(on=dt.date(2026, 12, 6))
    assert codes(write_transfers([transfer], our_account(), sunday)) == [["day_closed"]]
    (file,) = write_transfers([transfer], our_account(instant=True), sunday).files
    root = judged(file.content, file.version)
    assert (file.kind, values(root, "LclInstrm/Cd"), values(root, "SvcLvl/Cd")) == ("INST", ["INST"], ["SEPA"])
    older = our_account(instant=True, transfer_version="pain.001.001.03")
    assert codes(write_transfers([transfer], older, sunday)) == [["instant_not_in_version"]]


def test_verification_of_payees_is_waived_for_several_alone() -> None:
    account = our_account(verification_opt_out=True)
    for count, said in ((1, "REQUESTED"), (2, "OPTED_OUT")):
        (file,) = write_transfers([a_transfer(n) for n in range(count)], account, RUN).files
        assert file.verification == said
    assert write_debits([a_debit()], account, RUN).files[0].verification == "NONE"


@pytest.mark.parametrize(
    ("settings", "bic", "code"),
    [
        ({"creditor_identifier": None}, "SOGEDEFFXXX", "creditor_identifier_missing"),
        ({"debit_version": "pain.008.001.02"}, None, "bic_missing"),
        ({"holder_name": "x" * 71}, "SOGEDEFFXXX", "text_too_long"),
        ({}, "SOGE", "bic_invalid"),
    ],
)
def test_what_is_wrong_with_our_account_keeps_every_file_back(settings: dict[str, Any], bic: str | None, code: str) -> None:
    account = our_account(**settings)
    written = write_debits([a_debit(1), a_debit(2)], type(account)(account.iban, account.settings, bic), RUN)
    assert (written.files, codes(written)) == ((), [[code], [code]])


def test_a_reference_is_given_once() -> None:
    written = write_debits([a_debit(1), a_debit(1), a_debit(2)], our_account(), RUN)
    assert ([left.index for left in written.left_out], codes(written)) == ([1], [["reference_repeated"]])


def test_what_a_debit_is_to_the_bank() -> None:
    plain, said = our_account().settings, our_account(first_and_final=True).settings
    found = {
        (kind, presented): (sequence_of(kind, plain, presented=presented), sequence_of(kind, said, presented=presented))
        for kind, presented in itertools.product(("RECURRENT", "ONE_OFF"), (False, True))  # type: ignore[arg-type]
    }
    assert found == {
        ("RECURRENT", False): ("RCUR", "FRST"),
        ("RECURRENT", True): ("RCUR", "RCUR"),
        ("ONE_OFF", False): ("OOFF", "OOFF"),
        ("ONE_OFF", True): ("OOFF", "OOFF"),
    }


def test_nothing_to_write_is_no_file() -> None:
    assert write_debits([], our_account(), RUN) == write_transfers([], our_account(), RUN) == Written((), ())
