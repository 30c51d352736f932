"""Puts documents on files, and lists them and the letters about a file."""

import base64
import binascii
from collections.abc import Mapping

from bridge.simulators.tagor import codes
from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.documents import StoredDocument
from bridge.simulators.tagor.envelope import Refusal, Request, context, dataset
from bridge.simulators.tagor.operations.payment import overview
from bridge.simulators.tagor.registry import operation, table
from bridge.simulators.tagor.tables import Rows
from bridge.simulators.tagor.tagor import PDF_ONLY, SimulatedTagor
from bridge.simulators.tagor.wire_format import Id

WEB_MESSAGE = Id("9000000000000000403")


@operation("Dossier/AddAttachment")
def add(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Put documents on a file, each time anew; the reply repeats them, contents and all."""
    file = tagor.file(request.context.get("tdos_id", ""))
    rows = [Request(row) for row in request.rows("AttachmentWeb")]
    if not rows:
        raise Refusal("dsAttachmentWeb is leeg.")
    told = [keep(tagor, row, file_id=file.id) for row in rows]
    return context({}, bare=tagor.bare) | dataset("AttachmentWeb", file.wire_format.rows(told))


def keep(
    tagor: SimulatedTagor, given: Request, *, file_id: str = "", message_id: str = "", job: object = None
) -> Mapping[str, object]:
    """Keep one document, and tell it as Tagor does; raises Refusal for one that is none."""
    attachment = StoredDocument(
        *(given.text("ttFileName"), given.text("FileType"), _content(given), tagor.today),
        *(given.text("ttComment"), given.text("TQDISGROEP_Id"), file_id, message_id),
    )
    document = tagor.documents.add(attachment)
    return told(document, given.text("FileContent"), job or (None if tagor.bare else ""))


def told(document: StoredDocument, content: str, job: object) -> Mapping[str, object]:
    """Return a document as a row of `dsAttachmentWeb`, at a job if it came with a message."""
    return {
        "ttFileName": document.name,
        "ttFilePath": "c:\\temp\\",
        "ttComment": document.comment,
        "TDOC_Id": document.id,
        "TQDISGROEP_Id": document.group_id,
        "FileContent": content,
        "FileType": document.kind,
        "TJOB_Id": job,
    }


def _content(given: Request) -> bytes:
    for field in ("ttFileName", "FileType", "FileContent"):
        if not given.text(field):
            raise Refusal(f"{field} is niet ingevuld.")
    try:
        return base64.b64decode(given.text("FileContent"), validate=True)
    except (binascii.Error, ValueError):
        raise Refusal("FileContent is geen base64.") from None


def _row(document: StoredDocument) -> dict[str, object]:
    return {
        "DatumDocument": document.day,
        "DISFLMN_Extensie": document.kind,
        "DISid": 0,
        "Naam": document.name,
        "TDOC_Id": document.id,
        "TQDISGROEP_Id": document.group_id,
        "Inhoud": "",
    }


@table("Document/Get")
def documents(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return the documents on a file, oldest first, without contents; only PDF if the office says so."""
    file = tagor.file(request.context.get("tdos_id", ""))
    only_pdf = tagor.parameter(PDF_ONLY) == "true"
    rows = [
        _row(document)
        for document in tagor.documents.on_file(file.id)
        if not only_pdf or document.kind.lower() == "pdf"
    ]
    return Rows(rows, wire_format=file.wire_format)


@table("Document/GetFile")
def file_content(tagor: SimulatedTagor, request: Request, _caller: Caller) -> Rows:
    """Return one document with its content."""
    document = tagor.documents.find(request.context.get("tdoc_id", ""))
    if document is None:
        raise Refusal("Document niet gevonden.")
    content = base64.b64encode(document.content).decode()
    return Rows([_row(document) | {"Inhoud": content}])


@table("Config/GetRequestableDocuments")
def requestable(tagor: SimulatedTagor, _request: Request, caller: Caller) -> Rows:
    """Return the documents that the user may have generated."""
    return Rows(
        {"TDOCM_Id": code.id, "omschrijving": code.word("Dut"), "Id": code.code}
        for code in codes.in_table("TDOCM")
        if tagor.permissions.may_see(caller.user_id, "TDOCM", code.id)
    )


@table("Document/Generate")
def generate(tagor: SimulatedTagor, request: Request, caller: Caller) -> Rows:
    """Make a document about a file and send it to a defendant, each time anew; the context tells its id."""
    file = tagor.file_in(request)
    party = tagor.defendant(file, request.context.get("tpar_id", ""))
    model = codes.find("TDOCM", id_=request.context.get("tdocm_id", ""))
    if model is None or not tagor.permissions.may_see(caller.user_id, "TDOCM", model.id):
        raise Refusal("Dit document kan niet worden aangemaakt.")
    words = f"{model.word(party.language)} - {party.name}"
    document = tagor.documents.add(
        StoredDocument(
            *(model.word("Dut"), "pdf", words.encode(), tagor.today),
            *(words, codes.id_of("TQDISGROEP", "WEB"), file.id),
        )
    )
    return Rows(context={"success": "true", "TDOC_Id": document.id})


@table("Document/GetMergefield")
def mergefield(tagor: SimulatedTagor, request: Request, caller: Caller) -> Rows:
    """Return what a mergefield of a file says; only `M_1000`, the details of the debt, is known here."""
    file, name = tagor.file_in(request), request.context.get("mergefield", "")
    field = codes.find("WL_QRY_FIELD", code=name)
    if field is None or not tagor.permissions.may_see(caller.user_id, "WL_QRY_FIELD", field.id):
        raise Refusal("Dit samenvoegveld is niet gekend.")
    return Rows(context={"Output": overview(tagor, file)})


@operation("Dossier/GetCorrespondence")
def correspondence(tagor: SimulatedTagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Return the messages about a file, oldest first, each by its first words; documents are not included."""
    file = tagor.file(request.context.get("tdos_id", ""))
    # The older generation's page shows these as info records, under that dataset's own name.
    more = {"TQINFO_Id": WEB_MESSAGE, "TQINFODEF_Id": "0"} if tagor.bare else {}
    rows = file.wire_format.rows(
        {"TDOS_Id": file.id, "Omschrijving": f"Webbericht: {message.text}", "DatumInfo": message.day} | more
        for message in tagor.messages.on_file(file.id)
    )
    name = "TDOSINFOWeb" if tagor.bare else "TDOSCorrespondenceWeb"
    inner = dataset(name, rows, bare=tagor.bare)[f"ds{name}"]
    return context({}, bare=tagor.bare) | {"dsTDOSINFOWeb": inner}
