"""Documents on a file, and the letters about it."""

from __future__ import annotations

import base64
import random
from typing import TYPE_CHECKING, Any

import pytest

from bridge.simulators.tagor import CASES

if TYPE_CHECKING:
    from tests.unit.simulators.tagor.conftest import Answer, Client

ADD, DOCUMENTS, LETTERS = "Dossier/AddAttachment", "Document/Get", "Dossier/GetCorrespondence"
AN = CASES[0]
VOICE = {"ttFileName": "voice.wav", "FileType": "wav", "FileContent": "UklGRg=="}


def add(client: Client, file: str = AN.file_id, **changes: object) -> Answer:
    return client.look(ADD, {"TDOS_Id": file}, ("AttachmentWeb", VOICE | changes))


def documents(client: Client) -> list[dict[str, Any]]:
    return client.look(DOCUMENTS, {"TDOS_Id": AN.file_id}).rows("TDOCWeb")


def test_the_same_document_twice_is_two(client: Client):
    """Tagor knows no repeats."""
    ids = {add(client).rows("AttachmentWeb")[0]["TDOC_Id"] for _ in range(2)}
    assert len(ids) == len(documents(client)) == 2
    assert client.standin.records.effects(AN.file) == {("attachment", "voice.wav"): 2}


def test_a_sound_arrives_whole(client: Client):
    """To the byte, and never in the journal."""
    content = random.Random(4).randbytes(100_000)
    assert add(client, FileContent=base64.b64encode(content).decode()).status == 200
    assert client.standin.records.attachments()[0].content == content
    assert client.standin.state()["attachments"][0]["bytes"] == len(content)
    assert len(client.control("GET", "/_journal").body) < 2000


@pytest.mark.parametrize(
    "changes",
    [
        {"FileContent": ""},
        {"FileContent": "UklGRg"},
        {"FileContent": "UklGRg==UklGRg=="},
        {"FileContent": "UklG\nRg=="},
        {"FileContent": "Ukl\u00e9"},
        {"FileContent": None},
        {"ttFileName": ""},
        {"FileType": ""},
        {"file": ""},
        {"file": "1"},
    ],
)
def test_a_document_that_is_none_is_refused(client: Client, changes: dict[str, Any]):
    """Pieces that each have an end of their own, a line break, no name, no kind, no file: nothing is kept."""
    assert add(client, **changes).status == 400
    assert client.standin.records.attachments() == []


def test_parameter_192_lists_pdf_only(client: Client):
    """An office may have decided so; the document is there all the same."""
    add(client)
    add(client, ttFileName="letter.pdf", FileType="PDF")
    client.standin.controls.parameter(192, "true")
    assert [row["Naam"] for row in documents(client)] == ["letter.pdf"]
    assert len(client.standin.records.attachments()) == 2


def test_letters_are_the_messages_about_a_file(client: Client, older: Client):
    """Each by its first words; the generations name the dataset differently, and documents are not in it."""
    for asked in (client, older):
        add(asked)
        told = {"Ontvanger": "balie", "TJOB_bericht": "Hi!"}
        asked.look("Message/Add", {"TDOS_Id": AN.file_id}, ("TBERICHTWeb", told))
    newer = client.look(LETTERS, {"TDOS_Id": AN.file_id}).rows("TDOSINFOWeb", "TDOSCorrespondenceWeb")
    earlier = older.look(LETTERS, {"TDOS_Id": AN.file_id}).rows("TDOSINFOWeb")
    letter = {"TDOS_Id": AN.file_id, "Omschrijving": "Webbericht: Hi!", "DatumInfo": "2025-03-05"}
    assert newer == [letter]
    assert [{name: row[name] for name in letter} for row in earlier] == [letter]
    assert earlier[0]["TQINFODEF_Id"] == "0"
