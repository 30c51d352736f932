"""Lists the cases of the demonstration office: one for each situation that a phone line must handle."""

from datetime import date
from decimal import Decimal

from bridge.simulators.tagor.case import (
    GONE,
    JUDICIAL,
    NO_PLANS,
    ONE_TERM,
    WITHOUT_NUMBER,
    Case,
    CoDefendant,
    FurtherFile,
)
from bridge.simulators.tagor.records import Plan

CASES = (
    Case(
        note="One file, Dutch; every value is spelled as on the vendor's page.",
        name="An Peeters", phone="+32470000001", tagor_language="Dut", house_number="12",
        file="20230118", file_id="9000000000000000001", party_id="9000000000000001001",
        reference="7700011", pin="482193", balance=Decimal("1234.56"), creditor="Stad Gent",
        last_payment=date(2025, 3, 14), last_amount=Decimal("50.00"),
    ),
    Case(
        note="One file, French; Tagor sends ids as JSON numbers.",
        name="Marie Dubois", phone="+32470000002", tagor_language="Frn", house_number="7",
        file="20230219", file_id="9000000000000000002", party_id="9000000000000001002",
        reference="7700022", pin="150937", balance=Decimal("871.91"), creditor="Clinique Saint-Luc",
        last_payment=date(2025, 1, 2), last_amount=Decimal("80.71"), wire_format="numbers",
    ),
    Case(
        note="One file, German; Tagor sends amounts and booleans as text.",
        name="Klaus Schmitz", phone="+32470000003", tagor_language="Ger", house_number="3A",
        file="20230320", file_id="9000000000000000003", party_id="9000000000000001003",
        reference="7700033", pin="660214", balance=Decimal("2021.01"), creditor="Gemeinde Eupen",
        last_payment=date(2024, 12, 31), last_amount=Decimal("100.10"), wire_format="text",
    ),
    Case(
        note="One file, English; the day of the last payment is a leap day.",
        name="Sarah Johnson", phone="+32470000004", tagor_language="Eng", house_number="45",
        file="20230421", file_id="9000000000000000004", party_id="9000000000000001004",
        reference="7700044", pin="907351", balance=Decimal("318.07"), creditor="Brussels Water",
        last_payment=date(2024, 2, 29), last_amount=Decimal("25.05"),
    ),
    Case(
        note="Four files under one number, more than a PIN is tried on; two share reference 7705555.",
        name="Luc Janssens", phone="+32470000005", tagor_language="Dut", house_number="88",
        file="20230522", file_id="9000000000000000005", party_id="9000000000000001005",
        reference="7700055", pin="271828", balance=Decimal("455.10"), creditor="Telecom Noord",
        last_payment=date(2025, 2, 10), last_amount=Decimal("45.00"),
        further=(
            FurtherFile(
                "20230523", "9000000000000000051", "7700551", "314159", Decimal("67.32"), "Stad Aalst"
            ),
            FurtherFile(
                "20230524", "9000000000000000052", "7705555", "161803", Decimal("1090.99"), "Energie Plus"
            ),
            FurtherFile(
                "20230525", "9000000000000000053", "7705555", "141421", Decimal("203.45"), "Energie Plus"
            ),
        ),
    ),
    Case(
        note="First of two parties with the same number: this is the one ClipToFile returns.",
        name="Peter Claes", phone="+32470000006", tagor_language="Dut", house_number="21",
        file="20230626", file_id="9000000000000000006", party_id="9000000000000001006",
        reference="7700066", pin="538201", balance=Decimal("740.25"), creditor="Verzekering West",
        last_payment=date(2024, 11, 5), last_amount=Decimal("30.00"),
    ),
    Case(
        note="Second of two parties with the same number: ClipToFile returns the other, in Dutch.",
        name="Julie Claes", phone="+32470000006", tagor_language="Frn", house_number="21",
        file="20230627", file_id="9000000000000000007", party_id="9000000000000001007",
        reference="7700077", pin="846120", balance=Decimal("96.84"), creditor="Boutique Lilas",
        last_payment=date(2025, 4, 1), last_amount=Decimal("12.50"),
    ),
    Case(
        note="Third of three defendants on one file; the first two have PINs and house numbers of their own.",
        name="Dirk Willems", phone="+32470000008", tagor_language="Dut", house_number="16",
        file="20230728", file_id="9000000000000000008", party_id="9000000000000001008",
        reference="7700088", pin="390475", balance=Decimal("3150.40"), creditor="Woonzorg De Linde",
        last_payment=date(2025, 5, 20), last_amount=Decimal("75.00"),
        before=(
            CoDefendant("Griet Willems", "9000000000000001081", "390471", "14"),
            CoDefendant("Jean Wouters", "9000000000000001082", "390472", "2 bus 4", "Frn"),
        ),
    ),
    Case(
        note="Everything is paid: the balance is zero. The file's manager has no telephone.",
        name="Emma Maes", phone="+32470000009", tagor_language="Eng", house_number="1",
        file="20230829", file_id="9000000000000000009", party_id="9000000000000001009",
        reference="7700099", pin="725016", balance=Decimal("0.00"), creditor="Stad Leuven",
        last_payment=date(2025, 6, 3), last_amount=Decimal("612.00"), manager=WITHOUT_NUMBER,
    ),
    Case(
        note="Too much was paid: the balance is a credit.",
        name="Philippe Lambert", phone="+32470000010", tagor_language="Frn", house_number="102",
        file="20230930", file_id="9000000000000000010", party_id="9000000000000001010",
        reference="7700110", pin="483920", balance=Decimal("-18.75"), creditor="Ville de Namur",
        last_payment=date(2025, 6, 11), last_amount=Decimal("250.00"),
        wire_format="text",
    ),
    Case(
        note="Never paid: the date of the last payment is an empty text.",
        name="Sofie De Smet", phone="+32470000011", tagor_language="Dut", house_number="9",
        file="20231031", file_id="9000000000000000011", party_id="9000000000000001011",
        reference="7700121", pin="192837", balance=Decimal("529.33"), creditor="Parking Centrum",
        wire_format="empty",
    ),
    Case(
        note="A summons has been issued, and nothing was ever paid: the date of the last payment is null.",
        name="Hans Becker", phone="+32470000012", tagor_language="Ger", house_number="27",
        file="20231101", file_id="9000000000000000012", party_id="9000000000000001012",
        reference="7700132", pin="574839", balance=Decimal("4806.62"), creditor="Autohaus Ostbelgien",
        summons=True, file_type=JUDICIAL,
    ),
    Case(
        note="A payment plan is running and is kept.",
        name="Nele Goossens", phone="+32470000013", tagor_language="Dut", house_number="33",
        file="20231202", file_id="9000000000000000013", party_id="9000000000000001013",
        reference="7700143", pin="601284", balance=Decimal("960.18"), creditor="Ziekenhuis Zuid",
        last_payment=date(2025, 6, 2), last_amount=Decimal("80.00"), plan=Plan(
            Decimal("80.00"), months=40, start=date(2024, 9, 5)
        ),
    ),
    Case(
        note="A payment plan is running with arrears; ids are numbers, amounts and booleans are text.",
        name="Thomas Leroy", phone="+32470000014", tagor_language="Frn", house_number="5",
        file="20240103", file_id="9000000000000000014", party_id="9000000000000001014",
        reference="7700154", pin="818042", balance=Decimal("1575.29"), creditor="Assurances Meuse",
        last_payment=date(2025, 3, 3), last_amount=Decimal("62.50"),
        plan=Plan(Decimal("125.00"), Decimal("187.50"), months=36, start=date(2024, 7, 15)),
        wire_format="mixed",
    ),
    Case(
        note="Tagor's language code is unknown to everybody: the office's own language applies.",
        name="Carmen Ortega", phone="+32470000015", tagor_language="Spa", house_number="64",
        file="20240204", file_id="9000000000000000015", party_id="9000000000000001015",
        reference="7700165", pin="257913", balance=Decimal("412.70"), creditor="Bibliotheek Mechelen",
        last_payment=date(2025, 1, 30), last_amount=Decimal("20.00"),
    ),
    Case(
        note="Calls with the number withheld, Tagor knows none, and the file's manager works there no more.",
        name="Robert King", phone=None, tagor_language="Eng", house_number="11",
        file="20240305", file_id="9000000000000000016", party_id="9000000000000001016",
        reference="7700176", pin="430658", balance=Decimal("689.95"), creditor="Antwerp Storage",
        last_payment=date(2025, 5, 8), last_amount=Decimal("40.00"), manager=GONE,
    ),
    Case(
        note="Texts hold markup, quotes, an emoji, control characters and a bidirectional override.",
        name="Zoë O'Hara & <b>\"Zonen\"</b> \U0001f3e0\x07", phone="+32470000017", tagor_language="Dut",
        house_number="8", file="20240406", file_id="9000000000000000017", party_id="9000000000000001017",
        reference="7700187", pin="369258", balance=Decimal("77.77"),
        creditor="Bakkerij 't Hoekje & Co <\"Zuid\"> \U0001f600\x00\x1b\u202e]]>",
        last_payment=date(2025, 4, 22), last_amount=Decimal("7.07"),
    ),
    Case(
        note="The largest debt of the office: many thousands, one cent.",
        name="Greta Hermann", phone="+32470000018", tagor_language="Ger", house_number="210",
        file="202405070001", file_id="9000000000000000018", party_id="9000000000000001018",
        reference="7700198", pin="945601", balance=Decimal("98765.01"), creditor="Bank Hohes Venn",
        last_payment=date(2025, 2, 28), last_amount=Decimal("1000.00"), file_type=JUDICIAL,
        wire_format="mixed",
    ),
    Case(
        note="The kind of file allows no payment plan at all.",
        name="Jan Mertens", phone="+32470000019", tagor_language="Dut", house_number="51",
        file="20240608", file_id="9000000000000000019", party_id="9000000000000001019",
        reference="7700209", pin="716253", balance=Decimal("845.30"), creditor="Onderwijs Limburg",
        last_payment=date(2025, 5, 12), last_amount=Decimal("35.00"), file_type=NO_PLANS,
    ),
    Case(
        note="One term only, from a landline, and no mail address: a confirmation reaches nobody.",
        name="Colette Martin", phone="+3242345678", tagor_language="Frn", house_number="18",
        file="20240709", file_id="9000000000000000020", party_id="9000000000000001020",
        reference="7700211", pin="604812", balance=Decimal("333.35"), creditor="Mutualité Ardenne",
        last_payment=date(2025, 4, 15), last_amount=Decimal("33.00"), file_type=ONE_TERM, email="",
    ),
)  # fmt: skip


def cases() -> list[dict[str, object]]:
    """Return the documented cases as `bridge tagor --cases` prints them, see `Case.public`."""
    return [case.public() for case in CASES]
