"""Somebody whose every datum is a canary, and all the forms in which it might get out."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from hashlib import md5, sha1, sha256
from json import dumps
from urllib.parse import quote, quote_plus

from bridge.simulators.tagor import CASES, Case, CoDefendant, FurtherFile, Plan
from bridge.speech import SAYERS

PIN, WRONG_PIN, OTHER_PIN = "73918452", "62840537", "51739684"
FILE, WRONG_FILE, OTHER_FILE = "8374651029", "6172839405", "8374652918"
METRICS = "a token for the figures of a line"
"""What the line gets as BRIDGE_METRICS; whoever shows it is told the figures."""
PHONE, ELSEWHERE, CALL_BACK = "+32477318642", "+32488642913", "0479628351"
BARCODE = "958473625148"
MAIL, WORDS = "zangvogel@kanarie.example.be", "ik ben het gele vogeltje"
LAST_PAID, TODAY = date(2024, 9, 17), date(2026, 3, 4)
CANARY: Case = replace(
    CASES[0],
    name="Kanariënick Vogelzang",
    phone=PHONE,
    file=FILE,
    file_id="7418529630741852963",
    party_id="8529637418529637418",
    reference="5839201746",
    pin=PIN,
    house_number="98317",
    email=MAIL,
    balance=Decimal("7319.46"),
    creditor="Crediteurpiet Geelvink",
    last_payment=LAST_PAID,
    last_amount=Decimal("583.29"),
    plan=Plan(Decimal("417.63"), Decimal("692.85")),
    before=(CoDefendant("Medeschuldmies Roodborst", "9637418529637418529", "40628517", "76153"),),
    further=(
        FurtherFile(
            *(OTHER_FILE, "1593574862159357486", "4928301765", OTHER_PIN),
            *(Decimal("861.37"), "Schuldvink Sijs"),
        ),
    ),
)


@dataclass(frozen=True)
class Secrets:
    """What opens doors at one line: the provider's account and token, Tagor's keys, the seal's secret."""

    account: str
    token: str
    tagor: tuple[str, ...]
    seal: str


def canaries(secrets: Secrets) -> dict[str, str]:
    """Everything that must be found nowhere, by what it is; each is too long to be there by chance.

    So the house number is not among them: nobody can tell its five digits from a time's.
    """
    owner, co_defendant, further = CANARY, CANARY.before[0], CANARY.further[0]
    proof, wrong = f"{FILE}:{PIN}", f"{WRONG_FILE}:{WRONG_PIN}"
    found = {
        "name": owner.name,
        "first name": owner.name.split()[0],
        "creditor": owner.creditor,
        "another file's creditor": further.creditor,
        "co-defendant": co_defendant.name,
        "co-defendant's party": co_defendant.party_id,
        "co-defendant's PIN": co_defendant.pin,
        "caller": PHONE,
        "caller, as in Belgium": PHONE.removeprefix("+32"),
        "caller, read aloud": SAYERS["digits"]("0477318642", "nl", TODAY),
        "another caller": ELSEWHERE.removeprefix("+32"),
        "call-back number": CALL_BACK[1:],
        "barcode": BARCODE,
        "mail address": MAIL,
        "words said aloud": WORDS,
        "PIN": PIN,
        "wrong PIN": WRONG_PIN,
        "another file's PIN": OTHER_PIN,
        "file": FILE,
        "wrong file": WRONG_FILE,
        "another file": OTHER_FILE,
        "file, read aloud": SAYERS["digits"](FILE, "nl", TODAY),
        "file's id": owner.file_id,
        "another file's id": further.file_id,
        "party's id": owner.party_id,
        "reference": owner.reference,
        "balance": str(owner.balance),
        "balance, written": "7.319,46",
        **{
            f"balance, said in {one}": SAYERS["money"]("7319.46", one, TODAY)
            for one in ("nl", "fr", "de", "en")
        },
        "last payment": str(owner.last_amount),
        "last payment, said": SAYERS["money"]("583.29", "fr", TODAY),
        "day of the last payment": LAST_PAID.isoformat(),
        "day of the last payment, said": SAYERS["date"](LAST_PAID.isoformat(), "nl", TODAY),
        "instalment": "417.63",
        "arrears": "692.85",
        "another file's balance": "861.37",
        "file and PIN in base64": b64encode(proof.encode()).decode(),
        "file and wrong PIN in base64": b64encode(wrong.encode()).decode(),
        "caller's hash": sha256(PHONE.encode()).hexdigest(),
        "file's hash": sha1(FILE.encode(), usedforsecurity=False).hexdigest(),
        "PIN's hash": md5(PIN.encode(), usedforsecurity=False).hexdigest(),
        "provider's token": secrets.token,
        "provider's login": b64encode(f"{secrets.account}:{secrets.token}".encode()).decode(),
        "seal": secrets.seal,
        **{f"Tagor's key {number}": key for number, key in enumerate(secrets.tagor)},
    }
    assert len(set(found.values())) == len(found) >= 40
    assert min(map(len, found.values())) >= 6
    return found


def forms(canary: str) -> set[str]:
    """As it is, as JSON and Python write it, and as an address carries it."""
    return {canary, dumps(canary)[1:-1], repr(canary)[1:-1], quote(canary, safe=""), quote_plus(canary)}


class Scanner:
    """Looks for canaries; `found` gives the names of those that are there, never their values."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._forms = [(name, form) for name, canary in known.items() for form in sorted(forms(canary))]
        self._bytes = [(name, form.encode()) for name, form in self._forms]

    def in_text(self, text: str) -> list[str]:
        """The canaries in a text."""
        return _once(name for name, form in self._forms if form in text)

    def in_bytes(self, content: bytes) -> list[str]:
        """The canaries in a file."""
        return _once(name for name, form in self._bytes if form in content)


def _once(names: Iterable[str]) -> list[str]:
    return sorted(set(names))
