"""Answers that say too little, too much or nothing that can be read are no yes and no empty list."""

from typing import Any

import pytest
from tagor_questions import FILE, LINE, QUESTIONS, YES, context, dataset
from tagor_server import ScriptedTagor, says
from tagor_staff_questions import DOCUMENT, ENTRY_ROW, LISTED_ROW, STAFF_QUESTIONS, WORDS_ROW

from bridge.tagor import Deadline, Tagor, TagorInvalidResponse

BY_NAME = {question.name: question for question in QUESTIONS + STAFF_QUESTIONS}
DATASETS = {
    "plans": "TDOSAFBDETWeb",
    "create_info_line": "TDOSINFOWeb",
    "info_lines": "TDOSINFOWeb",
    "correspondence": "TDOSINFOWeb",
    "user": "TUSERWeb",
    "colleagues": "TUSERWeb",
    "contacts": "TCOMWeb",
    "documents": "TDOCWeb",
    "add_attachment": "AttachmentWeb",
    "add_message": "TBERICHTWeb",
    "add_appointment": "TAGENDAWeb",
    "agenda": "TAGENDAWeb",
    "office": "TDOSPARWeb",
}
LISTS = ("plans", "info_lines", "correspondence", "user", "colleagues", "contacts", "documents", "agenda")
PLAN = {"Bedrag": "50"}
REFERENCE = {"DosId": FILE, "AantalVerw": 1, "Dagvaarding": False, "VolgNrVerw": 1}

WRONG_ROWS: list[tuple[str, list[Any]]] = [
    ("plans", [PLAN]),
    ("plans", ["12"]),
    ("plans", [PLAN | {"TDOSAFB_Id": ""}]),
    ("plans", [PLAN | {"TDOSAFB_Id": "12"}, PLAN | {"TDOSAFB_Id": None}]),
    ("info_lines", [LINE | {"Omschrijving": 1.5}]),
    ("correspondence", [LINE | {"Omschrijving": 1.5}]),
    ("documents", [{"Naam": "call-7.wav"}]),
    ("agenda", [ENTRY_ROW | {"Subject": ["K7"]}]),
    ("create_info_line", []),
    ("create_info_line", [LINE, LINE]),
    ("create_info_line", [LINE | {"TDOS_Id": "12"}]),
    ("create_info_line", [LINE | {"TDOS_Id": ""}]),
    ("add_attachment", []),
    ("add_attachment", [WORDS_ROW]),
    ("add_attachment", [WORDS_ROW | {"TDOC_Id": ""}]),
    ("add_attachment", [WORDS_ROW | {"TDOC_Id": DOCUMENT}] * 2),
    ("add_message", []),
    ("add_message", [LISTED_ROW, LISTED_ROW]),
    ("add_message", [LISTED_ROW | {"TBERICHT_Id": ""}]),
    ("add_message", [LISTED_ROW | {"TDOS_Id": "12"}]),
    ("add_appointment", []),
    ("add_appointment", [ENTRY_ROW, ENTRY_ROW]),
    ("office", []),
]
WRONG_FIELDS = [
    ("contacts", {"dsTCOMWeb": {"dsTCOMWeb": {"ttTCOMWeb": "x"}}}),
    ("plans", {"Success": True}),
    ("create_info_line", context()),
    *(
        ("save_plan", YES | {"Periodes": 24, "Bedrag": 51.5} | told)
        for told in (
            *({"Periodes": 0}, {"Periodes": -1}, {"Periodes": 1.5}, {"Bedrag": 0}, {"Bedrag": "0,00"}),
            *({"Bedrag": -51.5}, {"Bedrag": 10_000_001}),
        )
    ),
    *(
        (name, REFERENCE | {"Success": success, "ReturnCode": code})
        for name in ("file_by_reference", "defendant_by_house_number")
        for success, code in ((False, "0"), (True, ""), (True, "7"), (False, "7"))
    ),
]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *((name, dataset(f"ds{DATASETS[name]}", f"tt{DATASETS[name]}", *rows)) for name, rows in WRONG_ROWS),
        *((name, {f"ds{DATASETS[name]}": odd}) for name in LISTS for odd in ([], "")),
        *((name, {}) for name in LISTS),
        *WRONG_FIELDS,
    ],
)
def test_an_answer_that_cannot_be_read_is_no_answer(
    name: str, content: dict[str, Any], *, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Whoever looks must not be told that nothing is there, and a write is done only when Tagor shows it."""
    server.plays(BY_NAME[name].path, says(content))
    with pytest.raises(TagorInvalidResponse):
        BY_NAME[name].ask(tagor, by)


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_table_says_that_nothing_is_there(
    name: str, server: ScriptedTagor, tagor: Tagor, by: Deadline
):
    """Tagor may leave out the table, or the whole inner object."""
    outer = f"ds{DATASETS[name]}"
    empty = ({}, None, {outer: {}}, {outer: None}, {outer: {outer.replace("ds", "tt", 1): []}})
    server.plays(BY_NAME[name].path, *(says({outer: inner}) for inner in empty))
    assert [BY_NAME[name].ask(tagor, by) for _ in empty] == [None if name == "user" else ()] * len(empty)
