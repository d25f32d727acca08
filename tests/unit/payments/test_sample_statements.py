"""Every sample statement of other people's banks: read, or refused with the true reason; and what does not add up is named."""

from decimal import Decimal
from pathlib import Path

import pytest
from tests.factories.statements import sample

from contor.kernel.errors import Refused
from contor.payments.statements.judged import statement_problems
from contor.payments.statements.read import read_file

SAMPLES: dict[str, dict[str, object]] = {
    # name: statements, booked lines, their sum, what is wrong with them; or why the file is refused
    "camt-samples/genkgo": {
        "camt052.v1.xml": (1, 1, "-200000", []),
        "camt052.v2.other-account.xml": (1, 1, "-200000", []),
        "camt052.v2.with-account-name.xml": "date_missing",
        "camt052.v2.xml": (1, 1, "-200000", []),
        "camt052.v4.xml": (1, 0, "0", []),
        "camt052.v6.Amt-zero.xml": (1, 0, "0", []),
        "camt052.v6.xml": (1, 0, "0", []),
        "camt052.v8.xml": (1, 1, "-200000", []),
        "camt053.v2.all-balance-types.xml": (1, 1, "8.85", ["balance_differs"]),
        "camt053.v2.five.decimals.xml": (1, 1, "8.85", ["balance_differs"]),
        "camt053.v2.minimal.ultimate.xml": (1, 1, "8.85", ["balance_currency_differs"]),
        "camt053.v2.minimal.xml": (1, 1, "8.85", ["balance_currency_differs"]),
        "camt053.v2.multi.statement.xml": (2, 2, "1.85", []),
        "camt053.v2.with-account-name.xml": (1, 1, "8.85", ["closing_balance_missing", "opening_balance_missing"]),
        "camt053.v2.with-party-ids.xml": (1, 1, "8.85", ["balance_currency_differs"]),
        "camt053.v2.wrong.xml": "statement_empty",
        "camt053.v3.xml": (1, 1, "8.85", ["balance_currency_differs"]),
        "camt053.v4.xml": (1, 1, "8.85", ["balance_currency_differs"]),
        "camt053.v8.xml": (1, 1, "8.85", ["balance_currency_differs"]),
        "camt054.v2.with-account-name.xml": "date_missing",
        "camt054.v2.xml": (1, 1, "-200000", []),
        "camt054.v4.xml": (1, 1, "-200000", []),
        "camt054.v8-with-UETR.xml": "date_missing",
        "camt054.v8-with-financial-institution.xml": "date_missing",
        "camt054.v8.xml": (1, 1, "-200000", []),
        "camt53.only-Dt-with-DtTm.xml": (1, 0, "0", ["closing_balance_missing"]),
    },
    "mt940-samples": {
        "ASNB/mt940.txt": (31, 8, "56.94", []),
        "ASNB/mt940_with_spaces_for_entry_date.txt": (31, 8, "56.94", []),
        "betterplace/amount_formats.sta": "statement_format_unknown",
        "betterplace/currency_in_25.sta": "statement_format_unknown",
        "betterplace/empty_86.sta": "statement_format_unknown",
        "betterplace/empty_entry_date.sta": "statement_format_unknown",
        "betterplace/empty_line.sta": (1, 0, "0", ["closing_balance_missing", "opening_balance_missing"]),
        "betterplace/missing_crlf_at_end.sta": "statement_format_unknown",
        "betterplace/sepa_mt9401.sta": (20, 97, "-9269135.9", []),
        "betterplace/sepa_snippet.sta": (2, 11, "-2143323.39", ["balance_differs"]),
        "betterplace/sepa_snippet_broken.sta": (1, 1, "50990.05", ["balance_differs"]),
        "betterplace/with_binary_character.sta": (2, 4, "-179066.75", []),
        "cmxl/account_balance_credit.sta": "statement_format_unknown",
        "cmxl/account_balance_debit.sta": "statement_format_unknown",
        "cmxl/account_identification_iban.sta": "statement_format_unknown",
        "cmxl/account_identification_legacy.sta": "statement_format_unknown",
        "cmxl/available_balance.sta": "statement_format_unknown",
        "cmxl/closing_balance.sta": "statement_format_unknown",
        "cmxl/mt940.sta": (3, 16, "12327.3", []),
        "cmxl/reference.sta": (1, 0, "0", ["closing_balance_missing", "opening_balance_missing"]),
        "cmxl/statement_details.sta": "statement_format_unknown",
        "cmxl/statement_line.sta": "statement_format_unknown",
        "cmxl/statement_number.sta": "statement_format_unknown",
        "jejik/abnamro.sta": (2, 10, "-345.93", ["balance_differs"]),
        "jejik/generic.sta": (2, 2, "-20", []),
        "jejik/ing.sta": (1, 7, "-45.59", ["balance_differs"]),
        "jejik/knab.sta": (2, 3, "-6260", ["balance_differs"]),
        "jejik/postfinance.sta": (1, 4, "159.4", ["balance_differs"]),
        "jejik/rabobank-iban.sta": (2, 4, "-70", []),
        "jejik/rabobank.sta": (4, 5, "-1589.09", ["balance_differs"]),
        "jejik/sns.sta": (2, 2, "-25", []),
        "jejik/triodos.sta": (1, 2, "-715.7", ["balance_differs"]),
        "self-provided/account_identification.sta": (2, 0, "0", ["closing_balance_missing", "opening_balance_missing"]),
        "self-provided/details_60-63.sta": (1, 1, "-233.15", ["balance_differs"]),
        "self-provided/empty_non_swift.sta": "statement_format_unknown",
        "self-provided/february_30.sta": (1, 1, "-6", []),
        "self-provided/gv_codes.sta": (1, 2, "-257.45", ["closing_balance_missing"]),
        "self-provided/invalid_statement.sta": "statement_format_unknown",
        "self-provided/long_statement_number.sta": (1, 0, "0", []),
        "self-provided/malformed_details.sta": (1, 1, "-233.15", ["balance_differs"]),
        "self-provided/mt942.sta": (1, 1, "-0.42", []),
        "self-provided/multiline.sta": (1, 2, "114", ["balance_differs"]),
        "self-provided/overly_long_details.sta": (1, 1, "-233.15", ["balance_differs"]),
        "self-provided/raiffeisen-cmi.sta": (1, 7, "-1012213.5", ["balance_differs"]),
        "self-provided/raphaelm.sta": (3, 9, "95000", ["balance_currency_differs"]),
        "self-provided/sparkassen.sta": "statement_format_unknown",
        "self-provided/transaction_details_wrapped.sta": (1, 1, "-6", []),
        "self-provided/whitespace.sta": (1, 1, "-233.15", ["balance_differs"]),
        "self-provided/wrapped_timestamp.sta": (1, 1, "-6", []),
    },
    "bank-own": {
        "a1-status.xml": (1, 1, "119", []),
        "a10-marks.sta": (1, 4, "0", []),
        "a2-nonref.xml": (1, 4, "45", []),
        "a3-batch.xml": (1, 1, "595", []),
        "a4-batch-charge.xml": (1, 1, "1474", []),
        "a5-return.xml": (1, 1, "-122", []),
        "a6-reversal.xml": (1, 2, "0", []),
        "a7-endofday.xml": (1, 2, "149", []),
        "a7-intraday.xml": (1, 1, "119", []),
        "a7-notification.xml": (1, 1, "119", []),
        "a8-minus-cent.xml": (1, 1, "20", ["balance_differs"]),
        "a9-return.sta": (1, 1, "-122", []),
    },
}
CASES = [(folder, name) for folder, names in SAMPLES.items() for name in names]


def outcome(content: bytes) -> object:
    try:
        found = read_file(content)
    except Refused as refused:
        return refused.problems[0].code
    problems = sorted({problem.code for one in found for problem in statement_problems(one)})
    booked = [entry for one in found for entry in one.booked]
    total = sum((entry.amount for entry in booked), Decimal(0))
    return len(found), len(booked), total, problems


def expected(said: object) -> object:
    if isinstance(said, tuple):
        statements, lines, total, problems = said
        return statements, lines, Decimal(total), problems
    return said


@pytest.mark.parametrize(("folder", "name"), CASES)
def test_a_sample_is_read_or_refused_with_the_true_reason(shared: Path, folder: str, name: str) -> None:
    assert outcome(sample(shared, f"{folder}/{name}")) == expected(SAMPLES[folder][name])


@pytest.mark.parametrize("folder", SAMPLES)
def test_no_sample_is_left_out(shared: Path, folder: str) -> None:
    root = shared / "artefacts" / folder
    if not root.exists():
        pytest.skip(f"{root} is absent")
    there = {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file() and path.name != "LICENSE"}
    assert there == set(SAMPLES[folder])
