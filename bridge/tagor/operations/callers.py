"""Asks who is calling: operations that find a file, and operations that prove that it is the caller's."""

from typing import Annotated

from pydantic import Field

from bridge.tagor.http.deadline import Deadline
from bridge.tagor.models import CallerHint, FileName, LookupMiss, ProvenFile, Reference
from bridge.tagor.schema.answer import AnswerModel, ServiceAnswer, Verdict, nested
from bridge.tagor.schema.fields import (
    Content,
    Count,
    Language,
    MaybeCount,
    MaybeFlag,
    MaybeId,
    Name,
    TagorId,
    Text,
)
from bridge.tagor.schema.operation import Operation, checked
from bridge.tagor.session import TagorSession

MAX_DEFENDANTS = 99
"""Defendants of one file that a reference can tell apart."""

_DEFENDANT = "V"
_FOUND = "0"
_MISSES = {"-1": LookupMiss.NOT_FOUND, "-2": LookupMiss.SEVERAL}


class _CallerKind(ServiceAnswer):
    kind: Text = Field("", alias="Partijtype")


class _File(AnswerModel):
    # Tagor sends a balance along; it is not read, because nobody has proved anything yet.

    id: TagorId = Field(alias="TDOS_Id")
    name: Name = Field(alias="Dossiernaam")


class _CallingParty(AnswerModel):
    party: MaybeId = Field(None, alias="TPAR_Id")
    language: Language = Field(None, alias="Taal")
    files: Annotated[list[_File], nested("dsClipToFileDossiers", "ttClipToFileDossiers", readable=_File)] = (
        Field([], alias="dsClipToFileDossiers")
    )


def _read_hint(content: Content) -> CallerHint | None:
    known = _CallerKind.unless_no(content)
    # Only a defendant owes something on a file; to a client of the office (K) it is owed.
    if known is None or known.kind.upper() != _DEFENDANT:
        return None
    found = _CallingParty.model_validate(content)
    files = tuple(FileName(file.id, file.name) for file in found.files)
    return CallerHint(found.party, found.language, files)


class _Proof(ServiceAnswer):
    file: TagorId = Field(alias="TDOS_Id")
    # Without a party the caller is identified all the same, as by a reference.
    party: MaybeId = Field(None, alias="TPAR_Id")


def _read_proof(content: Content) -> ProvenFile | None:
    proof = _Proof.unless_no(content)
    return ProvenFile(proof.file, proof.party) if proof else None


class _Coded(Verdict):
    # Tagor says no in two ways: with a return code, and with `Success: false`, perhaps without any code.
    code: Text = Field("", alias="ReturnCode")

    @property
    def miss(self) -> LookupMiss | None:
        """Why nothing was found, None if it was; raises `ValueError` where the two ways disagree."""
        if self.code in _MISSES:
            return _MISSES[self.code]
        if self.success == (self.code == _FOUND) and self.code in ("", _FOUND):
            return None if self.success else LookupMiss.NOT_FOUND
        raise ValueError("the return code and the success disagree")


class _Referred(AnswerModel):
    file: TagorId = Field(alias="DosId")
    defendants: Count = Field(alias="AantalVerw")
    defendant: MaybeCount = Field(None, alias="VolgNrVerw")
    summons: MaybeFlag = Field(None, alias="Dagvaarding")
    manager: Text = Field("", alias="DosBehId")


def _read_reference(content: Content) -> Reference | LookupMiss:
    if miss := _Coded.model_validate(content).miss:
        return miss
    found = _Referred.model_validate(content)
    return Reference(found.file, found.defendants, found.defendant or None, found.summons, found.manager)


class _Numbered(AnswerModel):
    defendant: Count = Field(alias="VolgNrVerw")


def _read_number(content: Content) -> int | None:
    if _Coded.model_validate(content).miss:
        return None
    return _Numbered.model_validate(content).defendant or None


def _read_yes(content: Content) -> bool:
    return ServiceAnswer.unless_no(content) is not None


CLIP_TO_FILE = Operation(path="TagorService/ClipToFile", fields=("Telnr",), read=_read_hint)
PIN_TO_FILE = Operation(path="TagorService/PinToFile", fields=("Dossier", "Pin"), read=_read_proof)
# Never `Telnr`: Tagor would store the number as the defendant's own, and know a stranger by it next time.
GET_VOXTRON_REFERENTIE = Operation(
    path="TagorService/GetVoxtronReferentie", fields=("Referentie",), read=_read_reference
)
GET_VOXTRON_VERW_BY_HUIS_NR = Operation(
    path="TagorService/GetVoxtronVerwByHuisNr", fields=("DosId", "HuisNr"), read=_read_number
)
GET_VOXTRON_VERW_BY_PIN = Operation(
    path="TagorService/GetVoxtronVerwByPin", fields=("DosId", "Pin"), read=_read_yes
)


class Callers:
    """Questions about who is calling, and on which file (deadlines and errors: `client.Tagor`)."""

    def __init__(self, session: TagorSession) -> None:
        self._session = session

    def by_number(self, number: str, *, deadline: Deadline) -> CallerHint | None:
        """Ask which defendant an E.164 number may belong to; None for a client, anybody else or nobody."""
        return self._session.ask(CLIP_TO_FILE, deadline, checked("the phone number", number))

    def by_pin(self, name: str, pin: str, *, deadline: Deadline) -> ProvenFile | None:
        """Ask which file a name and a PIN open together; None says only that they do not open one."""
        values = checked("the file name", name), checked("the PIN", pin)
        return self._session.ask(PIN_TO_FILE, deadline, *values)

    def by_reference(
        self, reference: str, index: int | None = None, *, deadline: Deadline
    ) -> Reference | LookupMiss:
        """Ask which file a letter's reference means; `index` (1 is the first) names one of its defendants."""
        if index is not None and not 1 <= index <= MAX_DEFENDANTS:
            raise ValueError("The index cannot be sent to Tagor: it counts defendants from 1.")
        value = checked("the reference", reference) + ("" if index is None else f"|{index}")
        return self._session.ask(GET_VOXTRON_REFERENTIE, deadline, value)

    def by_house_number(self, file: str, house_number: str, *, deadline: Deadline) -> int | None:
        """Ask which defendant of a file (id) lives at a house number; 1 is the first, None is nobody."""
        values = checked("the file id", file), checked("the house number", house_number)
        return self._session.ask(GET_VOXTRON_VERW_BY_HUIS_NR, deadline, *values)

    def pin_opens(self, file: str, pin: str, *, deadline: Deadline) -> bool:
        """Ask whether a PIN belongs to a file (id)."""
        values = checked("the file id", file), checked("the PIN", pin)
        return self._session.ask(GET_VOXTRON_VERW_BY_PIN, deadline, *values)
