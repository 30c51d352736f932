"""The table of cases keeps what its readers rely on."""

import json
import re

from bridge.simulators.tagor import CASES, cases
from bridge.simulators.tagor.case import AMICABLE, JUDICIAL, NO_PLANS, ONE_TERM

KEYS = [
    *(
        "name",
        "phone",
        "file",
        "file_id",
        "party_id",
        "reference",
        "pin",
        "barcode",
        "house_number",
        "birth_date",
        "language",
    ),
    *("tagor_language", "balance", "creditor", "last_payment", "last_amount", "plan", "files", "note"),
]


def test_cases_are_json_with_exactly_these_keys():
    """What `bridge tagor --cases` prints can be read back, key for key."""
    assert json.loads(json.dumps(cases())) == cases()
    assert all(list(case) == KEYS for case in cases())
    assert len(cases()) >= 14


def test_numbers_have_the_forms_a_phone_line_expects():
    """Mobile numbers, digits-only names and references, 64-bit ids, six-digit PINs, two decimals."""
    for case in cases():
        assert case["phone"] is None or re.fullmatch(r"\+32[1-9]\d{7,8}", case["phone"])
        assert re.fullmatch(r"\d{1,12}", case["file"])
        assert re.fullmatch(r"\d{1,12}", case["reference"])
        assert re.fullmatch(r"\d{6}", case["pin"])
        assert all(2**62 < int(case[name]) < 2**63 for name in ("file_id", "party_id"))
        assert re.fullmatch(r"-?\d+\.\d{2}", case["balance"])
        assert case["last_amount"] is None or re.fullmatch(r"\d+\.\d{2}", case["last_amount"])


def test_nothing_is_taken_for_something_else():
    """Ids, file names, references, PINs and balances differ, further files included."""
    files = [(f.file, f.file_id, f.pin, f"{f.balance:.2f}") for case in CASES for f in case.further]
    others = [(other.party_id, other.pin) for case in CASES for other in case.before]
    names = [case.file for case in CASES] + [f[0] for f in files]
    ids = (
        [i for case in CASES for i in (case.file_id, case.party_id)]
        + [f[1] for f in files]
        + [o[0] for o in others]
    )
    pins = [case.pin for case in CASES] + [f[2] for f in files] + [o[1] for o in others]
    balances = [case["balance"] for case in cases()] + [f[3] for f in files]
    for values in (names, ids, pins, balances, names + [case.reference for case in CASES]):
        assert len(set(values)) == len(values)


def test_every_wanted_situation_is_among_them():
    """Languages, numbers of files, shared numbers, balances, plans and texts as the list of cases demands."""
    told = cases()
    phones = [case["phone"] for case in told if case["phone"]]
    assert {case["language"] for case in told} == {"nl", "fr", "de", "en"}
    assert {len(case["files"]) for case in told} == {0, 3}
    assert len(phones) - len(set(phones)) == 1
    assert any(case["phone"] is None for case in told)
    assert any(case.before for case in CASES)
    assert any(case.summons for case in CASES)
    assert {AMICABLE, JUDICIAL, NO_PLANS, ONE_TERM} == {case.file_type for case in CASES}
    assert any(case.email == "" for case in CASES)
    assert min(float(case["balance"]) for case in told) < 0
    assert "0.00" in {case["balance"] for case in told}
    assert any(case["last_payment"] is None for case in told)
    assert {case["plan"]["arrears"] for case in told if case["plan"]} == {"0.00", "187.50"}
    assert [
        case["language"] for case in told if case["tagor_language"] not in {"Dut", "Frn", "Ger", "Eng"}
    ] == ["nl"]
    texts = "".join(case["name"] + case["creditor"] for case in told)
    assert {"&", "<", ">", '"', "'", "\x00", "\U0001f600"} < set(texts)
