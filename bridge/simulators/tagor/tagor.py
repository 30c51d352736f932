"""Holds the office as its operations see it: files, parties, plans, hours and parameters."""

import json
from collections.abc import Callable
from datetime import date, datetime

from bridge.simulators.tagor.agenda import AgendaStore
from bridge.simulators.tagor.case import AMICABLE
from bridge.simulators.tagor.database import OfficeDatabase
from bridge.simulators.tagor.documents import DocumentStore
from bridge.simulators.tagor.envelope import Refusal, Request
from bridge.simulators.tagor.hours import BELGIUM, Hours
from bridge.simulators.tagor.lines import LineStore
from bridge.simulators.tagor.message_store import MessageStore
from bridge.simulators.tagor.permissions import Permissions
from bridge.simulators.tagor.plan_store import PlanStore
from bridge.simulators.tagor.records import File, InfoRecord, Party, national
from bridge.simulators.tagor.solvency import SolvencyStore
from bridge.simulators.tagor.staff import Staff
from bridge.simulators.tagor.tokens import Tokens
from bridge.simulators.tagor.wire_format import Id

GENERATIONS = {"1.08": "1.08.4000B2", "2.00": "2.00.1000B1"}

# Parameters of the vendor's configuration screen that change what an operation does.
PIN_PARTNER = 590  # what the PIN goes with: "file" (the default) or "reference"
SILENT = 568  # "true": no info records of their own
AUTO_ACCEPT = 358  # "true": a plan is approved as soon as it is requested
START_WITHIN = 9001  # a number of the stand-in's own: the days a plan may begin ahead, 62 when not set
PDF_ONLY = 192  # "true": only PDF documents are listed
HASH_DAYS = 502  # the days for which a file hash that was sent is valid, 30 when not set
PAY_SECRET = 574  # the secret with which the payment gateway seals what it posts
PAY_URL = 575  # the gateway's page
MANAGER = 259  # how a file's manager is named: "file" (the default), "user" or "id"

OWN_LOGIN = "bridge"  # the user the interface itself acts as

# The mapping with code VOXTRON: kinds of file that have a name of their own for the phone line.
VOXTRON = {AMICABLE: "MINNELIJK"}

_OWED = "SELECT f.*, d.party_id FROM files f JOIN defendants d ON d.file_id = f.id WHERE "
_BY_PARTNER = {
    "file": _OWED + "f.name = ? AND d.pin = ?",
    "reference": _OWED + "f.reference = ? AND d.pin = ?",
}


