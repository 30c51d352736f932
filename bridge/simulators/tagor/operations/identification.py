"""Finds file and defendant by a telephone number, a reference, a house number or a PIN."""

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.envelope import Refusal, Request, dataset
from bridge.simulators.tagor.records import File
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.tagor import SimulatedTagor
from bridge.simulators.tagor.wire_format import PLAIN, Id

FOUND, UNKNOWN, SEVERAL = "0", "-1", "-2"


@operation("TagorService/ClipToFile")
def clip_to_file(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the first party with the caller's number and its files; a number nobody has is of kind A."""
    if not request.text("Telnr"):
        raise Refusal("Telnr is niet ingevuld.")
    party = tagor.by_phone(request.text("Telnr"))
    if party is None:
        return PLAIN.says(TPAR_Id=Id(), Taal="Dut", Partijtype="A", **_rows(tagor, []))
    files = tagor.files_of(party)
    answer = {"TPAR_Id": party.id, "Taal": party.language, "Partijtype": party.kind}
    return party.wire_format.says(**answer, **_rows(tagor, files))


def _rows(tagor: SimulatedTagor, files: list[File]) -> dict[str, object]:
    # The small i is Tagor's own: this endpoint alone spells the id so.
    rows: list[dict[str, object]] = [
        {"TDOS_id": f.id, "Dossiernaam": f.name, "TQDOSSOORT_Id": f.type_id, "SaldoVerw": f.balance}
        for f in files
    ]
    return dataset("ClipToFileDossiers", rows, bare=tagor.bare)


@operation("TagorService/PinToFile")
def pin_to_file(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the file and the defendant that belong to a file name and a PIN."""
    found = tagor.by_pin(request.text("Dossier"), request.text("Pin"))
    if found is None:
        raise Refusal("Dossier of pincode onjuist.")
    file, party_id = found
    return file.wire_format.says(TDOS_Id=file.id, TPAR_Id=party_id)


@operation("TagorService/GetVoxtronReferentie")
def file_by_reference(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the file behind a letter's reference, `reference|index` for one of several defendants.

    A phone number given along is kept as the defendant's own when there is only one.
    """
    reference, _, index = request.text("Referentie").partition("|")
    files = tagor.files_by_reference(reference)
    count = len(tagor.defendants(files[0])) if len(files) == 1 else 0
    position = _position(index, count)
    if len(files) > 1 or position is None:
        nothing = dict.fromkeys(("DosSoortId", "DosBehId", "DosStatus", "DosId"), "")
        code = SEVERAL if len(files) > 1 else UNKNOWN
        return PLAIN.says(**nothing, AantalVerw=0, VolgNrVerw=0, Dagvaarding=False, ReturnCode=code)
    if count == 1:
        tagor.store_phone(tagor.defendants(files[0])[0], request.text("Telnr"))
    return _file(tagor, files[0], count, position)


def _position(index: str, count: int) -> int | None:
    """Return the defendant's number: 0 when several and none was named, None when there is no such one."""
    if not index:
        return {0: None, 1: 1}.get(count, 0)
    return int(index) if index.isascii() and index.isdigit() and 1 <= int(index) <= count else None


def _file(tagor: SimulatedTagor, file: File, count: int, position: int) -> dict[str, object]:
    return file.wire_format.says(
        DosSoortId=tagor.type_code(file),
        DosBehId=tagor.manager(file),
        DosStatus=tagor.status(file),
        AantalVerw=count,
        VolgNrVerw=position,
        DosId=file.id,
        Dagvaarding=file.summons,
        ReturnCode=FOUND,
    )


@operation("TagorService/GetVoxtronVerwByHuisNr")
def defendant_by_house(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return which defendant of a file lives at a house number."""
    file = tagor.file(request.text("DosId"))
    asked = request.text("HuisNr").strip().casefold()
    homes = [party.house_number.casefold() for party in tagor.defendants(file)]
    if homes.count(asked) != 1:
        return file.wire_format.says(VolgNrVerw=0, ReturnCode=SEVERAL if asked in homes else UNKNOWN)
    return file.wire_format.says(VolgNrVerw=homes.index(asked) + 1, ReturnCode=FOUND)


@operation("TagorService/GetVoxtronVerwByPin")
def pin_fits(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return whether a PIN belongs to a file: yes or no, without saying whose it is."""
    if not tagor.pin_opens(request.text("DosId"), request.text("Pin")):
        raise Refusal("Pincode onjuist.")
    return PLAIN.says()
