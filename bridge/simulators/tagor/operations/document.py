"""Documents put on files, and what is listed of them and of the letters about a file."""

import base64
import binascii
from collections.abc import Mapping

from bridge.simulators.tagor.access import Caller
from bridge.simulators.tagor.documents import Attachment
from bridge.simulators.tagor.envelope import Refusal, Request, context, dataset
from bridge.simulators.tagor.registry import operation
from bridge.simulators.tagor.tagor import PDF_ONLY, Tagor
from bridge.simulators.tagor.wire_format import Id

WEB_MESSAGE = Id("9000000000000000403")


@operation("Dossier/AddAttachment")
def add(tagor: Tagor, request: Request, _caller: Caller) -> dict[str, object]:
    """Put documents on a file, each time anew; the reply repeats them, contents and all."""
    file = tagor.file(request.context.get("tdos_id", ""))
    rows = [Request(row) for row in request.rows("AttachmentWeb")]
    if not rows:
        raise Refusal("dsAttachmentWeb is leeg.")
    told = [keep(tagor, row, file_id=file.id) for row in rows]
    return context({}, bare=tagor.bare) | dataset("AttachmentWeb", file.wire_format.rows(told))


def keep(
    tagor: Tagor, given: Request, *, file_id: str = "", message_id: str = "", job: object = None
) -> Mapping[str, object]:
    """Keep one document, and tell it as Tagor does; raises Refusal for one that is none."""
    attachment = Attachment(
        *(given.text("ttFileName"), given.text("FileType"), _content(given), tagor.today),
        *(given.text("ttComment"), given.text("TQDISGROEP_Id"), file_id, message_id),
    )
    document = tagor.documents.add(attachment)
    return told(document, given.text("FileContent"), job or (None if tagor.bare else ""))


def told(document: Attachment, content: str, job: object) -> Mapping[str, object]:
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


@operation("Document/Get")
def documents(tagor: Tagor, request: Request, _caller: Caller) -> dict[str, object]:
    """The documents on a file, oldest first, without their contents; only PDF if the office says so."""
    file = tagor.file(request.context.get("tdos_id", ""))
    only_pdf = tagor.parameter(PDF_ONLY) == "true"
    rows = [
        {
            "DatumDocument": document.day,
            "DISFLMN_Extensie": document.kind,
            "DISid": 0 if tagor.bare else "0",
            "Naam": document.name,
            "TDOC_Id": document.id,
            "TQDISGROEP_Id": document.group_id,
            "Inhoud": "",
        }
        for document in tagor.documents.on_file(file.id)
        if not only_pdf or document.kind.lower() == "pdf"
    ]
    return context({}, bare=tagor.bare) | dataset("TDOCWeb", file.wire_format.rows(rows), bare=tagor.bare)


@operation("Dossier/GetCorrespondence")
def correspondence(tagor: Tagor, request: Request, _caller: Caller) -> dict[str, object]:
    """The messages about a file, oldest first, each by its first words; documents are not among them."""
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