class SimulatedTagor:
    """One office's Tagor; every read and write happens inside the database's current transaction."""

    def __init__(
        self,
        database: OfficeDatabase,
        *,
        generation: str,
        api_key: str,
        client: tuple[str, str],
        clock: Callable[[], datetime],
    ) -> None:
        if generation not in GENERATIONS:
            raise ValueError(f"'{generation}' is no generation of Tagor: use {' or '.join(GENERATIONS)}.")
        self.database = database
        self.generation = generation
        self.api_key = api_key
        self.client = client
        self.clock = clock
        self.tokens = Tokens(clock)
        self.hours = Hours()
        self.plans = PlanStore(database)
        self.staff = Staff(database)
        self.messages = MessageStore(database)
        self.documents = DocumentStore(database)
        self.agenda = AgendaStore(database)
        self.lines = LineStore(database)
        self.solvency = SolvencyStore(database)
        self.permissions = Permissions(database)

    @property
    def version(self) -> str:
        """The release this office runs, such as 1.08.4000B2."""
        return GENERATIONS[self.generation]

    @property
    def bare(self) -> bool:
        """Whether empty arrays are left out of datasets, as the older generation does."""
        return self.generation == "1.08"

    @property
    def today(self) -> date:
        """The day it is in the office."""
        return self.clock().date()

    @property
    def moment(self) -> str:
        """The local date and time in the office, as Tagor writes it: 2019-12-12T11:05:02.496."""
        return self.clock().astimezone(BELGIUM).replace(tzinfo=None).isoformat(timespec="milliseconds")

    def parameter(self, number: int) -> str:
        """Return a parameter of the configuration screen, empty when it is not set."""
        row = self.database.one("SELECT value FROM parameters WHERE number = ?", number)
        return str(row["value"]) if row else ""

    def file(self, file_id: str) -> File:
        """Return the file with that id; raises Refusal."""
        row = self.database.one("SELECT * FROM files WHERE id = ?", file_id)
        if row is None:
            raise Refusal("Dossier niet gevonden.")
        return File.of(row)

    def file_in(self, request: Request) -> File:
        """Return the file that the context of a request names; raises Refusal."""
        return self.file(request.context.get("tdos_id", ""))

    def files_by_reference(self, reference: str) -> list[File]:
        """Return every file a letter's reference stands for."""
        return [
            File.of(row) for row in self.database.all("SELECT * FROM files WHERE reference = ?", reference)
        ]

    def files_of(self, party: Party) -> list[File]:
        """Return the files on which the party is a defendant."""
        rows = self.database.all(_OWED + "d.party_id = ? ORDER BY f.rowid", party.id)
        return [File.of(row) for row in rows]

    def defendants(self, file: File) -> list[Party]:
        """Return the file's defendants in their order; the first is number 1."""
        query = "SELECT p.* FROM defendants d JOIN parties p ON p.id = d.party_id WHERE file_id = ?"
        rows = self.database.all(query + " ORDER BY position", file.id)
        return [Party.of(row) for row in rows]

    def defendant(self, file: File, party_id: str) -> Party:
        """Return the defendant with that id, or the first one when none is named; raises Refusal."""
        for party in self.defendants(file):
            if party_id in ("", party.id):
                return party
        raise Refusal("Partij niet gevonden op dit dossier.")

    def party(self, party_id: str) -> Party:
        """Return the party with that id, on whatever file; raises Refusal."""
        row = self.database.one("SELECT * FROM parties WHERE id = ?", party_id)
        if row is None:
            raise Refusal("Partij niet gevonden.")
        return Party.of(row)

    def by_phone(self, number: str) -> Party | None:
        """Return the first party with that phone number, however it is written."""
        query = (
            "SELECT p.* FROM parties p JOIN phones n ON n.party_id = p.id WHERE n.number = ? ORDER BY n.rowid"
        )
        row = self.database.one(query, national(number))
        return Party.of(row) if row else None

    def by_pin(self, named: str, pin: str) -> tuple[File, Id] | None:
        """Return the file and defendant that a PIN and its partner (parameter 590) open."""
        query = _BY_PARTNER[self.parameter(PIN_PARTNER) or "file"]
        row = self.database.one(query, named, pin)
        return (File.of(row), Id(row["party_id"])) if row else None

    def by_hash(self, token: str) -> tuple[File, Id] | None:
        """Return the file and defendant that a hash opens: a letter's, or one that was sent and is valid."""
        sent = "SELECT file_id, party_id FROM hashes WHERE token = ? AND until >= ?"
        if found := self.database.one(sent, token, self.moment):
            return self.file(found["file_id"]), Id(found["party_id"])
        row = self.database.one(_OWED + "d.hash = ?", token)
        return (File.of(row), Id(row["party_id"])) if row else None

    def pin_opens(self, file_id: str, pin: str) -> bool:
        """Return whether any defendant of that file has that PIN."""
        query = "SELECT 1 FROM defendants WHERE file_id = ? AND pin = ?"
        return self.database.one(query, file_id, pin) is not None

    def type_code(self, file: File) -> str:
        """Return the kind of file as the phone line knows it (mapping VOXTRON), else `DSO` and its id."""
        return VOXTRON.get(file.type_id, f"DSO{file.type_id}")

    def status(self, file: File) -> str:
        """Return the file's status code."""
        if file.stopped:
            return "STOP"
        return "DAGV" if file.summons else "LOPEND"

    def stage(self, file: File) -> str:
        """Return the code of the stage that the file has reached; a stop and a summons are stages too."""
        status = self.status(file)
        return "AANM" if status == "LOPEND" else status

    def manager(self, file: File) -> str:
        """Return a file's manager as parameter 259 names them: by file, by login, or by `DBH` and user id."""
        if file.manager_told is not None:
            return file.manager_told
        login = self.staff.login(file.manager_id)
        return {"user": login, "id": f"DBH{file.manager_id}"}.get(self.parameter(MANAGER), file.name)

    def record(self, file: File, code: str, text: str) -> None:
        """Write an info record of Tagor's own on the file, unless the office switched those off."""
        if self.parameter(SILENT) != "true":
            self.write_info(file, code, text, self.today, automatic=True)

    def write_info(
        self, file: File, code: str, text: str, day: date, *, definition: str = "", automatic: bool = False
    ) -> None:
        """Write an info record on the file."""
        self.database.write(
            f"info record {code}" if automatic else "info line",
            "INSERT INTO info_records (file_id, code, definition, text, day, automatic)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            *(file.id, code, definition, text, day.isoformat(), automatic),
        )

    def info_records(self, file_id: str) -> list[InfoRecord]:
        """Return what was written onto a file, oldest first."""
        rows = self.database.all("SELECT * FROM info_records WHERE file_id = ? ORDER BY id", file_id)
        return [InfoRecord.of(row) for row in rows]

    def dataset_rows(self, dataset: str, file: File) -> list[dict[str, object]]:
        """Return the rows of a dataset that has no table of its own, as they were put onto a file."""
        query = "SELECT row FROM dataset_rows WHERE dataset = ? AND file_id = ? ORDER BY rowid"
        return [json.loads(found["row"]) for found in self.database.all(query, dataset, file.id)]

    def gives_copies(self, file: File) -> bool:
        """Return whether the file's kind may be asked for by a defendant."""
        row = self.database.one("SELECT self_service FROM file_types WHERE id = ?", file.type_id)
        return row is not None and bool(row["self_service"])

    def contacted(self, file: File, number: str) -> None:
        """Keep a number, if there is one, as the file's last contact."""
        if number:
            statement = "UPDATE files SET last_contact = ? WHERE id = ?"
            self.database.write("last contact stored", statement, number, file.id)

    def store_phone(self, party: Party, number: str) -> None:
        """Keep a number as the party's own, unless it has it already."""
        known = "SELECT 1 FROM phones WHERE party_id = ? AND number = ?"
        if national(number) and not self.database.one(known, party.id, national(number)):
            statement = "INSERT INTO phones VALUES (?, ?, ?)"
            self.database.write("phone number stored", statement, party.id, national(number), number)
